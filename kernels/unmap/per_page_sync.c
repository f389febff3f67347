// SPDX-License-Identifier: GPL-2.0-only
/*
 * Clear, invalidate and wait, page by page: ptep_clear_flush() in a loop. A table goes the same way
 * after its entries (__flush_tlb_kernel_pgtable()).
 */
#include "unmap.h"

static __always_inline void pages(enum mmu_op page_op, enum mmu_op range_op, const struct unmap_work *w)
{
	(void)range_op;
	for (u64 i = 0; i < w->entries; i++) {
		mmu_pte_store(unmap_pte(w, i), 0);
		mmu_dsb(ISHST);
		mmu_tlbi_op(page_op, tlbi_page_operand(&w->t, w->start + i * w->t.stride));
		unmap_sync(w);
	}
	for (u64 i = 0; i < w->tables && !w->last; i++)
		unmap_clear_table(page_op, w, i);
}

static void run(struct bench_case *c)
{
	struct unmap_work *w = c->family_data;

	UNMAP_OPS(pages, w);
	unmap_free_tables(w);
}

static void expect(const struct bench_params *p, const struct bench_env *e, struct mmu_counts *want)
{
	u64 n = unmap_entries(p) + (p->free == FREE_TABLE ? unmap_tables(p) : 0);

	(void)e;
	unmap_want_clear(p, want);
	unmap_want_barriers(p, want, n);
	unmap_want_pages(p, want, n);
}

BENCH_VARIANT(unmap, per_page_sync, "Linux ptep_clear_flush() in a loop", run, unmap_check, expect,
	      .rank = 1);
