/* SPDX-License-Identifier: GPL-2.0-only */
/* The waist on paper: memory is plain memory, and what only a walker or a TLB would notice is nothing. */
#ifndef MMUB_PAPER_MMU_ARCH_H
#define MMUB_PAPER_MMU_ARCH_H

static __always_inline u64 mmu_arch_read64(mmu_va_t va)
{
	return *(volatile u64 *)va;
}

static __always_inline void mmu_arch_write64(mmu_va_t va, u64 val)
{
	*(volatile u64 *)va = val;
}

static __always_inline u64 mmu_arch_pte_xchg(mmu_va_t va, u64 pte)
{
	return __atomic_exchange_n((u64 *)va, pte, __ATOMIC_RELAXED);
}

static __always_inline void mmu_arch_pte_store_pair(mmu_va_t va, u64 lo, u64 hi)
{
	mmu_arch_write64(va, lo);
	mmu_arch_write64(va + 8, hi);
}

static __always_inline void mmu_arch_dc(enum mmu_op op, mmu_va_t va)
{
	if (op == MMU_DC_ZVA)
		memset((void *)(va & ~63ull), 0, 64);
}

#define mmu_arch_pte_store(va, pte) mmu_arch_write64(va, pte)
#define mmu_arch_pte_load(va) mmu_arch_read64(va)
#define mmu_arch_queue_store64(va, val) mmu_arch_write64(va, val)
#define mmu_arch_zva_bytes() 64u
#define mmu_arch_dline_bytes() 64u
#define mmu_arch_barrier(op) ((void)(op))
#define mmu_arch_tlbi(op, operand) ((void)(op), (void)(operand))
#define mmu_arch_table_alloc(pa, bytes) ((void)(pa), (void)(bytes))
#define mmu_arch_table_free(pa, bytes) ((void)(pa), (void)(bytes))
#define mmu_arch_mmio_read32(va) (*(volatile u32 *)(va))
#define mmu_arch_mmio_write32(va, val) ((void)(*(volatile u32 *)(va) = (val)))
#define mmu_arch_guest_regime(guest) ((void)(guest))
#define mmu_arch_guest_load(ipa) ((void)(ipa), false)

#endif
