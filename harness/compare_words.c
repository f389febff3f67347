// SPDX-License-Identifier: GPL-2.0-only
/* What every format says in the same words: cells, sentences, the operations behind a difference. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "compare.h"
#include "error.h"

const char *cmp_value_text(const struct cmp_table *t, const struct cmp_cell *c, char *buf, size_t size)
{
	if (c->state)
		snprintf(buf, size, "%s", c->state);
	else
		snprintf(buf, size, "%.*f", t->decimals, c->value / t->scale.divide);
	return buf;
}

/* Whole percents where a tenth would say nothing more; past tenfold, how many fold. */
static void percent(double d, char *buf, size_t size)
{
	double p = 100 * d;

	if (!isfinite(p))
		snprintf(buf, size, p > 0 ? "new" : "n/a");
	else if (d >= 9)
		snprintf(buf, size, "x%.*f", d < 99 ? 1 : 0, d + 1);
	else if (p < -99 && p > -100)	/* nearly all is not all: only that is -100% */
		snprintf(buf, size, p > -99.9 ? "%.1f%%" : p > -99.99 ? "%.2f%%" : p > -99.999 ? "%.3f%%" :
			 p > -99.9999 ? "%.4f%%" : "%.6f%%", p);
	else
		snprintf(buf, size, "%+.*f%%", fabs(p) >= 9.95 || p == 0 ? 0 : fabs(p) < 0.1 ? 2 : 1, p);
}

const char *cmp_delta_text(const struct cmp_cell *c, char *buf, size_t size)
{
	*buf = 0;
	if (!c->has_delta)
		return buf;
	if (c->r.verdict == ST_UNCLEAR || c->r.verdict == ST_TOO_FEW)
		snprintf(buf, size, "~");
	else if (c->r.verdict == ST_SAME || c->r.verdict == ST_EXACT_EQUAL)
		snprintf(buf, size, "=");
	else
		percent(c->r.delta, buf, size);
	return buf;
}

const char *cmp_ci_text(const struct cmp_cell *c, char *buf, size_t size)
{
	char lo[24], hi[24];

	*buf = 0;
	if (!c->has_delta || c->untested || c->r.verdict >= ST_EXACT_EQUAL || !isfinite(c->r.ci.lo))
		return buf;
	percent(c->r.ci.lo, lo, sizeof(lo));
	percent(c->r.ci.hi, hi, sizeof(hi));
	snprintf(buf, size, "%s %s", lo, hi);
	return buf;
}

const char *cmp_verdict_name(const struct cmp_cell *c)
{
	static const char *const names[] = {
		[ST_FASTER] = "faster", [ST_SLOWER] = "slower", [ST_SAME] = "same",
		[ST_UNCLEAR] = "unclear", [ST_TOO_FEW] = "too few boots", [ST_EXACT_EQUAL] = "equal",
		[ST_EXACT_LESS] = "less", [ST_EXACT_MORE] = "more",
	};

	return !c->has_delta ? "" : c->untested ? "untested" : names[c->r.verdict];
}

char *cmp_heading(const struct cmp_table *t)
{
	return xasprintf("%s: %s%s%s%s, %s is better", t->family, t->m->title, *t->scale.suffix ? " (" : "",
			 t->scale.suffix, *t->scale.suffix ? ")" : "",
			 t->m->higher_is_better ? "higher" : "lower");
}

double cmp_geomean(const struct cmp_table *t, size_t row)
{
	double sum = 0;
	size_t n = 0;

	for (size_t c = 0; c < t->ncolumns; c++) {
		const struct cmp_cell *cell = cmp_cell(t, row, c);

		if (cell->has_delta && cell->r.a > 0 && cell->r.b > 0 && cell->r.delta > -1) {
			sum += log1p(cell->r.delta);
			n++;
		}
	}
	return n > 1 ? exp(sum / (double)n) : NAN;
}

double cmp_noise(const struct cmp_table *t)
{
	double floor = 0;

	for (size_t i = 0; i < t->nrows * t->ncolumns; i++)
		if (t->cells[i].has_delta)
			floor = fmax(floor, t->cells[i].r.noise_floor);
	return floor;
}

static bool is_change(const struct cmp_cell *c)
{
	return c->has_delta && (c->untested ? c->r.delta != 0 :
				c->r.verdict == ST_FASTER || c->r.verdict == ST_SLOWER ||
				c->r.verdict == ST_EXACT_LESS || c->r.verdict == ST_EXACT_MORE);
}

/* Sets apart, a row is its variant, or the set when the variant is compared with itself. */
static const char *other_name(const struct cmp *k, const struct cmp_table *t, size_t row)
{
	const struct cmp_row *r = &t->rows[row], *b = &t->rows[r->base];

	return strcmp(r->variant, b->variant) ? r->variant : k->sets[r->set]->label;
}

static char *change_clause(const struct cmp *k, const struct cmp_table *t, size_t row, const struct cmp_cell *c)
{
	const struct cmp_row *b = &t->rows[t->rows[row].base];
	const char *base = strcmp(t->rows[row].variant, b->variant) ? b->variant : k->sets[b->set]->label;
	char *clause, amount[32];
	double d = 100 * fabs(c->r.delta);
	const char *how = t->m->unit == UNIT_NS ? (c->r.delta < 0 ? "faster" : "slower") :
			  c->r.delta < 0 ? "fewer" : "more";

	if (!isfinite(d))
		snprintf(amount, sizeof(amount), "infinitely");
	else
		snprintf(amount, sizeof(amount), "%.*f%%", d < 0.1 ? 2 : d < 9.95 ? 1 : 0, d);
	if (t->m->unit == UNIT_NS)
		clause = xasprintf("%s takes %s %s time than %s", other_name(k, t, row), amount,
				   c->r.delta < 0 ? "less" : "more", base);
	else if (c->r.a == floor(c->r.a) && c->r.b == floor(c->r.b))
		clause = xasprintf("%s has %.0f, %s %.0f", other_name(k, t, row), c->r.b, base, c->r.a);
	else
		clause = xasprintf("%s has %s %s than %s", other_name(k, t, row), amount, how, base);
	return clause;
}

/* The best row, how many others changed, what cannot be said and what it would take. */
char *cmp_sentence(const struct cmp *k, const struct cmp_table *t, size_t column)
{
	size_t best = t->nrows, changed = 0, unclear = 0, few = 0, same = 0, compared = 0;
	uint32_t more = 0;
	double power = 0;
	char *clause, *text;

	for (size_t r = 0; r < t->nrows; r++) {
		const struct cmp_cell *c = cmp_cell(t, r, column);

		if (!c->has_delta)
			continue;
		compared++;
		few += c->r.verdict == ST_TOO_FEW;
		unclear += c->r.verdict == ST_UNCLEAR;
		same += c->r.verdict == ST_SAME || c->r.verdict == ST_EXACT_EQUAL;
		if ((c->r.verdict == ST_UNCLEAR || c->r.verdict == ST_TOO_FEW) && c->r.more_boots > more) {
			more = c->r.more_boots;
			power = c->r.power_delta;
		}
		if (!is_change(c))
			continue;
		changed++;
		if (best == t->nrows || (c->r.delta < cmp_cell(t, best, column)->r.delta) !=
					t->m->higher_is_better)
			best = r;
	}
	if (!compared)
		return t->nrows > 1 ? xasprintf("%s: nothing to compare.", t->columns[column]) : xstrdup("");
	if (best < t->nrows) {
		clause = change_clause(k, t, best, cmp_cell(t, best, column));
		text = compared > 1 ? xasprintf("%s: %s; %zu of %zu differ", t->columns[column], clause, changed,
						compared) :
				      xasprintf("%s: %s", t->columns[column], clause);
		free(clause);
	} else if (same == compared) {
		text = xasprintf("%s: all the same", t->columns[column]);
	} else {
		text = xasprintf("%s: no difference can be claimed", t->columns[column]);
	}
	if (more > 999) {
		clause = text;
		text = xasprintf("%s; too noisy to tell %.2g%% in 1000 boots", clause, 100 * power);
		free(clause);
	} else if (more) {
		clause = text;
		text = xasprintf("%s; %u more boots would tell %.2g%%", clause, more, 100 * power);
		free(clause);
	} else if (few) {
		clause = text;
		text = xasprintf("%s; too few boots for a claim on %zu (use --boots 3 or more)", clause, few);
		free(clause);
	}
	clause = text;
	text = xasprintf("%s.", clause);
	free(clause);
	return text;
}

char *cmp_operations(const struct cmp_table *t, size_t row, size_t column)
{
	static const char *const groups[] = { "tlbi", "dsb", "isb", "dc", "pte", "table", "fixmap", "smmu",
					      "secondary" };
	const struct cmp_cell *c = cmp_cell(t, row, column), *b = cmp_cell(t, t->rows[row].base, column);
	char *text = NULL, *old, pct[24];

	if (!c->c || !b->c || c == b || !c->c->has_counts || !b->c->has_counts)
		return NULL;
	for (size_t i = 0; i < sizeof(groups) / sizeof(*groups); i++) {
		const struct metric *m = metric_find(groups[i]);
		double x = 0, y = 0;

		if (!m || !m->get(m, b->c, NULL, &x) || !m->get(m, c->c, NULL, &y) || x == y)
			continue;
		old = text;
		percent(y / x - 1, pct, sizeof(pct));
		text = xasprintf("%s%s%s %.0f -> %.0f (%s)", old ? old : "", old ? ", " : "", groups[i], x, y, pct);
		free(old);
	}
	return text;
}

static void range_of(const struct cmp_table *t, size_t *nlo, size_t *nhi, uint32_t *blo, uint32_t *bhi)
{
	*nlo = *nhi = *blo = *bhi = 0;
	for (size_t i = 0; i < t->nrows * t->ncolumns; i++) {
		const struct cmp_cell *c = &t->cells[i];
		uint32_t boots = 0;

		if (c->state || !c->n || !c->c->nsamples)
			continue;
		for (size_t k = 0; k < c->n; k++)
			boots = c->boots[k] + 1 > boots ? c->boots[k] + 1 : boots;
		*nlo = !*nlo || c->n < *nlo ? c->n : *nlo;
		*nhi = c->n > *nhi ? c->n : *nhi;
		*blo = !*blo || boots < *blo ? boots : *blo;
		*bhi = boots > *bhi ? boots : *bhi;
	}
}

void cmp_footer(const struct cmp *k, const struct cmp_table *t, struct cmp_strings *lines)
{
	size_t nlo, nhi;
	uint32_t blo, bhi;
	bool exact = t->m->kind == METRIC_COUNT;

	for (size_t s = 0; s < k->nsets && !exact; s++)
		exact = metric_is_exact(t->m, k->sets[s]);
	range_of(t, &nlo, &nhi, &blo, &bhi);
	if (t->m->kind == METRIC_COUNT)
		cmp_say(lines, "exact counts; deltas are new/old - 1");
	else if (!nhi)
		cmp_say(lines, "published figures: no samples, deltas untested");
	else if (nlo == nhi && blo == bhi)
		cmp_say(lines, "medians of %zu samples in %u boot%s a cell", nhi, bhi, bhi == 1 ? "" : "s");
	else
		cmp_say(lines, "medians of %zu to %zu samples in %u to %u boots a cell", nlo, nhi, blo, bhi);
	if (!exact && nhi)
		cmp_say(lines, "noise floor %.2g%%%s; Holm over %zu comparisons; ~ no claim, = equal",
			100 * cmp_noise(t), k->twins ? " (A/A)" : " (no A/A pair: not measured)",
			k->compared);
	if (k->emulated && t->m->unit == UNIT_NS)
		cmp_say(lines, "EMULATED time (QEMU): good for order, not for hardware truth");
}
