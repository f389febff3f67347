// SPDX-License-Identifier: GPL-2.0-only
/*
 * Statistics on fixed data. With the word `peer` it is the C side of tests/functional/stats-peer.sh:
 * each line of stdin is "FUNCTION NA NB values..." (boot numbers after the values where the function
 * takes them); it answers with the results, 17 digits.
 */
#include <math.h>
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "stats.h"

static const struct st_options plain = { .confidence = 0.95 };

static void near(double got, double want, double tolerance)
{
	if (!(fabs(got - want) <= tolerance * fmax(1, fabs(want))))
		fail_msg("got %.17g, expected %.17g", got, want);
}

static void test_order_statistics(void **state)
{
	const double x[] = { 3, 1, 4, 1, 5, 9, 2, 6 };

	(void)state;
	near(st_median(x, 8), 3.5, 0);
	near(st_median(x, 7), 3, 0);
	near(st_mad(x, 8), 2, 0);
	near(st_quantile(x, 8, 0.25), 1.75, 1e-15);
	near(st_geomean(x, 3), cbrt(12), 1e-15);
	assert_true(isnan(st_median(x, 0)));
	assert_true(isnan(st_geomean((const double[]){ 1, 0 }, 2)));
}

static void test_rank_test(void **state)
{
	const double a[] = { 1, 2, 3, 4, 5 }, b[] = { 6, 7, 8, 9, 10 };
	const double same[] = { 2, 2, 2 };
	double u;

	(void)state;
	/* complete separation of 5 and 5: 2 of the C(10, 5) = 252 arrangements */
	near(st_mann_whitney(a, 5, b, 5, &u), 2.0 / 252, 1e-14);
	near(u, 0, 0);
	near(st_mann_whitney(b, 5, a, 5, &u), 2.0 / 252, 1e-14);
	near(u, 25, 0);
	near(st_mann_whitney(same, 3, same, 3, &u), 1, 0);
	assert_true(isnan(st_mann_whitney(a, 0, b, 5, &u)));
}

static void test_holm(void **state)
{
	double p[] = { 0.01, NAN, 0.04, 0.03, 0.005, 0.9 };

	(void)state;
	st_holm(p, 6);
	near(p[4], 0.025, 1e-15);
	near(p[0], 0.04, 1e-15);
	near(p[3], 0.09, 1e-15);
	near(p[2], 0.09, 1e-15);	/* step-down: never below the one before */
	near(p[5], 0.9, 1e-15);
	assert_true(isnan(p[1]));
}

/* boots of 3 values; medians 100, 110, 121 against the same, 2 % and a little more */
static const double xa[] = { 99.99, 100, 101, 109, 110, 111, 120, 121, 122 };
static const double xb[] = { 101, 102, 103, 111, 112.2, 113, 122, 123.43, 124 };
static const uint32_t boots[] = { 0, 0, 0, 1, 1, 1, 2, 2, 2 };

static void test_pairing_removes_the_boots(void **state)
{
	struct st_sample a = { xa, boots, 9, NULL }, b = { xb, boots, 9, NULL };
	struct st_options o = plain;
	struct st_compare c = st_compare(a, b, &o);

	(void)state;
	assert_int_equal(c.verdict, ST_UNCLEAR);
	assert_false(c.paired);
	assert_true(c.more_boots > 0);
	o.paired = true;
	c = st_compare(a, b, &o);
	assert_true(c.paired);
	near(c.a, 110, 1e-12);
	near(c.delta, c.b / c.a - 1, 1e-12);
	assert_int_equal(c.verdict, ST_SLOWER);
	assert_true(c.ci.lo > 0.015 && c.ci.hi < 0.025);
	o.noise_floor = 0.05;
	c = st_compare(a, b, &o);
	assert_int_equal(c.verdict, ST_SAME);
}

/*
 * Load that trebles every time arrives within each boot, once between a and b of a round: the boots' medians
 * are on both sides of it, the rounds are not. b is a and 2 %. The values come in no order.
 */
static void test_pairing_removes_load_within_a_boot(void **state)
{
	static const double a_x[] = { 1, 300, 300, 100, 300, 100.3, 1, 301, 100, 300, 303, 101 };
	static const double b_x[] = { 102, 306, 306, 306, 306, 102.306, 102, 307.02, 306, 306, 309.06, 103.02 };
	static const uint32_t boot[] = { 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1 };
	static const uint32_t a_round[] = { 9, 3, 4, 2, 5, 1, 9, 3, 2, 4, 5, 1 };
	static const uint32_t b_round[] = { 0, 3, 4, 2, 5, 1, 0, 3, 2, 4, 5, 1 };
	static const uint32_t twice[] = { 1, 1, 2, 3, 4, 5, 0, 1, 2, 3, 4, 5 };
	struct st_sample a = { a_x, boot, 12, a_round }, b = { b_x, boot, 12, b_round };
	struct st_options o = { .paired = true };
	struct st_compare c = st_compare(a, b, &o);

	(void)state;
	near(c.delta, 0.02, 1e-12);
	assert_true(c.ci.hi < 0.03);
	/* a round that is there twice is no turn: medians, and nothing can be said */
	a.round = twice;
	c = st_compare(a, b, &o);
	assert_true(fabs(c.delta - 0.02) > 0.1);
	b.round = NULL;
	c = st_compare(a, b, &o);
	assert_true(fabs(c.delta - 0.02) > 0.1);
}

static void test_one_boot_claims_nothing(void **state)
{
	struct st_sample a = { xa, NULL, 3, NULL }, b = { xb + 6, NULL, 3, NULL };
	struct st_compare c = st_compare(a, b, &plain);

	(void)state;
	assert_int_equal(c.verdict, ST_TOO_FEW);
	assert_int_equal(c.more_boots, 2);
	near(c.delta, 0.2343, 1e-12);
	assert_true(c.ci.lo < c.delta && c.ci.hi > c.delta);
	assert_true(isnan(c.p));
	c = st_compare((struct st_sample){ xa, NULL, 0, NULL }, b, &plain);
	assert_int_equal(c.verdict, ST_TOO_FEW);
	assert_true(isnan(c.delta));
}

/* A coarse clock: medians agree between boots by rounding, not because there is no noise. */
static void test_coarse_clock_is_no_proof(void **state)
{
	const double x[] = { 40, 40, 60, 40, 40, 60 }, y[] = { 60, 60, 40, 60, 60, 40 };
	const uint32_t boot[] = { 0, 0, 0, 1, 1, 1 };
	struct st_options o = { .paired = true };
	struct st_compare c;

	(void)state;
	c = st_compare((struct st_sample){ x, boot, 6, NULL }, (struct st_sample){ y, boot, 6, NULL }, &o);
	assert_true(c.delta > 0.4);
	assert_int_equal(c.verdict, ST_UNCLEAR);
}

static void test_zero_and_negative_values(void **state)
{
	const double zero[] = { 0, 0, 0, 0 }, five[] = { 5, 5.1, 4.9, 5 };
	const uint32_t boot[] = { 0, 1, 2, 3 };
	struct st_compare c = st_compare((struct st_sample){ zero, boot, 4, NULL },
					 (struct st_sample){ five, boot, 4, NULL }, &plain);

	(void)state;
	assert_true(isinf(c.delta) && c.delta > 0);
	assert_int_equal(c.verdict, ST_SLOWER);
	c = st_compare((struct st_sample){ zero, boot, 4, NULL }, (struct st_sample){ zero, boot, 4, NULL }, &plain);
	near(c.delta, 0, 0);
	assert_int_equal(c.verdict, ST_UNCLEAR);
	c = st_compare((struct st_sample){ five, boot, 4, NULL }, (struct st_sample){ zero, boot, 4, NULL }, &plain);
	near(c.delta, -1, 1e-15);
	assert_int_equal(c.verdict, ST_FASTER);
}

static void test_huge_values(void **state)
{
	const double a[] = { -1e300, 1e300, 0, 5 }, b[] = { 1e308, -1e308, 1, 2 };
	const uint32_t boot[] = { 0, 1, 2, 3 };
	struct st_compare c = st_compare((struct st_sample){ a, boot, 4, NULL }, (struct st_sample){ b, boot, 4, NULL },
					 &plain);

	(void)state;
	assert_int_equal(c.verdict, ST_TOO_FEW);
	(void)st_noise_floor((struct st_sample){ a, boot, 4, NULL }, (struct st_sample){ b, boot, 4, NULL }, &plain);
	(void)st_interval_of((struct st_sample){ b, boot, 4, NULL }, 0.95, NULL);
}

static void test_exact(void **state)
{
	(void)state;
	assert_int_equal(st_compare_exact(0, 0).verdict, ST_EXACT_EQUAL);
	near(st_compare_exact(0, 0).delta, 0, 0);
	assert_int_equal(st_compare_exact(524288, 2).verdict, ST_EXACT_LESS);
	near(st_compare_exact(524288, 2).delta, 2.0 / 524288 - 1, 1e-15);
	assert_int_equal(st_compare_exact(0, 1).verdict, ST_EXACT_MORE);
	assert_true(isinf(st_compare_exact(0, 1).delta));
}

/* A table of many rows: what one row alone would claim falls to Holm. */
static void test_holm_redraws_verdicts(void **state)
{
	struct st_sample a = { xa, boots, 9, NULL }, b = { xb, boots, 9, NULL };
	struct st_options o = { .paired = true };
	struct st_compare rows[200];

	(void)state;
	rows[0] = st_compare(a, b, &o);
	assert_int_equal(rows[0].verdict, ST_SLOWER);
	for (int i = 1; i < 199; i++)
		rows[i] = st_compare(a, a, &o);
	rows[199] = st_compare_exact(1, 2);
	for (int i = 0; i < 199; i++)
		rows[i].p = i ? 0.5 : 0.01;
	st_compare_holm(rows, 200, &o);
	near(rows[0].p_holm, 1, 1e-12);
	assert_int_equal(rows[0].verdict, ST_UNCLEAR);
	assert_int_equal(rows[199].verdict, ST_EXACT_MORE);
}

/*
 * One boot, five values: the bootstrap median's distribution is known (Efron 1979): P(m <= x_k) =
 * P(Binomial(5, k/5) >= 3), so P(m <= x_1) = 0.058, and the percentiles widened for n = 5 lie outside that.
 * Three boots of one round: all draws are of one boot with probability 1/27, more than the percentile.
 */
static void test_bootstrap(void **state)
{
	const double one[] = { 1, 1, 1, 1, 1 }, x[] = { 1, 2, 3, 4, 5 }, zero[] = { 0, 0, 0, 0, 0 };
	const double base[] = { 100, 200, 400 }, more[] = { 101, 204, 416 };
	const uint32_t boot[] = { 0, 1, 2 }, round[] = { 0, 0, 0 };
	struct st_options o = { .paired = true };
	struct st_interval ci = st_bootstrap((struct st_sample){ one, NULL, 5, NULL },
					     (struct st_sample){ x, NULL, 5, NULL }, &plain);

	(void)state;
	near(ci.lo, 0, 1e-12);
	near(ci.hi, 4, 1e-12);
	ci = st_bootstrap((struct st_sample){ base, boot, 3, round }, (struct st_sample){ more, boot, 3, round }, &o);
	near(ci.lo, 0.01, 1e-12);
	near(ci.hi, 0.04, 1e-12);
	/* the same, not paired: the boots differ by far more than the values */
	ci = st_bootstrap((struct st_sample){ base, boot, 3, round }, (struct st_sample){ more, boot, 3, round },
			  &plain);
	assert_true(ci.lo < -0.5 && ci.hi > 1);
	ci = st_bootstrap((struct st_sample){ zero, NULL, 5, NULL }, (struct st_sample){ x, NULL, 5, NULL }, &plain);
	assert_true(isinf(ci.lo) && isinf(ci.hi));
	ci = st_bootstrap((struct st_sample){ x, NULL, 0, NULL }, (struct st_sample){ x, NULL, 5, NULL }, &plain);
	assert_true(isnan(ci.lo) && isnan(ci.hi));
}

static size_t read_values(double *x, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (scanf("%lf", &x[i]) != 1)
			return 0;
	return n;
}

static int peer(void)
{
	static double a[4096], b[4096];
	static uint32_t ba[4096], bb[4096], round[4096];
	char what[32];
	size_t na, nb;
	double u, v;

	while (scanf("%31s %zu %zu", what, &na, &nb) == 3) {
		if (na > 4096 || nb > 4096 || read_values(a, na) != na || read_values(b, nb) != nb)
			return 1;
		if (!strcmp(what, "mwu")) {
			v = st_mann_whitney(a, na, b, nb, &u);
			printf("%.17g %.17g\n", u, v);
		} else if (!strcmp(what, "order")) {
			printf("%.17g %.17g %.17g %.17g\n", st_median(a, na), st_mad(a, na),
			       st_quantile(a, na, 0.3), st_geomean(a, na));
		} else if (!strcmp(what, "holm")) {
			st_holm(a, na);
			for (size_t i = 0; i < na; i++)
				printf("%.17g%c", a[i], i + 1 < na ? ' ' : '\n');
		} else {	/* "welch", "pair" or "rounds": ten values a boot */
			struct st_options o = { .confidence = 1 - 0.05 / 0.7, .paired = *what != 'w' };
			struct st_compare c;

			for (size_t i = 0; i < 4096; i++) {
				ba[i] = bb[i] = (uint32_t)(i / 10);
				round[i] = (uint32_t)(i % 10);
			}
			c = st_compare((struct st_sample){ a, ba, na, *what == 'r' ? round : NULL },
				       (struct st_sample){ b, bb, nb, *what == 'r' ? round : NULL }, &o);
			printf("%.17g %.17g %.17g %.17g\n", c.p, c.delta, c.ci.lo, c.ci.hi);
		}
	}
	return 0;
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_order_statistics),
		cmocka_unit_test(test_rank_test),
		cmocka_unit_test(test_holm),
		cmocka_unit_test(test_pairing_removes_the_boots),
		cmocka_unit_test(test_pairing_removes_load_within_a_boot),
		cmocka_unit_test(test_one_boot_claims_nothing),
		cmocka_unit_test(test_coarse_clock_is_no_proof),
		cmocka_unit_test(test_zero_and_negative_values),
		cmocka_unit_test(test_huge_values),
		cmocka_unit_test(test_exact),
		cmocka_unit_test(test_holm_redraws_verdicts),
		cmocka_unit_test(test_bootstrap),
	};

	if (argc > 1 && !strcmp(argv[1], "peer"))
		return peer();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
