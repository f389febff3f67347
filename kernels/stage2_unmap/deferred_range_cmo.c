// SPDX-License-Identifier: GPL-2.0-only
/*
 * deferred_range without FWB: what the condition in the kernel avoids. A guest can dirty its lines until
 * the invalidation is complete, so the cleaning comes after, in a second walk. For that one to know the
 * pages, the first leaves the addresses behind in entries that are no longer valid.
 */
#include "stage2_unmap.h"

static __always_inline void invalidate(const struct stage2_work *w, mmu_va_t pte, u64 desc, u64 ipa)
{
	(void)w;
	(void)ipa;
	if (desc & PT_VALID)
		mmu_pte_store(pte, desc & ~PT_VALID);
}

static __always_inline void clean(const struct stage2_work *w, mmu_va_t pte, u64 desc, u64 ipa)
{
	(void)ipa;
	if (!desc)
		return;
	stage2_cmo(w, desc);
	mmu_pte_store(pte, 0);
}

static __always_inline void unmap(const struct stage2_work *w, u64 ipa, u64 end)
{
	stage2_walk(w, ipa, end, invalidate);
	stage2_flush_range(w, ipa, end);
	stage2_walk(w, ipa, end, clean);
	mmu_dsb(ISHST);
}

static void run(struct bench_case *c)
{
	const struct stage2_work *w = c->family_data;

	STAGE2_CHUNKS(w, unmap);
}

static void expect(const struct bench_params *p, const struct bench_env *e, struct mmu_counts *want)
{
	stage2_want_walk(p, want);
	stage2_want_walk(p, want);
	stage2_want_range(p, want);
	stage2_want_sync(want, stage2_chunks(p));
	stage2_want_cmo(p, e, want);
	bench_want(want, DSB_ISHST, stage2_chunks(p));
}

BENCH_VARIANT(stage2_unmap, deferred_range_cmo, "what stage2_unmap_defer_tlb_flush() avoids", run,
	      stage2_unmap_check, expect, .needs = FEAT_TLBIRANGE, .skip = stage2_skip_with_fwb, .rank = 4);
