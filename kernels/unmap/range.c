// SPDX-License-Identifier: GPL-2.0-only
/* All entries first, then range operations (tlbi.h: the loop of Linux 6.9), one wait. */
#include "unmap.h"

static void run(struct bench_case *c)
{
	struct unmap_work *w = c->family_data;

	unmap_clear_entries(w);
	unmap_clear_parents(w);
	mmu_dsb(ISHST);
	unmap_by_ranges(w);
	unmap_sync(w);
	unmap_free_tables(w);
}

static void expect(const struct bench_params *p, const struct bench_env *e, struct mmu_counts *want)
{
	(void)e;
	unmap_want_clear(p, want);
	unmap_want_barriers(p, want, 1);
	unmap_want_range(p, want);
}

BENCH_VARIANT(unmap, range, "Linux 6.9 range loop, e3ba51ab24fd", run, unmap_check, expect,
	      .needs = FEAT_TLBIRANGE, .skip = unmap_skip_range,
	      .rank = 3);
