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
	if (end == text || text[strspn(text, " +-.0123456789eE")] != '%' || !isfinite(pct) || strcmp(end, "%"))
		return "ends in no percentage, such as +5%";
	g->limit = pct / 100;
	return NULL;
}

static bool past(const struct gate *g, double delta)
{
	return g->above ? delta > g->limit + 1e-12 : delta < g->limit - 1e-12;
}

/* A published figure without samples was never tested: nothing is claimed about it. */
static bool claimed(const struct cmp_cell *c)
{
	return !c->untested && (c->r.verdict == ST_FASTER || c->r.verdict == ST_SLOWER ||
				c->r.verdict >= ST_EXACT_EQUAL);
}

struct key {
	char *text;		/* point and variant */
	const struct rs_case *c;
};

static int by_text(const void *a, const void *b)
{
	return strcmp(((const struct key *)a)->text, ((const struct key *)b)->text);
}

static const char *state_of(const struct gate *g, const struct rs_case *c)
{
	double x;

	if (c->fail || (c->check && strcmp(c->check, "pass")))
		return c->fail ? c->fail : c->why ? c->why : "its check failed";
	if (c->skip)
		return c->skip;
	if (g->m->kind == METRIC_COUNT ? !g->m->get(g->m, c, NULL, &x) : !metric_count(g->m, c))
		return "it has no such metric";
	return NULL;
}

static struct key *keys_of(const struct rs_set *set, const char *glob, size_t *n)
{
	struct key *k = xcalloc(set->ncases + 1, sizeof(*k));

	*n = 0;
	for (size_t i = 0; i < set->ncases; i++) {
		const struct rs_case *c = &set->cases[i];
		char *point;

		if (!cmp_selects(c, glob))
			continue;
		point = rs_case_point(c);
		k[(*n)++] = (struct key){ xasprintf("%s %s", c->variant, point), c };
		free(point);
	}
	qsort(k, *n, sizeof(*k), by_text);
	return k;
}

/*
 * What BASE measured and NEW did not: a change that hangs the guest, or loses the case, must not pass for want
 * of a number.
 */
static void lost(const struct gate *g, struct rs_set **sets, size_t nsets, const char *glob,
		 struct cmp_strings *failures)
{
	size_t nbase, n;
	struct key *base = keys_of(sets[0], glob, &nbase);

	for (size_t s = 1; s < nsets; s++) {
		struct key *now = keys_of(sets[s], glob, &n);

		for (size_t i = 0; i < nbase; i++) {
			const struct key *k = bsearch(&base[i], now, n, sizeof(*now), by_text);
			const char *why = k ? state_of(g, k->c) : "no such case";

			if (why && !state_of(g, base[i].c))
				cmp_say(failures, "%s: %s: measured in %s, not in %s: %s", g->text, base[i].text,
					sets[0]->label, sets[s]->label, why);
		}
		for (size_t i = 0; i < n; i++)
			free(now[i].text);
		free(now);
	}
	for (size_t i = 0; i < nbase; i++)
		free(base[i].text);
	free(base);
}

size_t gate_judge(const struct gate *g, struct rs_set **sets, size_t nsets, const struct cmp_options *o,
		  struct cmp_strings *failures)
{
	struct cmp_options own = *o;
	struct cmp *k;
	size_t judged = 0;

	own.m = g->m;
	if (nsets > 1)
		lost(g, sets, nsets, o->glob, failures);
	k = cmp_build(sets, nsets, &own);
	for (size_t i = 0; i < k->ntables; i++) {
		const struct cmp_table *t = &k->tables[i];

		for (size_t r = 0; r < t->nrows; r++) {
			for (size_t c = 0; c < t->ncolumns; c++) {
				const struct cmp_cell *cell = cmp_cell(t, r, c);
				char lo[32], hi[32], *name;
				bool ci;

				judged += cell->has_delta && !cell->untested;
				if (!cell->has_delta || !claimed(cell) || !past(g, cell->r.delta))
					continue;
				ci = cmp_ci(cell, lo, hi, sizeof(lo));
				name = cmp_cell_name(k, t, r, c);
				cmp_say(failures, "%s: %s: %s %+.2f%%%s%s%s%s%s", g->text, name, g->m->name,
					100 * cell->r.delta, ci ? " [" : "", lo, ci ? " " : "", hi, ci ? "]" : "");
				free(name);
			}
		}
	}
	cmp_free(k);
	return judged;
}
