// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory from vmalloc (bookkeeping) and the page allocator (page tables and targets), under one limit.
 * Everything is on a list until freed, so that unload gives back what a killed run left.
 */
#include <linux/gfp.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "module.h"

/* pageblock_order is within every kernel's buddy allocator; 2 MiB at 4K, 512 MiB at 64K */
#define BLOCK_MAX ((u64)PAGE_SIZE << min_t(unsigned int, pageblock_order, 10))

struct block {
	struct list_head list;
	struct page *pages;	/* NULL: a vmalloc area */
	void *area;
	u64 bytes;
};

static LIST_HEAD(blocks);
static DEFINE_MUTEX(lock);
static u64 used, limit;

void module_mem_init(u64 limit_bytes)
{
	limit = limit_bytes;
}

u64 module_mem_used(void)
{
	return used;
}

u64 module_mem_limit(void)
{
	return limit;
}

static struct block *block_new(u64 bytes)
{
	struct block *b;

	if (!bytes || used + bytes > limit || used + bytes < used)
		return NULL;
	b = kzalloc(sizeof(*b), GFP_KERNEL);
	if (b)
		b->bytes = bytes;
	return b;
}

static void block_keep(struct block *b)
{
	mutex_lock(&lock);
	list_add(&b->list, &blocks);
	used += b->bytes;
	mutex_unlock(&lock);
}

static void block_drop(struct block *b)
{
	mutex_lock(&lock);
	list_del(&b->list);
	used -= b->bytes;
	mutex_unlock(&lock);
	if (b->pages)
		free_pages_exact(page_address(b->pages), b->bytes);
	else
		vfree(b->area);
	kfree(b);
}

static struct block *block_find(void *area, struct page *pages)
{
	struct block *b, *found = NULL;

	mutex_lock(&lock);
	list_for_each_entry(b, &blocks, list)
		if ((area && b->area == area) || (pages && b->pages == pages))
			found = b;
	mutex_unlock(&lock);
	return found;
}

void *plat_alloc(u64 bytes)
{
	struct block *b = block_new(PAGE_ALIGN(bytes));

	if (!b)
		return NULL;
	b->area = vzalloc(b->bytes);
	if (!b->area) {
		kfree(b);
		return NULL;
	}
	block_keep(b);
	return b->area;
}

void plat_free(void *p, u64 bytes)
{
	struct block *b = p ? block_find(p, NULL) : NULL;

	(void)bytes;
	if (!WARN_ON_ONCE(p && !b) && b)
		block_drop(b);
}

/*
 * Buddy blocks are aligned to their size, which is at least what any caller asks for; what is past the
 * end goes back at once. The largest block is the kernel's to choose (CONFIG_ARCH_FORCE_MAX_ORDER): one
 * too large is refused, and whoever can live with pieces asks for smaller ones.
 */
u64 plat_phys_alloc(u64 bytes, u64 align)
{
	struct block *b;
	void *area;

	bytes = PAGE_ALIGN(max(bytes, align));
	if (bytes > BLOCK_MAX)
		return 0;
	b = block_new(bytes);
	if (!b)
		return 0;
	area = alloc_pages_exact(bytes, GFP_KERNEL | __GFP_ZERO | __GFP_NOWARN | __GFP_NORETRY);
	if (!area) {
		kfree(b);
		return 0;
	}
	b->pages = virt_to_page(area);
	block_keep(b);
	return page_to_phys(b->pages);
}

void plat_phys_free(u64 pa, u64 bytes)
{
	struct block *b = pa ? block_find(NULL, phys_to_page(pa)) : NULL;

	(void)bytes;
	if (!WARN_ON_ONCE(pa && !b) && b)
		block_drop(b);
}

mmu_va_t plat_phys_va(u64 pa)
{
	return (mmu_va_t)(unsigned long)phys_to_virt(pa);
}

u64 plat_phys_read64(u64 pa)
{
	return READ_ONCE(*(u64 *)phys_to_virt(pa));
}

/* The oracles read whole trees through this: seconds of it at hundreds of GiB. */
const u64 *plat_phys_words(u64 pa, u32 n)
{
	cond_resched();
	return phys_to_virt(pa);
}

void plat_phys_write64(u64 pa, u64 val)
{
	WRITE_ONCE(*(u64 *)phys_to_virt(pa), val);
}

void plat_phys_zero(u64 pa, u64 bytes)
{
	memset(phys_to_virt(pa), 0, bytes);
}

void module_mem_release_all(void)
{
	while (!list_empty(&blocks))
		block_drop(list_first_entry(&blocks, struct block, list));
}
