// SPDX-License-Identifier: GPL-2.0-only
/*
 * Address spaces. A module may not install tables of its own, so a space is private: its tables are real,
 * in memory that is ours, but no walker sees them, and invalidations go to addresses where nothing is
 * mapped. A family that must see its pages answer and fault borrows a range of the kernel's own vmalloc
 * space instead (lend.c). The fixmap window (window.c) is real: a vmap() area whose entries are ours.
 */
#include <linux/mm.h>
#include <linux/sched.h>
#include <asm/mmu.h>
#include <asm/sysreg.h>

#include "module.h"

/* TCR_EL1: T1SZ [21:16], IPS [34:32], DS [59] (D19.2.141). */
static u64 tcr(void)
{
	return read_sysreg(tcr_el1);
}

const char *module_kernel_geom(struct pt_geom *g)
{
	return pt_geom_init(g, PAGE_SIZE, 64 - (u32)(tcr() >> 16 & 63), PAGE_SIZE < 65536 && tcr() >> 59 & 1);
}

/* BADDR is bits [47:1] but for CnP; with 52-bit PAs its low bits [5:2] hold PA[51:48] (D19.2.147). */
u64 module_kernel_root(void)
{
	u64 ttbr = read_sysreg(ttbr1_el1), pa = ttbr & 0xffffffffffc0ull;

	return (tcr() >> 32 & 7) == 6 ? pa | (ttbr >> 2 & 15) << 48 : pa;
}

u64 *module_kernel_entry(const struct pt_geom *g, mmu_va_t va, int level)
{
	u64 table = module_kernel_root();

	for (int l = (int)g->start_level; l <= level; l++) {
		u64 *slot = (u64 *)phys_to_virt(table) + pt_index(g, l, va);
		u64 desc = READ_ONCE(*slot);

		if (l == level)
			return slot;
		if (!pt_is_table(desc, l))
			return NULL;
		table = pt_desc_pa(g, desc);
	}
	return NULL;
}

u64 *module_kernel_pte(mmu_va_t va)
{
	struct pt_geom g;
	u64 *slot;

	if (module_kernel_geom(&g))
		return NULL;
	slot = module_kernel_entry(&g, va, 3);
	return slot && pt_is_leaf(READ_ONCE(*slot), 3) ? slot : NULL;
}

const char *module_regime_why_not(enum mmu_regime regime, const struct pt_geom *g)
{
	struct pt_geom kernel;

	if (regime == MMU_REGIME_STAGE2)
		return plat_never("stage 2 belongs to the hypervisor: not from a module");
	if (pt_page(g) != PAGE_SIZE)
		return plat_never("granule is not this kernel's page size");
	if (module_kernel_geom(&kernel))
		return plat_never("the kernel's own table geometry is not understood (TCR_EL1)");
	/* A tree that no walker sees may have any format; operands are decoded by the format in use. */
	if (regime == MMU_REGIME_LOW && g->lpa2 != kernel.lpa2)
		return plat_never(g->lpa2 ? "LPA2 is off in this kernel (TCR_EL1.DS)" :
					    "LPA2 is on in this kernel (TCR_EL1.DS)");
	return NULL;
}

/*
 * Where invalidations may go: high, the linear map of physical addresses that no machine has; low, user
 * addresses with the ASID of whoever runs the plan, which holds nothing there.
 */
const char *plat_space_create(struct mmu_space *s, enum mmu_regime regime, const struct pt_geom *g)
{
	const char *why;

	memset(s, 0, sizeof(*s));
	why = module_regime_why_not(regime, g);
	if (why)
		return why;
	s->regime = regime;
	s->g = *g;
	s->root = plat_phys_alloc(pt_page(g), pt_page(g));
	if (!s->root)
		return "out of memory for the top table";
	if (regime == MMU_REGIME_LOW) {
		s->va_start = 1ull << (g->va_bits - 2);
		s->va_end = 1ull << (g->va_bits - 1);
		s->asid = current->mm ? (u16)ASID(current->mm) : 1;
	} else {
		s->va_start = 0 - (1ull << g->va_bits);
		s->va_end = 0 - pt_page(g);
	}
	return NULL;
}

void plat_space_destroy(struct mmu_space *s)
{
	if (s->plat)
		module_lend_end(s);
	else if (s->root)
		plat_phys_free(s->root, pt_page(&s->g));
	s->root = 0;
}

void plat_space_reset(struct mmu_space *s)
{
	if (!s->plat)
		plat_phys_zero(s->root, pt_page(&s->g));
}
