// SPDX-License-Identifier: GPL-2.0-only
/*
 * Address spaces. A module may not install tables of its own in TTBR1_EL1, so every space is private:
 * the tables are real, in memory that is ours, and reached by a real fixmap window that lives in a
 * vmap() area. The window's PTEs are found by walking the kernel's tables from TTBR1_EL1 (no symbol of
 * the kernel is needed for that) and are put back as they were.
 */
#include <linux/slab.h>
#include <linux/vmalloc.h>
#include <asm/pgtable.h>
#include <asm/sysreg.h>
#include <asm/tlbflush.h>

#include "module.h"

/* TCR_EL1.T1SZ [21:16], DS [59] */
static const char *kernel_geom(struct pt_geom *g)
{
	u64 tcr = read_sysreg(tcr_el1);

	return pt_geom_init(g, PAGE_SIZE, 64 - (u32)(tcr >> 16 & 63), PAGE_SIZE < 65536 && tcr >> 59 & 1);
}

u64 *module_kernel_pte(mmu_va_t va)
{
	struct pt_geom g;
	u64 table;

	if (kernel_geom(&g))
		return NULL;
	/* BADDR: bits [47:1] but for CnP; PA[51:48] sit in [5:2] where PAs are that large (D19.2.147). */
	table = read_sysreg(ttbr1_el1) & 0xffffffffffc0ull;
	for (int level = (int)g.start_level; level <= 3; level++) {
		u64 *slot = (u64 *)phys_to_virt(table) + pt_index(&g, level, va);
		u64 desc = READ_ONCE(*slot);

		if (level == 3)
			return pt_is_leaf(desc, 3) ? slot : NULL;
		if (!pt_is_table(desc, level))
			return NULL;
		table = pt_desc_pa(&g, desc);
	}
	return NULL;
}

const char *plat_space_create(struct mmu_space *s, enum mmu_regime regime, const struct pt_geom *g)
{
	if (regime == MMU_REGIME_STAGE2)
		return "stage 2 belongs to the hypervisor: not from a module";
	if (regime == MMU_REGIME_LOW)
		return "TTBR0_EL1 belongs to user space: not from a module";
	if (pt_page(g) != PAGE_SIZE)
		return "granule is not this kernel's page size";
	memset(s, 0, sizeof(*s));
	s->regime = regime;
	s->g = *g;
	s->root = plat_phys_alloc(pt_page(g), pt_page(g));
	s->va_start = g->va_bits < 64 ? ~0ull << g->va_bits : 0;
	s->va_end = ~0ull & ~(pt_page(g) - 1);
	s->live = false;
	return s->root ? NULL : "out of memory for the top table";
}

void plat_space_destroy(struct mmu_space *s)
{
	if (s->root)
		plat_phys_free(s->root, pt_page(&s->g));
	s->root = 0;
}

void plat_space_reset(struct mmu_space *s)
{
	plat_phys_zero(s->root, pt_page(&s->g));
}

struct window {
	void *area;
	struct page *page;	/* what every slot maps while it is not ours to change */
	u32 slots;
	u64 *pte;
	u64 saved[];
};

static void flush_kernel_page(mmu_va_t va)
{
	dsb(ishst);
	asm volatile("tlbi vaale1is, %0" ::"r"(pt_tlbi_va(va, 0)));
	dsb(ish);
	isb();
}

/* The slots' entries must lie in one table, one behind the other. */
static bool window_claim(struct window *w)
{
	w->pte = module_kernel_pte((unsigned long)w->area);
	for (u32 i = 0; i < w->slots; i++)
		if (!w->pte || module_kernel_pte((unsigned long)w->area + i * PAGE_SIZE) != w->pte + i)
			return false;
	for (u32 i = 0; i < w->slots; i++) {
		w->saved[i] = READ_ONCE(w->pte[i]);
		WRITE_ONCE(w->pte[i], 0);
		flush_kernel_page((unsigned long)w->area + i * PAGE_SIZE);
	}
	return true;
}

static void window_free(struct window *w)
{
	if (w->area)
		vunmap(w->area);
	if (w->page)
		__free_page(w->page);
	kfree(w);
}

/* vmap() of one page over and over: valid entries that nobody else touches. */
static bool window_map(struct window *w)
{
	struct page **pages = kcalloc(w->slots, sizeof(*pages), GFP_KERNEL);

	w->page = alloc_page(GFP_KERNEL | __GFP_ZERO);
	if (pages && w->page) {
		for (u32 i = 0; i < w->slots; i++)
			pages[i] = w->page;
		w->area = vmap(pages, w->slots, VM_MAP, PAGE_KERNEL);
	}
	kfree(pages);
	return w->area != NULL;
}

const char *plat_fixmap_create(struct mmu_fixmap *fm, struct mmu_space *s, u32 slots)
{
	/* An area may straddle two PTE tables: then the next one will not, so try a few. */
	for (int attempt = 0; attempt < 8; attempt++) {
		struct window *w = kzalloc(struct_size(w, saved, slots), GFP_KERNEL);

		if (!w)
			return "out of memory for the fixmap window";
		w->slots = slots;
		if (!window_map(w)) {
			window_free(w);
			return "vmap() failed for the fixmap window";
		}
		if (window_claim(w)) {
			*fm = (struct mmu_fixmap){
				.va = (unsigned long)w->area,
				.pte = (unsigned long)w->pte,
				.slots = slots,
				.page_shift = PAGE_SHIFT,
				.g = s->g,
				.plat = w,
			};
			fm->prot = w->saved[0] & ~pt_desc_pa(&fm->g, w->saved[0]) & ~(PT_VALID | PT_TABLE);
			return NULL;
		}
		window_free(w);
	}
	return "no vmalloc area whose entries lie in one table";
}

void plat_fixmap_destroy(struct mmu_fixmap *fm)
{
	struct window *w = fm->plat;

	if (!w)
		return;
	for (u32 i = 0; i < w->slots; i++) {
		WRITE_ONCE(w->pte[i], 0);
		flush_kernel_page((unsigned long)w->area + i * PAGE_SIZE);
		WRITE_ONCE(w->pte[i], w->saved[i]);
	}
	dsb(ishst);
	isb();
	window_free(w);
	fm->plat = NULL;
}
