// SPDX-License-Identifier: GPL-2.0-only
/*
 * map_mem on the model: every variant at every granule, VA size, leaf and a spread of RAM sizes passes
 * its oracle, its closed forms and the model's rules.
 */
#include "model_run.h"
#include "map_mem/map_mem.h"

static const char *const variants[] = { "remap_cont", "no_cont_remap", "fixmap_twice", "fixmap_once",
					"pgtable_ops", "pgtable_ops_late", "lazy_unmap", "direct" };

static struct model_outcome run_all(u64 ram, u64 granule, u32 va_bits, const char *leaf)
{
	char params[128];

	snprintf(params, sizeof(params), "ram=%llu granule=%llu va_bits=%u leaf=%s", (unsigned long long)ram,
		 (unsigned long long)granule, va_bits, leaf);
	return model_run_variants("map_mem", variants, MMUB_ARRAY_SIZE(variants), params);
}

static void every_variant_is_right(void **state)
{
	static const u64 granules[] = { 4096, 16384, 65536 };
	static const u32 vas[] = { 39, 42, 47, 48, 52 };
	static const char *const leaves[] = { "page", "cont", "block" };
	/* One page; a table and a bit; not a multiple of anything but the granule; whole gigabytes. */
	static const u64 rams[] = { 1, 16, 513, 1000, 8192 + 33, 32768 };

	(void)state;
	for (size_t g = 0; g < 3; g++)
		for (size_t v = 0; v < 5; v++)
			for (size_t l = 0; l < 3; l++)
				for (size_t r = 0; r < MMUB_ARRAY_SIZE(rams); r++) {
					struct model_outcome o = run_all(rams[r] * granules[g], granules[g],
									 vas[v], leaves[l]);

					if (o.fail || o.error || o.pass + o.skip != MMUB_ARRAY_SIZE(variants))
						fail_msg("%s (%u pass, %u skip)", o.last, o.pass, o.skip);
					assert_true(o.pass >= MMUB_ARRAY_SIZE(variants) - 1);
				}
}

/* facts: at N GiB, 4K: 513 N + 1 tables when the start is aligned; one TLBI a table, two for twice. */
static void published_counts_hold(void **state)
{
	const char *plan = "group\ncase id=0 family=map_mem variant=%s ram=4294967296\n";
	char text[256];
	struct model_outcome once, twice, base;

	(void)state;
	snprintf(text, sizeof(text), plan, "fixmap_once");
	once = model_run_plan(text);
	snprintf(text, sizeof(text), plan, "fixmap_twice");
	twice = model_run_plan(text);
	snprintf(text, sizeof(text), plan, "remap_cont");
	base = model_run_plan(text);
	assert_int_equal(once.pass + twice.pass + base.pass, 3);
	assert_int_equal(model_count(&once, "table.alloc"), 513 * 4 + 1);
	assert_int_equal(model_count(&once, "tlbi.vaale1is"), 513 * 4 + 1);
	assert_int_equal(model_count(&once, "dsb.ishst"), 2 * (513 * 4 + 1) + 2 * (513 * 4 + 1));
	assert_int_equal(model_count(&once, "isb"), 3 * (513 * 4 + 1));
	assert_int_equal(model_count(&twice, "tlbi.vaale1is"), 2 * (513 * 4 + 1));
	/* 33 cycles a PTE table and a PMD table, 2 the one above */
	assert_int_equal(model_count(&base, "tlbi.vaale1is"), 33 * 513 * 4 + 2);
	assert_int_equal(model_count(&base, "pte.store"), 4 * 262144 + 2 * (33 * 513 * 4 + 2) + 513 * 4 + 1);
}

static void what_lacks_is_named(void **state)
{
	struct model_outcome o;

	(void)state;
	plat_model_features(~(u64)FEAT_GRAN16K);
	o = run_all(1 << 24, 16384, 47, "page");
	assert_int_equal(o.skip, MMUB_ARRAY_SIZE(variants));
	assert_non_null(strstr(o.last, "granule"));
	plat_model_reset();
	o = run_all(1ull << 40, 4096, 39, "page");
	assert_int_equal(o.skip, MMUB_ARRAY_SIZE(variants));
	o = run_all(4097, 4096, 48, "page");
	assert_int_equal(o.skip, MMUB_ARRAY_SIZE(variants));
}

/*
 * Linux maps RAM range by range (map_mem(): around the kernel's image), and the next range finds tables that
 * the last one left: the walk's hit path, which one range alone never takes. The seam is inside a PTE table.
 * direct is no walk: it makes the whole map each time.
 */
static void a_second_range_hits(void **state)
{
	const struct bench_family *f = bench_family_find("map_mem");

	(void)state;
	for (size_t i = 0; strcmp(variants[i], "direct"); i++) {
		struct bench_case c = { .e = plat_env(), .f = f,
					.v = bench_variant_find("map_mem", variants[i], MMU_PASS_COUNTED) };
		const u64 seam = 10 * MMUB_MIB + 3 * 4096;
		struct bench_params p;
		struct map_work *w;
		const char *why;

		bench_params_default(&p, f);
		p.ram = 64 * MMUB_MIB;
		c.p = &p;
		assert_null(f->setup(&c));
		f->prep(&c);
		if (c.v->prep)
			c.v->prep(&c);
		w = c.family_data;
		w->bytes = seam;
		c.v->run(&c);
		w->va += seam;
		w->pa += seam;
		w->bytes = p.ram - seam;
		c.v->run(&c);
		w->va -= seam;
		w->pa -= seam;
		w->bytes = p.ram;
		why = plat_violation(&c);
		if (!why)
			why = c.v->check(&c);
		if (why)
			fail_msg("%s: two ranges: %s", variants[i], why);
		f->teardown(&c);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_variant_is_right),
		cmocka_unit_test(published_counts_hold),
		cmocka_unit_test(what_lacks_is_named),
		cmocka_unit_test(a_second_range_hits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
