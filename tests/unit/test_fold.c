// SPDX-License-Identifier: GPL-2.0-only
/* fold on the model: every variant at every geometry it can have; tables as an independent count. */
#include "model_run.h"

struct point {
	unsigned int granule, va_bits, levels;
	const char *runs;		/* variants that have this geometry */
};
static const struct point points[] = {
	{ 4096, 39, 3, "fixup5 nop4d runtime" },	{ 4096, 48, 4, "fixup5 nop4d runtime" },
	{ 4096, 52, 5, "runtime real5" },		{ 16384, 36, 2, "fixup5 nop4d" },
	{ 16384, 47, 3, "fixup5 nop4d runtime" },	{ 16384, 48, 4, "fixup5 nop4d runtime" },
	{ 65536, 42, 2, "fixup5 nop4d" },		{ 65536, 48, 3, "fixup5 nop4d" },
	{ 4096, 32, 3, "fixup5 nop4d" },
};
static const char *const variants[] = { "fixup5", "nop4d", "runtime", "real5" };

static struct model_outcome one(const struct point *p, const char *variant, const char *op, unsigned int pages)
{
	char plan[512];

	snprintf(plan, sizeof(plan), "group\ncase id=0 family=fold variant=%s granule=%u va_bits=%u op=%s pages=%u",
		 variant, p->granule, p->va_bits, op, pages);
	return model_run_plan(plan);
}

/* A variant runs where a kernel of its kind exists, and is skipped everywhere else. */
static void test_every_geometry(void **state)
{
	static const unsigned int pages[] = { 4, 5, 1000, 20011 };

	(void)state;
	for (size_t i = 0; i < MMUB_ARRAY_SIZE(points); i++)
		for (size_t v = 0; v < 4; v++)
			for (size_t n = 0; n < 4; n++)
				for (int populate = 0; populate < 2; populate++) {
					const struct point *p = &points[i];
					bool runs = strstr(p->runs, variants[v]);
					struct model_outcome o = one(p, variants[v],
								     populate ? "populate" : "walk", pages[n]);

					if (o.pass != runs || o.skip == runs || o.fail || o.error)
						fail_msg("%s %u/%u %u pages: %s", variants[v], p->granule,
							 p->va_bits, pages[n], o.last);
					if (runs && !populate)
						assert_int_equal(model_count(&o, "pte.load"),
								 p->levels * pages[n]);
				}
}

/* 4 pages lie in 4 clusters far apart: each needs its own chain below the top. */
static void test_tables(void **state)
{
	struct model_outcome o;

	(void)state;
	o = one(&points[1], "nop4d", "populate", 4);
	assert_int_equal(model_count(&o, "table.alloc"), 12);
	assert_int_equal(model_count(&o, "pte.store"), 16);
	assert_int_equal(model_count(&o, "dc.zva"), 12 * 4096 / 64);
	o = one(&points[2], "real5", "populate", 4);
	assert_int_equal(model_count(&o, "table.alloc"), 16);
	/* 32 bits: the top has four entries, a cluster behind each */
	o = one(&points[8], "nop4d", "populate", 4);
	assert_int_equal(model_count(&o, "table.alloc"), 8);
	/* 16K/48: two entries at the top, two clusters behind each */
	o = one(&points[5], "runtime", "populate", 4);
	assert_int_equal(model_count(&o, "table.alloc"), 2 + 4 + 4);
}

static void test_refused(void **state)
{
	static const struct point odd = { 4096, 42, 0, "" };
	struct model_outcome o = one(&odd, "nop4d", "walk", 100);

	(void)state;
	assert_int_equal(o.skip, 1);
	assert_non_null(strstr(o.last, "granule/va_bits"));
	o = one(&points[0], "nop4d", "walk", 3);
	assert_int_equal(o.skip, 1);
	/* 32 bits are full before 4 GiB of pages are: the last cluster would wrap */
	o = one(&points[8], "nop4d", "populate", 1000000);
	assert_int_equal(o.pass, 1);
	o = one(&points[8], "nop4d", "populate", 1048576);
	assert_int_equal(o.skip, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_geometry),
		cmocka_unit_test(test_tables),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests_name("fold", tests, NULL, NULL);
}
