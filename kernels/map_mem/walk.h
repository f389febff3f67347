/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The walk that creates the map, shared by the variants: alloc_init_pud(), alloc_init_cont_pmd() and
 * alloc_init_cont_pte() of Linux. A variant defines, before it includes this file:
 *
 *	static mmu_va_t table_new(struct map_work *w, int level, mmu_va_t parent)
 *		a fresh table, zeroed, linked at parent, and mapped where it can be filled
 *	static mmu_va_t table_map(struct map_work *w, int level, u64 pa)
 *		maps a table that exists
 *	static void table_unmap(struct map_work *w, int level)
 *	MAP_PTE_SYNC	1: DSB ISHST and ISB behind each PTE store, as set_pte() did before v6.10
 *	MAP_REMAP_CONT	1: a PTE (PMD) table is mapped anew for each CONT_PTES (CONT_PMDS) entries
 *
 * so that each variant is compiled whole, without a call through a pointer that its original has not.
 */
#ifndef MAP_PTE_SYNC
#error "define MAP_PTE_SYNC, MAP_REMAP_CONT, table_new(), table_map() and table_unmap() first"
#endif

static __always_inline u64 map_prot(const struct map_work *w, u64 addr, u64 left)
{
	u64 span = (u64)pt_cont_ptes(&w->g) << w->g.page_shift;

	return w->leaf == LEAF_CONT && !(addr & (span - 1)) && left >= span ? w->prot | PT_CONT : w->prot;
}

/* The loop that all of this is about: n entries from ptep on. */
static __always_inline void store_ptes(mmu_va_t ptep, u64 pte, u64 n, u64 step)
{
	mmu_va_t last = ptep + 8 * n;

	do {
		mmu_pte_store(ptep, pte);
		if (MAP_PTE_SYNC) {
			mmu_dsb(ISHST);
			mmu_isb();
		}
		ptep += 8;
		pte += step;
	} while (ptep != last);
}

static void fill_ptes(struct map_work *w, mmu_va_t table, u64 addr, u64 end)
{
	u64 step = pt_page(&w->g), pa = w->pa + (addr - w->va);
	mmu_va_t ptep = table + 8ull * pt_index(&w->g, 3, addr);

	if (w->leaf != LEAF_CONT) {
		store_ptes(ptep, pt_leaf(&w->g, pa, 3, w->prot), (end - addr) >> w->g.page_shift, step);
		return;
	}
	while (addr != end) {
		u64 span = (u64)pt_cont_ptes(&w->g) << w->g.page_shift;
		u64 n = end - addr < span ? (end - addr) : span;

		store_ptes(ptep, pt_leaf(&w->g, pa, 3, map_prot(w, addr, end - addr)), n >> w->g.page_shift,
			   step);
		ptep += 8 * (n >> w->g.page_shift);
		addr += n;
		pa += n;
	}
}

static __always_inline u64 next_boundary(u64 addr, u64 end, u64 span)
{
	u64 next = (addr + span) & ~(span - 1);

	/* next wraps to 0 at the top of the address space */
	return next - 1 < end - 1 ? next : end;
}

static void map_range(struct map_work *w, int level, mmu_va_t table, u64 addr, u64 end);

static __always_inline u64 cont_span(const struct map_work *w, int level)
{
	return pt_size(&w->g, level) * (level == 3 ? pt_cont_ptes(&w->g) : pt_cont_pmds(&w->g));
}

/* Everything below the entry at parent, which covers [addr, end). */
static void map_below(struct map_work *w, int level, mmu_va_t parent, u64 addr, u64 end)
{
	u64 desc = mmu_pte_load(parent), next;
	mmu_va_t table;

	if (MAP_REMAP_CONT && level >= 2) {
		if (!(desc & PT_VALID))
			table_new(w, level, parent);	/* not left mapped: see remap_cont.c */
		for (; addr != end && !w->out_of_tables; addr = next) {
			next = next_boundary(addr, end, cont_span(w, level));
			table = table_map(w, level, pt_desc_pa(&w->g, mmu_pte_load(parent)));
			map_range(w, level, table, addr, next);
			table_unmap(w, level);
		}
		return;
	}
	table = desc & PT_VALID ? table_map(w, level, pt_desc_pa(&w->g, desc)) : table_new(w, level, parent);
	if (w->out_of_tables)
		return;
	map_range(w, level, table, addr, end);
	table_unmap(w, level);
}

static void map_range(struct map_work *w, int level, mmu_va_t table, u64 addr, u64 end)
{
	u64 span = pt_size(&w->g, level), next;
	mmu_va_t slot = table + 8ull * pt_index(&w->g, level, addr);

	if (level == 3) {
		fill_ptes(w, table, addr, end);
		return;
	}
	for (; addr != end && !w->out_of_tables; addr = next, slot += 8) {
		next = next_boundary(addr, end, span);
		if (level == 2 && w->leaf == LEAF_BLOCK && next - addr == span) {
			mmu_pte_store(slot, pt_leaf(&w->g, w->pa + (addr - w->va), 2, w->prot));
			mmu_dsb(ISHST);
			mmu_isb();
			continue;
		}
		map_below(w, level + 1, slot, addr, next);
	}
}

static __always_inline void map_all(struct map_work *w)
{
	map_range(w, (int)w->g.start_level, w->root, w->va, w->va + w->bytes);
}
