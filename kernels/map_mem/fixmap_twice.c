// SPDX-License-Identifier: GPL-2.0-only
/*
 * A table is mapped twice: to zero it, and to fill it; no barrier behind each PTE. The state between
 * patches 2/4 and 3/4 of the series (lore 20240404143308.2224141-1): "before" of its table.
 */
#include "twice.h"

#define MAP_PTE_SYNC 0
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
}

BENCH_VARIANT(map_mem, fixmap_twice, "lore 20240404143308.2224141-1, before 3/4", run, map_check, expect,
	      .rank = 3);
