// SPDX-License-Identifier: GPL-2.0-only
/* notifier on the model: every variant, event and secondary, at sizes round the command limits. */
#include "model_run.h"

static const char *const variants[] = { "change_pte_invalidate", "range_only", "change_pte_update",
					"flush_embedded" };
static const char *const events[] = { "cow", "ksm", "uprobe" };

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

static void all_sizes(void)
{
	static const unsigned int pages[] = { 1, 2, 31, 32, 33, 63, 64, 65, 128, 511, 512, 513, 1000, 2048 };
	char params[128];

	for (size_t n = 0; n < MMUB_ARRAY_SIZE(pages); n++)
		for (int k = 0; k < 6; k++) {
			snprintf(params, sizeof(params), "pages=%u event=%s secondary=%s", pages[n],
				 events[k % 3], k < 3 ? "stage2" : "smmuv3");
			expect_all_pass(params);
		}
}

static void test_sizes(void **state)
{
	u64 all = plat_env()->features;

	(void)state;
	all_sizes();
	plat_model_features(all & ~(u64)FEAT_SMMU_RIL);
	all_sizes();
	plat_model_features(all);
	expect_all_pass("pages=4096 secondary=smmuv3 event=uprobe");
}

/* The figures of the change: CoW 2 -> 1, KSM 2 -> 1, uprobe 3 -> 2. */
static void test_invalidations(void **state)
{
	static const unsigned int want[4][3] = { { 2, 2, 3 }, { 1, 1, 2 }, { 1, 1, 1 }, { 1, 1, 1 } };
	char params[128];

	(void)state;
	for (size_t v = 0; v < 4; v++)
		for (int k = 0; k < 6; k++) {
			struct model_outcome o;
			bool smmu = k >= 3;

			snprintf(params, sizeof(params), "event=%s secondary=%s", events[k % 3],
				 smmu ? "smmuv3" : "stage2");
			o = one(variants[v], params);
			assert_int_equal(o.pass, 1);
			assert_int_equal(model_count(&o, "secondary.inv"), want[v][k % 3]);
			assert_int_equal(model_count(&o, "secondary.fault"), !smmu && v != 2);
			assert_int_equal(model_count(&o, "smmu.sync"), smmu ? want[v][k % 3] : 0);
			assert_int_equal(model_count(&o, "smmu.tlbi_nh_va"), smmu ? want[v][k % 3] : 0);
		}
}

static void test_commands(void **state)
{
	u64 all = plat_env()->features;
	struct model_outcome o;

	(void)state;
	o = one("range_only", "secondary=smmuv3 pages=512");
	assert_int_equal(model_count(&o, "smmu.tlbi_nh_va"), 1);
	o = one("range_only", "secondary=smmuv3 pages=511");
	assert_int_equal(model_count(&o, "smmu.tlbi_nh_va"), 2);
	plat_model_features(all & ~(u64)FEAT_SMMU_RIL);
	o = one("range_only", "secondary=smmuv3 pages=511");
	assert_int_equal(model_count(&o, "smmu.tlbi_nh_va"), 511);
	o = one("range_only", "secondary=smmuv3 pages=512");
	assert_int_equal(model_count(&o, "smmu.tlbi_nh_va"), 0);
	assert_int_equal(model_count(&o, "smmu.tlbi_nh_asid"), 1);
	plat_model_features(all);
}

static void test_refused(void **state)
{
	static const char *const bad[] = { "pages=0", "pages=4097", "pages=18446744073709551615" };
	u64 all = plat_env()->features;
	struct model_outcome o;

	(void)state;
	for (size_t i = 0; i < MMUB_ARRAY_SIZE(bad); i++) {
		o = one("range_only", bad[i]);
		if (o.skip != 1)
			fail_msg("%s: not skipped", bad[i]);
	}
	plat_model_features(all & ~(u64)FEAT_SMMUV3);
	o = one("range_only", "secondary=smmuv3");
	assert_int_equal(o.skip, 1);
	assert_non_null(strstr(o.last, "smmuv3"));
	o = one("range_only", "secondary=stage2");
	assert_int_equal(o.pass, 1);
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
