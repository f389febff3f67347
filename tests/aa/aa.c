// SPDX-License-Identifier: GPL-2.0-only
/*
 * Judges result sets whose truth is known: the same variant under two names.
 *
 *	aa claims FILE...		each file's first A/A pair, the noise floor from its other pairs
 *	aa interleaved FILE...		smallest detectable change between a case and its twin
 *	aa sequential A B A B ...	the same between the cases of two runs, one after the other
 *
 * Two figures each. By the rule: (t + z(0.95)) * standard error, the median over the files; it knows only
 * the noise that a run saw. By outcome: the 95 % quantile of |delta| over the files, whose truth is 0: a
 * change must be larger to stand out; it holds what went by between two runs as well.
 */
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "metric.h"
#include "resultset.h"
#include "stats.h"

static struct rs_set *load(const char *path)
{
	char err[RS_ERR_MAX];
	struct rs_set *set = rs_load(path, err);

	if (!set)
		exit(complain(EXIT_OUTSIDE, "%s", err));
	return set;
}

/* Values of a case, added to what s holds. */
static struct st_sample values(struct st_sample s, const struct rs_case *c)
{
	double *x = xrealloc((void *)s.x, (s.n + c->nsamples + 1) * sizeof(*x));
	uint32_t *boot = xrealloc((void *)s.boot, (s.n + c->nsamples + 1) * sizeof(*boot));
	size_t n = metric_values(metric_find("time"), c, x + s.n, boot + s.n);

	return (struct st_sample){ x, boot, s.n + n };
}

static void drop(struct st_sample s)
{
	free((void *)s.x);
	free((void *)s.boot);
}

static const struct rs_case *original(const struct rs_set *set, const struct rs_case *twin)
{
	char *point = rs_case_point(twin);
	const struct rs_case *found = NULL;

	for (size_t i = 0; i < set->ncases && !found; i++) {
		const struct rs_case *c = &set->cases[i];
		char *other = rs_case_point(c);

		if (!c->twin && !strcmp(c->variant, twin->variant) && !strcmp(point, other))
			found = c;
		free(other);
	}
	free(point);
	return found;
}

static struct st_compare pair(const struct rs_set *set, const struct rs_case *twin,
			      struct st_options *o, double *noise)
{
	struct st_sample none = { 0 }, a, b = values(none, twin);
	const struct rs_case *c = original(set, twin);
	struct st_compare result;

	if (!c)
		exit(complain(EXIT_OUTSIDE, "%s: a twin without its original", set->path));
	a = values(none, c);
	o->paired = true;
	result = st_compare(a, b, o);
	*noise = st_noise_floor(a, b, o);
	drop(a);
	drop(b);
	return result;
}

static bool claims(const struct st_compare *c)
{
	return c->verdict == ST_FASTER || c->verdict == ST_SLOWER;
}

static int count_claims(int n, char **files)
{
	int with = 0, without = 0;

	for (int i = 0; i < n; i++) {
		struct rs_set *set = load(files[i]);
		const struct rs_case *first = NULL;
		struct st_options o = { 0 };
		struct st_compare c;
		double noise, other;

		for (size_t k = 0; k < set->ncases; k++) {
			if (!set->cases[k].twin)
				continue;
			if (!first) {
				first = &set->cases[k];
				continue;
			}
			pair(set, &set->cases[k], &(struct st_options){ 0 }, &other);
			o.noise_floor = fmax(o.noise_floor, other);
		}
		if (!first)
			exit(complain(EXIT_OUTSIDE, "%s: no A/A pair", files[i]));
		c = pair(set, first, &o, &noise);
		with += claims(&c);
		o.noise_floor = 0;
		c = pair(set, first, &o, &noise);
		without += claims(&c);
		rs_free(set);
	}
	printf("A/A: %d of %d runs claim a difference; %d by the test alone, without the noise floor\n", with,
	       n, without);
	return with > n / 20 ? EXIT_BAD_ANSWER : EXIT_DONE;
}

static double detectable(const struct st_compare *c)
{
	double t;

	if (isnan(c->se))
		return INFINITY;
	t = gsl_cdf_tdist_Qinv(0.7 * 0.05 / 2, c->df);
	return (t + gsl_cdf_ugaussian_Pinv(0.95)) * c->se;
}

static int report(const char *how, const double *d, double *delta, int n)
{
	for (int i = 0; i < n; i++)
		delta[i] = fabs(delta[i]);
	printf("%s: smallest detectable change by the rule %.2f %%, by outcome %.2f %% (%d repeats)\n", how,
	       100 * st_median(d, (size_t)n), 100 * st_quantile(delta, (size_t)n, 0.95), n);
	return EXIT_DONE;
}

static int interleaved(int n, char **files)
{
	double *d = xmalloc(((size_t)n + 1) * sizeof(*d)), noise;
	double *delta = xmalloc(((size_t)n + 1) * sizeof(*delta));

	for (int i = 0; i < n; i++) {
		struct rs_set *set = load(files[i]);

		d[i] = delta[i] = NAN;
		for (size_t k = 0; k < set->ncases; k++) {
			struct st_options o = { 0 };
			struct st_compare c;

			if (!set->cases[k].twin)
				continue;
			c = pair(set, &set->cases[k], &o, &noise);
			d[i] = detectable(&c);
			delta[i] = c.delta;
			break;
		}
		rs_free(set);
	}
	return report("interleaved", d, delta, n);
}

/* All samples of the first case and its twin: one variant. */
static struct st_sample whole(const char *path)
{
	struct rs_set *set = load(path);
	struct st_sample s = { 0 };

	for (size_t k = 0; k < set->ncases; k++)
		if (set->cases[k].twin)
			s = values(values(s, original(set, &set->cases[k])), &set->cases[k]);
	rs_free(set);
	return s;
}

static int sequential(int n, char **files)
{
	double *d = xmalloc(((size_t)n + 1) * sizeof(*d));
	double *delta = xmalloc(((size_t)n + 1) * sizeof(*delta));

	for (int i = 0; i + 1 < n; i += 2) {
		struct st_sample a = whole(files[i]), b = whole(files[i + 1]);
		struct st_options o = { 0 };
		struct st_compare c = st_compare(a, b, &o);

		d[i / 2] = detectable(&c);
		delta[i / 2] = c.delta;
		drop(a);
		drop(b);
	}
	return report("sequential", d, delta, n / 2);
}

int main(int argc, char **argv)
{
	if (argc > 2 && !strcmp(argv[1], "claims"))
		return count_claims(argc - 2, argv + 2);
	if (argc > 2 && !strcmp(argv[1], "interleaved"))
		return interleaved(argc - 2, argv + 2);
	if (argc > 3 && !strcmp(argv[1], "sequential"))
		return sequential(argc - 2, argv + 2);
	return complain(EXIT_USAGE_ERROR, "aa: claims|interleaved|sequential FILE...");
}
