// SPDX-License-Identifier: GPL-2.0-only
/*
 * The statistics judged by simulation, with noise on two levels: each boot has an offset of its own,
 * each sample its own besides. Seeds are fixed, so a run repeats to the last digit.
 */
#include <math.h>
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>

#include "slow.h"
#include "stats.h"

#define COMPARISONS 2000
/* Under an emulator (MMUBENCH_SLOW) it is a check of the build, not of the rule: fewer, and every other setting. */
#define COMPARISONS_SLOW 200
#define SAMPLES 10
#define BOOTS_MAX 5000
#define N_MAX (SAMPLES * BOOTS_MAX)

/*
 * sd of boots, sd of samples, sd of what the boot does to this variant alone; tail: bursts upwards; what all
 * variants of a round share: a walk's step from round to round, and a load that is there in a part of the boot
 */
struct noise {
	const char *name;
	double boot, sample, own;
	double burst, walk, load;
};
static const struct noise noises[] = {
	{ "samples only", 0, 0.01, 0, 0, 0, 0 },
	{ "boots only", 0.03, 0.0001, 0.005, 0, 0, 0 },
	{ "both", 0.02, 0.01, 0.004, 0, 0, 0 },
	{ "bursts", 0.02, 0.01, 0.004, 0.3, 0, 0 },
	{ "drift", 0.02, 0.01, 0.004, 0.3, 0.02, 0 },
	{ "load", 0.02, 0.01, 0.004, 0.3, 0, 0.4 },
};
#define N_NOISES (sizeof(noises) / sizeof(noises[0]))

struct series {
	double x[N_MAX];
	uint32_t boot[N_MAX], round[N_MAX];
	size_t n;
};
static struct series a, a2, b;
static int comparisons = COMPARISONS;
static bool slow;

/* What a boot's rounds have in common, whichever variant runs. */
static void draw_level(double level[SAMPLES], const struct noise *e, gsl_rng *rng)
{
	double at = gsl_ran_gaussian(rng, e->boot);
	int from = e->load > 0 ? (int)gsl_rng_uniform_int(rng, 2 * SAMPLES) : 0;

	for (int i = 0; i < SAMPLES; i++) {
		if (e->walk > 0)
			at += gsl_ran_gaussian(rng, e->walk);
		level[i] = at + (i >= from ? e->load : 0);
	}
}

static void draw_boot(struct series *s, uint32_t boot, const double level[SAMPLES], double delta,
		      const struct noise *e, gsl_rng *rng)
{
	double own = gsl_ran_gaussian(rng, e->own);

	for (int i = 0; i < SAMPLES; i++) {
		double y = level[i] + own + gsl_ran_gaussian(rng, e->sample);

		if (e->burst > 0 && gsl_rng_uniform(rng) < 0.1)
			y += gsl_ran_exponential(rng, e->burst);
		s->boot[s->n] = boot;
		s->round[s->n] = (uint32_t)i;
		s->x[s->n++] = 1e6 * exp(y) * (1 + delta);
	}
}

/* Appends boots first .. last-1 to a, its twin and b; paired: the three share the boots' levels. */
static void draw(uint32_t first, uint32_t last, double delta, bool paired, const struct noise *e,
		 gsl_rng *rng)
{
	for (uint32_t k = first; k < last; k++) {
		double level[SAMPLES];

		draw_level(level, e, rng);
		draw_boot(&a, k, level, 0, e, rng);
		draw_boot(&a2, k, level, 0, e, rng);
		if (!paired)
			draw_level(level, e, rng);
		draw_boot(&b, k, level, delta, e, rng);
	}
}

static struct st_sample view(const struct series *s)
{
	return (struct st_sample){ s->x, s->boot, s->n, s->round };
}

static struct st_compare compare_now(bool paired, bool with_floor)
{
	struct st_options o = { .paired = paired };

	if (with_floor)
		o.noise_floor = st_noise_floor(view(&a), view(&a2), &o);
	return st_compare(view(&a), view(&b), &o);
}

static bool claims(const struct st_compare *c)
{
	return c->verdict == ST_FASTER || c->verdict == ST_SLOWER;
}

/* False claims; *covered counts the intervals that hold the true delta 0. */
static int false_claims(const struct noise *e, uint32_t boots, bool paired, bool with_floor,
			int *covered)
{
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
	int n = 0;

	gsl_rng_set(rng, 4000 + boots);
	*covered = 0;
	for (int i = 0; i < comparisons; i++) {
		struct st_compare c;

		a.n = a2.n = b.n = 0;
		draw(0, boots, 0, paired, e, rng);
		c = compare_now(paired, with_floor);
		n += claims(&c);
		*covered += c.ci.lo <= 0 && c.ci.hi >= 0;
	}
	gsl_rng_free(rng);
	return n;
}

/* The rule as a run applies it, with the noise floor of its A/A pair: at most 5 % of 2,000. */
static void test_false_positives(void **state)
{
	static const uint32_t boots[] = { 2, 3, 5, 10 };

	(void)state;
	for (size_t k = 0; k < N_NOISES; k += slow ? 2 : 1) {
		for (size_t i = 0; i < 4; i += slow ? 2 : 1) {
			for (int paired = 0; paired < 2; paired++) {
				int covered, n;

				/* half the boots loaded, half not, is no normal noise: two a side are too few */
				if (noises[k].load > 0 && !paired && boots[i] < 3)
					continue;
				n = false_claims(&noises[k], boots[i], paired, true, &covered);
				print_message("# A/A, %s, %u boots%s: %d of %d claim a difference; the 95 %% "
					      "interval covers in %.1f %%\n", noises[k].name, boots[i],
					      paired ? ", paired" : "", n, comparisons,
					      100.0 * covered / comparisons);
				assert_in_range(n, 0, comparisons / 20);
				/* 95 % less three standard errors of 2,000 draws */
				assert_true(covered >= comparisons * (slow ? 0.9 : 0.935));
			}
		}
	}
}

/* Pilot of 5 boots; then as many boots more as the hint says; then 1 % must be found. */
static void test_power_hint(void **state)
{
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);

	(void)state;
	for (size_t k = 0; k < N_NOISES; k++) {
		/* boot noise that is not shared needs many boots: the paired design is the tool's own */
		bool paired = noises[k].boot > 0;
		int found = 0, wrong = 0, trials = slow ? 40 : 400;
		double more = 0;

		gsl_rng_set(rng, 77 + k);
		for (int i = 0; i < trials; i++) {
			struct st_compare c;
			uint32_t boots = 5;

			a.n = a2.n = b.n = 0;
			draw(0, boots, 0.01, paired, &noises[k], rng);
			c = compare_now(paired, true);
			if (!claims(&c)) {
				assert_true(c.power_delta == 0.01);
				boots += c.more_boots;
				assert_true(boots <= BOOTS_MAX);
				draw(5, boots, 0.01, paired, &noises[k], rng);
				c = compare_now(paired, true);
			}
			more += boots - 5;
			found += c.verdict == ST_SLOWER;
			wrong += c.verdict == ST_FASTER;
		}
		print_message("# planted 1 %%, %s: found in %.1f %% after %.1f more boots on average\n",
			      noises[k].name, 100.0 * found / trials, more / trials);
		assert_true(found >= (slow ? 0.9 : 0.95) * trials);
		assert_int_equal(wrong, 0);
	}
	gsl_rng_free(rng);
}

/* Why claims do not rest on the bootstrap, nor on ranks of pooled samples: the figures of method.md. */
static void test_the_methods_not_taken(void **state)
{
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
	static const uint32_t boots[] = { 2, 3, 5, 10 };
	int trials = slow ? 20 : 200;

	(void)state;
	for (size_t i = 0; i < 8; i++) {
		struct st_options o = { .paired = i & 1 };
		int covered = 0, rank = 0;

		gsl_rng_set(rng, 9);
		for (int t = 0; t < trials; t++) {
			struct st_interval ci;

			a.n = a2.n = b.n = 0;
			draw(0, boots[i / 2], 0, o.paired, &noises[2], rng);
			ci = st_bootstrap(view(&a), view(&b), &o);
			covered += ci.lo <= 0 && ci.hi >= 0;
			rank += st_mann_whitney(a.x, a.n, b.x, b.n, NULL) < 0.05;
		}
		print_message("# A/A, both, %u boots%s: two-level bootstrap covers in %.1f %%, pooled rank test "
			      "claims in %.1f %%\n", boots[i / 2], o.paired ? ", paired" : "",
			      100.0 * covered / trials, 100.0 * rank / trials);
		assert_true(covered > trials * (boots[i / 2] < 5 ? 0.8 : 0.92));
		assert_true(o.paired || rank > trials / 10);
	}
	gsl_rng_free(rng);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_false_positives),
		cmocka_unit_test(test_power_hint),
		cmocka_unit_test(test_the_methods_not_taken),
	};

	slow = slow_step(2) > 1;
	if (slow)
		comparisons = COMPARISONS_SLOW;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
