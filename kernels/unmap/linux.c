// SPDX-License-Identifier: GPL-2.0-only
/*
 * What Linux >= 6.9 chooses, __flush_tlb_range_limit_excess(): with range support range ops up to
 * 2^21 pages (MAX_TLBI_RANGE_PAGES); without it one op an entry up to MAX_DVM_OPS - 1 entries, where
 * MAX_DVM_OPS is the entries of a table; the whole context beyond.
 */
#include "unmap.h"

static __always_inline bool too_long(const struct unmap_work *w)
{
	if (w->range_ops)
		return w->pages > TLBI_RANGE_PAGES_MAX;
	return w->entries >= 1ull << w->per_shift;
}

static __always_inline void each(enum mmu_op page_op, enum mmu_op range_op, const struct unmap_work *w)
{
	(void)range_op;
	tlbi_each(page_op, &w->t, w->start, w->pages);
}

static void run(struct bench_case *c)
{
	struct unmap_work *w = c->family_data;

	unmap_clear_entries(w);
	unmap_clear_parents(w);
	mmu_dsb(ISHST);
	if (too_long(w))
		unmap_all(w);
	else if (w->range_ops)
		unmap_by_ranges(w);
	else
		UNMAP_OPS(each, w);
	unmap_sync(w);
	unmap_free_tables(w);
}

static void expect(const struct bench_params *p, const struct bench_env *e, struct mmu_counts *want)
{
	unmap_want_clear(p, want);
	unmap_want_barriers(p, want, 1);
	if (e->features & FEAT_TLBIRANGE)
		p->pages > 1ull << 21 ? unmap_want_all(p, want) : unmap_want_range(p, want);
	else if (unmap_entries(p) >= p->granule / 8)
		unmap_want_all(p, want);
	else
		unmap_want_pages(p, want, unmap_entries(p));
}

#undef linux /* gcc -std=gnu defines it as 1 on the host */
BENCH_VARIANT(unmap, linux, "Linux 6.9 __flush_tlb_range_limit_excess()", run, unmap_check, expect,
	      .skip = unmap_skip_range,
	      .rank = 5);
