/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The waist's operations as arm64 instructions, for the bare-metal kernel and the Linux module alike.
 * op is always a compile-time constant: each call is one instruction. A barrier or TLBI also stops the
 * compiler from moving memory accesses across it. Arm ARM C5.5 (TLBI), C6.2 (DSB, ISB, DC).
 */
#ifndef MMUB_ARM64_MMU_ARCH_H
#define MMUB_ARM64_MMU_ARCH_H

static __always_inline void mmu_arch_pte_store(mmu_va_t va, u64 pte)
{
	asm volatile("str %1, %0" : "=Q"(*(u64 *)va) : "r"(pte));
}

static __always_inline void mmu_arch_pte_store_pair(mmu_va_t va, u64 lo, u64 hi)
{
	typedef struct {
		u64 lo, hi;
	} pair;

	asm volatile("stp %1, %2, %0" : "=Q"(*(pair *)va) : "r"(lo), "r"(hi));
}

static __always_inline u64 mmu_arch_pte_load(mmu_va_t va)
{
	return *(volatile u64 *)va;
}

/* LDXR/STXR, so that the same code runs on ARMv8.0. */
static __always_inline u64 mmu_arch_pte_xchg(mmu_va_t va, u64 pte)
{
	u64 old;
	u32 failed;

	asm volatile("1: ldxr %0, %2\n\t"
		     "stxr %w1, %3, %2\n\t"
		     "cbnz %w1, 1b"
		     : "=&r"(old), "=&r"(failed), "+Q"(*(u64 *)va)
		     : "r"(pte));
	return old;
}

static __always_inline u64 mmu_arch_read64(mmu_va_t va)
{
	return *(volatile u64 *)va;
}

static __always_inline void mmu_arch_write64(mmu_va_t va, u64 val)
{
	*(volatile u64 *)va = val;
}

static __always_inline void mmu_arch_barrier(enum mmu_op op)
{
	switch (op) {
	case MMU_DSB_ISHST:
		asm volatile("dsb ishst" ::: "memory");
		break;
	case MMU_DSB_ISH:
		asm volatile("dsb ish" ::: "memory");
		break;
	case MMU_DSB_NSHST:
		asm volatile("dsb nshst" ::: "memory");
		break;
	case MMU_DSB_NSH:
		asm volatile("dsb nsh" ::: "memory");
		break;
	case MMU_DSB_SY:
		asm volatile("dsb sy" ::: "memory");
		break;
	case MMU_ISB:
		asm volatile("isb" ::: "memory");
		break;
	default:
		__builtin_unreachable();
	}
}

/*
 * The range forms are written as SYS instructions (C5.5: op1, Cn, Cm, op2), which every assembler and
 * every -march takes.
 */
#define MMU_ARCH_TLBI(id, text)								\
	case MMU_TLBI_##id:								\
		asm volatile(text ", %0" ::"r"(operand) : "memory");			\
		break
#define MMU_ARCH_TLBI_ALL(id, text)							\
	case MMU_TLBI_##id:								\
		asm volatile(text ::: "memory");					\
		break

static __always_inline void mmu_arch_tlbi(enum mmu_op op, u64 operand)
{
	switch (op) {
	MMU_ARCH_TLBI_ALL(VMALLE1, "tlbi vmalle1");
	MMU_ARCH_TLBI_ALL(VMALLE1IS, "tlbi vmalle1is");
	MMU_ARCH_TLBI_ALL(VMALLS12E1IS, "tlbi vmalls12e1is");
	MMU_ARCH_TLBI(ASIDE1IS, "tlbi aside1is");
	MMU_ARCH_TLBI(VAE1, "tlbi vae1");
	MMU_ARCH_TLBI(VAE1IS, "tlbi vae1is");
	MMU_ARCH_TLBI(VALE1IS, "tlbi vale1is");
	MMU_ARCH_TLBI(VAAE1IS, "tlbi vaae1is");
	MMU_ARCH_TLBI(VAALE1IS, "tlbi vaale1is");
	MMU_ARCH_TLBI(RVAE1IS, "sys #0, c8, c2, #1");
	MMU_ARCH_TLBI(RVAAE1IS, "sys #0, c8, c2, #3");
	MMU_ARCH_TLBI(RVALE1IS, "sys #0, c8, c2, #5");
	MMU_ARCH_TLBI(RVAALE1IS, "sys #0, c8, c2, #7");
	MMU_ARCH_TLBI(IPAS2E1IS, "sys #4, c8, c0, #1");
	MMU_ARCH_TLBI(RIPAS2E1IS, "sys #4, c8, c0, #2");
	MMU_ARCH_TLBI(IPAS2LE1IS, "sys #4, c8, c0, #5");
	MMU_ARCH_TLBI(RIPAS2LE1IS, "sys #4, c8, c0, #6");
	default:
		__builtin_unreachable();
	}
}
#undef MMU_ARCH_TLBI
#undef MMU_ARCH_TLBI_ALL

static __always_inline void mmu_arch_dc(enum mmu_op op, mmu_va_t va)
{
	switch (op) {
	case MMU_DC_ZVA:
		asm volatile("dc zva, %0" ::"r"(va) : "memory");
		break;
	case MMU_DC_CVAC:
		asm volatile("dc cvac, %0" ::"r"(va) : "memory");
		break;
	case MMU_DC_CIVAC:
		asm volatile("dc civac, %0" ::"r"(va) : "memory");
		break;
	default:
		__builtin_unreachable();
	}
}

/* DCZID_EL0: BS [3:0] is log2 of the block in words; DZP [4] prohibits. */
static __always_inline u32 mmu_arch_zva_bytes(void)
{
	u64 dczid;

	asm("mrs %0, dczid_el0" : "=r"(dczid));
	return dczid & 16 ? 0 : 4u << (dczid & 15);
}

/* CTR_EL0.DminLine [19:16]: log2 of the smallest line in words. */
static __always_inline u32 mmu_arch_dline_bytes(void)
{
	u64 ctr;

	asm("mrs %0, ctr_el0" : "=r"(ctr));
	return 4u << (ctr >> 16 & 15);
}

#endif
