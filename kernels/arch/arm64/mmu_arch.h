/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The waist's operations as arm64 instructions, for the bare-metal guest and the Linux module. Every
 * op is a compile-time constant, so that each switch folds to its one instruction.
 *
 * Barriers, TLBI and DC carry a memory clobber: the compiler may not move a page-table store across
 * them. Stores and loads of entries are volatile and carry none, so that a loop keeps its pointers
 * in registers.
 */
#ifndef MMUB_ARM64_MMU_ARCH_H
#define MMUB_ARM64_MMU_ARCH_H

/* Never defined: a call that survives means that an op was not constant or has no instruction. */
void mmu_arch_bad_op(void) __attribute__((error("operation is not a constant of this kind")));

static __always_inline void mmu_arch_pte_store(mmu_va_t va, u64 pte)
{
	*(volatile u64 *)va = pte;
}

static __always_inline void mmu_arch_pte_store_pair(mmu_va_t va, u64 lo, u64 hi)
{
	struct pair { u64 lo, hi; } *p = (struct pair *)va;

	asm volatile("stp %x1, %x2, %0" : "=Q"(*p) : "rZ"(lo), "rZ"(hi));
}

static __always_inline u64 mmu_arch_pte_load(mmu_va_t va)
{
	return *(volatile u64 *)va;
}

/* LL/SC, so that one binary runs on Armv8.0; relaxed, as Linux's ptep_get_and_clear(). */
static __always_inline u64 mmu_arch_pte_xchg(mmu_va_t va, u64 pte)
{
	u64 *p = (u64 *)va, old;
	u32 failed;

	asm volatile("1:	ldxr %0, %2\n"
		     "	stxr %w1, %x3, %2\n"
		     "	cbnz %w1, 1b"
		     : "=&r"(old), "=&r"(failed), "+Q"(*p) : "rZ"(pte));
	return old;
}

#define MMU_ARCH_BARRIER(id, insn) \
	case MMU_##id: asm volatile(insn ::: "memory"); break

static __always_inline void mmu_arch_barrier(enum mmu_op op)
{
	switch (op) {
	MMU_ARCH_BARRIER(DSB_ISHST, "dsb ishst");
	MMU_ARCH_BARRIER(DSB_ISH, "dsb ish");
	MMU_ARCH_BARRIER(DSB_NSHST, "dsb nshst");
	MMU_ARCH_BARRIER(DSB_NSH, "dsb nsh");
	MMU_ARCH_BARRIER(DSB_SY, "dsb sy");
	MMU_ARCH_BARRIER(ISB, "isb");
	default: mmu_arch_bad_op();
	}
}

/* The range forms came with Armv8.4 (FEAT_TLBIRANGE); callers look at FEAT_TLBIRANGE first. */
#define MMU_ARCH_TLBI(id, insn) \
	case MMU_TLBI_##id: asm volatile("tlbi " insn ", %x0" :: "rZ"(operand) : "memory"); break
#define MMU_ARCH_TLBI_ALL(id, insn) \
	case MMU_TLBI_##id: asm volatile("tlbi " insn ::: "memory"); break
#define MMU_ARCH_TLBI_RANGE(id, insn) \
	case MMU_TLBI_##id: \
		asm volatile(".arch armv8.4-a\n	tlbi " insn ", %x0" :: "rZ"(operand) : "memory"); \
		break

static __always_inline void mmu_arch_tlbi(enum mmu_op op, u64 operand)
{
	switch (op) {
	MMU_ARCH_TLBI_ALL(VMALLE1, "vmalle1");
	MMU_ARCH_TLBI_ALL(VMALLE1IS, "vmalle1is");
	MMU_ARCH_TLBI(ASIDE1IS, "aside1is");
	MMU_ARCH_TLBI(VAE1, "vae1");
	MMU_ARCH_TLBI(VAE1IS, "vae1is");
	MMU_ARCH_TLBI(VALE1IS, "vale1is");
	MMU_ARCH_TLBI(VAAE1IS, "vaae1is");
	MMU_ARCH_TLBI(VAALE1IS, "vaale1is");
	MMU_ARCH_TLBI_RANGE(RVAE1IS, "rvae1is");
	MMU_ARCH_TLBI_RANGE(RVALE1IS, "rvale1is");
	MMU_ARCH_TLBI_RANGE(RVAAE1IS, "rvaae1is");
	MMU_ARCH_TLBI_RANGE(RVAALE1IS, "rvaale1is");
	MMU_ARCH_TLBI(IPAS2E1IS, "ipas2e1is");
	MMU_ARCH_TLBI(IPAS2LE1IS, "ipas2le1is");
	MMU_ARCH_TLBI_RANGE(RIPAS2E1IS, "ripas2e1is");
	MMU_ARCH_TLBI_RANGE(RIPAS2LE1IS, "ripas2le1is");
	MMU_ARCH_TLBI_ALL(VMALLS12E1IS, "vmalls12e1is");
	default: mmu_arch_bad_op();
	}
}

#define MMU_ARCH_DC(id, insn) \
	case MMU_DC_##id: asm volatile("dc " insn ", %x0" :: "r"(va) : "memory"); break

static __always_inline void mmu_arch_dc(enum mmu_op op, mmu_va_t va)
{
	switch (op) {
	MMU_ARCH_DC(ZVA, "zva");
	MMU_ARCH_DC(CVAC, "cvac");
	MMU_ARCH_DC(CIVAC, "civac");
	default: mmu_arch_bad_op();
	}
}

/* DCZID_EL0: DZP [4] prohibits DC ZVA, BS [3:0] is log2 of words. Arm ARM D19.2.37 */
static __always_inline u32 mmu_arch_zva_bytes(void)
{
	u64 dczid;

	asm("mrs %0, dczid_el0" : "=r"(dczid));
	return dczid & 16 ? 0 : 4u << (dczid & 15);
}

/* CTR_EL0.DminLine [19:16]: log2 of words. */
static __always_inline u32 mmu_arch_dline_bytes(void)
{
	u64 ctr;

	asm("mrs %0, ctr_el0" : "=r"(ctr));
	return 4u << (ctr >> 16 & 15);
}

static __always_inline void mmu_arch_queue_store64(mmu_va_t va, u64 val)
{
	*(volatile u64 *)va = val;
}

/* Who owns a table is the families' business here; the model watches it. */
static __always_inline void mmu_arch_table_alloc(u64 pa, u64 bytes)
{
	(void)pa;
	(void)bytes;
}

static __always_inline void mmu_arch_table_free(u64 pa, u64 bytes)
{
	(void)pa;
	(void)bytes;
}

static __always_inline u32 mmu_arch_mmio_read32(mmu_va_t va)
{
	return *(volatile u32 *)va;
}

static __always_inline void mmu_arch_mmio_write32(mmu_va_t va, u32 val)
{
	*(volatile u32 *)va = val;
}

static __always_inline void mmu_arch_guest_regime(bool guest)
{
	const u64 tge = 1ull << 27;
	u64 hcr;

	asm volatile("mrs %0, hcr_el2" : "=r"(hcr) :: "memory");
	asm volatile("msr hcr_el2, %0" :: "r"(guest ? hcr & ~tge : hcr | tge) : "memory");
}

bool plat_guest_load(u64 ipa);

static __always_inline bool mmu_arch_guest_load(u64 ipa)
{
	return plat_guest_load(ipa);
}

static __always_inline u64 mmu_arch_read64(mmu_va_t va)
{
	return *(volatile u64 *)va;
}

static __always_inline void mmu_arch_write64(mmu_va_t va, u64 val)
{
	*(volatile u64 *)va = val;
}

#endif
