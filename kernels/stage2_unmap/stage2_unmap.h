/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Family stage2_unmap: a range of IPAs is mapped by stage 2 and used by a guest; run() at EL2 clears the
 * leaf entries and invalidates, in chunks, as KVM does (arch/arm64/kvm/hyp/pgtable.c and mmu.c,
 * stage2_apply_range()). The walk is shared; variants differ in when they invalidate and clean.
 *
 * Only leaf entries go; the tables stay.
 */
#ifndef MMUB_STAGE2_UNMAP_H
#define MMUB_STAGE2_UNMAP_H

#include "platform.h"
#include "tlbi.h"

struct stage2_work {
	struct tlbi_target t;		/* level hint and stride of the leaf */
	u64 start, size;		/* IPAs, bytes */
	u64 chunk;			/* bytes that one walk covers at most */
	u64 root;			/* PA of the top table */
	u64 virt;			/* what makes a VA of a PA */
	int leaf;			/* level */
	bool fwb;
};

/* What a variant does with one leaf entry: pte is where it is stored. */
typedef void (*stage2_leaf_fn)(const struct stage2_work *w, mmu_va_t pte, u64 desc, u64 ipa);

/* VA of the table that holds ipa's leaf entry; 0: nothing is mapped there. */
static __always_inline mmu_va_t stage2_leaf_table(const struct stage2_work *w, u64 ipa)
{
	const struct pt_geom *g = &w->t.g;
	u64 table = w->root;

	for (int level = (int)g->start_level; level < w->leaf; level++) {
		u64 desc = mmu_pte_load(w->virt + table + 8ull * pt_index(g, level, ipa));

		if (!pt_is_table(desc, level))
			return 0;
		table = pt_desc_pa(g, desc);
	}
	return w->virt + table;
}

/* Calls fn (a constant: it is inlined) for each leaf entry of [ipa, end). */
static __always_inline void stage2_walk(const struct stage2_work *w, u64 ipa, u64 end, stage2_leaf_fn fn)
{
	const struct pt_geom *g = &w->t.g;
	u64 span = w->t.stride << (g->page_shift - 3);

	while (ipa < end) {
		u64 table_end = MMUB_ALIGN_DOWN(ipa, span) + span;
		mmu_va_t table = stage2_leaf_table(w, ipa), pte;

		if (table_end > end)
			table_end = end;
		pte = table + 8ull * pt_index(g, w->leaf, ipa);
		for (; table && ipa < table_end; ipa += w->t.stride, pte += 8)
			fn(w, pte, mmu_pte_load(pte), ipa);
		ipa = table_end;
	}
}

/* Calls body(w, start, end) for each chunk: KVM gives its lock and the CPU away in between. */
#define STAGE2_CHUNKS(w, body)									\
	do {											\
		u64 end_ = (w)->start + (w)->size;						\
												\
		for (u64 at_ = (w)->start, next_; at_ < end_; at_ = next_) {			\
			next_ = at_ + (w)->chunk < end_ ? at_ + (w)->chunk : end_;		\
			body(w, at_, next_);							\
		}										\
	} while (0)

/* Clears a valid entry; what it translated is still in the TLBs. */
static __always_inline void stage2_clear(const struct stage2_work *w, mmu_va_t pte, u64 desc, u64 ipa)
{
	(void)w;
	(void)ipa;
	if (desc & PT_VALID)
		mmu_pte_store(pte, 0);
}

/*
 * After an invalidation by IPA, the entries that combine both stages: no TLBI by IPA reaches those, and
 * any walk could make them again until the one by IPA is complete (Arm ARM D8.14.5; Linux
 * __kvm_tlb_flush_vmid_ipa()).
 */
static __always_inline void stage2_sync_combined(void)
{
	mmu_dsb(ISH);
	mmu_tlbi(VMALLE1IS, 0);
	mmu_dsb(ISH);
	mmu_isb();
}

/* Linux __kvm_tlb_flush_vmid_range(): no level hint. */
static __always_inline void stage2_flush_range(const struct stage2_work *w, u64 ipa, u64 end)
{
	struct tlbi_target t = w->t;

	t.level = TLBI_LEVEL_UNKNOWN;
	t.stride = pt_page(&t.g);
	mmu_dsb(ISHST);
	tlbi_range_down(MMU_TLBI_IPAS2E1IS, MMU_TLBI_RIPAS2E1IS, &t, ipa, (end - ipa) >> t.g.page_shift, false);
	stage2_sync_combined();
}

/* Clean and invalidate to PoC what an entry maps: dcache_clean_inval_poc() with its DSB. */
static __always_inline void stage2_cmo(const struct stage2_work *w, u64 desc)
{
	mmu_clean_inval(w->virt + pt_desc_pa(&w->t.g, desc), w->t.stride);
	mmu_dsb(SY);
}

/* family.c */
const char *stage2_unmap_check(struct bench_case *c);
/* Variants that put off invalidation need FWB; the one that cleans afterwards needs its absence. */
const char *stage2_skip_without_fwb(const struct bench_case *c);
const char *stage2_skip_with_fwb(const struct bench_case *c);
/* Closed forms in the parameters. */
u64 stage2_entries(const struct bench_params *p);
u64 stage2_chunks(const struct bench_params *p);
/* One walk: loads, and a store an entry. */
void stage2_want_walk(const struct bench_params *p, struct mmu_counts *want);
void stage2_want_cmo(const struct bench_params *p, const struct bench_env *e, struct mmu_counts *want);
void stage2_want_range(const struct bench_params *p, struct mmu_counts *want);
/* DSB ISHST, DSB ISH, VMALLE1IS, DSB ISH, ISB, n times. */
void stage2_want_sync(struct mmu_counts *want, u64 n);

#endif
