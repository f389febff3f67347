/* SPDX-License-Identifier: GPL-2.0-only */
/* The waist's operations, against the simulated MMU (mmu.h says what each must do). */
#ifndef MMUB_MODEL_MMU_ARCH_H
#define MMUB_MODEL_MMU_ARCH_H

void model_store64(mmu_va_t va, u64 val, bool is_pte);
u64 model_load64(mmu_va_t va, bool is_pte);
void model_barrier(enum mmu_op op);
void model_tlbi(enum mmu_op op, u64 operand);
void model_dc(enum mmu_op op, mmu_va_t va);
void model_queue_store64(mmu_va_t va, u64 val);
u32 model_smmu_read32(mmu_va_t va);
void model_smmu_write32(mmu_va_t va, u32 val);
void model_guest_regime(bool guest);
bool model_guest_load(u64 ipa);
void model_table_alloc(u64 pa, u64 bytes);
void model_table_free(u64 pa, u64 bytes);

#define MODEL_ZVA_BYTES 64u
#define MODEL_DLINE_BYTES 64u

static __always_inline void mmu_arch_pte_store(mmu_va_t va, u64 pte)
{
	model_store64(va, pte, true);
}

static __always_inline void mmu_arch_pte_store_pair(mmu_va_t va, u64 lo, u64 hi)
{
	model_store64(va, lo, true);
	model_store64(va + 8, hi, true);
}

static __always_inline u64 mmu_arch_pte_load(mmu_va_t va)
{
	return model_load64(va, true);
}

static __always_inline u64 mmu_arch_pte_xchg(mmu_va_t va, u64 pte)
{
	u64 old = model_load64(va, true);

	model_store64(va, pte, true);
	return old;
}

static __always_inline void mmu_arch_barrier(enum mmu_op op)
{
	model_barrier(op);
}

static __always_inline void mmu_arch_tlbi(enum mmu_op op, u64 operand)
{
	model_tlbi(op, operand);
}

static __always_inline void mmu_arch_dc(enum mmu_op op, mmu_va_t va)
{
	model_dc(op, va);
}

static __always_inline u32 mmu_arch_zva_bytes(void)
{
	return MODEL_ZVA_BYTES;
}

static __always_inline u32 mmu_arch_dline_bytes(void)
{
	return MODEL_DLINE_BYTES;
}

static __always_inline void mmu_arch_queue_store64(mmu_va_t va, u64 val)
{
	model_queue_store64(va, val);
}

static __always_inline void mmu_arch_table_alloc(u64 pa, u64 bytes)
{
	model_table_alloc(pa, bytes);
}

static __always_inline void mmu_arch_table_free(u64 pa, u64 bytes)
{
	model_table_free(pa, bytes);
}

static __always_inline u32 mmu_arch_mmio_read32(mmu_va_t va)
{
	return model_smmu_read32(va);
}

static __always_inline void mmu_arch_mmio_write32(mmu_va_t va, u32 val)
{
	model_smmu_write32(va, val);
}

static __always_inline void mmu_arch_guest_regime(bool guest)
{
	model_guest_regime(guest);
}

static __always_inline bool mmu_arch_guest_load(u64 ipa)
{
	return model_guest_load(ipa);
}

static __always_inline u64 mmu_arch_read64(mmu_va_t va)
{
	return model_load64(va, false);
}

static __always_inline void mmu_arch_write64(mmu_va_t va, u64 val)
{
	model_store64(va, val, false);
}

#endif
