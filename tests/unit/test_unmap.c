// SPDX-License-Identifier: GPL-2.0-only
/* unmap on the model: every variant over granules, regimes, leaves, sizes, CPUs; the real thresholds. */
#include "model_run.h"

static const char *const variants[] = { "per_page_sync", "per_page_batched", "range", "full", "linux" };

static struct model_outcome all_variants(const char *params)
{
	return model_run_variants("unmap", variants, MMUB_ARRAY_SIZE(variants), params);
}

static void expect_all_pass(const char *params)
{
	struct model_outcome o = all_variants(params);

	if (o.pass != MMUB_ARRAY_SIZE(variants) || o.fail || o.skip || o.error)
		fail_msg("%s: %u passed; %s", params, o.pass, o.last);
}

static void test_sizes(void **state)
{
	static const u64 granules[] = { 4096, 16384, 65536 };
	static const u64 pages[] = { 1, 2, 31, 63, 64, 65, 511, 512, 513, 2049, 8193 };
	char params[256];

	(void)state;
	for (size_t g = 0; g < 3; g++)
		for (size_t n = 0; n < MMUB_ARRAY_SIZE(pages); n++)
			for (int k = 0; k < 4; k++) {
				snprintf(params, sizeof(params), "granule=%lu pages=%lu align=%zu regime=%s free=%s",
					 (unsigned long)granules[g], (unsigned long)pages[n],
					 (n * 7 + g) % 16, k & 1 ? "high" : "low", k & 2 ? "table" : "last");
				expect_all_pass(params);
			}
}

static void test_leaves(void **state)
{
	(void)state;
	expect_all_pass("leaf=cont pages=256");
	expect_all_pass("leaf=cont pages=256 granule=16384 regime=high");
	expect_all_pass("leaf=cont pages=256 granule=65536 free=table");
	expect_all_pass("leaf=block pages=4096");
	expect_all_pass("leaf=block pages=8192 granule=16384 regime=high free=table");
	expect_all_pass("leaf=block pages=32768 granule=65536");
}

static void test_cpus(void **state)
{
	(void)state;
	expect_all_pass("pages=100 cpus=8");
	expect_all_pass("pages=100 cpus=4 regime=high others=touch");
	expect_all_pass("pages=100 cpus=2 resident=0 free=table");
}

/*
 * 52-bit addresses at 4K and 16K: range ops start at multiples of 64 KiB, so where the range starts decides.
 * facts: 512 pages from page 0, 1, 3, 8, 15 (mod 16) are 1, 18, 16, 10, 4 ops at 4K.
 */
static void test_lpa2(void **state)
{
	static const struct { unsigned int align, singles, ranges; } known[] = {
		{ 0, 0, 1 }, { 1, 16, 2 }, { 3, 14, 2 }, { 8, 8, 2 }, { 15, 2, 2 },
	};
	struct model_outcome o;
	char params[256];

	(void)state;
	for (size_t i = 0; i < MMUB_ARRAY_SIZE(known); i++) {
		snprintf(params, sizeof(params),
			 "group\ncase id=0 family=unmap variant=range pages=512 align=%u lpa2=1", known[i].align);
		o = model_run_plan(params);
		if (o.pass != 1)
			fail_msg("align=%u: %s", known[i].align, o.last);
		assert_int_equal(model_count(&o, "tlbi.vale1is"), known[i].singles);
		assert_int_equal(model_count(&o, "tlbi.rvale1is"), known[i].ranges);
	}
	for (u64 granule = 4096; granule <= 16384; granule *= 4)
		for (u64 pages = 1; pages <= 2048; pages = pages * 3 + 1)
			for (u64 align = 0; align < 16; align += 1 + pages / 100)
				for (int k = 0; k < 4; k++) {
					snprintf(params, sizeof(params),
						 "granule=%lu pages=%lu align=%lu lpa2=1 regime=%s free=%s",
						 (unsigned long)granule, (unsigned long)pages, (unsigned long)align,
						 k & 1 ? "high" : "low", k & 2 ? "table" : "last");
					expect_all_pass(params);
				}
	expect_all_pass("lpa2=1 leaf=cont pages=256");
	expect_all_pass("lpa2=1 leaf=cont pages=256 granule=16384 regime=high free=table");
	expect_all_pass("lpa2=1 leaf=block pages=4096");
	expect_all_pass("lpa2=1 leaf=block pages=8192 granule=16384 regime=high free=table");
}

/* The largest size: one range op, and more than one leaf table's worth of everything. */
static void test_largest(void **state)
{
	struct model_outcome o;

	(void)state;
	o = model_run_plan("group\ncase id=0 family=unmap variant=range pages=2097152 resident=0");
	assert_int_equal(o.pass, 1);
	assert_int_equal(model_count(&o, "tlbi.rvale1is"), 1);
	assert_int_equal(model_count(&o, "tlbi.vale1is"), 0);
	assert_int_equal(model_count(&o, "pte.store"), 2097152);
}

/* Without range support 511 entries go one by one, 512 (MAX_DVM_OPS at 4K) flush the ASID. */
static void test_linux_thresholds(void **state)
{
	u64 all = plat_env()->features;
	struct model_outcome o;

	(void)state;
	plat_model_features(all & ~(u64)FEAT_TLBIRANGE);
	o = model_run_plan("group\ncase id=0 family=unmap variant=linux pages=511");
	assert_int_equal(o.pass, 1);
	assert_int_equal(model_count(&o, "tlbi.vale1is"), 511);
	o = model_run_plan("group\ncase id=0 family=unmap variant=linux pages=512");
	assert_int_equal(o.pass, 1);
	assert_int_equal(model_count(&o, "tlbi.aside1is"), 1);
	assert_int_equal(model_count(&o, "tlbi.vale1is"), 0);
	o = model_run_plan("group\ncase id=0 family=unmap variant=linux pages=2048 granule=16384 regime=high");
	assert_int_equal(o.pass, 1);
	assert_int_equal(model_count(&o, "tlbi.vmalle1is"), 1);
	o = model_run_plan("group\ncase id=0 family=unmap variant=linux pages=511 regime=high");
	assert_int_equal(model_count(&o, "tlbi.vaale1is"), 511);
	o = model_run_plan("group\ncase id=0 family=unmap variant=linux pages=512 regime=high leaf=block");
	assert_int_equal(model_count(&o, "tlbi.vmalle1is"), 1);
	o = all_variants("pages=77");
	assert_int_equal(o.pass, 4);
	assert_int_equal(o.skip, 1);
	assert_non_null(strstr(o.last, "tlbirange"));
	plat_model_features(all);
	o = model_run_plan("group\ncase id=0 family=unmap variant=linux pages=512");
	assert_int_equal(model_count(&o, "tlbi.rvale1is"), 1);
	/* kernel: the leaves by one range op, each of the two tables on its own (Linux 6.13) */
	o = model_run_plan("group\ncase id=0 family=unmap variant=linux pages=512 align=1 regime=high free=table");
	assert_int_equal(o.pass, 1);
	assert_int_equal(model_count(&o, "tlbi.rvaale1is"), 1);
	assert_int_equal(model_count(&o, "tlbi.vaae1is"), 2);
	assert_int_equal(model_count(&o, "dsb.ish"), 3);
}

/* Points drawn at random, all variants: nothing but the family's own limits decides what passes. */
static void test_random(void **state)
{
	static const char *const leaves[] = { "page", "page", "cont", "block" };
	struct mmub_rng rng;
	char params[256];

	(void)state;
	mmub_rng_seed(&rng, 20);
	for (int i = 0; i < 150; i++) {
		u64 granule = 4096ull << 2 * mmub_rng_below(&rng, 3), leaf = mmub_rng_below(&rng, 4);
		u64 unit = leaf < 2 ? 1 : leaf == 3 ? granule / 8 : granule == 4096 ? 16 : granule == 16384 ? 128 : 32;
		u64 pages = unit * (1 + mmub_rng_below(&rng, leaf < 2 ? 5000 : 40));

		snprintf(params, sizeof(params),
			 "granule=%lu leaf=%s pages=%lu align=%lu lpa2=%lu regime=%s free=%s cpus=%lu resident=%lu",
			 (unsigned long)granule, leaves[leaf], (unsigned long)pages,
			 (unsigned long)(leaf < 2 ? mmub_rng_below(&rng, 16) : 0),
			 (unsigned long)(granule < 65536 ? mmub_rng_below(&rng, 2) : 0),
			 mmub_rng_below(&rng, 2) ? "high" : "low", mmub_rng_below(&rng, 2) ? "table" : "last",
			 (unsigned long)(1 + mmub_rng_below(&rng, 8)), (unsigned long)mmub_rng_below(&rng, 200));
		expect_all_pass(params);
	}
}

/* Points that make no sense are refused by name, not run. */
static void test_refused(void **state)
{
	static const char *const bad[] = { "pages=0", "pages=2097153", "align=16", "cpus=9", "leaf=huge",
		"leaf=cont pages=17", "lpa2=2", "lpa2=1 granule=65536",
		"granule=0", "granule=5 leaf=block",
		"pages=18446744073709551615", "resident=18446744073709551615", "cpus=0",
		"leaf=block pages=513", "leaf=block pages=512 align=1" };

	(void)state;
	for (size_t i = 0; i < MMUB_ARRAY_SIZE(bad); i++)
		model_expect_refused("unmap", variants, MMUB_ARRAY_SIZE(variants), bad[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_leaves),
		cmocka_unit_test(test_cpus),
		cmocka_unit_test(test_lpa2),
		cmocka_unit_test(test_largest),
		cmocka_unit_test(test_linux_thresholds),
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests_name("unmap", tests, NULL, NULL);
}
