// SPDX-License-Identifier: GPL-2.0-only
/* Tables to paste into a page: no style of their own beyond what makes them readable. */
#include <stdlib.h>

#include "compare.h"

static void put(FILE *out, const char *s)
{
	for (; *s; s++) {
		switch (*s) {
		case '<': fputs("&lt;", out); break;
		case '>': fputs("&gt;", out); break;
		case '&': fputs("&amp;", out); break;
		case '"': fputs("&quot;", out); break;
		case '\'': fputs("&#39;", out); break;
		default: fputc(*s, out);
		}
	}
}

static void element(FILE *out, const char *name, const char *text)
{
	fprintf(out, "<%s>", name);
	put(out, text);
	fprintf(out, "</%s>", name);
}

static void put_grid(FILE *out, const struct cmp_table *t)
{
	char buf[64];

	fputs("\n<table>\n<tr><th></th>", out);
	for (size_t c = 0; c < t->ncolumns; c++)
		element(out, "th", t->columns[c]);
	for (size_t r = 0; r < t->nrows; r++) {
		fputs("</tr>\n<tr>", out);
		element(out, "th", t->rows[r].label);
		for (size_t c = 0; c < t->ncolumns; c++) {
			const struct cmp_cell *cell = cmp_cell(t, r, c);

			fprintf(out, "<td title=\"%s\">%s", cmp_verdict_name(cell),
				cmp_value_text(t, cell, buf, sizeof(buf)));
			cmp_delta_text(cell, buf, sizeof(buf));
			fprintf(out, *buf ? " (%s)</td>" : "%s</td>", buf);
		}
	}
	fputs("</tr>\n</table>\n", out);
}

static void item(FILE *out, int depth, const char *title, const char *text)
{
	(void)depth;
	fprintf(out, "<li>%s", title);
	put(out, text);
	fputs("</li>", out);
}

static void put_table(FILE *out, const struct cmp *k, const struct cmp_table *t)
{
	struct cmp_table operations;
	char *text = cmp_heading(t);

	element(out, "h2", text);
	free(text);
	element(out, "p", t->title);
	put_grid(out, t);
	fputs("<ul>\n", out);
	cmp_below(out, k, t, false, item);
	fputs("\n</ul>\n", out);
	text = cmp_operations_table(t, &operations);
	if (text) {
		element(out, "p", text);
		put_grid(out, &operations);
		cmp_table_free(&operations);
	}
	free(text);
}

static void put_list(FILE *out, const char *title, const struct cmp_strings *s)
{
	if (!s->n)
		return;
	element(out, "h2", title);
	fputs("\n<ul>\n", out);
	for (size_t i = 0; i < s->n; i++)
		element(out, "li", s->s[i]);
	fputs("\n</ul>\n", out);
}

static void write_html(FILE *out, const struct cmp *k)
{
	fputs("<!DOCTYPE html>\n<html lang=\"en\"><meta charset=\"utf-8\"><title>mmubench compare</title>\n"
	      "<style>body{font-family:sans-serif}td{text-align:right}th{text-align:left}"
	      "td,th{padding:.2em .8em;border-bottom:1px solid #8888}table{border-collapse:collapse}</style>\n", out);
	for (size_t i = 0; i < k->ntables; i++)
		put_table(out, k, &k->tables[i]);
	put_list(out, "Not compared", &k->unmatched);
	put_list(out, "The environments differ", &k->warnings);
	fputs("</html>\n", out);
}

CMP_FORMAT(html, .name = "html", .write = write_html);
