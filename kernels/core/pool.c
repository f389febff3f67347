// SPDX-License-Identifier: GPL-2.0-only
/*
 * The pool of table pages (table.h). One chunk where the platform has contiguous memory; where it has
 * not, chunks are halved until they fit.
 */
#include "table.h"

#define POOL_CHUNKS_MAX 4096	/* of 4 MiB, the least that a platform gives, 16 GiB */

static u64 index_bytes(const struct mmu_table_pool *pool)
{
	return 2ull * pool->room * sizeof(u64);
}

static bool pool_add(struct mmu_table_pool *pool, u64 bytes)
{
	u64 pa = pool->chunks < pool->room ? plat_phys_alloc(bytes, pool->page) : 0;

	if (!pa)
		return false;
	pool->base[pool->chunks] = pa;
	pool->bytes[pool->chunks++] = bytes;
	return true;
}

const char *mmu_table_pool_create(struct mmu_table_pool *pool, u64 tables, u64 granule)
{
	u64 left = tables * granule, chunk = left;

	memset(pool, 0, sizeof(*pool));
	pool->page = granule;
	/* a chunk holds one table at least: a small pool needs no large index, which boots would zero */
	pool->room = tables < POOL_CHUNKS_MAX ? (u32)tables + 1 : POOL_CHUNKS_MAX;
	pool->base = plat_alloc(index_bytes(pool));
	if (!pool->base)
		return "out of memory for the table pool's index";
	pool->bytes = pool->base + pool->room;
	while (left) {
		if (chunk > left)
			chunk = left;
		if (pool_add(pool, chunk)) {
			left -= chunk;
		} else if (chunk > granule) {
			chunk = MMUB_ALIGN_UP(chunk / 2, granule);
		} else {
			mmu_table_pool_destroy(pool);
			return "out of memory for page tables: give the machine more RAM, or map less";
		}
	}
	mmu_table_pool_reset(pool);
	return NULL;
}

void mmu_table_pool_reset(struct mmu_table_pool *pool)
{
	pool->chunk = 0;
	pool->next = pool->chunks ? pool->base[0] : 0;
	pool->end = pool->chunks ? pool->next + pool->bytes[0] : 0;
}

void mmu_table_pool_destroy(struct mmu_table_pool *pool)
{
	if (!pool->base)
		return;
	while (pool->chunks) {
		pool->chunks--;
		plat_phys_free(pool->base[pool->chunks], pool->bytes[pool->chunks]);
	}
	plat_free(pool->base, index_bytes(pool));
	memset(pool, 0, sizeof(*pool));
}

u64 mmu_table_pool_used(const struct mmu_table_pool *pool)
{
	u64 bytes = 0;

	if (!pool->chunks)
		return 0;
	for (u32 i = 0; i < pool->chunk; i++)
		bytes += pool->bytes[i];
	return (bytes + pool->next - pool->base[pool->chunk]) / pool->page;
}

u64 mmu_table_pool_refill(struct mmu_table_pool *pool)
{
	u64 pa;

	if (pool->chunk + 1 >= pool->chunks)
		return 0;
	pool->chunk++;
	pa = pool->base[pool->chunk];
	pool->next = pa + pool->page;
	pool->end = pa + pool->bytes[pool->chunk];
	return pa;
}
