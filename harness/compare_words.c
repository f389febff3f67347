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
void cmp_percent(double d, char *buf, size_t size)
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
		cmp_percent(c->r.delta, buf, size);
	return buf;
}

bool cmp_ci(const struct cmp_cell *c, char *lo, char *hi, size_t size)
{
	*lo = *hi = 0;
	if (!c->has_delta || c->untested || c->r.verdict >= ST_EXACT_EQUAL || !isfinite(c->r.ci.lo))
		return false;
	cmp_percent(c->r.ci.lo, lo, size);
	cmp_percent(c->r.ci.hi, hi, size);
	return true;
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

double cmp_geomean(const struct cmp_table *t, size_t row, size_t *columns)
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
	*columns = n;
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

/* "30% less time", "5% more" */
static char *amount_of(const struct cmp_table *t, const struct cmp_cell *c)
{
	double d = 100 * fabs(c->r.delta);
	const char *how = c->r.delta > 0 ? "more" : t->m->unit == UNIT_NS ? "less" : "fewer";
	const char *what = t->m->unit == UNIT_NS ? " time" : "";

	return isfinite(d) ? xasprintf("%.*f%% %s%s", d < 0.1 ? 2 : d < 9.95 ? 1 : 0, d, how, what) :
			     xasprintf("infinitely %s%s", how, what);
}

/* A row against another variant, or a variant in one set against itself in another. */
static char *change_clause(const struct cmp *k, const struct cmp_table *t, size_t row, const struct cmp_cell *c)
{
	const struct cmp_row *r = &t->rows[row], *b = &t->rows[r->base];
	bool sets = !strcmp(r->variant, b->variant);
	const char *in = sets ? " in " : "", *now = sets ? k->sets[r->set]->label : "";
	const char *base = sets ? k->sets[b->set]->label : b->variant;
	char *clause, *amount;

	if (t->m->unit != UNIT_NS && c->r.a == floor(c->r.a) && c->r.b == floor(c->r.b))
		return sets ? xasprintf("%s has %.0f in %s, %.0f in %s", r->variant, c->r.b, now, c->r.a, base) :
			      xasprintf("%s has %.0f, %s %.0f", r->variant, c->r.b, base, c->r.a);
	amount = amount_of(t, c);
	clause = xasprintf("%s %s %s%s%s than %s%s", r->variant, t->m->unit == UNIT_NS ? "takes" : "has", amount, in,
			   now, sets ? "in " : "", base);
	free(amount);
	return clause;
}

bool cmp_one_column(const struct cmp_table *t)
{
	return !strcmp(t->column_key, "metric");
}

/* What a column's cells come to. */
struct tally {
	size_t best;			/* of the rows that changed; nrows: none */
	size_t compared, changed, same, few;
	uint32_t more;			/* boots that would settle the unclear ones */
	double power;			/* to this difference */
};

static struct tally tally_of(const struct cmp_table *t, size_t column)
{
	struct tally y = { .best = t->nrows };

	for (size_t r = 0; r < t->nrows; r++) {
		const struct cmp_cell *c = cmp_cell(t, r, column);

		if (!c->has_delta)
			continue;
		y.compared++;
		y.few += c->r.verdict == ST_TOO_FEW;
		y.same += c->r.verdict == ST_SAME || c->r.verdict == ST_EXACT_EQUAL;
		if ((c->r.verdict == ST_UNCLEAR || c->r.verdict == ST_TOO_FEW) && c->r.more_boots > y.more) {
			y.more = c->r.more_boots;
			y.power = c->r.power_delta;
		}
		if (!is_change(c))
			continue;
		y.changed++;
		if (y.best == t->nrows || (c->r.delta < cmp_cell(t, y.best, column)->r.delta) !=
					  t->m->higher_is_better)
			y.best = r;
	}
	return y;
}

static char *add_text(char *old, char *more)
{
	char *text = xasprintf("%s%s", old, more);

	free(old);
	free(more);
	return text;
}

/* The best row, how many others changed, what cannot be said and what it would take. */
char *cmp_sentence(const struct cmp *k, const struct cmp_table *t, size_t column)
{
	struct tally y = tally_of(t, column);
	char *text = cmp_one_column(t) ? xstrdup("") : xasprintf("%s: ", t->columns[column]);

	if (!y.compared && t->nrows < 2) {
		*text = 0;
		return text;
	}
	if (!y.compared)
		return add_text(text, xstrdup("nothing to compare."));
	if (y.best < t->nrows)
		text = add_text(text, change_clause(k, t, y.best, cmp_cell(t, y.best, column)));
	else
		text = add_text(text, xstrdup(y.same == y.compared ? "all the same" : "no difference can be claimed"));
	if (y.best < t->nrows && y.compared > 1)
		text = add_text(text, xasprintf("; %zu of %zu differ", y.changed, y.compared));
	if (y.more > 999)
		text = add_text(text, xasprintf("; too noisy to tell %.2g%% in 1000 boots", 100 * y.power));
	else if (y.more)
		text = add_text(text, xasprintf("; %u more boots would tell %.2g%%", y.more, 100 * y.power));
	else if (y.few)
		text = add_text(text, xasprintf("; too few boots for a claim on %zu (use --boots 3 or more)", y.few));
	return add_text(text, xstrdup("."));
}

static void range_of(const struct cmp_table *t, size_t *nlo, size_t *nhi, size_t *blo, size_t *bhi)
{
	*nlo = *nhi = *blo = *bhi = 0;
	for (size_t i = 0; i < t->nrows * t->ncolumns; i++) {
		const struct cmp_cell *c = &t->cells[i];

		if (c->state || !c->n || !c->c->nsamples)
			continue;
		*nlo = !*nlo || c->n < *nlo ? c->n : *nlo;
		*nhi = c->n > *nhi ? c->n : *nhi;
		*blo = !*blo || c->nboots < *blo ? c->nboots : *blo;
		*bhi = c->nboots > *bhi ? c->nboots : *bhi;
	}
}

/* "9", or "8 to 9" */
static char *from_to(size_t lo, size_t hi)
{
	return lo == hi ? xasprintf("%zu", hi) : xasprintf("%zu to %zu", lo, hi);
}

static void say_samples(const struct cmp_table *t, struct cmp_strings *lines)
{
	size_t nlo, nhi, blo, bhi;
	char *n, *boots;

	range_of(t, &nlo, &nhi, &blo, &bhi);
	if (t->m->kind == METRIC_COUNT) {
		cmp_say(lines, "exact counts; deltas are new/old - 1");
	} else if (!nhi) {
		cmp_say(lines, "published figures: no samples, deltas untested");
	} else {
		n = from_to(nlo, nhi);
		boots = from_to(blo, bhi);
		cmp_say(lines, "medians of %s sample%s in %s boot%s a cell", n, nhi == 1 ? "" : "s", boots,
			bhi == 1 ? "" : "s");
		free(n);
		free(boots);
	}
}

/* What is flagged in the files: nothing is left out, or kept, without a word. */
static void say_flagged(const struct cmp_table *t, struct cmp_strings *lines)
{
	size_t warmup = 0, out = 0, kept = 0;
	char disturbed[40] = "";

	for (size_t i = 0; i < t->nrows * t->ncolumns; i++) {
		const struct cmp_cell *c = &t->cells[i];

		if (c->state)
			continue;
		warmup += c->warmup;
		*(c->disturbed_kept ? &kept : &out) += c->disturbed;
	}
	if (out)
		snprintf(disturbed, sizeof(disturbed), ", %zu disturbed", out);
	if (warmup || out)
		cmp_say(lines, "left out: %zu of warm-up%s (plot --kind drift shows them)", warmup, disturbed);
	if (kept)
		cmp_say(lines, "kept: %zu disturbed, being most (a vCPU lost its CPU or moved)", kept);
}

/* A metric that this table's one hides is told beside it, medians without a verdict. */
static void beside(const struct cmp_table *t, const struct metric *m, struct cmp_strings *lines)
{
	for (size_t c = 0; c < t->ncolumns && c < 12; c++) {
		char *text = NULL, *old, value[48];

		for (size_t r = 0; r < t->nrows; r++) {
			const struct cmp_cell *cell = cmp_cell(t, r, c);
			size_t n = cell->state ? 0 : metric_count(m, cell->c);
			double *x = n ? xmalloc(n * sizeof(*x)) : NULL;

			if (n)
				n = metric_values(m, cell->c, x, NULL);
			if (n) {
				metric_format(m, st_median(x, n), value, sizeof(value));
				old = text;
				text = xasprintf("%s%s%s: %s", old ? old : "", old ? "; " : "", t->rows[r].label,
						 value);
				free(old);
			}
			free(x);
		}
		if (text)
			cmp_say(lines, "%s at %s (--metric %s), %s", m->title, t->columns[c], m->name, text);
		free(text);
	}
}

static bool any_tested(const struct cmp_table *t)
{
	for (size_t i = 0; i < t->nrows * t->ncolumns; i++)
		if (t->cells[i].has_delta && !t->cells[i].untested && t->cells[i].r.verdict < ST_EXACT_EQUAL)
			return true;
	return false;
}

void cmp_footer(const struct cmp *k, const struct cmp_table *t, struct cmp_strings *lines)
{
	const char *plural = k->compared == 1 ? "" : "s";

	say_samples(t, lines);
	say_flagged(t, lines);
	if (any_tested(t) && k->twins)
		cmp_say(lines, "noise floor %.2g%% (A/A); Holm over %zu comparison%s; ~ no claim, = equal",
			100 * cmp_noise(t), k->compared, plural);
	else if (any_tested(t))
		cmp_say(lines, "noise floor not measured (no A/A pair); Holm over %zu comparison%s; "
			"~ no claim, = equal", k->compared, plural);
	if (any_tested(t) && k->bootstrap)
		cmp_say(lines, "intervals by two-level bootstrap; verdicts by Student's t over boots");
	if (k->emulated && t->m->unit == UNIT_NS)
		cmp_say(lines, "EMULATED time (QEMU): good for order, not for hardware truth");
	for (size_t i = 0; metric_at(i); i++)
		if (metric_at(i)->beside && !strcmp(metric_at(i)->beside, t->m->name))
			beside(t, metric_at(i), lines);
}
