// SPDX-License-Identifier: GPL-2.0-only
/* Groups values by boot, and the two-level bootstrap that works on the groups. */
#include "stats_boots.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_rng.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdlib.h>

#include "error.h"

struct value {
	uint32_t boot;
	double x;
};

static int by_boot_and_value(const void *a, const void *b)
{
	const struct value *p = a, *q = b;

	if (p->boot != q->boot)
		return p->boot < q->boot ? -1 : 1;
	return (p->x > q->x) - (p->x < q->x);
}

struct st_boots st_boots_of(struct st_sample s)
{
	struct value *v = xmalloc((s.n + 1) * sizeof(*v));
	struct st_boots b = {
		.x = xmalloc((s.n + 1) * sizeof(*b.x)),
		.start = xmalloc((s.n + 1) * sizeof(*b.start)),
		.id = xmalloc((s.n + 1) * sizeof(*b.id)),
		.median = xmalloc((s.n + 1) * sizeof(*b.median)),
	};

	for (size_t i = 0; i < s.n; i++)
		if (isfinite(s.x[i]))
			v[b.nx++] = (struct value){ s.boot ? s.boot[i] : 0, s.x[i] };
	qsort(v, b.nx, sizeof(*v), by_boot_and_value);
	for (size_t i = 0; i < b.nx; i++) {
		b.x[i] = v[i].x;
		if (!b.n || b.id[b.n - 1] != v[i].boot) {
			b.id[b.n] = v[i].boot;
			b.start[b.n++] = i;
		}
	}
	b.start[b.n] = b.nx;
	for (size_t k = 0; k < b.n; k++)
		b.median[k] = gsl_stats_median_from_sorted_data(b.x + b.start[k], 1,
								b.start[k + 1] - b.start[k]);
	free(v);
	return b;
}

void st_boots_free(struct st_boots *b)
{
	free(b->x);
	free(b->start);
	free(b->id);
	free(b->median);
}

#define REPLICATES 2000

/* Draws boots with replacement, then values within each drawn boot; the pooled median of them. */
static double resampled_median(const struct st_boots *b, gsl_rng *rng, double *work, size_t room)
{
	size_t n = 0;

	for (size_t k = 0; k < b->n; k++) {
		size_t boot = gsl_rng_uniform_int(rng, b->n);
		size_t size = b->start[boot + 1] - b->start[boot];

		for (size_t i = 0; i < size && n < room; i++)
			work[n++] = b->x[b->start[boot] + gsl_rng_uniform_int(rng, size)];
	}
	return gsl_stats_median(work, 1, n);
}

/*
 * Hesterberg's expansion (The American Statistician 69:4, 2015, section 4.3): the percentiles are
 * taken further out by the factor that separates sqrt(n) * t from sqrt(n - 1) * z. With one boot the
 * values are the units.
 */
static double tail_level(size_t units, double confidence)
{
	double n = (double)units, level = (1 - confidence) / 2;

	if (units < 2)
		return level;
	return gsl_cdf_ugaussian_Q(sqrt(n / (n - 1)) * gsl_cdf_tdist_Qinv(level, n - 1));
}

static size_t most_drawn(const struct st_boots *b)
{
	size_t most = 1;

	for (size_t k = 0; k < b->n; k++)
		if (b->start[k + 1] - b->start[k] > most)
			most = b->start[k + 1] - b->start[k];
	return most * b->n;
}

static size_t units(const struct st_boots *b)
{
	return b->n > 1 ? b->n : b->nx;
}

static struct st_interval percentile_interval(double *r, size_t n, double level)
{
	struct st_interval ci = { st_quantile(r, n, level), st_quantile(r, n, 1 - level) };

	return ci;
}

static struct st_interval bootstrap(struct st_sample a, const struct st_sample *b, double confidence,
				    uint64_t seed)
{
	struct st_boots of_a = st_boots_of(a), of_b = { 0 };
	struct st_interval ci = { NAN, NAN };
	size_t room, fewest = units(&of_a);
	double *work = NULL, r[REPLICATES];
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_taus2);

	if (b) {
		of_b = st_boots_of(*b);
		fewest = units(&of_b) < fewest ? units(&of_b) : fewest;
	}
	if (!rng || !fewest)
		goto out;
	gsl_rng_set(rng, (unsigned long)(seed ^ seed >> 32));
	room = most_drawn(&of_a);
	if (b && most_drawn(&of_b) > room)
		room = most_drawn(&of_b);
	work = xmalloc(room * sizeof(*work));
	for (size_t i = 0; i < REPLICATES; i++) {
		r[i] = resampled_median(&of_a, rng, work, room);
		if (b)
			r[i] = resampled_median(&of_b, rng, work, room) / r[i] - 1;
	}
	ci = percentile_interval(r, REPLICATES, tail_level(fewest, confidence));
out:
	free(work);
	if (rng)
		gsl_rng_free(rng);
	st_boots_free(&of_a);
	if (b)
		st_boots_free(&of_b);
	return ci;
}

struct st_interval st_bootstrap_median(struct st_sample a, double confidence, uint64_t seed)
{
	return bootstrap(a, NULL, confidence, seed);
}

struct st_interval st_bootstrap_delta(struct st_sample a, struct st_sample b, double confidence,
				      uint64_t seed)
{
	return bootstrap(a, &b, confidence, seed);
}
