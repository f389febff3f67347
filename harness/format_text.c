// SPDX-License-Identifier: GPL-2.0-only
/* The table of a review: at most 75 columns, aligned like those of kernel cover letters. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "compare.h"
#include "error.h"
#include "export.h"
#include "text.h"

#define WIDTH 75
#define LABEL_MAX 30

/* Prints a word, in pieces where it is wider than a line. Returns the column after it. */
static int put_word(FILE *out, const char *word, size_t len, int at, int indent)
{
	for (size_t i = 0; i < len; i++) {
		if ((word[i] & 0xc0) != 0x80 && at++ == WIDTH) {
			fprintf(out, "\n%*s", indent, "");
			at = indent + 1;
		}
		putc(word[i], out);
	}
	return at;
}

/* Prints words behind `first` blanks, later lines behind `indent`, none wider than WIDTH. */
static void wrap(FILE *out, int first, int indent, const char *text)
{
	char *clean = export_clean(text, 1 << 20), *word = clean;
	int at = fprintf(out, "%*s", first, "");
	bool starts = true;

	while (*word) {
		size_t len = strcspn(word, " ");
		char *cut = strndup(word, len);

		if (!starts && at + 1 + (int)text_columns(cut) > WIDTH) {
			fprintf(out, "\n%*s", indent, "");
			at = indent;
			starts = true;
		}
		if (!starts)
			at = put_word(out, " ", 1, at, indent);
		at = put_word(out, cut, len, at, indent);
		free(cut);
		starts = false;
		word += len + (word[len] == ' ');
	}
	putc('\n', out);
	free(clean);
}

struct layout {
	int label;			/* width of the first column */
	int value[256], delta[256];	/* widths in each column */
};

typedef const char *(*cell_text)(const struct cmp_cell *c, char *buf, size_t size);

/* With parentheses where there is a delta. */
static const char *delta_cell(const struct cmp_cell *c, char *buf, size_t size)
{
	char text[32];

	cmp_delta_text(c, text, sizeof(text));
	snprintf(buf, size, *text ? "(%s)" : "%s", text);
	return buf;
}

static void measure(const struct cmp_table *t, struct layout *l)
{
	char buf[64];

	memset(l, 0, sizeof(*l));
	for (size_t r = 0; r < t->nrows; r++) {
		int n = (int)text_columns(t->rows[r].label);

		l->label = n > l->label ? n : l->label;
	}
	if (l->label > LABEL_MAX)
		l->label = LABEL_MAX;
	for (size_t c = 0; c < t->ncolumns && c < 256; c++) {
		int least = (int)text_columns(t->columns[c]);

		for (size_t r = 0; r < t->nrows; r++) {
			int v = (int)strlen(cmp_value_text(t, cmp_cell(t, r, c), buf, sizeof(buf)));
			int d = (int)strlen(delta_cell(cmp_cell(t, r, c), buf, sizeof(buf)));

			l->value[c] = v > l->value[c] ? v : l->value[c];
			l->delta[c] = d > l->delta[c] ? d : l->delta[c];
		}
		if (l->value[c] + !!l->delta[c] + l->delta[c] < least)
			l->value[c] = least - !!l->delta[c] - l->delta[c];
	}
}

static int column_width(const struct layout *l, size_t c)
{
	return l->value[c] + (l->delta[c] ? 1 + l->delta[c] : 0);
}

static void rule(FILE *out, const struct layout *l, size_t from, size_t to)
{
	for (int i = 0; i < l->label + 1; i++)
		fputc('-', out);
	for (size_t c = from; c < to; c++) {
		fputc('|', out);
		for (int i = 0; i < column_width(l, c) + 2 - (c + 1 == to); i++)
			fputc('-', out);
	}
	fputc('\n', out);
}

/* Columns [from, to) as one block of the table. */
static void block(FILE *out, const struct cmp_table *t, const struct layout *l, size_t from, size_t to)
{
	char buf[64];

	fprintf(out, "%-*s", l->label, "");
	for (size_t c = from; c < to; c++) {
		fputs(" | ", out);
		text_cell_right(out, t->columns[c], column_width(l, c));
	}
	fputc('\n', out);
	rule(out, l, from, to);
	for (size_t r = 0; r < t->nrows; r++) {
		text_cell(out, t->rows[r].label, l->label);
		for (size_t c = from; c < to; c++) {
			const struct cmp_cell *cell = cmp_cell(t, r, c);
			bool last = c + 1 == to;

			fprintf(out, " | %*s", l->value[c], cmp_value_text(t, cell, buf, sizeof(buf)));
			delta_cell(cell, buf, sizeof(buf));
			if (l->delta[c] && (*buf || !last))
				fprintf(out, " %-*s", last ? 0 : l->delta[c], buf);
		}
		fputc('\n', out);
	}
}

static void put_block(FILE *out, const struct cmp_table *t, const struct layout *l)
{
	size_t from = 0, columns = t->ncolumns < 256 ? t->ncolumns : 256;

	while (from < columns) {
		int width = l->label;
		size_t to = from;

		while (to < columns && (to == from || width + 3 + column_width(l, to) <= WIDTH))
			width += 3 + column_width(l, to++);
		if (from)
			fputc('\n', out);
		block(out, t, l, from, to);
		from = to;
	}
	if (columns < t->ncolumns)
		fprintf(out, "(%zu more columns: --format csv has them all)\n", t->ncolumns - columns);
}

/* Confidence intervals of the deltas, row by row, for the rows that have any. */
static void intervals(FILE *out, const struct cmp_table *t)
{
	bool any = false;

	for (size_t r = 0; r < t->nrows; r++) {
		char *text = NULL;

		for (size_t c = 0; c < t->ncolumns; c++) {
			char ci[64], *old = text;

			if (!*cmp_ci_text(cmp_cell(t, r, c), ci, sizeof(ci)))
				continue;
			text = xasprintf("%s%s%s [%s]", old ? old : "", old ? ", " : "", t->columns[c], ci);
			free(old);
		}
		if (text) {
			char *line = xasprintf("%s: %s", t->rows[r].label, text);

			if (!any)
				fputs("95% CI of the deltas:\n", out);
			any = true;
			wrap(out, 2, 4, line);
			free(line);
		}
		free(text);
	}
}

/* What differs, at the last column that has it: there the numbers are largest. */
static void operations(FILE *out, const struct cmp_table *t)
{
	size_t column = SIZE_MAX, base = SIZE_MAX;

	for (size_t r = 0; r < t->nrows; r++) {
		char *text = NULL, *line;
		size_t c = t->ncolumns;

		while (!text && c--)
			text = cmp_operations(t, r, c);
		if (!text)
			continue;
		if (c != column || t->rows[r].base != base) {
			column = c;
			base = t->rows[r].base;
			line = xasprintf("operations at %s, against %s:", t->columns[c], t->rows[base].label);
			wrap(out, 0, 2, line);
			free(line);
		}
		line = xasprintf("%s: %s", t->rows[r].label, text);
		wrap(out, 2, 4, line);
		free(line);
		free(text);
	}
}

static void geomeans(FILE *out, const struct cmp_table *t)
{
	char *text = xstrdup("geometric mean over the columns:");
	bool any = false;

	for (size_t r = 0; r < t->nrows; r++) {
		double g = cmp_geomean(t, r);
		char *old = text;

		if (isnan(g))
			continue;
		text = xasprintf("%s%s %s %+.1f%%", old, any ? "," : "", t->rows[r].label, 100 * (g - 1));
		any = true;
		free(old);
	}
	if (any)
		wrap(out, 0, 2, text);
	free(text);
}

static void put_table(FILE *out, const struct cmp *k, const struct cmp_table *t)
{
	struct cmp_strings lines = { 0 };
	char *heading = cmp_heading(t);
	struct layout l;

	wrap(out, 0, 2, heading);
	if (*t->title)
		wrap(out, 0, 2, t->title);
	fputc('\n', out);
	measure(t, &l);
	put_block(out, t, &l);
	fputc('\n', out);
	cmp_footer(k, t, &lines);
	for (size_t i = 0; i < lines.n; i++)
		wrap(out, 0, 2, lines.s[i]);
	intervals(out, t);
	geomeans(out, t);
	operations(out, t);
	for (size_t c = 0; c < t->ncolumns && c < 12; c++) {
		char *s = cmp_sentence(k, t, c);

		if (*s)
			wrap(out, 0, 2, s);
		free(s);
	}
	free(heading);
	cmp_strings_free(&lines);
}

static void put_list(FILE *out, const char *title, const struct cmp_strings *s)
{
	if (s->n)
		fprintf(out, "\n%s:\n", title);
	for (size_t i = 0; i < s->n && i < 40; i++)
		wrap(out, 2, 4, s->s[i]);
	if (s->n > 40)
		fprintf(out, "  (and %zu more: --format json lists them)\n", s->n - 40);
}

static void write_text(FILE *out, const struct cmp *k)
{
	for (size_t i = 0; i < k->ntables; i++) {
		if (i)
			fputc('\n', out);
		put_table(out, k, &k->tables[i]);
	}
	put_list(out, "not compared", &k->unmatched);
	put_list(out, "warning: the environments differ", &k->warnings);
}

CMP_FORMAT(text, .name = "text", .write = write_text);
