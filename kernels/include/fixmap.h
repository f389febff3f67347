/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Setting and clearing one fixmap slot, as __set_fixmap() does it on arm64 (Linux v6.12,
 * arch/arm64/mm/fixmap.c): mapping publishes the entry with DSB ISHST and ISB (set_pte());
 * unmapping stores 0 and invalidates the page for all ASIDs, last level, broadcast
 * (flush_tlb_kernel_range() of one page).
 */
#ifndef MMUB_FIXMAP_H
#define MMUB_FIXMAP_H

#include "platform.h"

static __always_inline mmu_va_t mmu_fixmap_va(const struct mmu_fixmap *fm, u32 slot)
{
	return fm->va + ((u64)slot << fm->page_shift);
}

/* Maps the page at pa into the slot; returns the VA of pa itself (page offset kept). */
static __always_inline mmu_va_t mmu_fixmap_set(const struct mmu_fixmap *fm, u32 slot, u64 pa)
{
	u64 off = pa & ((1ull << fm->page_shift) - 1);

	mmu_note(MMU_FIXMAP_SET, pa);
	mmu_pte_store(fm->pte + 8ull * slot, pt_leaf(&fm->g, pa - off, 3, fm->prot));
	mmu_dsb(ISHST);
	mmu_isb();
	return mmu_fixmap_va(fm, slot) + off;
}

static __always_inline void mmu_fixmap_clear(const struct mmu_fixmap *fm, u32 slot)
{
	mmu_note(MMU_FIXMAP_CLEAR, slot);
	mmu_pte_store(fm->pte + 8ull * slot, 0);
	mmu_dsb(ISHST);
	mmu_tlbi(VAALE1IS, pt_tlbi_va(mmu_fixmap_va(fm, slot), 0));
	mmu_dsb(ISH);
	mmu_isb();
}

#endif
