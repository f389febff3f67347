/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The narrow waist: every touch of page tables, TLBs, barriers and caches that a variant makes goes
 * through these inline functions and through nothing else.
 *
 * platform/baremetal and platform/module share the arm64 instructions (arch/arm64/mmu_arch.h);
 * platform/model has a simulated MMU. Whose mmu_arch.h is included, the build's -I says. Each
 * variant is compiled twice for arm64: MMU_PASS=MMU_PASS_TIMED has the bare instructions and nothing
 * else, MMU_PASS=MMU_PASS_COUNTED counts, and on request logs, every operation with its operand.
 * The model is always counted.
 *
 * Addresses: page-table entries are reached through a mmu_va_t, never through a C pointer, so that
 * the model can send each access through its own TLB and a stale fixmap slot writes where a stale
 * slot would write. Physical addresses are u64 named pa; IPAs u64 named ipa.
 */
#ifndef MMUB_MMU_H
#define MMUB_MMU_H

#include "types.h"

enum mmu_op {
#define MMU_OP(id, name, group) MMU_##id,
#include "ops.def"
#undef MMU_OP
	MMU_OP_MAX
};

enum mmu_feature_bit {
#define MMU_FEAT(id, name, where) MMU_FEAT_BIT_##id,
#include "features.def"
#undef MMU_FEAT
	MMU_FEAT_BIT_MAX
};
enum mmu_feature {
#define MMU_FEAT(id, name, where) FEAT_##id = 1 << MMU_FEAT_BIT_##id,
#include "features.def"
#undef MMU_FEAT
};

typedef u64 mmu_va_t;

/* Operation counts of one counted pass. Shape: one u64 an operation, indexed by enum mmu_op. */
struct mmu_counts {
	u64 n[MMU_OP_MAX];
};

/* One logged operation; operand as it stands in the register (0 for barriers). */
struct mmu_log_entry {
	u64 operand;
	u32 op;
	u32 reserved;
};

/*
 * Where the counted pass writes. log == NULL: only count. A full log counts on in log_lost, and the
 * runner reports the case's log as truncated rather than as whole.
 */
struct mmu_counter {
	struct mmu_counts counts;
	struct mmu_log_entry *log;
	u64 log_size, log_used, log_lost;
};
extern struct mmu_counter mmu_counter;

/* Inside Linux a counted pass of seconds yields now and then; what is timed never does. */
#ifdef __KERNEL__
void plat_pause(void);
enum { MMU_NOTES_A_PAUSE = 1 << 20 };
#endif

#define MMU_PASS_TIMED 0
#define MMU_PASS_COUNTED 1
#ifndef MMU_PASS
#define MMU_PASS MMU_PASS_COUNTED
#endif

static __always_inline void mmu_note(enum mmu_op op, u64 operand)
{
#if MMU_PASS == MMU_PASS_COUNTED
	struct mmu_counter *c = &mmu_counter;

	c->counts.n[op]++;
#ifdef __KERNEL__
	if (!(c->counts.n[op] % MMU_NOTES_A_PAUSE))
		plat_pause();
#endif
	if (c->log) {
		if (c->log_used < c->log_size)
			c->log[c->log_used++] = (struct mmu_log_entry){ operand, op, 0 };
		else
			c->log_lost++;
	}
#else
	(void)op;
	(void)operand;
#endif
}

/*
 * The implementation provides, all static __always_inline:
 *	void mmu_arch_pte_store(mmu_va_t va, u64 pte);	single-copy atomic 64-bit store
 *	void mmu_arch_pte_store_pair(mmu_va_t va, u64 lo, u64 hi);	16-byte aligned
 *	u64  mmu_arch_pte_load(mmu_va_t va);		READ_ONCE semantics
 *	u64  mmu_arch_pte_xchg(mmu_va_t va, u64 pte);	atomic, returns what was there
 *	void mmu_arch_barrier(enum mmu_op op);		DSB_*, ISB; op is a constant
 *	void mmu_arch_tlbi(enum mmu_op op, u64 operand);	TLBI_*; op is a constant
 *	void mmu_arch_dc(enum mmu_op op, mmu_va_t va);	DC_*; op is a constant
 *	u32  mmu_arch_zva_bytes(void);			DCZID_EL0.BS, in bytes (0: prohibited)
 *	u32  mmu_arch_dline_bytes(void);		CTR_EL0.DminLine, in bytes
 *	u64  mmu_arch_read64(mmu_va_t va);		data access, not counted
 *	void mmu_arch_write64(mmu_va_t va, u64 val);
 *	void mmu_arch_queue_store64(mmu_va_t va, u64 val);	memory that a device reads (smmu.h)
 *	void mmu_arch_table_alloc(u64 pa, u64 bytes);	a table page changes hands (table.h): no instruction
 *	void mmu_arch_table_free(u64 pa, u64 bytes);
 *	u32  mmu_arch_mmio_read32(mmu_va_t va);		a device's register
 *	void mmu_arch_mmio_write32(mmu_va_t va, u32 val);
 *	void mmu_arch_guest_regime(bool guest);		HCR_EL2.TGE, without an ISB
 *	bool mmu_arch_guest_load(u64 ipa);
 */
#include "mmu_arch.h"

/* Stores one entry; the walker may see it at once. No barrier is implied. */
static __always_inline void mmu_pte_store(mmu_va_t va, u64 pte)
{
	mmu_note(MMU_PTE_STORE, pte);
	mmu_arch_pte_store(va, pte);
}

/* Stores two neighbouring entries with one instruction (STP); va is 16-byte aligned. Counts two. */
static __always_inline void mmu_pte_store_pair(mmu_va_t va, u64 lo, u64 hi)
{
	mmu_note(MMU_PTE_STORE, lo);
	mmu_note(MMU_PTE_STORE, hi);
	mmu_arch_pte_store_pair(va, lo, hi);
}

static __always_inline u64 mmu_pte_load(mmu_va_t va)
{
	u64 pte = mmu_arch_pte_load(va);

	mmu_note(MMU_PTE_LOAD, pte);
	return pte;
}

/* Atomically replaces an entry and returns the old one. Counts one load and one store. */
static __always_inline u64 mmu_pte_xchg(mmu_va_t va, u64 pte)
{
	u64 old = mmu_arch_pte_xchg(va, pte);

	mmu_note(MMU_PTE_LOAD, old);
	mmu_note(MMU_PTE_STORE, pte);
	return old;
}

/* DSB of the kind named, or ISB. op must be a compile-time constant. */
static __always_inline void mmu_barrier(enum mmu_op op)
{
	mmu_note(op, 0);
	mmu_arch_barrier(op);
}
#define mmu_dsb(kind) mmu_barrier(MMU_DSB_##kind)
#define mmu_isb() mmu_barrier(MMU_ISB)

/* TLBI by its instruction: mmu_tlbi(VAALE1IS, operand). operand as the Arm ARM lays out Xt. */
static __always_inline void mmu_tlbi_op(enum mmu_op op, u64 operand)
{
	mmu_note(op, operand);
	mmu_arch_tlbi(op, operand);
}
#define mmu_tlbi(kind, operand) mmu_tlbi_op(MMU_TLBI_##kind, (operand))

/* One DC instruction on the line (or ZVA block) that holds va. */
static __always_inline void mmu_dc_op(enum mmu_op op, mmu_va_t va)
{
	mmu_note(op, va);
	mmu_arch_dc(op, va);
}
#define mmu_dc(kind, va) mmu_dc_op(MMU_DC_##kind, (va))

/*
 * A host at EL2 (FEAT_VHE): whose translations stage-1 TLBIs act on from the next ISB on, the guest's
 * (HCR_EL2.TGE = 0) or the host's own.
 */
static __always_inline void mmu_guest_regime(bool guest)
{
	mmu_arch_guest_regime(guest);
}

/* The guest loads from ipa at EL1. false: that took a stage-2 fault. Into the guest and out again, not counted. */
static __always_inline bool mmu_guest_load(u64 ipa)
{
	return mmu_arch_guest_load(ipa);
}

/* Zeroes bytes (a multiple of the ZVA block) at va by DC ZVA; does not order anything. */
static __always_inline void mmu_zero(mmu_va_t va, u64 bytes)
{
	u64 step = mmu_arch_zva_bytes();
	mmu_va_t end = va + bytes;

	do {
		mmu_dc(ZVA, va);
		va += step;
	} while (va != end);
}

/* DC CIVAC line by line over [va, va + bytes): clean and invalidate to PoC, no barrier. */
static __always_inline void mmu_clean_inval(mmu_va_t va, u64 bytes)
{
	u64 step = mmu_arch_dline_bytes();
	mmu_va_t end = va + bytes;

	for (; va < end; va += step)
		mmu_dc(CIVAC, va);
}

#endif
