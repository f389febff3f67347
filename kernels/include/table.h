/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Page-table pages come from a pool that the family fills at set-up, so that allocation inside the
 * timed section costs what memblock's does: a bump of a pointer. Pages are not zeroed here: who
 * zeroes them, and through which mapping, is what variants differ in.
 */
#ifndef MMUB_TABLE_H
#define MMUB_TABLE_H

#include "platform.h"

struct mmu_table_pool {
	u64 next, end;			/* PA: current chunk */
	u64 page;			/* bytes a table */
	u32 chunk, chunks;
	u32 room;			/* chunks that base and bytes hold */
	u64 *base, *bytes;		/* every chunk, for reset and destroy */
};

/* Room for `tables` tables of `granule` bytes each. -> NULL or why */
const char *mmu_table_pool_create(struct mmu_table_pool *pool, u64 tables, u64 granule);
void mmu_table_pool_reset(struct mmu_table_pool *pool);	/* all pages free again, contents kept */
void mmu_table_pool_destroy(struct mmu_table_pool *pool);
u64 mmu_table_pool_used(const struct mmu_table_pool *pool);	/* pages handed out since reset */
/* Next chunk; returns a page or 0 when empty. Out of line: once per chunk. */
u64 mmu_table_pool_refill(struct mmu_table_pool *pool);

/* PA of a fresh table, contents undefined; 0 when the pool is empty. */
static __always_inline u64 mmu_table_alloc(struct mmu_table_pool *pool)
{
	u64 pa = pool->next;

	if (__builtin_expect(pa == pool->end, 0))
		pa = mmu_table_pool_refill(pool);
	else
		pool->next = pa + pool->page;
	mmu_note(MMU_TABLE_ALLOC, pa);
	mmu_arch_table_alloc(pa, pool->page);
	return pa;
}

/* From here on somebody else may write the page: nothing may lead a walker there any more. */
static __always_inline void mmu_table_free(u64 pa, u64 bytes)
{
	mmu_note(MMU_TABLE_FREE, pa);
	mmu_arch_table_free(pa, bytes);
}

#endif
