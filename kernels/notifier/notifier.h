/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Family notifier: a primary PTE changes (copy on write, KSM, uprobe) while a secondary MMU holds the
 * same translation. Variants differ in which of the notifier's callbacks invalidate the secondary.
 *
 * secondary=stage2: a guest's memory, in tables of its own behind VTTBR_EL2; the primary is the host process that
 * lent it, under a host at EL2 (VHE). An entry that was invalidated faults at the guest's next access and is made
 * again from the primary. secondary=smmuv3: the device walks the primary's own tables (shared virtual
 * addressing), so that only its TLB must be told.
 *
 * Order on the primary (Linux set_pte_at_notify()): clear and flush; change_pte; set_pte.
 */
#ifndef MMUB_NOTIFIER_H
#define MMUB_NOTIFIER_H

#include "platform.h"
#include "smmu.h"
#include "tlbi.h"

struct notifier_work {
	struct pt_geom g;
	struct smmu_dev smmu;
	u64 start, pages;
	u16 asid;
	bool smmuv3, uprobe;
	mmu_va_t pte;			/* primary entries, one after the other */
	u64 new_pte;
	/* secondary=stage2: the same for its own entries; s2.level is the hint of their TLBIs */
	struct tlbi_target s2;
	mmu_va_t sec;
	u64 ipa;
	u64 new_sec;
};

/* The counted pass has an adversary (family.c): a secondary that uses what it may at the worst moment. */
void notifier_saw_inv(struct notifier_work *w, u64 start, u64 pages);
void notifier_saw_set(struct notifier_work *w);
#if MMU_PASS == MMU_PASS_COUNTED
#define NOTIFIER_SAW_INV(w, start, pages) notifier_saw_inv(w, start, pages)
#define NOTIFIER_SAW_SET(w) notifier_saw_set(w)
#else
#define NOTIFIER_SAW_INV(w, start, pages) ((void)0)
#define NOTIFIER_SAW_SET(w) ((void)0)
#endif

/* ---- the primary ---- */

static __always_inline void notifier_clear(struct notifier_work *w)
{
	for (u64 i = 0; i < w->pages; i++)
		mmu_pte_xchg(w->pte + 8 * i, 0);
}

static __always_inline void notifier_flush(struct notifier_work *w)
{
	mmu_dsb(ISHST);
	for (u64 i = 0; i < w->pages; i++)
		mmu_tlbi(VALE1IS, pt_tlbi_va(w->start + (i << w->g.page_shift), w->asid));
	mmu_dsb(ISH);
}

static __always_inline void notifier_set_pte(struct notifier_work *w)
{
	for (u64 i = 0; i < w->pages; i++)
		mmu_pte_store(w->pte + 8 * i, w->new_pte);
	mmu_dsb(ISHST);
	NOTIFIER_SAW_SET(w);
}

/* ---- the secondary ---- */

static __always_inline u64 notifier_ipa(const struct notifier_work *w, u64 i)
{
	return w->ipa + (i << w->g.page_shift);
}

/*
 * __kvm_tlb_flush_vmid_ipa() of a VHE host (Linux arch/arm64/kvm/hyp/vhe/tlb.c), the guest's VTTBR_EL2 loaded as
 * kvm_vcpu_load_vhe() leaves it. By IPA first, then what combines both stages.
 */
static __always_inline void notifier_flush_ipa(const struct notifier_work *w, u64 ipa)
{
	mmu_dsb(ISHST);
	mmu_guest_regime(true);
	mmu_isb();
	mmu_tlbi(IPAS2E1IS, tlbi_page_operand(&w->s2, ipa));
	mmu_dsb(ISH);
	mmu_tlbi(VMALLE1IS, 0);
	mmu_dsb(ISH);
	mmu_isb();
	mmu_guest_regime(false);
	mmu_isb();
}

static __always_inline void notifier_sec_clear(struct notifier_work *w, u64 start, u64 pages)
{
	u64 first = (start - w->start) >> w->g.page_shift;

	for (u64 i = first; i < first + pages; i++) {
		mmu_pte_store(w->sec + 8 * i, 0);
		notifier_flush_ipa(w, notifier_ipa(w, i));
	}
}

/* One invalidation: start and end of the notifier's range, in bytes. */
static __always_inline void notifier_invalidate(struct notifier_work *w, u64 start, u64 end)
{
	u64 pages = (end - start) >> w->g.page_shift;

	mmu_note(MMU_SECONDARY_INV, start);
	if (w->smmuv3)
		smmu_inv_range(&w->smmu, &w->g, start, pages);
	else
		notifier_sec_clear(w, start, pages);
	NOTIFIER_SAW_INV(w, start, pages);
}

static __always_inline void notifier_invalidate_all(struct notifier_work *w)
{
	notifier_invalidate(w, w->start, w->start + (w->pages << w->g.page_shift));
}

/* mmu_notifier_invalidate_range_end(): only uprobe's form calls invalidate_range() once more. */
static __always_inline void notifier_range_end(struct notifier_work *w)
{
	if (w->uprobe)
		notifier_invalidate_all(w);
}

/* change_pte() that updates: break-before-make on the secondary's own entry. */
static __always_inline void notifier_update(struct notifier_work *w)
{
	notifier_invalidate_all(w);
	if (w->smmuv3)
		return;		/* the primary's entry, stored next, is the device's too */
	for (u64 i = 0; i < w->pages; i++)
		mmu_pte_store(w->sec + 8 * i, w->new_sec);
	mmu_dsb(ISHST);
}

/* The guest's next access: what is not there faults and is made from the primary. */
static __always_inline void notifier_access(struct notifier_work *w)
{
	if (w->smmuv3)
		return;
	for (u64 i = 0; i < w->pages; i++) {
		u64 pte;

		if (mmu_guest_load(notifier_ipa(w, i)))
			continue;
		mmu_note(MMU_SECONDARY_FAULT, notifier_ipa(w, i));
		pte = mmu_pte_load(w->pte + 8 * i);
		mmu_pte_store(w->sec + 8 * i, pte == w->new_pte ? w->new_sec : 0);
		mmu_dsb(ISHST);
		mmu_guest_load(notifier_ipa(w, i));
	}
}

/* family.c */
const char *notifier_check(struct bench_case *c);
/* The primary's part of the counts. */
void notifier_want_primary(const struct bench_params *p, struct mmu_counts *want);
/* n invalidations of the secondary. */
void notifier_want_inv(const struct bench_params *p, const struct bench_env *e, struct mmu_counts *want,
		       u64 n);
/* The later access; faults: whether it finds its entries gone. */
void notifier_want_access(const struct bench_params *p, struct mmu_counts *want, bool faults);

#endif
