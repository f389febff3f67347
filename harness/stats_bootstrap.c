// SPDX-License-Identifier: GPL-2.0-only
/*
 * Two-level bootstrap of the delta: boots are drawn with replacement, then values within each drawn boot,
 * and the estimator of st_compare() is taken of what was drawn. Of a pair that took turns the values are
 * the rounds' differences, so that what both sides of a round share stays shared.
 */
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_rng.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdlib.h>

#include "error.h"
#include "stats_boots.h"

#define REPLICATES 2000

/*
 * Hesterberg's expansion (The American Statistician 69:4, 2015, section 4.3): the percentiles are taken
 * further out by the factor that separates sqrt(n) * t from sqrt(n - 1) * z. With one boot its values
 * are the units.
 */
static double tail_level(size_t units, double confidence)
{
	double n = (double)units, level = (1 - confidence) / 2;

	if (units < 2)
		return level;
	return gsl_cdf_ugaussian_Q(sqrt(n / (n - 1)) * gsl_cdf_tdist_Qinv(level, n - 1));
}

static size_t units(const struct st_boots *b)
{
	return b->n > 1 ? b->n : b->nx;
}

/* Mean over the drawn boots of the median of what was drawn in each. work holds nx values. */
static double draw(const struct st_boots *b, gsl_rng *rng, double *work)
{
	double sum = 0;

	for (size_t k = 0; k < b->n; k++) {
		size_t boot = gsl_rng_uniform_int(rng, b->n);
		size_t n = b->start[boot + 1] - b->start[boot];

		for (size_t i = 0; i < n; i++)
			work[i] = b->x[b->start[boot] + gsl_rng_uniform_int(rng, n)];
		sum += gsl_stats_median(work, 1, n);
	}
	return sum / (double)b->n;
}

static bool all_positive(const struct st_boots *b)
{
	for (size_t i = 0; i < b->nx; i++)
		if (!(b->x[i] > 0))
			return false;
	return true;
}

static void take_logs(struct st_boots *b)
{
	for (size_t i = 0; i < b->nx; i++)
		b->x[i] = log(b->x[i]);
}

static struct st_interval interval(const double *r, double level)
{
	for (size_t i = 0; i < REPLICATES; i++)
		if (isnan(r[i]))	/* values near the ends of a double's range */
			return (struct st_interval){ NAN, NAN };
	return (struct st_interval){ st_quantile(r, REPLICATES, level), st_quantile(r, REPLICATES, 1 - level) };
}

static struct st_interval of_turns(const struct st_boots *turns, bool logs, double base, double confidence,
				   gsl_rng *rng)
{
	double *work = xmalloc((turns->nx + 1) * sizeof(*work)), *r = xmalloc(REPLICATES * sizeof(*r));
	struct st_interval ci;

	for (size_t i = 0; i < REPLICATES; i++) {
		double d = draw(turns, rng, work);

		r[i] = st_delta_of(d, base, logs);
	}
	ci = interval(r, tail_level(units(turns), confidence));
	free(work);
	free(r);
	return ci;
}

static struct st_interval of_both(const struct st_boots *a, const struct st_boots *b, bool logs,
				  double confidence, gsl_rng *rng)
{
	double *work = xmalloc((a->nx + b->nx) * sizeof(*work)), *r = xmalloc(REPLICATES * sizeof(*r));
	size_t fewest = units(a) < units(b) ? units(a) : units(b);
	struct st_interval ci;

	for (size_t i = 0; i < REPLICATES; i++) {
		double x = draw(a, rng, work), y = draw(b, rng, work);

		r[i] = st_delta_of(y - x, x, logs);
	}
	ci = interval(r, tail_level(fewest, confidence));
	free(work);
	free(r);
	return ci;
}

struct st_interval st_bootstrap(struct st_sample a, struct st_sample b, const struct st_options *o)
{
	struct st_boots of_a = st_boots_of(a), of_b = st_boots_of(b), turns = { 0 };
	bool logs = all_positive(&of_a) && all_positive(&of_b);
	double confidence = o->confidence > 0 && o->confidence < 1 ? o->confidence : 0.95, base;
	struct st_interval ci = { NAN, NAN };
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_taus2);

	if (!rng || !of_a.nx || !of_b.nx)
		goto out;
	gsl_rng_set(rng, 1);	/* the same values, the same interval */
	if (o->paired)
		turns = st_round_differences(a, b, logs);
	if (turns.n > 1) {
		st_interval_of(a, confidence, &base);
		ci = of_turns(&turns, logs, base, confidence, rng);
		goto out;
	}
	if (logs) {
		take_logs(&of_a);
		take_logs(&of_b);
	}
	ci = of_both(&of_a, &of_b, logs, confidence, rng);
out:
	if (rng)
		gsl_rng_free(rng);
	st_boots_free(&of_a);
	st_boots_free(&of_b);
	st_boots_free(&turns);
	return ci;
}
