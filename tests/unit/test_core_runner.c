// SPDX-License-Identifier: GPL-2.0-only
/*
 * The runner against a clock of our own: how often a short case is looped, in which order variants take turns, and
 * what stands in the records. The runner is compiled in here once more, with the platform's clock and environment
 * replaced, and a family whose runs take exactly as long as the test says.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#undef skip	/* cmocka's; the contract has a member of that name */
#include "platform/model/model.h"
#include "record.h"

#define VARIANTS 8

static struct {
	u64 now_ps, tick_ps;		/* time, and how much of it is a tick */
	u64 cost_ps[VARIANTS];		/* of one run of variant tN */
	u64 cold;			/* how many times as much the first two runs cost */
	u64 runs[VARIANTS], preps;
	struct bench_env e;
} fake;

static u64 fake_clock(void)
{
	return fake.now_ps / fake.tick_ps;
}

static const struct bench_env *fake_env(void)
{
	return &fake.e;
}

#define plat_clock fake_clock
#define plat_env fake_env
#define plat_should_stop test_should_stop
#define plat_space_lend test_space_lend
#define plat_never test_never
#define runner_current_case test_current_case
#define runner_run test_runner_run
bool plat_should_stop(void);
const char *plat_space_lend(struct mmu_space *s, enum mmu_regime regime, const struct pt_geom *g, int level,
			    u64 bytes);
const char *plat_never(const char *why);
u32 runner_current_case(void);
u32 runner_run(const char *plan_text, u64 len);
#include "core/runner.c"

/* ---- the family: t0 to t5 may be looped inside the clock, t6 may not, t7 fails its check ---- */

static void fake_prep(struct bench_case *c)
{
	(void)c;
	fake.preps++;
}

BENCH_FAMILY(fake, .question = "does the runner do what it says?", .params = BENCH_USES(pages), .prep = fake_prep);

static void spend(u32 i)
{
	fake.now_ps += fake.cost_ps[i] * (fake.cold && fake.runs[i] < 2 ? fake.cold : 1);
	fake.runs[i]++;
}

static const char *fine(struct bench_case *c)
{
	(void)c;
	return NULL;
}

static const char *broken(struct bench_case *c)
{
	return bench_fail(c, "broken on purpose");
}

static void nothing(const struct bench_params *p, const struct bench_env *e, struct mmu_counts *want)
{
	(void)p;
	(void)e;
	(void)want;
}

#define FAKE(i, check, flag)							\
	static void run_t##i(struct bench_case *c)				\
	{									\
		(void)c;							\
		spend(i);							\
	}									\
	BENCH_VARIANT(fake, t##i, "none", run_t##i, check, nothing, .flags = flag)
FAKE(0, fine, BENCH_REPEATABLE);
FAKE(1, fine, BENCH_REPEATABLE);
FAKE(2, fine, BENCH_REPEATABLE);
FAKE(3, fine, BENCH_REPEATABLE);
FAKE(4, fine, BENCH_REPEATABLE);
FAKE(5, fine, BENCH_REPEATABLE);
FAKE(6, fine, 0);
FAKE(7, broken, BENCH_REPEATABLE);

/* ---- what came out ---- */

struct taken {
	u32 id, round, order;
	bool warmup;
	u64 loops, ticks;
};

static struct {
	struct taken *s;
	size_t n, size;
	u32 done, fails;
	u64 seq;
} out;

static u64 number_of(const struct rec *rec, const char *key)
{
	uint64_t v = 0;

	assert_true(rec_u64(rec, key, &v));
	return v;
}

static void take(const char *line, u32 len, void *arg)
{
	const char *why = NULL;
	struct rec rec;

	(void)arg;
	assert_int_equal(rec_parse(&rec, line, len, &why), REC_OK);
	assert_true(rec.seq == out.seq++);
	out.done += !strcmp(rec.type, "done");
	out.fails += !strcmp(rec.type, "check") && !strcmp(rec_get(&rec, "verdict"), "fail");
	if (strcmp(rec.type, "sample"))
		return;
	if (out.n == out.size) {
		out.size = out.size ? 2 * out.size : 1024;
		out.s = realloc(out.s, out.size * sizeof(*out.s));
		assert_non_null(out.s);
	}
	out.s[out.n++] = (struct taken){ (u32)number_of(&rec, "id"), (u32)number_of(&rec, "round"),
					 (u32)number_of(&rec, "order"), number_of(&rec, "warmup") != 0,
					 number_of(&rec, "loops"), number_of(&rec, "ticks") };
}

static void fake_reset(u64 hz)
{
	memset(&fake, 0, sizeof(fake));
	fake.tick_ps = 1000000000000ull / hz;
	fake.e = (struct bench_env){ .clock_hz = hz, .cpus = 1, .el = 1, .zva_bytes = 64, .dline_bytes = 64 };
	for (u32 i = 0; i < VARIANTS; i++)
		fake.cost_ps[i] = 1000000;
}

/* cases: which variants, as digits; a digit twice is a case twice. */
static u32 play(const char *settings, const char *cases)
{
	char plan[4096];
	size_t at = (size_t)snprintf(plan, sizeof(plan), "mmub-plan 1\nset %s\ngroup\n", settings);

	for (u32 i = 0; cases[i]; i++)
		at += (size_t)snprintf(plan + at, sizeof(plan) - at,
				       "case id=%u family=fake variant=t%c\n", i, cases[i]);
	at += (size_t)snprintf(plan + at, sizeof(plan) - at, "end\n");
	free(out.s);
	memset(&out, 0, sizeof(out));
	plat_model_emit(take, NULL);
	return runner_run(plan, at);
}

/* ---- calibration ---- */

/* From 1 ns to 10 ms a run, on clocks from 1 MHz to 1 GHz: long enough, and not needlessly long. */
static void short_cases_are_looped(void **state)
{
	static const u64 clocks[] = { 1000000, 19200000, 24000000, 31250000, 62500000, 1000000000 };

	(void)state;
	for (size_t k = 0; k < MMUB_ARRAY_SIZE(clocks); k++)
		for (u64 ns = 1; ns <= 10000000; ns *= 10) {
			fake_reset(clocks[k]);
			fake.cost_ps[0] = ns * 1000 + 337;
			play("seed=3 rounds=3 min_ns=100000", "0");
			assert_int_equal(out.n, 3);
			for (size_t i = 0; i < out.n; i++) {
				u64 real = out.s[i].loops * fake.cost_ps[0], tick = fake.tick_ps;

				/* (a tick's worth less, where the sample began within a tick) */
				if (real + tick < 100000000ull)
					fail_msg("%llu Hz, %llu ns a run: %llu loops are too few",
						 (unsigned long long)clocks[k], (unsigned long long)ns,
						 (unsigned long long)out.s[i].loops);
				if (out.s[i].loops > 1 && real > 100000000ull * 3 / 2 + 64 * tick + fake.cost_ps[0])
					fail_msg("%llu Hz, %llu ns a run: %llu loops are too many",
						 (unsigned long long)clocks[k], (unsigned long long)ns,
						 (unsigned long long)out.s[i].loops);
				/* what the record says is what the clock saw */
				assert_in_range(out.s[i].ticks, real / tick - 1, real / tick + 1);
			}
			assert_true(ns < 100000 ? out.s[0].loops > 1 : out.s[0].loops == 1);
		}
}

static void min_ns_is_exact(void **state)
{
	(void)state;
	/* 100 us at 62.5 MHz are 6250 ticks, not 6200: one run of 6249 ticks is not enough */
	fake_reset(62500000);
	fake.cost_ps[0] = 6249ull * fake.tick_ps;
	play("rounds=1 min_ns=100000", "0");
	assert_true(out.s[0].loops > 1);
	fake_reset(62500000);
	fake.cost_ps[0] = 6250ull * fake.tick_ps;
	play("rounds=1 min_ns=100000", "0");
	assert_true(out.s[0].loops == 1);
}

/* Runs that no clock sees must not loop for ever; a cold first run must not fool it. */
static void odd_costs(void **state)
{
	(void)state;
	fake_reset(1000000);
	fake.cost_ps[0] = 0;
	play("rounds=2 min_ns=100000", "0");
	assert_int_equal(out.n, 2);
	assert_true(out.s[0].loops == 1 << 20 && out.s[0].ticks == 0);
	fake_reset(62500000);
	fake.cost_ps[0] = 1000000;
	fake.cold = 3000;		/* 3 ms each when counted and when first timed, then 1 us */
	play("rounds=2 min_ns=100000", "0");
	assert_true(out.s[0].loops * fake.cost_ps[0] >= 100000000ull - fake.tick_ps);
	memset(fake.runs, 0, sizeof(fake.runs));
	play("rounds=2 warmup=2 min_ns=100000", "0");
	for (size_t i = 0; i < out.n; i++)
		assert_true(out.s[i].warmup || out.s[i].loops >= 99);
	fake_reset(62500000);
	play("rounds=2 min_ns=0", "0");
	assert_true(out.s[0].loops == 1);
}

/* Each loop of what cannot be repeated has its own prep(), outside the clock. */
static void loops_prepare(void **state)
{
	u64 runs, preps;

	(void)state;
	fake_reset(1000000000);
	play("rounds=0 min_ns=100000", "6");
	runs = fake.runs[6];
	preps = fake.preps;
	assert_true(runs == 1 && preps == 1);	/* the counted pass */
	fake_reset(1000000000);
	play("rounds=4 min_ns=100000", "6");
	assert_true(out.s[0].loops >= 100 && out.s[0].ticks == out.s[0].loops * 1000);
	assert_true(fake.preps == fake.runs[6]);
	fake_reset(1000000000);
	play("rounds=4 min_ns=100000", "0");
	assert_true(out.s[0].loops >= 100 && fake.preps < 20);
}

static void what_is_wrong_is_not_timed(void **state)
{
	(void)state;
	fake_reset(1000000000);
	assert_int_equal(play("rounds=3 warmup=1 min_ns=1000", "071"), 1);
	assert_int_equal(out.fails, 1);
	assert_int_equal(out.n, 2 * 4);
	for (size_t i = 0; i < out.n; i++)
		assert_true(out.s[i].id != 1 && out.s[i].warmup == (i < 2));
	assert_true(fake.runs[7] == 1);
	fake_reset(1000000000);
	play("rounds=3 timed=0", "01");
	assert_int_equal(out.n, 0);
	assert_int_equal(out.done, 2);
}

/* ---- order ---- */

/* order[round][place] = id */
static void orders(u32 n, u32 rounds, u32 (*order)[PLAN_GROUP_MAX])
{
	assert_int_equal(out.n, n * rounds);
	memset(order, 0xff, rounds * sizeof(*order));
	for (size_t i = 0; i < out.n; i++) {
		const struct taken *t = &out.s[i];

		assert_true(t->round < rounds && t->order < n && t->id < n);
		assert_true(order[t->round][t->order] == ~0u);	/* nobody else in this place */
		order[t->round][t->order] = t->id;
	}
	for (u32 round = 0; round < rounds; round++) {
		u32 seen = 0;

		for (u32 k = 0; k < n; k++)
			seen |= 1u << order[round][k];
		assert_true(seen == (1u << n) - 1);		/* each once a round */
	}
}

static double chi_square(const u32 *seen, u32 cells, double expected)
{
	double x = 0;

	for (u32 i = 0; i < cells; i++)
		x += (seen[i] - expected) * (seen[i] - expected) / expected;
	return x;
}

#define ROUNDS 6000u
static u32 drawn[ROUNDS][PLAN_GROUP_MAX], again[ROUNDS][PLAN_GROUP_MAX];

/* The place of one permutation of 0..n-1 among all of them (Lehmer's code). */
static u32 rank_of(const u32 *order, u32 n)
{
	u32 rank = 0;

	for (u32 i = 0; i < n; i++) {
		u32 less = 0;

		for (u32 j = i + 1; j < n; j++)
			less += order[j] < order[i];
		rank = rank * (n - i) + less;
	}
	return rank;
}

/*
 * All 120 orders of five variants are equally likely: chi-square with 119 degrees of freedom; and who follows whom
 * from one round to the next, with 24. Limits at p = 0.001; the seed is fixed, so this passes always or never.
 */
static void orders_are_uniform(void **state)
{
	u32 ranks[120] = { 0 }, follows[25] = { 0 };
	char settings[64];

	(void)state;
	fake_reset(1000000000);
	snprintf(settings, sizeof(settings), "seed=1 rounds=%u", ROUNDS);
	assert_int_equal(play(settings, "01234"), 0);
	orders(5, ROUNDS, drawn);
	for (u32 i = 0; i < ROUNDS; i += 5) {
		ranks[rank_of(drawn[i], 5)]++;
		if (i)
			follows[drawn[i - 5][0] * 5 + drawn[i][0]]++;
	}
	assert_true(chi_square(ranks, 120, ROUNDS / 5 / 120.0) < 173.6);
	assert_true(chi_square(follows, 25, (ROUNDS / 5 - 1) / 25.0) < 51.2);
	/* and each case has each place once in five rounds */
	for (u32 i = 0; i < ROUNDS; i += 5)
		for (u32 place = 0; place < 5; place++) {
			u32 had = 0;

			for (u32 k = 0; k < 5; k++)
				had |= 1u << drawn[i + k][place];
			assert_int_equal(had, 31);
		}
}

/* The seed alone decides: same seed, same orders; another seed or another group, others. */
static void orders_come_from_the_seed(void **state)
{
	struct mmub_rng rng;
	u32 expected[5] = { 0 };

	(void)state;
	fake_reset(1000000000);
	play("seed=77 rounds=50", "01234");
	orders(5, 50, drawn);
	fake_reset(62500000);
	play("seed=77 rounds=50 min_ns=5000", "01234");
	orders(5, 50, again);
	assert_memory_equal(drawn, again, 50 * sizeof(drawn[0]));
	fake_reset(1000000000);
	play("seed=78 rounds=50", "01234");
	orders(5, 50, again);
	assert_memory_not_equal(drawn, again, 50 * sizeof(drawn[0]));
	/* docs/protocol.md: xoshiro256** of seed + group; the last place is drawn first; five rounds on it moves */
	mmub_rng_seed(&rng, 78);
	for (u32 round = 0; round < 50; round++) {
		u32 head = expected[0];

		for (u32 i = 0; i < 5; i++)
			expected[i] = round % 5 ? i < 4 ? expected[i + 1] : head : i;
		for (u32 left = round % 5 ? 1 : 5; left > 1; left--) {
			u32 pick = (u32)mmub_rng_below(&rng, left), t = expected[left - 1];

			expected[left - 1] = expected[pick];
			expected[pick] = t;
		}
		assert_memory_equal(again[round], expected, sizeof(expected));
	}
}

/* The A/A pair: the same variant under two ids takes turns like two variants. */
static void a_variant_twice(void **state)
{
	u32 first = 0;

	(void)state;
	fake_reset(1000000000);
	play("seed=5 rounds=400", "001");
	orders(3, 400, drawn);
	for (u32 i = 0; i < 400; i++)
		for (u32 k = 0; drawn[i][k] != 1; k++)
			first += drawn[i][k] == 0;
	assert_in_range(first, 160, 240);
}

/* The generator itself: the first numbers of splitmix64 and xoshiro256** as published, and no bias. */
static void random_is_as_published(void **state)
{
	u32 seen[7] = { 0 };
	struct mmub_rng rng;

	(void)state;
	mmub_rng_seed(&rng, 0);
	assert_true(rng.s[0] == 0xe220a8397b1dcdafull && rng.s[1] == 0x6e789e6aa1b965f4ull);
	rng = (struct mmub_rng){ { 1, 2, 3, 4 } };
	assert_true(mmub_rng_next(&rng) == 11520);
	assert_true(mmub_rng_next(&rng) == 0);
	assert_true(mmub_rng_next(&rng) == 1509978240);
	mmub_rng_seed(&rng, 9);
	for (u32 i = 0; i < 70000; i++)
		seen[mmub_rng_below(&rng, 7)]++;
	assert_true(chi_square(seen, 7, 10000) < 22.5);
	for (u32 i = 0; i < 1000; i++) {
		assert_true(mmub_rng_below(&rng, 1) == 0);
		assert_true(mmub_rng_below(&rng, (1ull << 63) + 1) <= 1ull << 63);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(short_cases_are_looped),
		cmocka_unit_test(min_ns_is_exact),
		cmocka_unit_test(odd_costs),
		cmocka_unit_test(loops_prepare),
		cmocka_unit_test(what_is_wrong_is_not_timed),
		cmocka_unit_test(orders_are_uniform),
		cmocka_unit_test(orders_come_from_the_seed),
		cmocka_unit_test(a_variant_twice),
		cmocka_unit_test(random_is_as_published),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
