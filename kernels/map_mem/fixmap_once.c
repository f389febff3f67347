// SPDX-License-Identifier: GPL-2.0-only
/*
 * A fresh table is mapped once: zeroed, linked and filled through the same slot. Linux v6.10,
 * arm64: mm: Don't remap pgtables for allocate vs populate (0e9df1c905d8).
 */
#include "map_mem.h"

#define MAP_PTE_SYNC 0
#define MAP_REMAP_CONT 0

static mmu_va_t table_new(struct map_work *w, int level, mmu_va_t parent)
{
	u64 pa = mmu_table_alloc(&w->pool);
	mmu_va_t table;

	if (!pa) {
		w->out_of_tables = true;
		return 0;
	}
	table = mmu_fixmap_set(&w->fm, MAP_SLOT(level), pa);
	map_clear_table(w, table);
	map_link(w, parent, pa);
	return table;
}

static mmu_va_t table_map(struct map_work *w, int level, u64 pa)
{
	return mmu_fixmap_set(&w->fm, MAP_SLOT(level), pa);
}

static void table_unmap(struct map_work *w, int level)
{
	mmu_fixmap_clear(&w->fm, MAP_SLOT(level));
}

#include "walk.h"

static void run(struct bench_case *c)
{
	map_all(c->family_data);
}

/* One cycle a table; one DSB ISHST a table behind the zeroing. */
static void expect(const struct bench_params *p, const struct bench_env *e, struct mmu_counts *want)
{
	struct map_shape s;

	if (!map_expect_common(p, e, &s, want))
		return;
	map_expect_cycles(s.all, want);
	bench_want(want, DSB_ISHST, s.all);
}

BENCH_VARIANT(map_mem, fixmap_once, "Linux v6.10 to v6.12 (0e9df1c905d8)", run, map_check, expect,
	      .rank = 4);
