// SPDX-License-Identifier: GPL-2.0-only
/* Points and lines on a terminal: a letter a series, axes with their ends labelled. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "plot.h"
#include "text.h"

#define COLUMNS 64
#define LINES 16
#define MARKS "abcdefghijklmnopqrstuvwxyz"

struct canvas {
	char cell[LINES][COLUMNS];
	signed char style[LINES][COLUMNS];
	double x0, x1, y0, y1;
	bool log;
};

static double position(const struct canvas *c, double v, double lo, double hi, int cells)
{
	if (c->log) {
		v = log(v);
		lo = log(lo);
		hi = log(hi);
	}
	return hi > lo ? (v - lo) / (hi - lo) * (cells - 1) : (cells - 1) / 2.0;
}

static bool visible(const struct canvas *c, const struct plot_row *r)
{
	return isfinite(r->x) && isfinite(r->y) && (!c->log || (r->x > 0 && r->y > 0));
}

static void measure(struct canvas *c, const struct plot_facet *f)
{
	c->x0 = c->y0 = INFINITY;
	c->x1 = c->y1 = -INFINITY;
	for (size_t s = 0; s < f->nseries; s++) {
		for (size_t k = 0; k < f->series[s].n; k++) {
			const struct plot_row *r = &f->series[s].rows[k];

			if (!visible(c, r))
				continue;
			c->x0 = fmin(c->x0, r->x);
			c->x1 = fmax(c->x1, r->x);
			c->y0 = fmin(c->y0, r->y);
			c->y1 = fmax(c->y1, r->y);
		}
	}
}

/* Places taken by several series show '*'. */
static void mark(struct canvas *c, const struct plot_row *r, char letter, int style)
{
	int x = (int)lround(position(c, r->x, c->x0, c->x1, COLUMNS));
	int y = LINES - 1 - (int)lround(position(c, r->y, c->y0, c->y1, LINES));
	char *cell;

	if (!visible(c, r) || x < 0 || x >= COLUMNS || y < 0 || y >= LINES)
		return;
	cell = &c->cell[y][x];
	*cell = *cell == ' ' || *cell == letter ? letter : '*';
	c->style[y][x] = (signed char)style;
}

static void put_axis(FILE *out, double value)
{
	char buf[32];

	snprintf(buf, sizeof(buf), "%.4g", value);
	fprintf(out, "%8.8s ", buf);
}

static void put_canvas(FILE *out, const struct canvas *c, bool colour)
{
	static const int index[] = { 25, 208, 36, 175, 75, 220, 166, 240 };

	for (int y = 0; y < LINES; y++) {
		int last = COLUMNS;

		if (y == 0 || y == LINES - 1)
			put_axis(out, y ? c->y0 : c->y1);
		else
			fprintf(out, "%9s", "");
		fputs("│", out);
		while (last > 0 && c->cell[y][last - 1] == ' ')
			last--;
		for (int x = 0; x < last; x++) {
			bool paint = colour && c->cell[y][x] != ' ' && c->cell[y][x] != '*';

			if (paint)
				fprintf(out, "\033[38;5;%dm", index[c->style[y][x] & 7]);
			putc(c->cell[y][x], out);
			if (paint)
				fputs("\033[0m", out);
		}
		putc('\n', out);
	}
}

/* The first and the last x tic that there is, else the numbers. */
static void put_x_axis(FILE *out, const struct canvas *c, const struct plot_view *v,
		       const struct plot_facet *f)
{
	char left[32], right[32], label[96];
	int pad;

	if (c->log && f->nxtics) {
		snprintf(left, sizeof(left), "%.20s", f->xtics[0].text);
		snprintf(right, sizeof(right), "%.20s", f->xtics[f->nxtics - 1].text);
	} else {
		snprintf(left, sizeof(left), "%.4g", c->x0);
		snprintf(right, sizeof(right), "%.4g", c->x1);
	}
	snprintf(label, sizeof(label), "%.40s", v->xlabel);
	fprintf(out, "%9s└", "");
	for (int i = 0; i < COLUMNS; i++)
		fputs("─", out);
	pad = COLUMNS - (int)(text_columns(left) + text_columns(label) + text_columns(right));
	fprintf(out, "\n%10s%s%*s%s%*s%s\n", "", left, pad > 1 ? pad / 2 : 1, "", label,
		pad > 1 ? pad - pad / 2 : 1, "", right);
}

/* Columns of a text that ends its line. */
static int shortest(const char *text, int width)
{
	int n = (int)text_columns(text);

	return n < width ? n : width;
}

static void put_facet(FILE *out, const struct plot_view *v, const struct plot_facet *f, bool log,
		      bool colour)
{
	struct canvas c = { .log = log };
	bool value_is_x = !strcmp(v->ylabel, "share of samples");

	memset(c.cell, ' ', sizeof(c.cell));
	measure(&c, f);
	putc('\n', out);
	if (*f->title) {
		text_cell(out, f->title, shortest(f->title, PLOT_TEXT_WIDTH - 1));
		putc('\n', out);
	}
	if (!isfinite(c.x0)) {
		fputs("no value to draw\n", out);
		return;
	}
	for (size_t s = 0; s < f->nseries; s++)
		for (size_t k = 0; k < f->series[s].n; k++)
			mark(&c, &f->series[s].rows[k], MARKS[f->series[s].style % 26], f->series[s].style);
	fprintf(out, "%s%s%s\n", v->ylabel, !value_is_x && *f->unit ? ", " : "",
		value_is_x ? "" : f->unit);
	put_canvas(out, &c, colour);
	put_x_axis(out, &c, v, f);
	if (value_is_x && *f->unit)
		fprintf(out, "%10sin %s\n", "", f->unit);
	for (size_t s = 0; s < f->nseries; s++) {
		fprintf(out, "%10s%c  ", "", MARKS[f->series[s].style % 26]);
		text_cell(out, f->series[s].name, shortest(f->series[s].name, PLOT_TEXT_WIDTH - 14));
		putc('\n', out);
	}
}

void plot_text_canvas(FILE *out, const struct plot_view *v, bool colour)
{
	for (size_t i = 0; i < v->nfacets; i++)
		put_facet(out, v, &v->facets[i], false, colour);
}

void plot_text_canvas_log(FILE *out, const struct plot_view *v, bool colour)
{
	for (size_t i = 0; i < v->nfacets; i++)
		put_facet(out, v, &v->facets[i], true, colour);
}
