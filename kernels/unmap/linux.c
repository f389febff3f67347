// SPDX-License-Identifier: GPL-2.0-only
/*
 * What Linux 6.13 does, one threshold for user and kernel ranges, __flush_tlb_range_limit_excess()
 * (7ffc13e23395): with range support range ops up to 2^21 pages (MAX_TLBI_RANGE_PAGES); without it one op an entry up
 * to MAX_DVM_OPS - 1, the entries of a table less one; the whole context beyond. User ranges had the same rule in
 * 6.9 to 6.12; kernel ranges then had no range ops, and ">" for ">=" (a923705c69f7 changed both).
 *
 * low: tlb_flush() of mmu_gather, stride and level hint of the leaf, none when tables go.
 * high: flush_tlb_kernel_range(), page by page whatever the leaf, last level, no hint; a table goes
 * afterwards and on its own, pmd_free_pte_page() with __flush_tlb_kernel_pgtable().
 */
#include "unmap.h"

static __always_inline bool too_long(const struct unmap_work *w, u64 ops)
{
	if (w->range_ops)
		return w->pages > TLBI_RANGE_PAGES_MAX;
	return ops >= 1ull << w->per_shift;
}

static __always_inline void each(enum mmu_op page_op, enum mmu_op range_op, const struct unmap_work *w)
{
	(void)range_op;
	tlbi_each(page_op, &w->t, w->start, w->pages);
}

static void user_range(const struct unmap_work *w)
{
	unmap_clear_entries(w);
	unmap_clear_parents(w);
	mmu_dsb(ISHST);
	if (too_long(w, w->entries))
		unmap_all(w);
	else if (w->range_ops)
		unmap_by_ranges(w);
	else
		UNMAP_OPS(each, w);
	unmap_sync(w);
	unmap_free_tables(w);
}

static __always_inline void kernel_range(const struct unmap_work *w, bool lpa2)
{
	struct tlbi_target t = w->t;

	t.level = TLBI_LEVEL_UNKNOWN;
	t.stride = pt_page(&t.g);
	unmap_clear_entries(w);
	mmu_dsb(ISHST);
	if (too_long(w, w->pages))
		unmap_all(w);
	else if (w->range_ops)
		tlbi_range_down(MMU_TLBI_VAALE1IS, MMU_TLBI_RVAALE1IS, &t, w->start, w->pages, lpa2);
	else
		tlbi_each(MMU_TLBI_VAALE1IS, &t, w->start, w->pages);
	unmap_sync(w);
	for (u64 i = 0; i < w->tables && !w->last; i++) {
		unmap_clear_table(MMU_TLBI_VAAE1IS, w, i);
		mmu_table_free(w->table_pa[i], pt_page(&t.g));
	}
}

static void run(struct bench_case *c)
{
	struct unmap_work *w = c->family_data;

	if (w->low)
		user_range(w);
	else if (w->t.g.lpa2)
		kernel_range(w, true);
	else
		kernel_range(w, false);
}

static void expect(const struct bench_params *p, const struct bench_env *e, struct mmu_counts *want)
{
	bool user = p->regime == REGIME_LOW, ranges = e->features & FEAT_TLBIRANGE;
	u64 ops = user ? unmap_entries(p) : p->pages, tables = !user && p->free == FREE_TABLE ? unmap_tables(p) : 0;
	struct bench_params leaves = *p;

	if (!user)
		leaves.free = FREE_LAST;
	unmap_want_clear(p, want);
	unmap_want_barriers(p, want, 1 + tables);
	bench_want(want, TLBI_VAAE1IS, tables);
	if (ranges ? p->pages > 1ull << 21 : ops >= p->granule / 8)
		unmap_want_all(p, want);
	else if (ranges)
		unmap_want_range(&leaves, want);
	else
		unmap_want_pages(&leaves, want, ops);
}

#undef linux /* gcc -std=gnu defines it as 1 on the host */
BENCH_VARIANT(unmap, linux, "Linux 6.13 __flush_tlb_range(), flush_tlb_kernel_range()", run, unmap_check, expect,
	      .skip = unmap_skip_range,
	      .rank = 5);
