/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * struct pgtable_ops of the series' v2 (lore 20240404143308.2224141-1, patch 3/4): how tables are
 * allocated and reached is a table of functions, so that the same walk serves early boot (fixmap) and
 * later changes (linear map). The calls are real indirect calls here too.
 */
#ifndef MMUB_MAP_OPS_H
#define MMUB_MAP_OPS_H

#include "map_mem.h"

struct pgtable_ops {
	/* A fresh zeroed table, mapped; its PA in *pa (0: none left). level as the architecture's. */
	mmu_va_t (*alloc)(struct map_work *w, int level, u64 *pa);
	mmu_va_t (*map)(struct map_work *w, int level, u64 pa);
	void (*unmap)(struct map_work *w, int level);
};

/* The compiler must not see through it: kernels pick the table at run time. */
static const struct pgtable_ops *volatile pgtable_ops;

static mmu_va_t table_new(struct map_work *w, int level, mmu_va_t parent)
{
	u64 pa;
	mmu_va_t table = pgtable_ops->alloc(w, level, &pa);

	if (pa)
		map_link(w, parent, pa);
	return table;
}

static mmu_va_t table_map(struct map_work *w, int level, u64 pa)
{
	return pgtable_ops->map(w, level, pa);
}

static void table_unmap(struct map_work *w, int level)
{
	pgtable_ops->unmap(w, level);
}

#define MAP_PTE_SYNC 0
#define MAP_REMAP_CONT 0
#include "walk.h"

#endif
