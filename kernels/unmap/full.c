// SPDX-License-Identifier: GPL-2.0-only
/* All entries first, then everything: the ASID (low), or all of EL1&0 (high). Read its collateral too. */
#include "unmap.h"

static void run(struct bench_case *c)
{
	struct unmap_work *w = c->family_data;

	unmap_clear_entries(w);
	unmap_clear_parents(w);
	mmu_dsb(ISHST);
	unmap_all(w);
	unmap_sync(w);
	unmap_free_tables(w);
}

static void expect(const struct bench_params *p, const struct bench_env *e, struct mmu_counts *want)
{
	(void)e;
	unmap_want_clear(p, want);
	unmap_want_barriers(p, want, 1);
	unmap_want_all(p, want);
}

BENCH_VARIANT(unmap, full, "Linux flush_tlb_mm(), flush_tlb_all()", run, unmap_check, expect,
	      .rank = 4);
