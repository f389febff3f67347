// SPDX-License-Identifier: GPL-2.0-only
/*
 * Judges result sets whose truth is known: the same variant under two names.
 *
 *	aa claims FILE...		each file's first A/A pair, the noise floor from its other pairs
 *	aa designs BOOTS FILE...	what interleaving gains: the smallest change either design detects
 *
 * designs cuts the boots of each file, in the order they ran, into experiments of BOOTS boots. Each is judged
 * twice, from the same boots, samples and seconds:
 *
 *	interleaved	A is the case, B its twin, which took turns in every boot
 *	sequential	A is the first half of the boots, B the second: case and twin are one variant
 *
 * A change is planted by multiplying B's samples by 1 + d, and by 1 / (1 + d) in a second trial. The smallest d that
 * the program's own comparison claims, with the right sign, is found for every trial; what a design detects
 * is the d that suffices in 80 % (95 %) of them. Beside it, what either claims where nothing is planted.
 */
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
	uint32_t *round = xrealloc((void *)s.round, (s.n + c->nsamples + 1) * sizeof(*round));
	size_t n = metric_samples(metric_find("time"), c, x + s.n, boot + s.n, round + s.n);

	return (struct st_sample){ x, boot, s.n + n, round };
}

static void drop(struct st_sample s)
{
	free((void *)s.x);
	free((void *)s.boot);
	free((void *)s.round);
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

/* A case with the samples of boots first .. last - 1 only; samples is borrowed room. */
static struct rs_case part_of(const struct rs_case *c, uint32_t first, uint32_t last, struct rs_sample *samples)
{
	struct rs_case part = *c;

	part.samples = samples;
	part.nsamples = 0;
	for (size_t i = 0; i < c->nsamples; i++)
		if (c->samples[i].boot >= first && c->samples[i].boot < last)
			samples[part.nsamples++] = c->samples[i];
	return part;
}

static struct st_sample values_in(struct st_sample s, const struct rs_case *c, uint32_t first, uint32_t last)
{
	struct rs_sample *room = xmalloc((c->nsamples + 1) * sizeof(*room));
	struct rs_case part = part_of(c, first, last, room);

	s = values(s, &part);
	free(room);
	return s;
}

/* What the comparison says when B's samples are multiplied. */
static struct st_compare planted(struct st_sample a, struct st_sample b, double factor, bool paired)
{
	struct st_options o = { .paired = paired };
	double *x = xmalloc((b.n + 1) * sizeof(*x));
	struct st_compare c;

	for (size_t i = 0; i < b.n; i++)
		x[i] = b.x[i] * factor;
	b.x = x;
	c = st_compare(a, b, &o);
	free(x);
	return c;
}

#define PLANTED_MOST 100.0	/* a change of this much more is not looked for: infinite */

/* Smallest d for which B times (1 + d)^sign is claimed to be what it is. */
static double smallest_found(struct st_sample a, struct st_sample b, bool paired, int sign)
{
	enum st_verdict right = sign > 0 ? ST_SLOWER : ST_FASTER;
	double lo = 0, hi = log1p(PLANTED_MOST);

	if (planted(a, b, exp(sign * hi), paired).verdict != right)
		return INFINITY;
	for (int i = 0; i < 20; i++) {
		double mid = (lo + hi) / 2;

		if (planted(a, b, exp(sign * mid), paired).verdict == right)
			hi = mid;
		else
			lo = mid;
	}
	return expm1(hi);
}

struct design {
	const char *name;
	bool paired;
	double *found;			/* two trials an experiment */
	double *delta;			/* one an experiment, nothing planted */
	size_t n;			/* experiments */
	size_t claims;			/* with nothing planted */
};

static void try_design(struct design *d, struct st_sample a, struct st_sample b)
{
	struct st_compare c = planted(a, b, 1, d->paired);

	d->found = xrealloc(d->found, (2 * d->n + 2) * sizeof(*d->found));
	d->delta = xrealloc(d->delta, (d->n + 1) * sizeof(*d->delta));
	d->found[2 * d->n] = smallest_found(a, b, d->paired, 1);
	d->found[2 * d->n + 1] = smallest_found(a, b, d->paired, -1);
	d->delta[d->n++] = fabs(c.delta);
	d->claims += claims(&c);
	drop(a);
	drop(b);
}

static void experiments(const char *path, uint32_t boots, struct design *inter, struct design *seq)
{
	struct rs_set *set = load(path);
	const struct rs_case *twin = NULL, *c;
	const struct st_sample none = { 0 };
	uint32_t end = 0;

	for (size_t k = 0; k < set->ncases && !twin; k++)
		twin = set->cases[k].twin ? &set->cases[k] : NULL;
	c = twin ? original(set, twin) : NULL;
	if (!c)
		exit(complain(EXIT_OUTSIDE, "%s: no A/A pair", path));
	for (size_t i = 0; i < c->nsamples; i++)
		end = c->samples[i].boot >= end ? c->samples[i].boot + 1 : end;
	for (uint32_t at = 0; at + boots <= end; at += boots) {
		uint32_t half = at + boots / 2;

		try_design(inter, values_in(none, c, at, at + boots), values_in(none, twin, at, at + boots));
		try_design(seq, values_in(values_in(none, c, at, half), twin, at, half),
			   values_in(values_in(none, c, half, at + boots), twin, half, at + boots));
	}
	rs_free(set);
}

static void print_design(const struct design *d)
{
	printf("%s: detects %.2f %% in 80 %% of trials, %.2f %% in 95 %%; claims %zu of %zu where there is "
	       "nothing, differences up to %.2f %% (95 %% of them)\n", d->name,
	       100 * st_quantile(d->found, 2 * d->n, 0.8), 100 * st_quantile(d->found, 2 * d->n, 0.95), d->claims,
	       d->n, 100 * st_quantile(d->delta, d->n, 0.95));
	free(d->found);
	free(d->delta);
}

static int designs(uint32_t boots, int n, char **files)
{
	struct design inter = { .name = "interleaved", .paired = true }, seq = { .name = "sequential" };
	double gain80, gain95;

	for (int i = 0; i < n; i++)
		experiments(files[i], boots, &inter, &seq);
	if (!inter.n)
		return complain(EXIT_OUTSIDE, "aa: no file has %u boots", boots);
	gain80 = st_quantile(seq.found, 2 * seq.n, 0.8) / st_quantile(inter.found, 2 * inter.n, 0.8);
	gain95 = st_quantile(seq.found, 2 * seq.n, 0.95) / st_quantile(inter.found, 2 * inter.n, 0.95);
	printf("%zu experiments of %u boots\n", inter.n, boots);
	print_design(&inter);
	print_design(&seq);
	printf("interleaving detects changes %.1f times smaller (80 %%), %.1f times (95 %%)\n", gain80, gain95);
	return gain80 >= 2 && gain95 >= 2 ? EXIT_DONE : EXIT_BAD_ANSWER;
}

int main(int argc, char **argv)
{
	long boots = argc > 3 ? strtol(argv[2], NULL, 10) : 0;

	if (argc > 2 && !strcmp(argv[1], "claims"))
		return count_claims(argc - 2, argv + 2);
	if (boots >= 4 && boots <= 10000 && !strcmp(argv[1], "designs"))
		return designs((uint32_t)boots, argc - 3, argv + 3);
	return complain(EXIT_USAGE_ERROR, "aa: claims FILE... | designs BOOTS FILE... (4 boots or more)");
}
