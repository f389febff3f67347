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
#define SENTENCES_MAX 12

/* Prints a word, in pieces where it is wider than a line; no-break spaces as blanks. Returns the column after it. */
static int put_word(FILE *out, const char *word, size_t len, int at, int indent)
{
	for (size_t i = 0; i < len; i++) {
		bool blank = i + 1 < len && word[i] == '\xc2' && word[i + 1] == '\xa0';

		if ((word[i] & 0xc0) != 0x80 && at++ == WIDTH) {
			fprintf(out, "\n%*s", indent, "");
			at = indent + 1;
		}
		putc(blank ? ' ' : word[i], out);
		i += blank;
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

static void intervals(FILE *out, const struct cmp_table *t)
{
	struct cmp_strings lines = { 0 };
	char *text;

	cmp_intervals(t, &lines);
	if (t->ncolumns == 1 && lines.n) {
		text = xasprintf("95%% CI of the deltas: %s", lines.s[0]);
		wrap(out, 0, 2, text);
		free(text);
	} else if (lines.n) {
		wrap(out, 0, 2, "95% CI of the deltas:");
		for (size_t i = 0; i < lines.n; i++)
			wrap(out, 2, 4, lines.s[i]);
	}
	cmp_strings_free(&lines);
}

static void geomeans(FILE *out, const struct cmp_table *t)
{
	char *means = cmp_geomeans(t), *text;

	if (!means)
		return;
	text = xasprintf("geometric mean over the columns: %s", means);
	wrap(out, 0, 2, text);
	free(text);
	free(means);
}

static void operations(FILE *out, const struct cmp_table *t)
{
	struct cmp_table o;
	char *heading = cmp_operations_table(t, &o);
	struct layout l;

	if (!heading)
		return;
	fputc('\n', out);
	wrap(out, 0, 2, heading);
	fputc('\n', out);
	measure(&o, &l);
	put_block(out, &o, &l);
	cmp_table_free(&o);
	free(heading);
}

static void sentences(FILE *out, const struct cmp *k, const struct cmp_table *t)
{
	for (size_t c = 0; c < t->ncolumns && c < SENTENCES_MAX; c++) {
		char *s = cmp_sentence(k, t, c);

		if (*s)
			wrap(out, 0, 2, s);
		free(s);
	}
	if (t->ncolumns > SENTENCES_MAX)
		fprintf(out, "(%zu more columns: --format json has a sentence for each)\n",
			t->ncolumns - SENTENCES_MAX);
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
	sentences(out, k, t);
	intervals(out, t);
	geomeans(out, t);
	operations(out, t);
	free(heading);
	cmp_strings_free(&lines);
}

static void put_list(FILE *out, const char *title, const struct cmp_strings *s, bool first)
{
	if (s->n)
		fprintf(out, "%s%s:\n", first ? "" : "\n", title);
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
	put_list(out, "not compared", &k->unmatched, !k->ntables);
	put_list(out, "warning: the environments differ", &k->warnings, !k->ntables && !k->unmatched.n);
}

CMP_FORMAT(text, .name = "text", .write = write_text);
