// SPDX-License-Identifier: GPL-2.0-only
/*
 * As fixmap_once, but PTE tables go through 16 slots in turn, which are cleared together: one DSB ISHST,
 * 16 TLBIs, one DSB ISH and ISB for 16 tables instead of one of each a table. Upper tables as before.
 */
#include "map_mem.h"

#define MAP_PTE_SYNC 0
#define MAP_REMAP_CONT 0

static void lazy_flush(struct map_work *w)
{
	for (u32 i = 0; i < w->lazy; i++)
		mmu_pte_store(w->fm.pte + 8ull * (MAP_LAZY_FIRST + i), 0);
	mmu_dsb(ISHST);
	for (u32 i = 0; i < w->lazy; i++)
		mmu_tlbi(VAALE1IS, pt_tlbi_va(mmu_fixmap_va(&w->fm, MAP_LAZY_FIRST + i), 0));
	for (u32 i = 0; i < w->lazy; i++)
		mmu_note(MMU_FIXMAP_CLEAR, MAP_LAZY_FIRST + i);
	mmu_dsb(ISH);
	mmu_isb();
	w->lazy = 0;
}

static mmu_va_t table_map(struct map_work *w, int level, u64 pa)
{
	u32 slot = level == 3 ? MAP_LAZY_FIRST + w->lazy++ : MAP_SLOT(level);

	return mmu_fixmap_set(&w->fm, slot, pa);
}

static void table_unmap(struct map_work *w, int level)
{
	if (level != 3)
		mmu_fixmap_clear(&w->fm, MAP_SLOT(level));
	else if (w->lazy == MAP_LAZY_SLOTS)
		lazy_flush(w);
}

static mmu_va_t table_new(struct map_work *w, int level, mmu_va_t parent)
{
	u64 pa = mmu_table_alloc(&w->pool);
	mmu_va_t table;

	if (!pa) {
		w->out_of_tables = true;
		return 0;
	}
	table = table_map(w, level, pa);
	map_clear_table(w, table);
	map_link(w, parent, pa);
	return table;
}

#include "walk.h"

static void run(struct bench_case *c)
{
	struct map_work *w = c->family_data;

	w->lazy = 0;
	map_all(w);
	if (w->lazy)
		lazy_flush(w);
}

static void expect(const struct bench_params *p, const struct bench_env *e, struct mmu_counts *want)
{
	struct map_shape s;
	u64 ptes, flushes;

	if (!map_expect_common(p, e, &s, want))
		return;
	ptes = s.tables[3 + 1];
	flushes = MMUB_DIV_UP(ptes, MAP_LAZY_SLOTS);
	map_expect_cycles(s.all - ptes, want);
	bench_want(want, DSB_ISHST, s.all);
	/* set as ever */
	bench_want(want, FIXMAP_SET, ptes);
	bench_want(want, PTE_STORE, 2 * ptes);
	bench_want(want, DSB_ISHST, ptes + flushes);
	bench_want(want, ISB, ptes + flushes);
	/* cleared together */
	bench_want(want, FIXMAP_CLEAR, ptes);
	bench_want(want, TLBI_VAALE1IS, ptes);
	bench_want(want, DSB_ISH, flushes);
}

BENCH_VARIANT(map_mem, lazy_unmap, "fixmap_once with deferred invalidation (mmubench)", run, map_check, expect,
	      .rank = 7);
