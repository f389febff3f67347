// SPDX-License-Identifier: GPL-2.0-only
/*
 * As fixmap_twice, but with DSB ISHST and ISB behind each PTE: the state after "arm64: mm: Don't remap
 * pgtables per-cont(pte|pmd) block" (5c63db59c5f8) alone.
 */
#include "twice.h"

#define MAP_PTE_SYNC 1
#define MAP_REMAP_CONT 0

static mmu_va_t table_new(struct map_work *w, int level, mmu_va_t parent)
{
	u64 pa = table_create(w, parent);

	return pa ? table_map(w, level, pa) : 0;
}

#include "walk.h"

static void run(struct bench_case *c)
{
	map_all(c->family_data);
}

static void expect(const struct bench_params *p, const struct bench_env *e, struct mmu_counts *want)
{
	struct map_shape s;

	if (!map_expect_common(p, e, &s, want))
		return;
	map_expect_cycles(2 * s.all, want);
	bench_want(want, DSB_ISHST, s.pages);
	bench_want(want, ISB, s.pages);
}

BENCH_VARIANT(map_mem, no_cont_remap, "Linux v6.10 (5c63db59c5f8) alone", run, map_check, expect,
	      .rank = 2);
