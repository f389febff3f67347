// SPDX-License-Identifier: GPL-2.0-only
/* The early operations: tables through fixmap slots, each mapped once. "after" of the series' v2. */
#include "ops.h"

static mmu_va_t early_alloc(struct map_work *w, int level, u64 *pa)
{
	mmu_va_t table;

	*pa = mmu_table_alloc(&w->pool);
	if (!*pa) {
		w->out_of_tables = true;
		return 0;
	}
	table = mmu_fixmap_set(&w->fm, MAP_SLOT(level), *pa);
	map_clear_table(w, table);
	return table;
}

static mmu_va_t early_map(struct map_work *w, int level, u64 pa)
{
	return mmu_fixmap_set(&w->fm, MAP_SLOT(level), pa);
}

static void early_unmap(struct map_work *w, int level)
{
	mmu_fixmap_clear(&w->fm, MAP_SLOT(level));
}

static const struct pgtable_ops early_ops = { early_alloc, early_map, early_unmap };

static void run(struct bench_case *c)
{
	pgtable_ops = &early_ops;
	map_all(c->family_data);
}

static void expect(const struct bench_params *p, const struct bench_env *e, struct mmu_counts *want)
{
	struct map_shape s;

	if (!map_expect_common(p, e, &s, want))
		return;
	map_expect_cycles(s.all, want);
	bench_want(want, DSB_ISHST, s.all);
}

BENCH_VARIANT(map_mem, pgtable_ops, "lore 20240404143308.2224141-1, 3/4", run, map_check, expect,
	      .rank = 5);
