// SPDX-License-Identifier: GPL-2.0-only
/* notifier on the model: every variant, event, secondary and granule, at sizes round the command limits. */
#include "model_run.h"
#include "slow.h"

static const char *const variants[] = { "change_pte_invalidate", "range_only", "change_pte_update",
					"flush_embedded" };
static const char *const events[] = { "cow", "ksm", "uprobe" };
/* Without range commands an SMMU is told of the ASID from `table` pages on: a table's entries. */
static const struct {
	unsigned int bytes, table;
} granules[] = { { 4096, 512 }, { 16384, 2048 }, { 65536, 8192 } };

static struct model_outcome one(const char *variant, const char *params)
{
	char plan[512];

	snprintf(plan, sizeof(plan), "group\ncase id=0 family=notifier variant=%s %s\n", variant, params);
	return model_run_plan(plan);
}

static void expect_all_pass(const char *params)
{
	for (size_t i = 0; i < MMUB_ARRAY_SIZE(variants); i++) {
		struct model_outcome o = one(variants[i], params);

		if (o.pass != 1)
			fail_msg("%s %s: %s", variants[i], params, o.last);
	}
}

static void all_sizes(unsigned int granule)
{
	static const unsigned int pages[] = { 1, 2, 31, 32, 33, 63, 64, 65, 128, 511, 512, 513, 1000, 2048 };
	char params[128];

	for (size_t n = 0; n < MMUB_ARRAY_SIZE(pages); n += slow_step(4))
		for (int k = 0; k < 6; k++) {
			snprintf(params, sizeof(params), "pages=%u granule=%u event=%s secondary=%s", pages[n],
				 granule, events[k % 3], k < 3 ? "stage2" : "smmuv3");
			expect_all_pass(params);
		}
}

static void test_sizes(void **state)
{
	u64 all = plat_env()->features;

	(void)state;
	for (size_t g = 0; g < MMUB_ARRAY_SIZE(granules); g++) {
		all_sizes(granules[g].bytes);
		plat_model_features(all & ~(u64)FEAT_SMMU_RIL);
		all_sizes(granules[g].bytes);
		plat_model_features(all);
	}
	expect_all_pass("pages=8192 secondary=smmuv3 event=uprobe");
	expect_all_pass("pages=8192 secondary=stage2 event=cow granule=65536");
}

/* The figures of the change: CoW 2 -> 1, KSM 2 -> 1, uprobe 3 -> 2. */
static void test_invalidations(void **state)
{
	static const unsigned int want[4][3] = { { 2, 2, 3 }, { 1, 1, 2 }, { 1, 1, 1 }, { 1, 1, 1 } };
	char params[128];

	(void)state;
	for (size_t v = 0; v < 4; v++)
		for (int k = 0; k < 18; k++) {
			struct model_outcome o;
			bool smmu = k % 6 >= 3;

			snprintf(params, sizeof(params), "event=%s secondary=%s granule=%u", events[k % 3],
				 smmu ? "smmuv3" : "stage2", granules[k / 6].bytes);
			o = one(variants[v], params);
			assert_int_equal(o.pass, 1);
			assert_int_equal(model_count(&o, "secondary.inv"), want[v][k % 3]);
			assert_int_equal(model_count(&o, "secondary.fault"), !smmu && v != 2);
			assert_int_equal(model_count(&o, "smmu.sync"), smmu ? want[v][k % 3] : 0);
			assert_int_equal(model_count(&o, "smmu.tlbi_nh_va"), smmu ? want[v][k % 3] : 0);
		}
}

static void expect_commands(unsigned int granule, unsigned int pages, u64 va, u64 asid)
{
	char params[128];
	struct model_outcome o;

	snprintf(params, sizeof(params), "secondary=smmuv3 pages=%u granule=%u", pages, granule);
	o = one("range_only", params);
	if (o.pass != 1)
		fail_msg("%s: %s", params, o.last);
	assert_int_equal(model_count(&o, "smmu.tlbi_nh_va"), va);
	assert_int_equal(model_count(&o, "smmu.tlbi_nh_asid"), asid);
}

/* A range command counts pages of any granule; the number without them goes by the granule. */
static void test_commands(void **state)
{
	u64 all = plat_env()->features;

	(void)state;
	for (size_t g = 0; g < MMUB_ARRAY_SIZE(granules); g++) {
		unsigned int bytes = granules[g].bytes, table = granules[g].table;

		expect_commands(bytes, 512, 1, 0);
		expect_commands(bytes, 511, 2, 0);
		expect_commands(bytes, table, 1, 0);
		plat_model_features(all & ~(u64)FEAT_SMMU_RIL);
		expect_commands(bytes, table - 1, table - 1, 0);
		expect_commands(bytes, table, 0, 1);
		plat_model_features(all);
	}
}

static void expect_skip(const char *params, const char *word)
{
	struct model_outcome o = one("range_only", params);

	if (o.skip != 1 || !strstr(o.last, word))
		fail_msg("%s: not skipped for %s: %s", params, word, o.last);
}

static void test_refused(void **state)
{
	u64 all = plat_env()->features;

	(void)state;
	expect_skip("pages=0", "pages:");
	expect_skip("pages=8193", "pages:");
	expect_skip("pages=18446744073709551615", "pages:");
	expect_skip("granule=8192", "granule:");
	expect_skip("granule=0", "granule:");
	plat_model_features(all & ~(u64)FEAT_GRAN16K);
	expect_skip("granule=16384", "gran16k");
	plat_model_features(all & ~(u64)FEAT_SMMU_GRAN64K);
	expect_skip("secondary=smmuv3 granule=65536", "smmu_gran64k");
	expect_all_pass("secondary=stage2 granule=65536");
	expect_all_pass("secondary=smmuv3 granule=16384");
	plat_model_features(all & ~(u64)FEAT_SMMUV3);
	expect_skip("secondary=smmuv3", "smmuv3");
	expect_all_pass("secondary=stage2");
	plat_model_features(all);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_invalidations),
		cmocka_unit_test(test_commands),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests_name("notifier", tests, NULL, NULL);
}
