// SPDX-License-Identifier: GPL-2.0-only
/* What stands below a table, in all formats alike: intervals, means, and the operations that explain a change. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "compare.h"
#include "error.h"

/* A no-break space, so that a line ends between items and never inside one. */
#define NBSP "\xc2\xa0"

static char *join(char *old, const char *separator, char *item)
{
	char *text = old ? xasprintf("%s%s%s", old, separator, item) : xstrdup(item);

	free(old);
	free(item);
	return text;
}

/* A blank inside an item is no place to end a line. */
static char *unbroken(char *item)
{
	char *text = xmalloc(2 * strlen(item) + 1), *to = text;

	for (const char *from = item; *from; from++)
		to = *from == ' ' ? stpcpy(to, NBSP) : (*to = *from, to + 1);
	*to = 0;
	free(item);
	return text;
}

static char *interval(const struct cmp_table *t, size_t row, size_t column, const char *name)
{
	const struct cmp_cell *cell = cmp_cell(t, row, column);
	char lo[32], hi[32];

	return cmp_ci(cell, lo, hi, sizeof(lo)) ? unbroken(xasprintf("%s [%s %s]", name, lo, hi)) : NULL;
}

void cmp_intervals(const struct cmp_table *t, struct cmp_strings *lines)
{
	char *all = NULL;

	for (size_t r = 0; r < t->nrows; r++) {
		char *text = NULL, *item;

		for (size_t c = 0; c < t->ncolumns; c++) {
			item = interval(t, r, c, t->ncolumns > 1 ? t->columns[c] : t->rows[r].label);
			if (item)
				text = join(text, ", ", item);
		}
		if (text && t->ncolumns == 1)
			all = join(all, ", ", text);
		else if (text)
			cmp_say(lines, "%s: %s", t->rows[r].label, text);
		if (t->ncolumns > 1)
			free(text);
	}
	if (all)
		cmp_say(lines, "%s", all);
	free(all);
}

/* Means over fewer columns than there are do not compare with the others: they say so. */
char *cmp_geomeans(const struct cmp_table *t)
{
	char *text = NULL, of[48], change[32];

	for (size_t r = 0; r < t->nrows; r++) {
		size_t n;
		double g = cmp_geomean(t, r, &n);

		if (isnan(g))
			continue;
		of[0] = 0;
		if (n < t->ncolumns)
			snprintf(of, sizeof(of), " (%zu of %zu)", n, t->ncolumns);
		cmp_percent(g - 1, change, sizeof(change));
		text = join(text, ", ", unbroken(xasprintf("%s %s%s", t->rows[r].label, change, of)));
	}
	return text;
}

void cmp_below(FILE *out, const struct cmp *k, const struct cmp_table *t, bool nest, cmp_item item)
{
	struct cmp_strings lines = { 0 }, intervals = { 0 };
	char *text;

	cmp_footer(k, t, &lines);
	for (size_t i = 0; i < lines.n; i++)
		item(out, 0, "", lines.s[i]);
	for (size_t c = 0; c < t->ncolumns; c++) {
		text = cmp_sentence(k, t, c);
		if (*text)
			item(out, 0, "", text);
		free(text);
	}
	cmp_intervals(t, &intervals);
	nest &= intervals.n > 1;
	if (nest)
		item(out, 0, "", "95% CI of the deltas:");
	for (size_t i = 0; i < intervals.n; i++)
		item(out, nest, nest ? "" : "95% CI of the deltas: ", intervals.s[i]);
	text = cmp_geomeans(t);
	if (text)
		item(out, 0, "geometric mean over the columns: ", text);
	free(text);
	cmp_strings_free(&lines);
	cmp_strings_free(&intervals);
}

/* ---- operations ---- */

static const char *const groups[] = { "tlbi", "dsb", "isb", "dc", "pte", "table", "fixmap", "smmu", "secondary" };
#define GROUPS (sizeof(groups) / sizeof(*groups))

static bool count_of(const struct cmp_cell *cell, const struct metric *m, double *x)
{
	return cell->c && cell->c->has_counts && m->get(m, cell->c, NULL, x);
}

/* Whether a cell's count is another than its baseline's. */
static bool differs(const struct cmp_table *t, size_t row, size_t column, const struct metric *m)
{
	double x, y;

	return t->rows[row].base != row && count_of(cmp_cell(t, row, column), m, &x) &&
	       count_of(cmp_cell(t, t->rows[row].base, column), m, &y) && x != y;
}

/* The metric of the table itself explains nothing. */
static const struct metric *group_at(const struct cmp_table *t, size_t i)
{
	const struct metric *m = metric_find(groups[i]);

	return m == t->m ? NULL : m;
}

static size_t rows_that_differ(const struct cmp_table *t, size_t column, bool *rows, bool *used)
{
	size_t n = 0;

	memset(rows, 0, t->nrows * sizeof(*rows));
	memset(used, 0, GROUPS * sizeof(*used));
	for (size_t r = 0; r < t->nrows; r++) {
		bool any = false;

		for (size_t i = 0; i < GROUPS; i++) {
			const struct metric *m = group_at(t, i);

			if (!m || !differs(t, r, column, m))
				continue;
			used[i] = any = true;
		}
		if (any)
			rows[r] = rows[t->rows[r].base] = true;
		n += any;
	}
	return n;
}

static void fill(const struct cmp_table *t, size_t column, const bool *rows, const bool *used, struct cmp_table *o)
{
	*o = (struct cmp_table){ .family = t->family, .m = t->m, .scale = { 1, "" }, .column_key = "operation" };
	for (size_t i = 0; i < GROUPS; i++) {
		if (!used[i])
			continue;
		o->columns = xrealloc(o->columns, (o->ncolumns + 1) * sizeof(*o->columns));
		o->columns[o->ncolumns++] = xstrdup(groups[i]);
	}
	for (size_t r = 0; r < t->nrows; r++) {
		if (!rows[r])
			continue;
		o->rows = xrealloc(o->rows, (o->nrows + 1) * sizeof(*o->rows));
		o->rows[o->nrows] = t->rows[r];
		o->rows[o->nrows++].label = xstrdup(t->rows[r].label);
		o->cells = xrealloc(o->cells, o->nrows * o->ncolumns * sizeof(*o->cells));
		for (size_t i = 0; i < o->ncolumns; i++) {
			struct cmp_cell *cell = cmp_cell(o, o->nrows - 1, i);

			*cell = (struct cmp_cell){ 0 };
			if (!count_of(cmp_cell(t, r, column), metric_find(o->columns[i]), &cell->value))
				cell->state = "-";
		}
	}
}

char *cmp_operations_table(const struct cmp_table *t, struct cmp_table *o)
{
	bool *rows = xcalloc(t->nrows + 1, sizeof(*rows)), used[GROUPS];
	size_t column = 0, most = 0;

	/* The first column that explains most: there the numbers are shortest. */
	for (size_t c = 0; c < t->ncolumns; c++) {
		size_t n = rows_that_differ(t, c, rows, used);

		if (n > most) {
			most = n;
			column = c;
		}
	}
	if (most) {
		rows_that_differ(t, column, rows, used);
		fill(t, column, rows, used, o);
	}
	free(rows);
	return !most ? NULL : cmp_one_column(t) ? xstrdup("operations, where they differ") :
		       xasprintf("operations at %s, where they differ", t->columns[column]);
}

char *cmp_operations(const struct cmp_table *t, size_t row, size_t column)
{
	char *text = NULL, pct[24];

	for (size_t i = 0; i < GROUPS; i++) {
		const struct metric *m = metric_find(groups[i]);
		double x, y;

		if (!m || !differs(t, row, column, m))
			continue;
		count_of(cmp_cell(t, t->rows[row].base, column), m, &x);
		count_of(cmp_cell(t, row, column), m, &y);
		cmp_percent(y / x - 1, pct, sizeof(pct));
		text = join(text, ", ", xasprintf("%s %.0f -> %.0f (%s)", groups[i], x, y, pct));
	}
	return text;
}
