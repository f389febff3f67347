/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Family unmap: N pages are mapped and touched, then their entries are cleared and the translations
 * invalidated. Variants differ in when and how they invalidate; the walk that clears is shared, so
 * that the difference is the invalidation's.
 *
 * free=table also removes the tables that held the entries, as free_pgtables() does after zap_pte_range():
 * from then on last-level invalidation is not enough, cached table entries must go too.
 */
#ifndef MMUB_UNMAP_H
#define MMUB_UNMAP_H

#include "platform.h"
#include "table.h"
#include "tlbi.h"

struct unmap_work {
	struct tlbi_target t;
	u64 start, pages;		/* pages of the granule, whatever the leaf */
	u64 entries;			/* leaf entries = pages * granule / stride */
	u32 first;			/* index of the first entry in table[0] */
	u32 per_shift;			/* log2 of entries a table */
	u64 tables;
	mmu_va_t *table;		/* where each leaf table is written */
	mmu_va_t *parent;		/* where the entry that points to it is written */
	u64 *table_pa;
	bool low, last, range_ops;
};

static __always_inline mmu_va_t unmap_pte(const struct unmap_work *w, u64 i)
{
	u64 at = w->first + i;

	return w->table[at >> w->per_shift] + 8 * (at & ((1ull << w->per_shift) - 1));
}

static __always_inline void unmap_clear_entries(const struct unmap_work *w)
{
	for (u64 i = 0; i < w->entries; i++)
		mmu_pte_store(unmap_pte(w, i), 0);
}

/* free=table: the entries that point to the tables. */
static __always_inline void unmap_clear_parents(const struct unmap_work *w)
{
	for (u64 i = 0; i < w->tables && !w->last; i++)
		mmu_pte_store(w->parent[i], 0);
}

static __always_inline void unmap_free_tables(const struct unmap_work *w)
{
	for (u64 i = 0; i < w->tables && !w->last; i++)
		mmu_table_free(w->table_pa[i], pt_page(&w->t.g));
}

/* ISB after a kernel mapping changed: this CPU must not run on with it (Linux flush_tlb_kernel_range). */
static __always_inline void unmap_sync(const struct unmap_work *w)
{
	mmu_dsb(ISH);
	if (!w->low)
		mmu_isb();
}

static __always_inline void unmap_all(const struct unmap_work *w)
{
	if (w->low)
		mmu_tlbi(ASIDE1IS, w->t.asid << 48);
	else
		mmu_tlbi(VMALLE1IS, 0);
}

/* free=table, one table on its own: __flush_tlb_kernel_pgtable(). Any address that it translates will do. */
static __always_inline void unmap_clear_table(enum mmu_op page_op, const struct unmap_work *w, u64 i)
{
	u64 entry = i ? (i << w->per_shift) - w->first : 0;

	mmu_pte_store(w->parent[i], 0);
	mmu_dsb(ISHST);
	mmu_tlbi_op(page_op, tlbi_page_operand(&w->t, w->start + entry * w->t.stride));
	unmap_sync(w);
}

/* Calls body(page op, range op, w) with the instructions for the regime and for what is freed. */
#define UNMAP_OPS(body, w)									\
	do {											\
		if ((w)->low && (w)->last)							\
			body(MMU_TLBI_VALE1IS, MMU_TLBI_RVALE1IS, w);				\
		else if ((w)->low)								\
			body(MMU_TLBI_VAE1IS, MMU_TLBI_RVAE1IS, w);				\
		else if ((w)->last)								\
			body(MMU_TLBI_VAALE1IS, MMU_TLBI_RVAALE1IS, w);				\
		else										\
			body(MMU_TLBI_VAAE1IS, MMU_TLBI_RVAAE1IS, w);				\
	} while (0)

/*
 * The range loop of the format. Linux tests lpa2_is_enabled() in each turn, but by a patched branch
 * (alternatives): so the choice is made once here, and costs the loop nothing.
 */
static __always_inline void unmap_ranges(enum mmu_op page_op, enum mmu_op range_op, const struct unmap_work *w)
{
	tlbi_range_down(page_op, range_op, &w->t, w->start, w->pages, false);
}

static __always_inline void unmap_ranges_lpa2(enum mmu_op page_op, enum mmu_op range_op,
					      const struct unmap_work *w)
{
	tlbi_range_down(page_op, range_op, &w->t, w->start, w->pages, true);
}

static __always_inline void unmap_by_ranges(const struct unmap_work *w)
{
	if (w->t.g.lpa2)
		UNMAP_OPS(unmap_ranges_lpa2, w);
	else
		UNMAP_OPS(unmap_ranges, w);
}

/* family.c */
const char *unmap_check(struct bench_case *c);
/* Variants that use range ops: emulators whose range ops lose 4 GiB and more are skipped, by test. */
const char *unmap_skip_range(const struct bench_case *c);
/* Leaf tables a case touches, and its leaf entries: closed forms in the parameters. */
u64 unmap_entries(const struct bench_params *p);
u64 unmap_tables(const struct bench_params *p);
/* What every variant does once: stores, table frees. */
void unmap_want_clear(const struct bench_params *p, struct mmu_counts *want);
/* n rounds of DSB ISHST, DSB ISH and, for kernel mappings, ISB. */
void unmap_want_barriers(const struct bench_params *p, struct mmu_counts *want, u64 n);
void unmap_want_pages(const struct bench_params *p, struct mmu_counts *want, u64 n);
void unmap_want_range(const struct bench_params *p, struct mmu_counts *want);
void unmap_want_all(const struct bench_params *p, struct mmu_counts *want);

#endif
