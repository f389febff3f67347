// SPDX-License-Identifier: GPL-2.0-only
/* The walk only clears; one invalidation of the chunk by range: Linux 6.6, KVM v9 series (7657ea920c54). */
#include "stage2_unmap.h"

static __always_inline void unmap(const struct stage2_work *w, u64 ipa, u64 end)
{
	stage2_walk(w, ipa, end, stage2_clear);
	stage2_flush_range(w, ipa, end);
}

static void run(struct bench_case *c)
{
	const struct stage2_work *w = c->family_data;

	STAGE2_CHUNKS(w, unmap);
}

static void expect(const struct bench_params *p, const struct bench_env *e, struct mmu_counts *want)
{
	(void)e;
	stage2_want_walk(p, want);
	stage2_want_range(p, want);
	stage2_want_sync(want, stage2_chunks(p));
}

BENCH_VARIANT(stage2_unmap, deferred_range, "Linux 6.6 stage2_unmap_defer_tlb_flush()", run, stage2_unmap_check,
	      expect, .needs = FEAT_TLBIRANGE, .skip = stage2_skip_without_fwb, .rank = 2);
