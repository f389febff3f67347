// SPDX-License-Identifier: GPL-2.0-only
/*
 * tlbi_range: every stream of 1..131071 pages at every start alignment, around 2^20 and 2^21 and at
 * random beyond, decoded operand by operand; counts against the published ones; and the checker
 * itself against streams that are wrong.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "core.h"
#include "slow.h"
#include "tlbi_range/tlbi_range.h"

#define LOG_SIZE 4096
static struct mmu_log_entry log_buf[LOG_SIZE];

/* A case without a platform below it: the stream needs no memory and no tables. */
struct bench {
	struct bench_params p;
	struct bench_env e;
	struct tlbi_stream s;
	struct bench_case c;
};

static void bench_init(struct bench *b, const char *variant, u64 granule, u64 lpa2, u64 regime, u64 free)
{
	const struct bench_family *f = bench_family_find("tlbi_range");

	memset(b, 0, sizeof(*b));
	assert_non_null(f);
	bench_params_default(&b->p, f);
	b->p.granule = granule;
	b->p.lpa2 = lpa2;
	b->p.regime = regime;
	b->p.free = free;
	b->e.features = ~0ull;
	b->c = (struct bench_case){ .p = &b->p, .e = &b->e, .f = f, .family_data = &b->s,
		.v = bench_variant_find("tlbi_range", variant, MMU_PASS_COUNTED) };
	assert_non_null(b->c.v);
	assert_null(pt_geom_init(&b->s.t.g, granule, lpa2 ? 52 : 48, lpa2));
	b->s.low = regime == REGIME_LOW;
	b->s.last = free == FREE_LAST;
	b->s.t.asid = b->s.low ? 0xa5c3 : 0;
	b->s.t.level = b->s.last ? 3 : TLBI_LEVEL_UNKNOWN;
	b->s.t.stride = granule;
}

/* First VA of the range, 1 MiB aligned: low, or near the bottom of the TTBR1 half. */
static u64 base_va(const struct bench *b)
{
	return b->s.low ? 1ull << 40 : ~0ull << (b->p.lpa2 ? 52 : 48) | 1ull << 40;
}

static void bench_range(struct bench *b, u64 pages, u64 align)
{
	b->p.pages = b->s.pages = pages;
	b->p.align = align;
	b->s.start = base_va(b) + align * b->p.granule;
}

static u64 tlbis(const struct mmu_counts *n)
{
	u64 sum = 0;

	for (int op = MMU_TLBI_VMALLE1; op <= MMU_TLBI_VMALLS12E1IS; op++)
		sum += n->n[op];
	return sum;
}

/* Runs and decodes one stream; the counts of the closed form must be the counts. Returns TLBIs. */
static u64 bench_run(struct bench *b)
{
	struct mmu_counts want = { { 0 } };
	const char *why;

	mmu_counter = (struct mmu_counter){ .log = log_buf, .log_size = LOG_SIZE };
	b->s.told_start = b->s.told_end = 0;
	b->c.v->run(&b->c);
	why = mmu_counter.log_lost ? "stream too long"
				   : tlbi_range_verify(&b->c, &b->s, log_buf, mmu_counter.log_used);
	if (why)
		fail_msg("%s granule=%lu lpa2=%lu pages=%lu align=%lu: %s", b->c.v->name,
			 (unsigned long)b->p.granule, (unsigned long)b->p.lpa2,
			 (unsigned long)b->p.pages, (unsigned long)b->p.align, why);
	b->c.v->expect(&b->p, &b->e, &want);
	if (memcmp(&want, &mmu_counter.counts, sizeof(want)))
		fail_msg("%s granule=%lu lpa2=%lu pages=%lu align=%lu: counts are not the closed form",
			 b->c.v->name, (unsigned long)b->p.granule, (unsigned long)b->p.lpa2,
			 (unsigned long)b->p.pages, (unsigned long)b->p.align);
	return tlbis(&mmu_counter.counts);
}

static void sweep(const char *variant, u64 granule, u64 lpa2, u64 regime, u64 free)
{
	unsigned int step = slow_step(61);
	struct bench b;
	struct mmub_rng rng;

	bench_init(&b, variant, granule, lpa2, regime, free);
	for (u64 align = 0; align < 16; align++) {
		for (u64 pages = 1; pages <= 131071; pages += step) {
			bench_range(&b, pages, align);
			u64 n = bench_run(&b);

			if (!lpa2 && n > 5)
				fail_msg("%s: %lu ops for %lu pages", variant, (unsigned long)n,
					 (unsigned long)pages);
		}
		for (int d = -130; d <= 130; d++) {
			bench_range(&b, (1 << 20) + (u64)(s64)d, align);
			bench_run(&b);
			bench_range(&b, (1 << 21) + (u64)(s64)d, align);
			bench_run(&b);
		}
	}
	mmub_rng_seed(&rng, granule + lpa2);
	for (unsigned int i = 0; i < 20000; i += step) {
		bench_range(&b, 131072 + mmub_rng_below(&rng, (1 << 22) - 131072), mmub_rng_below(&rng, 16));
		bench_run(&b);
	}
}

static void test_scale_up(void **state)
{
	(void)state;
	sweep("scale_up", 4096, 0, REGIME_LOW, FREE_LAST);
	sweep("scale_up", 16384, 0, REGIME_HIGH, FREE_TABLE);
	sweep("scale_up", 65536, 0, REGIME_LOW, FREE_TABLE);
}

static void test_scale_down(void **state)
{
	(void)state;
	sweep("scale_down", 4096, 0, REGIME_HIGH, FREE_LAST);
	sweep("scale_down", 16384, 0, REGIME_LOW, FREE_TABLE);
	sweep("scale_down", 65536, 0, REGIME_HIGH, FREE_LAST);
}

static void test_scale_down_lpa2(void **state)
{
	(void)state;
	sweep("scale_down_lpa2", 4096, 1, REGIME_LOW, FREE_LAST);
	sweep("scale_down_lpa2", 4096, 0, REGIME_LOW, FREE_TABLE);
	sweep("scale_down_lpa2", 16384, 1, REGIME_HIGH, FREE_TABLE);
	sweep("scale_down_lpa2", 16384, 0, REGIME_HIGH, FREE_LAST);
	sweep("scale_down_lpa2", 65536, 0, REGIME_LOW, FREE_LAST);
}

static void test_lpa2_split(void **state)
{
	(void)state;
	sweep("lpa2_split", 4096, 1, REGIME_HIGH, FREE_LAST);
	sweep("lpa2_split", 4096, 0, REGIME_HIGH, FREE_TABLE);
	sweep("lpa2_split", 16384, 1, REGIME_LOW, FREE_LAST);
	sweep("lpa2_split", 16384, 0, REGIME_LOW, FREE_TABLE);
	sweep("lpa2_split", 65536, 0, REGIME_HIGH, FREE_TABLE);
}

static void test_per_page(void **state)
{
	static const u64 granules[] = { 4096, 16384, 65536 };
	struct bench b;

	(void)state;
	for (u64 i = 0; i < 6; i++) {
		if (granules[i / 2] == 65536 && i % 2)
			continue;
		bench_init(&b, "per_page", granules[i / 2], i % 2, i & 1, i >> 1 & 1);
		for (u64 pages = 1; pages < 1025; pages++) {
			bench_range(&b, pages, pages % 16);
			assert_int_equal(bench_run(&b), pages);
		}
	}
}

/* LPA2, 512 pages: the figures of the series' discussion. */
static void test_published_counts(void **state)
{
	static const u64 align[] = { 0, 1, 3, 8, 15 }, ops[] = { 1, 18, 16, 10, 4 };
	static const char *const variants[] = { "scale_down_lpa2", "lpa2_split" };
	struct bench b;

	(void)state;
	for (int v = 0; v < 2; v++)
		for (int i = 0; i < 5; i++) {
			bench_init(&b, variants[v], 4096, 1, REGIME_LOW, FREE_LAST);
			bench_range(&b, 512, align[i]);
			assert_int_equal(bench_run(&b), ops[i]);
		}
}

/* Without LPA2 the order of the scales changes no count. */
static void test_orders_equal(void **state)
{
	struct bench up, down;

	(void)state;
	bench_init(&up, "scale_up", 4096, 0, REGIME_LOW, FREE_LAST);
	bench_init(&down, "scale_down", 4096, 0, REGIME_LOW, FREE_LAST);
	for (u64 pages = 1; pages <= 131071; pages += slow_step(61)) {
		bench_range(&up, pages, 0);
		bench_range(&down, pages, 0);
		assert_int_equal(bench_run(&up), bench_run(&down));
	}
}

/* The operand that commit e3ba51ab24fd corrected: 2^21 pages from 1 GiB, ASID 0, no level hint. */
static void test_published_operand(void **state)
{
	struct bench b;

	(void)state;
	bench_init(&b, "scale_down", 4096, 0, REGIME_LOW, FREE_TABLE);
	b.s.t.asid = 0;
	bench_range(&b, 1 << 21, 0);
	b.s.start = 0x40000000;
	assert_int_equal(bench_run(&b), 1);
	assert_int_equal(log_buf[1].op, MMU_TLBI_RVAE1IS);
	assert_true(log_buf[1].operand == 0x00007f8000040000ull);
}

/* Level 0 is a level under LPA2 at 4K, not "unknown"; unknown must not look like level 0. */
static void test_level_zero(void **state)
{
	struct tlbi_target t = { .level = 0 };

	(void)state;
	assert_null(pt_geom_init(&t.g, 4096, 52, true));
	assert_true((tlbi_page_operand(&t, 0) >> 44 & 15) == 4);
	assert_true((tlbi_range_operand(&t, 0, 0, 0) >> 37 & 3) == 0);
	t.level = TLBI_LEVEL_UNKNOWN;
	assert_true((tlbi_page_operand(&t, 0) >> 44 & 15) == 0);
	assert_true((tlbi_range_operand(&t, 0, 0, 0) >> 37 & 3) == 0);
}

/* A stream by hand: ops between the frame's barriers. */
static const char *hand_made(struct bench *b, const struct mmu_log_entry *ops, u64 n)
{
	struct mmu_log_entry log[16] = { { 0, MMU_DSB_ISHST, 0 } };

	memcpy(log + 1, ops, n * sizeof(*ops));
	log[n + 1].op = MMU_DSB_ISH;
	b->s.told_start = b->s.start;
	b->s.told_end = b->s.start + (b->s.pages << b->s.t.g.page_shift);
	return tlbi_range_verify(&b->c, &b->s, log, n + 2);
}

/* The checker says no, and why. */
static void test_checker_refuses(void **state)
{
	struct bench b;
	struct tlbi_target *t = &b.s.t;

	(void)state;
	bench_init(&b, "scale_down", 4096, 0, REGIME_LOW, FREE_LAST);
	bench_range(&b, 66, 0);
	u64 at = b.s.start, whole = tlbi_range_operand(t, at, 1, 0), rest = at + 64 * 4096;
	struct mmu_log_entry good[2] = { { whole, MMU_TLBI_RVALE1IS, 0 },
		{ tlbi_range_operand(t, rest, 0, 0), MMU_TLBI_RVALE1IS, 0 } }, bad[2];
#define REFUSES(reason, ...) do {							\
		memcpy(bad, good, sizeof(bad));						\
		__VA_ARGS__;								\
		const char *why = hand_made(&b, bad, 2);				\
		assert_non_null(why);							\
		if (!strstr(why, reason))						\
			fail_msg("expected '%s' in '%s'", reason, why);			\
	} while (0)

	assert_null(hand_made(&b, good, 2));
	REFUSES("covers from", bad[1].operand += 1);			/* gap */
	REFUSES("covers from", bad[1].operand -= 1);			/* overlap */
	REFUSES("past the range", bad[1].operand |= 1ull << 39);
	REFUSES("the stream ends", bad[1] = (struct mmu_log_entry){ tlbi_page_operand(t, rest),
		MMU_TLBI_VALE1IS, 0 });
	REFUSES("granule", bad[0].operand ^= 3ull << 46);		/* TG = 2 */
	REFUSES("for ASID", bad[0].operand ^= 1ull << 50);
	REFUSES("hints level", bad[0].operand ^= 1ull << 37);
	REFUSES("lost the level", bad[0].operand &= ~(3ull << 37));
	REFUSES("every ASID", bad[0].op = MMU_TLBI_RVAALE1IS);
	REFUSES("not a TLBI", bad[0].op = MMU_DSB_ISH);
	REFUSES("this CPU", bad[0].op = MMU_TLBI_VAE1);
	REFUSES("flushes everything", bad[0] = (struct mmu_log_entry){ t->asid << 48, MMU_TLBI_ASIDE1IS, 0 });
	b.s.last = false;
	REFUSES("table entries", (void)0);
	REFUSES("tables are freed", bad[0].op = bad[1].op = MMU_TLBI_RVAE1IS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_published_counts),
		cmocka_unit_test(test_published_operand),
		cmocka_unit_test(test_level_zero),
		cmocka_unit_test(test_checker_refuses),
		cmocka_unit_test(test_per_page),
		cmocka_unit_test(test_orders_equal),
		cmocka_unit_test(test_scale_up),
		cmocka_unit_test(test_scale_down),
		cmocka_unit_test(test_scale_down_lpa2),
		cmocka_unit_test(test_lpa2_split),
	};

	return cmocka_run_group_tests_name("tlbi_range", tests, NULL, NULL);
}
