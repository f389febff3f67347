// SPDX-License-Identifier: GPL-2.0-only
/*
 * Plots for terminals, at most PLOT_TEXT_WIDTH columns. Own drawing instead of gnuplot's "dumb"
 * terminal: eighth blocks resolve a bar to a 200th of its length, and labels stay whole.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "export.h"
#include "plot.h"
#include "text.h"

#define NAME_COLUMNS 24
#define VALUE_COLUMNS 20

/* Words of text in lines that begin with the indent. */
static void put_wrapped(FILE *out, const char *text, int indent)
{
	char *clean = export_clean(text, 4096), *save = NULL;
	int at = 0;

	for (char *w = strtok_r(clean, " ", &save); w; w = strtok_r(NULL, " ", &save)) {
		int n = (int)text_columns(w);

		if (at && at + 1 + n > PLOT_TEXT_WIDTH) {
			putc('\n', out);
			at = 0;
		}
		at += fprintf(out, "%*s", at ? 1 : indent, "");
		text_cell(out, w, n > PLOT_TEXT_WIDTH - at ? PLOT_TEXT_WIDTH - at : n);
		at += n;
	}
	if (at)
		putc('\n', out);
	free(clean);
}

void plot_text_head(FILE *out, const struct plot_view *v)
{
	put_wrapped(out, v->title, 0);
	put_wrapped(out, v->subtitle, 0);
}

void plot_text_foot(FILE *out, const struct plot_view *v)
{
	putc('\n', out);
	put_wrapped(out, v->footnote, 0);
}

static void facet_title(FILE *out, const struct plot_facet *f)
{
	putc('\n', out);
	if (*f->title)
		put_wrapped(out, f->title, 0);
}

/* Okabe-Ito as 256-colour indices; only colour, never the only difference. */
static void set_colour(FILE *out, bool colour, int style)
{
	static const int index[] = { 25, 208, 36, 175, 75, 220, 166, 240 };

	if (colour)
		fprintf(out, "\033[38;5;%dm", index[style & 7]);
}

static void reset_colour(FILE *out, bool colour)
{
	if (colour)
		fputs("\033[0m", out);
}

static void put_bar(FILE *out, double share, int columns)
{
	static const char *const eighth[] = { "", "▏", "▎", "▍", "▌", "▋", "▊", "▉" };
	int n = isfinite(share) && share > 0 ? (int)lround(share * columns * 8) : 0;
	int used;

	if (n > columns * 8)
		n = columns * 8;
	if (!n && share > 0)
		n = 1;
	used = n / 8 + (n % 8 > 0);
	for (int i = 0; i < n / 8; i++)
		fputs("█", out);
	fputs(eighth[n % 8], out);
	fprintf(out, "%*s", columns - used, "");
}

static int name_columns(const struct plot_facet *f, bool groups)
{
	size_t most = 0;

	for (size_t i = 0; i < f->nytics; i++)
		if (text_columns(f->ytics[i].text) > most)
			most = text_columns(f->ytics[i].text);
	for (size_t i = 0; groups && i < f->nseries; i++)
		if (text_columns(f->series[i].name) + 2 > most)
			most = text_columns(f->series[i].name) + 2;
	return most > NAME_COLUMNS ? NAME_COLUMNS : (int)most;
}

static const struct plot_row *row_at(const struct plot_series *s, double x)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->rows[i].x == x)
			return &s->rows[i];
	return NULL;
}

static void put_bar_row(FILE *out, const struct plot_row *r, double largest, int columns, int style,
			bool colour)
{
	putc(' ', out);
	set_colour(out, colour, style);
	put_bar(out, largest > 0 ? r->y / largest : 0, columns);
	reset_colour(out, colour);
	fprintf(out, " %s\n", r->text ? r->text : "");
}

void plot_text_bars(FILE *out, const struct plot_view *v, bool colour)
{
	for (size_t i = 0; i < v->nfacets; i++) {
		const struct plot_facet *f = &v->facets[i];
		bool groups = f->nseries > 1;
		int name = name_columns(f, groups), columns = PLOT_TEXT_WIDTH - name - VALUE_COLUMNS - 2;
		double largest = 0;

		for (size_t s = 0; s < f->nseries; s++)
			for (size_t k = 0; k < f->series[s].n; k++)
				largest = fmax(largest, f->series[s].rows[k].y);
		facet_title(out, f);
		for (size_t c = 0; c < f->nytics; c++) {
			if (groups) {
				put_wrapped(out, f->ytics[c].text, 0);
			}
			for (size_t s = 0; s < f->nseries; s++) {
				const struct plot_row *r = row_at(&f->series[s], f->ytics[c].at);

				if (!r)
					continue;
				if (groups)
					fputs("  ", out);
				text_cell(out, groups ? f->series[s].name : f->ytics[c].text,
					       groups ? name - 2 : name);
				put_bar_row(out, r, largest, columns, f->series[s].style, colour);
			}
		}
	}
}

void plot_text_grid(FILE *out, const struct plot_view *v, bool colour)
{
	static const char *const shade[] = { " ", "░", "▒", "▓", "█" };

	(void)colour;
	for (size_t i = 0; i < v->nfacets; i++) {
		const struct plot_facet *f = &v->facets[i];
		int name = name_columns(f, false);
		size_t fit = (size_t)((PLOT_TEXT_WIDTH - name) / 8);

		facet_title(out, f);
		for (size_t from = 0; from < f->nxtics; from += fit) {
			size_t to = from + fit < f->nxtics ? from + fit : f->nxtics;

			text_cell(out, v->xlabel, name);
			for (size_t c = from; c < to; c++)
				fprintf(out, " %7.7s", f->xtics[c].text);
			putc('\n', out);
			for (size_t r = 0; r < f->nytics; r++) {
				text_cell(out, f->ytics[r].text, name);
				for (size_t c = from; c < to; c++) {
					const struct plot_row *cell = NULL;

					for (size_t k = 0; k < f->series[0].n && !cell; k++)
						if (f->series[0].rows[k].x == (double)c &&
						    f->series[0].rows[k].y == (double)r)
							cell = &f->series[0].rows[k];
					if (cell)
						fprintf(out, " %s%6.6s", shade[(int)ceil(cell->hi * 4)],
							cell->text);
					else
						fputs("       -", out);
				}
				putc('\n', out);
			}
		}
		if (*f->unit)
			fprintf(out, "in %s\n", f->unit);
	}
}
