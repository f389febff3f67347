// SPDX-License-Identifier: GPL-2.0-only
/* GitHub's and GitLab's tables. */
#include <stdlib.h>
#include <string.h>

#include "compare.h"

/* Names come from files: what Markdown or HTML would act on is escaped. */
static void put(FILE *out, const char *s)
{
	for (; *s; s++) {
		if (strchr("|\\`*[]<>&#", *s))
			fputc('\\', out);
		fputc((unsigned char)*s < ' ' ? ' ' : *s, out);
	}
}

static void put_grid(FILE *out, const struct cmp_table *t)
{
	char buf[64];

	fputs("| |", out);
	for (size_t c = 0; c < t->ncolumns; c++) {
		fputc(' ', out);
		put(out, t->columns[c]);
		fputs(" |", out);
	}
	fputs("\n|:--|", out);
	for (size_t c = 0; c < t->ncolumns; c++)
		fputs("--:|", out);
	for (size_t r = 0; r < t->nrows; r++) {
		fputs("\n| ", out);
		put(out, t->rows[r].label);
		fputs(" |", out);
		for (size_t c = 0; c < t->ncolumns; c++) {
			const struct cmp_cell *cell = cmp_cell(t, r, c);

			fprintf(out, " %s", cmp_value_text(t, cell, buf, sizeof(buf)));
			cmp_delta_text(cell, buf, sizeof(buf));
			fprintf(out, *buf ? " (%s) |" : "%s |", buf);
		}
	}
	fputs("\n\n", out);
}

static void item(FILE *out, int depth, const char *title, const char *text)
{
	fprintf(out, "%*s- %s", 2 * depth, "", title);
	put(out, text);
	fputc('\n', out);
}

static void put_table(FILE *out, const struct cmp *k, const struct cmp_table *t)
{
	struct cmp_table operations;
	char *text = cmp_heading(t);

	fputs("### ", out);
	put(out, text);
	free(text);
	fputs("\n\n", out);
	put(out, t->title);
	fputs("\n\n", out);
	put_grid(out, t);
	cmp_below(out, k, t, true, item);
	fputc('\n', out);
	text = cmp_operations_table(t, &operations);
	if (text) {
		put(out, text);
		fputs("\n\n", out);
		put_grid(out, &operations);
		cmp_table_free(&operations);
	}
	free(text);
}

static void put_list(FILE *out, const char *title, const struct cmp_strings *s)
{
	if (s->n)
		fprintf(out, "**%s**\n\n", title);
	for (size_t i = 0; i < s->n; i++) {
		fputs("- ", out);
		put(out, s->s[i]);
		fputc('\n', out);
	}
}

static void write_markdown(FILE *out, const struct cmp *k)
{
	for (size_t i = 0; i < k->ntables; i++)
		put_table(out, k, &k->tables[i]);
	put_list(out, "Not compared", &k->unmatched);
	put_list(out, "The environments differ", &k->warnings);
}

CMP_FORMAT(markdown, .name = "markdown", .write = write_markdown);
