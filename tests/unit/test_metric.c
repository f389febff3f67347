// SPDX-License-Identifier: GPL-2.0-only
#include <math.h>
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "metric.h"

static struct rs_count counts[] = {
	{ "tlbi.vaale1is", 7 }, { "tlbi.rvaale1is", 2 }, { "dsb.ish", 3 }, { "dsb.ishst", 4 }, { "isb", 5 },
	{ "dc.zva", 64 }, { "pte.store", 512 }, { "no.such.op", 9 },
};
static double l1[] = { 10, 7 }, l2[] = { 20, 8 };
static char *value_names[] = { "events.cpu_cycles", "extra.collateral_ns" };
static struct rs_sample samples[] = {
	{ .boot = 0, .flags = RS_SAMPLE_WARMUP, .ns = 999, .insns = 99 },
	{ .boot = 0, .ns = 10, .insns = 100, .values = l1 },
	{ .boot = 1, .flags = RS_SAMPLE_PREEMPTED, .ns = 500, .insns = 101 },
	{ .boot = 2, .ns = 12, .insns = NAN, .values = l2 },
};
static struct rs_case c = {
	.family = "f", .variant = "v", .platform = "baremetal", .counts = counts, .ncounts = 8,
	.has_counts = true, .samples = samples, .nsamples = 4, .value_names = value_names, .nvalues = 2,
};

static double count(const char *metric)
{
	double v[4];

	assert_non_null(metric_find(metric));
	assert_int_equal(metric_values(metric_find(metric), &c, v, NULL), 1);
	return v[0];
}

static void test_counts_and_groups(void **state)
{
	double v[4];

	(void)state;
	assert_true(count("tlbi") == 9 && count("dsb") == 7 && count("isb") == 5);
	assert_true(count("barriers") == 12 && count("dc") == 64 && count("pte") == 512);
	assert_true(count("fixmap") == 0 && count("table") == 0 && count("smmu") == 0);
	assert_true(count("tlbi.vaale1is") == 7 && count("tlbi.vmalle1") == 0);
	c.has_counts = false;	/* not run: no value, which is not 0 */
	assert_int_equal(metric_values(metric_find("tlbi"), &c, v, NULL), 0);
	assert_int_equal(metric_values(metric_find("isb"), &c, v, NULL), 0);
	c.has_counts = true;
}

static void test_samples(void **state)
{
	uint32_t boots[4];
	double v[4];

	(void)state;
	assert_int_equal(metric_values(metric_find("time"), &c, v, boots), 2);
	assert_true(v[0] == 10 && v[1] == 12 && boots[0] == 0 && boots[1] == 2);
	assert_int_equal(metric_values(metric_find("insns"), &c, v, boots), 1);
	assert_true(v[0] == 100);
	assert_int_equal(metric_values(metric_find("cycles"), &c, v, boots), 2);
	assert_true(v[0] == 10 && v[1] == 20);
	assert_int_equal(metric_values(metric_find("extra.collateral_ns"), &c, v, boots), 2);
	assert_true(v[1] == 8);
	assert_int_equal(metric_values(metric_find("events.l1d_tlb_refill"), &c, v, boots), 0);
	/* most are disturbed: picking the few others would compare luck */
	samples[1].flags = samples[3].flags = RS_SAMPLE_MIGRATED;
	assert_int_equal(metric_values(metric_find("time"), &c, v, boots), 3);
	samples[1].flags = samples[3].flags = 0;
}

static void test_published(void **state)
{
	static struct rs_published p = { "time", 13e6, NAN, 0 };
	struct rs_case r = { .family = "f", .variant = "v", .published = &p, .npublished = 1 };
	double v[1];
	uint32_t boot[1];

	(void)state;
	assert_int_equal(metric_values(metric_find("time"), &r, v, boot), 1);
	assert_true(v[0] == 13e6);
	assert_int_equal(metric_values(metric_find("insns"), &r, v, boot), 0);
}

static void test_names(void **state)
{
	(void)state;
	assert_ptr_equal(metric_find("ns"), metric_find("time"));
	assert_ptr_equal(metric_find("instructions"), metric_find("insns"));
	assert_ptr_equal(metric_find("events.x"), metric_find("events.x"));
	assert_null(metric_find("tim"));
	assert_null(metric_find(""));
	assert_null(metric_find(" "));
	assert_null(metric_find("events."));
	assert_null(metric_find("tlbi.nosuch"));
	assert_int_equal(metric_find("extra.flush_ns")->unit, UNIT_NS);
	for (size_t i = 0; metric_at(i); i++)
		assert_ptr_equal(metric_find(metric_at(i)->name), metric_at(i));
}

static void test_exact_under_icount(void **state)
{
	struct rs_case cases[] = { { .platform = "baremetal" }, { .platform = "module" } };
	struct rs_set set = { .environment = json_pack("{s:s}", "accel", "icount"), .cases = cases,
			      .ncases = 1 };

	(void)state;
	assert_true(metric_is_exact(metric_find("insns"), &set));
	assert_true(metric_is_exact(metric_find("time"), &set));
	assert_true(metric_is_exact(metric_find("tlbi"), &set));
	assert_false(metric_is_exact(metric_find("collateral"), &set));
	set.ncases = 2;
	assert_false(metric_is_exact(metric_find("insns"), &set));
	json_object_set_new(set.environment, "accel", json_string("tcg"));
	set.ncases = 1;
	assert_false(metric_is_exact(metric_find("time"), &set));
	assert_true(metric_is_exact(metric_find("tlbi"), &set));
	json_decref(set.environment);
}

static void test_format(void **state)
{
	static const struct {
		const char *metric;
		double value;
		const char *text;
	} rows[] = {
		{ "time", 10.9e6, "10.9 ms" }, { "time", 1656, "1.66 us" }, { "time", 655e6, "655 ms" },
		{ "time", 16, "16 ns" }, { "time", 16.25, "16.2 ns" }, { "time", 2.5e9, "2.50 s" },
		{ "time", 9.996e6, "10.0 ms" }, { "tlbi", 524288, "524288" }, { "time", 0, "0 ns" },
		{ "insns", 4207604, "4207604" }, { "code", 300, "300 B" }, { "code", 65536, "64.0 KiB" },
		{ "time", NAN, "-" },
	};
	char buf[40];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		metric_format(metric_find(rows[i].metric), rows[i].value, buf, sizeof(buf));
		assert_string_equal(buf, rows[i].text);
	}
	assert_string_equal(metric_scale_for(metric_find("time"), 2e6).suffix, "ms");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_counts_and_groups),
		cmocka_unit_test(test_samples),
		cmocka_unit_test(test_published),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_exact_under_icount),
		cmocka_unit_test(test_format),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
