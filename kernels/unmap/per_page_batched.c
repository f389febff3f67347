// SPDX-License-Identifier: GPL-2.0-only
/* All entries first, then one TLBI an entry, one wait for all of them (Linux mmu_gather before FEAT_TLBIRANGE). */
#include "unmap.h"

static __always_inline void batch(enum mmu_op page_op, enum mmu_op range_op, const struct unmap_work *w)
{
	(void)range_op;
	tlbi_each(page_op, &w->t, w->start, w->pages);
}

static void run(struct bench_case *c)
{
	struct unmap_work *w = c->family_data;

	unmap_clear_entries(w);
	unmap_clear_parents(w);
	mmu_dsb(ISHST);
	UNMAP_OPS(batch, w);
	unmap_sync(w);
	unmap_free_tables(w);
}

static void expect(const struct bench_params *p, const struct bench_env *e, struct mmu_counts *want)
{
	(void)e;
	unmap_want_clear(p, want);
	unmap_want_barriers(p, want, 1);
	unmap_want_pages(p, want, unmap_entries(p));
}

BENCH_VARIANT(unmap, per_page_batched, "Linux mmu_gather without FEAT_TLBIRANGE", run, unmap_check, expect,
	      .rank = 2);
