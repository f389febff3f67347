// SPDX-License-Identifier: GPL-2.0-only
/* stage2_unmap on the model: every variant over granules, leaves, sizes, FWB; published counts; refusals. */
#include "model_run.h"

static const char *const variants[] = { "per_pte", "deferred_range", "deferred_range_cmo", "deferred_vmid" };

static struct model_outcome all_variants(const char *params)
{
	return model_run_variants("stage2_unmap", variants, MMUB_ARRAY_SIZE(variants), params);
}

/* With FWB three variants run, without it two. */
static void expect_pass(const char *params, unsigned int pass)
{
	struct model_outcome o = all_variants(params);

	if (o.pass != pass || o.skip != MMUB_ARRAY_SIZE(variants) - pass || o.fail || o.error)
		fail_msg("%s: %u passed, %u skipped; %s", params, o.pass, o.skip, o.last);
}

static void test_sizes(void **state)
{
	static const u64 granules[] = { 4096, 16384, 65536 };
	static const u64 pages[] = { 1, 2, 3, 64, 65, 511, 513, 2048, 2049, 8192, 8195 };
	char params[128];

	(void)state;
	for (size_t g = 0; g < MMUB_ARRAY_SIZE(granules); g++)
		for (size_t n = 0; n < MMUB_ARRAY_SIZE(pages); n++)
			for (unsigned int fwb = 0; fwb < 2; fwb++) {
				snprintf(params, sizeof(params), "granule=%lu size=%lu fwb=%u",
					 (unsigned long)granules[g], (unsigned long)(pages[n] * granules[g]), fwb);
				expect_pass(params, fwb ? 3 : 2);
			}
}

static void test_leaves(void **state)
{
	(void)state;
	expect_pass("leaf=block size=2097152", 3);
	expect_pass("leaf=block size=3223322624", 3);	/* 3 GiB and a block: a short last chunk */
	expect_pass("leaf=huge size=137438953472", 3);
	expect_pass("leaf=block size=2147483648 granule=16384", 3);
	expect_pass("leaf=block size=2147483648 granule=65536", 3);
	expect_pass("leaf=block size=4194304 fwb=0", 2);
}

/* Points drawn at random: the closed forms against what was counted, whole and short last chunks alike. */
static void test_random(void **state)
{
	static const char *const leaves[] = { "page", "block", "huge" };
	struct mmub_rng rng;
	char params[128];

	(void)state;
	mmub_rng_seed(&rng, 3);
	for (int i = 0; i < 80; i++) {
		u64 granule = 4096ull << 2 * mmub_rng_below(&rng, 3), per = granule / 8;
		u64 leaf = mmub_rng_below(&rng, granule == 4096 ? 3 : 2), fwb = mmub_rng_below(&rng, 2);
		u64 stride = granule * (leaf ? per : 1) * (leaf == 2 ? per : 1);
		u64 size = stride * (1 + mmub_rng_below(&rng, leaf == 0 ? 6000 : leaf == 1 ? 60 : 128));

		/* cleaning is by line: little of it */
		if (!fwb)
			size = stride * (1 + mmub_rng_below(&rng, leaf ? 2 : 40)) % (256 * MMUB_MIB);
		if (!size)
			continue;
		snprintf(params, sizeof(params), "granule=%lu leaf=%s size=%lu fwb=%lu", (unsigned long)granule,
			 leaves[leaf], (unsigned long)size, (unsigned long)fwb);
		expect_pass(params, fwb ? 3 : 2);
	}
}

static u64 one(const char *variant, const char *params, const char *op)
{
	struct model_outcome o;
	char plan[256];

	snprintf(plan, sizeof(plan), "group\ncase id=0 family=stage2_unmap variant=%s %s", variant, params);
	o = model_run_plan(plan);
	if (o.pass != 1)
		fail_msg("%s %s: %s", variant, params, o.last);
	return model_count(&o, op);
}

/* 1 GiB of 4K pages: 262144 entries, 2 TLBI each; deferred: one by range, one VMALLE1IS. */
static void test_counts(void **state)
{
	(void)state;
	assert_int_equal(one("per_pte", "", "tlbi.ipas2e1is"), 262144);
	assert_int_equal(one("per_pte", "", "tlbi.vmalle1is"), 262144);
	assert_int_equal(one("per_pte", "", "dsb.ish") + one("per_pte", "", "dsb.ishst"), 3 * 262144);
	assert_int_equal(one("per_pte", "", "isb"), 262144);
	assert_int_equal(one("deferred_range", "", "tlbi.ripas2e1is"), 1);
	assert_int_equal(one("deferred_range", "", "tlbi.vmalle1is"), 1);
	assert_int_equal(one("deferred_range", "", "tlbi.ipas2e1is"), 0);
	assert_int_equal(one("deferred_range", "size=4294967296", "tlbi.ripas2e1is"), 4);
	assert_int_equal(one("deferred_range", "size=1073741824 granule=16384", "tlbi.ripas2e1is"), 32);
	assert_int_equal(one("deferred_range", "size=1073741824 granule=65536", "tlbi.ripas2e1is"), 2);
	assert_int_equal(one("deferred_vmid", "", "tlbi.vmalls12e1is"), 1);
	assert_int_equal(one("per_pte", "size=8192 fwb=0", "dc.civac"), 128);
}

static void test_features(void **state)
{
	u64 all = plat_env()->features;
	struct model_outcome o;

	(void)state;
	plat_model_features(all & ~(u64)FEAT_TLBIRANGE);
	o = all_variants("size=8192");
	assert_int_equal(o.pass, 2);
	plat_model_features(all & ~(u64)FEAT_FWB);
	o = all_variants("size=8192");
	assert_int_equal(o.skip, 4);
	assert_non_null(strstr(o.last, "fwb"));
	o = all_variants("size=8192 fwb=0");
	assert_int_equal(o.pass, 2);
	plat_model_features(all & ~(u64)FEAT_EL2);
	o = all_variants("size=8192");
	assert_int_equal(o.skip, 4);
	assert_non_null(strstr(o.last, "el2"));
	plat_model_features(all & ~(u64)FEAT_GRAN16K);
	o = all_variants("size=16384 granule=16384");
	assert_int_equal(o.skip, 4);
	assert_non_null(strstr(o.last, "gran16k"));
	plat_model_features(all & ~(u64)FEAT_TTL);
	o = all_variants("size=8192");
	assert_int_equal(o.pass, 3);
	plat_model_features(all);
}

static void test_refused(void **state)
{
	static const char *const bad[] = { "size=0", "size=137438957568", "size=4097", "fwb=2", "leaf=cont",
		"leaf=huge granule=16384 size=1073741824", "leaf=block size=4096", "granule=0", "granule=8192",
		"size=18446744073709551615" };

	(void)state;
	for (size_t i = 0; i < MMUB_ARRAY_SIZE(bad); i++)
		model_expect_refused("stage2_unmap", variants, MMUB_ARRAY_SIZE(variants), bad[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_leaves),
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_counts),
		cmocka_unit_test(test_features),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests_name("stage2_unmap", tests, NULL, NULL);
}
