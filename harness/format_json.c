// SPDX-License-Identifier: GPL-2.0-only
/* Everything that the text says, for programs. Numbers are raw; null where there is none. */
#include <math.h>
#include <stdlib.h>

#include "compare.h"

static json_t *number(double v)
{
	return isfinite(v) ? json_real(v) : json_null();
}

static json_t *text(char *allocated)
{
	json_t *j = allocated ? json_string(allocated) : json_null();

	free(allocated);
	return j ? j : json_string("(not UTF-8)");
}

static json_t *plain(const char *s)
{
	json_t *j = json_string(s);

	return j ? j : json_string("(not UTF-8)");
}

static void add_sample(json_t *j, const struct cmp_cell *cell)
{
	json_object_set_new(j, "mad", number(st_mad(cell->x, cell->n)));
	json_object_set_new(j, "boots", json_integer((json_int_t)cell->nboots));
	json_object_set_new(j, "warmup", json_integer((json_int_t)cell->warmup));
	json_object_set_new(j, "disturbed", json_integer((json_int_t)cell->disturbed));
	json_object_set_new(j, "disturbed_kept", json_boolean(cell->disturbed_kept));
}

static json_t *cell_json(const struct cmp_table *t, size_t r, size_t c)
{
	const struct cmp_cell *cell = cmp_cell(t, r, c);
	json_t *j = json_pack("{s:o, s:o, s:o, s:I, s:o}", "row", plain(t->rows[r].label), "column",
			      plain(t->columns[c]), "value", number(cell->state ? NAN : cell->value), "n",
			      (json_int_t)cell->n, "state", plain(cell->state ? cell->state : "ok"));
	if (cell->n && cell->c->nsamples)
		add_sample(j, cell);

	if (!cell->has_delta)
		return j;
	json_object_set_new(j, "base", plain(t->rows[t->rows[r].base].label));
	json_object_set_new(j, "base_value", number(cell->r.a));
	json_object_set_new(j, "delta", number(cell->r.delta));
	json_object_set_new(j, "verdict", plain(cmp_verdict_name(cell)));
	if (!cell->untested) {
		json_object_set_new(j, "ci", json_pack("[o, o]", number(cell->r.ci.lo), number(cell->r.ci.hi)));
		json_object_set_new(j, "noise_floor", number(cell->r.noise_floor));
		json_object_set_new(j, "p", number(cell->r.p));
		json_object_set_new(j, "p_holm", number(cell->r.p_holm));
		json_object_set_new(j, "p_rank", number(cell->r.p_rank));
		json_object_set_new(j, "paired", json_boolean(cell->r.paired));
		json_object_set_new(j, "more_boots", json_integer(cell->r.more_boots));
		json_object_set_new(j, "power_delta", number(cell->r.power_delta));
	}
	json_object_set_new(j, "operations", text(cmp_operations(t, r, c)));
	return j;
}

static json_t *table_json(const struct cmp *k, const struct cmp_table *t)
{
	json_t *cells = json_array(), *sentences = json_array();

	for (size_t r = 0; r < t->nrows; r++)
		for (size_t c = 0; c < t->ncolumns; c++)
			json_array_append_new(cells, cell_json(t, r, c));
	for (size_t c = 0; c < t->ncolumns; c++)
		json_array_append_new(sentences, text(cmp_sentence(k, t, c)));
	return json_pack("{s:o, s:o, s:s, s:o, s:o, s:o}", "family", plain(t->family), "point", plain(t->title),
			 "metric", t->m->name, "column_key", plain(t->column_key), "cells", cells, "verdicts",
			 sentences);
}

static json_t *list_json(const struct cmp_strings *s)
{
	json_t *j = json_array();

	for (size_t i = 0; i < s->n; i++)
		json_array_append_new(j, plain(s->s[i]));
	return j;
}

static void write_json(FILE *out, const struct cmp *k)
{
	json_t *tables = json_array(), *all;

	for (size_t i = 0; i < k->ntables; i++)
		json_array_append_new(tables, table_json(k, &k->tables[i]));
	all = json_pack("{s:s, s:o, s:b, s:s, s:o, s:o}", "schema", "mmubench-compare/1", "tables", tables,
			"emulated", k->emulated, "ci_method", k->bootstrap ? "bootstrap" : "boots",
			"unmatched", list_json(&k->unmatched), "warnings", list_json(&k->warnings));
	json_dumpf(all, out, JSON_INDENT(1) | JSON_PRESERVE_ORDER);
	fputc('\n', out);
	json_decref(all);
}

CMP_FORMAT(json, .name = "json", .write = write_json);
