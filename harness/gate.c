// SPDX-License-Identifier: GPL-2.0-only
/*
 * --fail-if: a metric, a direction and a limit. A noisy metric fails only where the change is claimed
 * (significant, past the noise floor) and past the limit; an exact one on any change past the limit.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "compare.h"
#include "error.h"

const char *gate_parse(const char *text, struct gate *g)
{
	size_t len = strcspn(text, "<>");
	char name[64], *end;
	double pct;

	if (!text[len])
		return "is not METRIC>PCT% or METRIC<PCT%";
	if (!len || len >= sizeof(name))
		return "names no metric before < or >";
	memcpy(name, text, len);
	name[len] = 0;
	while (len && name[len - 1] == ' ')
		name[--len] = 0;
	g->text = text;
	g->m = metric_find(name);
	if (!g->m)
		return "names an unknown metric (mmubench compare --metric help lists them)";
	text += strcspn(text, "<>");
	g->above = *text++ == '>';
	pct = strtod(text, &end);
	if (end == text || !isfinite(pct) || strcmp(end, "%"))
		return "ends in no percentage, such as +5%";
	g->limit = pct / 100;
	return NULL;
}

static bool past(const struct gate *g, double delta)
{
	return g->above ? delta > g->limit + 1e-12 : delta < g->limit - 1e-12;
}

static bool claimed(const struct cmp_cell *c)
{
	return c->r.verdict == ST_FASTER || c->r.verdict == ST_SLOWER || c->r.verdict >= ST_EXACT_EQUAL;
}

size_t gate_judge(const struct gate *g, struct rs_set **sets, size_t nsets, const struct cmp_options *o,
		  struct cmp_strings *failures)
{
	struct cmp_options own = *o;
	struct cmp *k;
	size_t judged = 0;

	own.m = g->m;
	k = cmp_build(sets, nsets, &own);
	for (size_t i = 0; i < k->ntables; i++) {
		const struct cmp_table *t = &k->tables[i];

		for (size_t r = 0; r < t->nrows; r++) {
			for (size_t c = 0; c < t->ncolumns; c++) {
				const struct cmp_cell *cell = cmp_cell(t, r, c);
				char ci[64];

				judged += cell->has_delta;
				if (!cell->has_delta || !claimed(cell) || !past(g, cell->r.delta))
					continue;
				cmp_ci_text(cell, ci, sizeof(ci));
				cmp_say(failures, "%s: %s/%s at %s=%s: %s %+.2f%%%s%s%s", g->text, t->family,
					t->rows[r].label, t->column_key, t->columns[c], g->m->name,
					100 * cell->r.delta, *ci ? " [" : "", ci, *ci ? "]" : "");
			}
		}
	}
	cmp_free(k);
	return judged;
}
