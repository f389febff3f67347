// SPDX-License-Identifier: GPL-2.0-only
/* Each entry on its own, waits included: KVM up to Linux 6.5, stage2_put_pte(). */
#include "stage2_unmap.h"

static __always_inline void put_pte(const struct stage2_work *w, mmu_va_t pte, u64 desc, u64 ipa)
{
	if (!(desc & PT_VALID))
		return;
	mmu_pte_store(pte, 0);
	mmu_dsb(ISHST);
	mmu_tlbi(IPAS2E1IS, tlbi_page_operand(&w->t, ipa));
	stage2_sync_combined();
	if (!w->fwb)
		stage2_cmo(w, desc);
}

static __always_inline void unmap(const struct stage2_work *w, u64 ipa, u64 end)
{
	stage2_walk(w, ipa, end, put_pte);
}

static void run(struct bench_case *c)
{
	const struct stage2_work *w = c->family_data;

	STAGE2_CHUNKS(w, unmap);
}

static void expect(const struct bench_params *p, const struct bench_env *e, struct mmu_counts *want)
{
	stage2_want_walk(p, want);
	bench_want(want, TLBI_IPAS2E1IS, stage2_entries(p));
	stage2_want_sync(want, stage2_entries(p));
	if (!p->fwb)
		stage2_want_cmo(p, e, want);
}

BENCH_VARIANT(stage2_unmap, per_pte, "Linux 6.5 stage2_put_pte()", run, stage2_unmap_check, expect, .rank = 1);
