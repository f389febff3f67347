// SPDX-License-Identifier: GPL-2.0-only
/* The walk only clears; then all of the VMID, both stages: deferral without FEAT_TLBIRANGE. */
#include "stage2_unmap.h"

static __always_inline void unmap(const struct stage2_work *w, u64 ipa, u64 end)
{
	stage2_walk(w, ipa, end, stage2_clear);
	mmu_dsb(ISHST);
	mmu_tlbi(VMALLS12E1IS, 0);
	mmu_dsb(ISH);
	mmu_isb();
}

static void run(struct bench_case *c)
{
	const struct stage2_work *w = c->family_data;

	STAGE2_CHUNKS(w, unmap);
}

static void expect(const struct bench_params *p, const struct bench_env *e, struct mmu_counts *want)
{
	u64 n = stage2_chunks(p);

	(void)e;
	stage2_want_walk(p, want);
	bench_want(want, DSB_ISHST, n);
	bench_want(want, TLBI_VMALLS12E1IS, n);
	bench_want(want, DSB_ISH, n);
	bench_want(want, ISB, n);
}

BENCH_VARIANT(stage2_unmap, deferred_vmid, "Linux 6.6 __kvm_tlb_flush_vmid()", run, stage2_unmap_check, expect,
	      .skip = stage2_skip_without_fwb, .rank = 3);
