// SPDX-License-Identifier: GPL-2.0-only
/*
 * Is b different from a? Student's t on what each boot says: a boot's median (its logarithm, so that
 * the difference of means is a ratio). Boot by boot where both were interleaved in the same boots, and
 * within the boot round by round (stats_rounds.c), else Welch's form. A summary for each cluster and a
 * t test over the summaries keeps its level with any number of clusters from two on (Donner and Klar,
 * "Design and Analysis of Cluster Randomization Trials", 2000, ch. 7; Kalibera and Jones, "Rigorous
 * Benchmarking in Reasonable Time", ISMM 2013, for the levels of a benchmark), which a bootstrap of few
 * boots does not.
 */
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "stats_boots.h"

#define POWER		0.95	/* the hint's promise */
#define SD_DOUBT	0.12	/* it plans for the sd's upper bound at 1 - this: pilots are small */
/*
 * Claims and intervals are made at 0.7 of the error that was asked for (3.5 % for 5 %): boots are not
 * quite normal, and the promise is "at most", not "about".
 */
#define MARGIN		0.7

static double confidence_of(const struct st_options *o)
{
	return o->confidence > 0 && o->confidence < 1 ? o->confidence : 0.95;
}

/* Error allowed, both sides together. */
static double alpha_of(double confidence)
{
	return MARGIN * (1 - confidence);
}

static double floor_of(const struct st_options *o)
{
	return o->noise_floor > 0 ? o->noise_floor : 0;
}

/* What the boots say: mean and variance of y over n boots. */
struct level {
	size_t n;
	double mean, var;		/* var NaN for n < 2 */
};

static struct level level_of(const double *y, size_t n)
{
	struct level l = { .n = n, .mean = 0, .var = n > 1 ? 0 : NAN };

	for (size_t i = 0; i < n; i++)
		l.mean += y[i] / (double)n;
	for (size_t i = 0; n > 1 && i < n; i++)
		l.var += (y[i] - l.mean) * (y[i] - l.mean) / (double)(n - 1);
	return l;
}

/* Medians that are not all positive (an event counted 0 times) have no logarithm: linear, then. */
static bool all_positive(const struct st_boots *b)
{
	for (size_t k = 0; k < b->n; k++)
		if (!(b->median[k] > 0))
			return false;
	return true;
}

static double *scaled(const struct st_boots *b, bool logs)
{
	double *y = xmalloc((b->n + 1) * sizeof(*y));

	for (size_t k = 0; k < b->n; k++)
		y[k] = logs ? log(b->median[k]) : b->median[k];
	return y;
}

/* Keeps the boots that both have. -> how many */
static size_t keep_common(const struct st_boots *a, double *ya, const struct st_boots *b, double *yb,
			  uint32_t *ids)
{
	size_t n = 0;

	for (size_t i = 0, j = 0; i < a->n && j < b->n;) {
		if (a->id[i] == b->id[j]) {
			ids[n] = a->id[i];
			ya[n] = ya[i++];
			yb[n++] = yb[j++];
		} else if (a->id[i] < b->id[j]) {
			i++;
		} else {
			j++;
		}
	}
	return n;
}

static size_t count_common(const struct st_boots *a, const struct st_boots *b)
{
	size_t n = 0;

	for (size_t i = 0, j = 0; i < a->n && j < b->n;) {
		if (a->id[i] == b->id[j])
			n++, i++, j++;
		else if (a->id[i] < b->id[j])
			i++;
		else
			j++;
	}
	return n;
}

/*
 * Standard error of one boot's median from its order statistics (McKean and Schrader 1984, as used
 * for ratios of medians by Bonett and Price 2002).
 */
static double median_se(const double *x, size_t n, bool logs)
{
	double lo, hi, tail;
	long c = lround(((double)n + 1) / 2 - sqrt((double)n));

	if (n < 2)
		return NAN;
	c = c < 1 ? 1 : c;
	tail = gsl_cdf_binomial_P((unsigned int)c - 1, 0.5, (unsigned int)n);
	lo = x[c - 1];
	hi = x[n - (size_t)c];
	if (logs && !(lo > 0))
		return NAN;
	return (logs ? log(hi / lo) : hi - lo) / (2 * gsl_cdf_ugaussian_Qinv(tail));
}

static int ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static bool constant(const struct st_boots *b)
{
	for (size_t i = 1; i < b->nx; i++)
		if (b->x[i] != b->x[0])
			return false;
	return true;
}

/*
 * The step of the values: their smallest distance. 0 when both sides are constant. A clock that ticks
 * coarsely gives boots with equal medians, and a variance of 0 that means nothing.
 */
static double quantum(const struct st_boots *a, const struct st_boots *b)
{
	size_t n = a->nx + b->nx;
	double *x = xmalloc((n + 1) * sizeof(*x)), step = INFINITY;

	memcpy(x, a->x, a->nx * sizeof(*x));
	memcpy(x + a->nx, b->x, b->nx * sizeof(*x));
	qsort(x, n, sizeof(*x), ascending);
	for (size_t i = 1; i < n; i++) {
		if (x[i] != x[i - 1])
			step = fmin(step, x[i] - x[i - 1]);
	}
	free(x);
	return isfinite(step) && !(constant(a) && constant(b)) ? step : 0;
}

struct difference {
	double a, b, d, se, df;		/* on the scale compared; se NaN: one boot */
};

/* Of ya and yb the boots that both have are kept. *n: how many. */
static struct difference difference_paired(struct st_sample a, const struct st_boots *of_a, double *ya,
					   struct st_sample b, const struct st_boots *of_b, double *yb,
					   bool logs, size_t *n)
{
	struct st_boots turns = st_round_differences(a, b, logs);
	uint32_t *ids = xmalloc((of_a->n + 1) * sizeof(*ids));
	double *d = xmalloc((of_a->n + 1) * sizeof(*d));
	struct level l;

	*n = keep_common(of_a, ya, of_b, yb, ids);
	for (size_t i = 0, k = 0; i < *n; i++) {
		while (k < turns.n && turns.id[k] < ids[i])
			k++;
		d[i] = k < turns.n && turns.id[k] == ids[i] ? turns.median[k] : yb[i] - ya[i];
	}
	l = level_of(d, *n);
	st_boots_free(&turns);
	free(ids);
	free(d);
	return (struct difference){ level_of(ya, *n).mean, level_of(yb, *n).mean, l.mean,
				    sqrt(l.var / (double)*n), (double)*n - 1 };
}

/* Welch-Satterthwaite; with one boot on one side, the other side's variance stands for both. */
static struct difference difference_welch(const double *ya, size_t na, const double *yb, size_t nb)
{
	struct level a = level_of(ya, na), b = level_of(yb, nb);
	struct difference r = { a.mean, b.mean, b.mean - a.mean, NAN, NAN };
	double qa = a.var / (double)na, qb = b.var / (double)nb;

	if (na > 1 && nb > 1) {
		r.se = sqrt(qa + qb);
		r.df = r.se > 0 ? (qa + qb) * (qa + qb) / (qa * qa / (double)(na - 1) +
			qb * qb / (double)(nb - 1)) : (double)(na + nb - 2);
	} else if (na > 1 || nb > 1) {
		r.se = sqrt((na > 1 ? a.var : b.var) * (1 / (double)na + 1 / (double)nb));
		r.df = (double)(na + nb - 2);
	}
	return r;
}

static void fill_interval(struct st_compare *c, const struct difference *r, double half, bool logs)
{
	c->delta = st_delta_of(r->d, r->a, logs);
	c->ci.lo = isnan(half) ? NAN : st_delta_of(r->d - half, r->a, logs);
	c->ci.hi = isnan(half) ? NAN : st_delta_of(r->d + half, r->a, logs);
}

/* "The same" is no word for what a noise of more than 5 % hides: that is unclear. */
#define SAME_MOST 0.05

static void draw_verdict(struct st_compare *c, const struct st_options *o)
{
	double alpha = alpha_of(confidence_of(o)), noise = c->noise_floor;

	if (c->verdict >= ST_EXACT_EQUAL)
		return;
	if (isnan(c->se))
		c->verdict = ST_TOO_FEW;
	else if (c->p_holm < alpha && fabs(c->delta) > noise)
		c->verdict = c->delta < 0 ? ST_FASTER : ST_SLOWER;
	else if (noise > 0 && noise <= SAME_MOST && c->ci.lo >= -noise && c->ci.hi <= noise)
		c->verdict = ST_SAME;
	else
		c->verdict = ST_UNCLEAR;
}

/*
 * Boots that a change of power_delta needs to be claimed in POWER of all experiments: the smallest n
 * with delta >= (t + z) se(n), and past the noise floor, which narrows with n like the interval does
 * (it is one). The sd comes from few boots, so its upper confidence bound is planned with.
 */
static void hint(struct st_compare *c, const struct st_options *o)
{
	double level = alpha_of(confidence_of(o)) / 2, z = gsl_cdf_ugaussian_Pinv(POWER);
	double have = fmin(c->boots_a, c->boots_b), n = 2, sd, target, t_now, noise;

	c->power_delta = o->power_delta > 0 ? o->power_delta : 0.01;
	c->more_boots = 0;
	if (c->verdict == ST_TOO_FEW) {
		c->more_boots = have < 3 ? (uint32_t)(3 - have) : 0;
		return;
	}
	if (c->verdict == ST_SAME && c->noise_floor < c->power_delta)
		return;
	if (!(c->verdict == ST_UNCLEAR || c->verdict == ST_SAME) || !isfinite(c->se) ||
	    !isfinite(c->delta))
		return;
	target = log1p(c->power_delta);
	sd = c->se * sqrt(have) * sqrt(c->df / gsl_cdf_chisq_Pinv(SD_DOUBT, c->df));
	t_now = gsl_cdf_tdist_Qinv(level, c->df);
	noise = log1p(c->noise_floor) * sqrt(have) / t_now;
	for (int i = 0; i < 20; i++) {
		double t = gsl_cdf_tdist_Qinv(level, fmax(1, c->df * n / have));
		double need = (t + z) * sd;

		if (noise > 0)
			need = fmax(need, t * fmax(noise, sd) + M_SQRT2 * z * sd);
		n = fmax(2, fmin(1e6, ceil(need * need / (target * target))));
	}
	c->more_boots = n > have ? (uint32_t)(n - have) : 0;
}

static void within_one_boot(struct st_compare *c, const struct st_boots *a, const struct st_boots *b,
			    const struct difference *r, double confidence, bool logs)
{
	double sa = a->n == 1 ? median_se(a->x, a->nx, logs) : NAN;
	double sb = b->n == 1 ? median_se(b->x, b->nx, logs) : NAN;

	c->p = c->p_holm = NAN;
	fill_interval(c, r, gsl_cdf_ugaussian_Qinv(alpha_of(confidence) / 2) * hypot(sa, sb), logs);
}

struct st_compare st_compare(struct st_sample a, struct st_sample b, const struct st_options *o)
{
	struct st_boots of_a = st_boots_of(a), of_b = st_boots_of(b);
	struct st_compare c = { .na = of_a.nx, .nb = of_b.nx, .boots_a = (uint32_t)of_a.n,
				.boots_b = (uint32_t)of_b.n, .noise_floor = floor_of(o) };
	bool logs = all_positive(&of_a) && all_positive(&of_b);
	double *ya = scaled(&of_a, logs), *yb = scaled(&of_b, logs);
	double alpha = alpha_of(confidence_of(o));
	struct difference r = { NAN, NAN, NAN, NAN, NAN };
	size_t common = o->paired ? count_common(&of_a, &of_b) : 0;

	c.paired = common > 1;
	if (c.paired) {
		r = difference_paired(a, &of_a, ya, b, &of_b, yb, logs, &common);
		c.boots_a = c.boots_b = (uint32_t)common;
	} else if (of_a.n && of_b.n) {
		r = difference_welch(ya, of_a.n, yb, of_b.n);
	}
	/* values near the ends of a double's range: their squares are not to be had */
	if (!isfinite(r.se) || !(r.df > 0))
		r.se = r.df = NAN;
	c.a = logs ? exp(r.a) : r.a;
	c.b = logs ? exp(r.b) : r.b;
	c.se = r.se;
	c.df = r.df;
	c.p_rank = st_mann_whitney(of_a.x, of_a.nx, of_b.x, of_b.nx, NULL);
	if (isnan(r.se)) {
		within_one_boot(&c, &of_a, &of_b, &r, confidence_of(o), logs);
	} else {
		double step = quantum(&of_a, &of_b) / (logs ? fmin(c.a, c.b) : 1);

		/* Rounding to a step has a sd of step / sqrt(12) in every median. */
		c.se = r.se = fmax(r.se, step * sqrt((1.0 / c.boots_a + 1.0 / c.boots_b) / 12));
		fill_interval(&c, &r, r.se * gsl_cdf_tdist_Qinv(alpha / 2, r.df), logs);
		c.p = r.d == 0 ? 1 : r.se > 0 ? 2 * gsl_cdf_tdist_Q(fabs(r.d) / r.se, r.df) : 0;
		c.p_holm = c.p;
		if (!logs && r.a != 0)
			c.se /= fabs(r.a);
	}
	draw_verdict(&c, o);
	hint(&c, o);
	free(ya);
	free(yb);
	st_boots_free(&of_a);
	st_boots_free(&of_b);
	return c;
}

struct st_compare st_compare_exact(double a, double b)
{
	struct st_compare c = { .a = a, .b = b, .p = NAN, .p_holm = NAN, .p_rank = NAN, .na = 1, .nb = 1,
				.boots_a = 1, .boots_b = 1, .se = 0 };

	c.delta = st_delta_of(b - a, a, false);
	c.ci = (struct st_interval){ c.delta, c.delta };
	c.verdict = a == b ? ST_EXACT_EQUAL : b < a ? ST_EXACT_LESS : ST_EXACT_MORE;
	return c;
}

void st_compare_holm(struct st_compare *c, size_t n, const struct st_options *o)
{
	double *p = xmalloc((n ? n : 1) * sizeof(*p));

	for (size_t i = 0; i < n; i++)
		p[i] = c[i].p;
	st_holm(p, n);
	for (size_t i = 0; i < n; i++) {
		c[i].p_holm = p[i];
		draw_verdict(&c[i], o);
		if (c[i].verdict < ST_EXACT_EQUAL)
			hint(&c[i], o);
	}
	free(p);
}

double st_noise_floor(struct st_sample a, struct st_sample a2, const struct st_options *o)
{
	struct st_options aa = *o;
	struct st_compare c;

	aa.noise_floor = 0;
	aa.paired = true;
	c = st_compare(a, a2, &aa);
	return fmax(fabs(c.ci.lo), fabs(c.ci.hi));
}

struct st_interval st_interval_of(struct st_sample a, double confidence, double *value)
{
	struct st_boots b = st_boots_of(a);
	bool logs = b.n && all_positive(&b);
	double *y = scaled(&b, logs), half = NAN;
	struct level l = level_of(y, b.n);
	struct st_interval ci;

	if (!b.n)
		l.mean = NAN;
	else if (b.n == 1)
		half = gsl_cdf_ugaussian_Qinv(alpha_of(confidence) / 2) * median_se(b.x, b.nx, logs);
	else
		half = gsl_cdf_tdist_Qinv(alpha_of(confidence) / 2, (double)b.n - 1) *
		       sqrt(l.var / (double)b.n);
	if (value)
		*value = logs ? exp(l.mean) : l.mean;
	ci.lo = logs ? exp(l.mean - half) : l.mean - half;
	ci.hi = logs ? exp(l.mean + half) : l.mean + half;
	free(y);
	st_boots_free(&b);
	return ci;
}
