// SPDX-License-Identifier: GPL-2.0-only
/*
 * A live range for a family that changes leaf entries: vmap() gives addresses that are ours alone. Of
 * them whole spans of a last-level table are taken, and the entries above those tables cleared: the family
 * links tables of its own there, so the tables that vmap() made stay untouched and are put back at the
 * end. Nobody else has business in the range: a fault in it is only ever a probe's.
 */
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "module.h"

struct lent {
	void *area;
	struct page *page;
	struct pt_geom g;
	mmu_va_t start;
	u64 spans;
	u64 saved[];		/* entries of level 2, one a span */
};

static u64 *span_entry(const struct lent *l, u64 i)
{
	return module_kernel_entry(&l->g, l->start + i * pt_size(&l->g, 2), 2);
}

static void free_lent(struct lent *l)
{
	if (l->area)
		vunmap(l->area);
	if (l->page)
		__free_page(l->page);
	kvfree(l);
}

/* One page over and over: valid entries, so that every table exists. */
static const char *map_area(struct lent *l, u64 bytes)
{
	u64 n = bytes >> PAGE_SHIFT;
	struct page **pages;

	if (n > totalram_pages() || n > INT_MAX)
		return plat_never("vmap() gives no range larger than this machine's memory");
	/* Under the module's limit, and with it the tables that vmap() makes: they are as large as this list. */
	pages = plat_alloc(n * sizeof(*pages));
	if (!pages)
		return "out of memory for the list of pages: see limit_mib";
	l->page = alloc_page(GFP_KERNEL | __GFP_ZERO);
	if (l->page) {
		for (u64 i = 0; i < n; i++)
			pages[i] = l->page;
		l->area = vmap(pages, (unsigned int)n, VM_MAP, PAGE_KERNEL);
	}
	plat_free(pages, n * sizeof(*pages));
	return l->area ? NULL : "vmap() failed: out of memory";
}

/* All entries above our tables must be tables before any is cleared. */
static bool take_spans(struct lent *l)
{
	for (u64 i = 0; i < l->spans; i++) {
		u64 *entry = span_entry(l, i);

		if (!entry || !pt_is_table(READ_ONCE(*entry), 2))
			return false;
		l->saved[i] = *entry;
	}
	for (u64 i = 0; i < l->spans; i++)
		WRITE_ONCE(*span_entry(l, i), 0);
	plat_tlb_flush_all();
	return true;
}

const char *plat_space_lend(struct mmu_space *s, enum mmu_regime regime, const struct pt_geom *g,
			    int level, u64 bytes)
{
	const char *why;
	struct pt_geom kernel;
	u64 span, spans;
	struct lent *l;

	memset(s, 0, sizeof(*s));
	why = module_regime_why_not(regime, g);
	if (why)
		return why;
	if (regime != MMU_REGIME_HIGH)
		return plat_never("user addresses belong to Linux: a module runs regime=high");
	if (level != 3)
		return plat_never("block entries would lie in a table that the kernel uses too");
	module_kernel_geom(&kernel);
	if (g->va_bits != kernel.va_bits || g->lpa2 != kernel.lpa2)
		return plat_never("this kernel has another size of addresses (TCR_EL1.T1SZ, DS)");
	span = pt_size(g, 2);
	spans = MMUB_DIV_UP(bytes, span);
	if (bytes > totalram_pages() << PAGE_SHIFT)
		return plat_never("vmap() gives no range larger than this machine's memory");
	l = kvzalloc(struct_size(l, saved, spans), GFP_KERNEL);
	if (!l)
		return "out of memory";
	l->g = kernel;
	l->spans = spans;
	why = map_area(l, (spans + 1) * span);
	l->start = MMUB_ALIGN_UP((u64)(unsigned long)l->area, span);
	if (!why && !take_spans(l))
		why = plat_never("the tables of the vmalloc space are not where TTBR1_EL1 says");
	if (why) {
		free_lent(l);
		return why;
	}
	s->regime = regime;
	s->g = kernel;
	s->root = module_kernel_root();
	s->va_start = l->start;
	s->va_end = l->start + spans * span;
	s->live = true;
	s->plat = l;
	return NULL;
}

void module_lend_end(struct mmu_space *s)
{
	struct lent *l = s->plat;

	for (u64 i = 0; i < l->spans; i++)
		WRITE_ONCE(*span_entry(l, i), 0);
	plat_tlb_flush_all();		/* break before make: the family's tables go, vmap()'s come back */
	for (u64 i = 0; i < l->spans; i++)
		WRITE_ONCE(*span_entry(l, i), l->saved[i]);
	dsb(ishst);
	isb();
	free_lent(l);
	s->plat = NULL;
}
