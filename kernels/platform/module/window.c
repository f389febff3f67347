// SPDX-License-Identifier: GPL-2.0-only
/*
 * The fixmap window: an area of vmap() whose level 3 entries are found by walking the kernel's tables from
 * TTBR1_EL1 (no symbol of the kernel is needed for that), cleared, and put back as they were at the end.
 */
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "module.h"

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

/*
 * The slots' entries must lie in one table, one behind the other. One of a contiguous group could not be changed
 * alone; vmap() cannot make a group of one page over and over, but what is not looked at will change one day.
 */
static bool window_claim(struct window *w)
{
	w->pte = module_kernel_pte((unsigned long)w->area);
	for (u32 i = 0; i < w->slots; i++)
		if (!w->pte || module_kernel_pte((unsigned long)w->area + i * PAGE_SIZE) != w->pte + i ||
		    READ_ONCE(w->pte[i]) & PT_CONT)
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
	(void)s;
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
				.plat = w,
			};
			module_kernel_geom(&fm->g);	/* the window's entries have the kernel's format */
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
