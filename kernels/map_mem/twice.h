/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How tables came to be before v6.10: early_pgtable_alloc() mapped a fresh page through the PTE slot
 * whatever its level, zeroed it and unmapped it (the clear's DSB published the zeroes); populating
 * mapped it again.
 */
#ifndef MMUB_MAP_TWICE_H
#define MMUB_MAP_TWICE_H

#include "map_mem.h"

static mmu_va_t table_map(struct map_work *w, int level, u64 pa)
{
	return mmu_fixmap_set(&w->fm, MAP_SLOT(level), pa);
}

static void table_unmap(struct map_work *w, int level)
{
	mmu_fixmap_clear(&w->fm, MAP_SLOT(level));
}

/* PA of a zeroed table, linked at parent, mapped nowhere; 0: none left. */
static u64 table_create(struct map_work *w, mmu_va_t parent)
{
	u64 pa = mmu_table_alloc(&w->pool);

	if (!pa) {
		w->out_of_tables = true;
		return 0;
	}
	mmu_zero(mmu_fixmap_set(&w->fm, MAP_SLOT(3), pa), pt_page(&w->g));
	mmu_fixmap_clear(&w->fm, MAP_SLOT(3));
	map_link(w, parent, pa);
	return pa;
}

#endif
