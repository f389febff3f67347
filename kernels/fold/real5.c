// SPDX-License-Identifier: GPL-2.0-only
/* Five real levels: 52-bit VA at 4K with LPA2 (Linux >= 6.9, CONFIG_PGTABLE_LEVELS=5 without folding). */
#include "fold.h"

static __always_inline bool pgd_none(pgdp_t at, pgd_t *pgd)
{
	pgd->val = mmu_pte_load(at.at);
	return !pgd->val;
}

static __always_inline p4dp_t p4d_offset(const struct fold_work *w, struct fold_k k, pgd_t pgd, u64 va)
{
	return (p4dp_t){ fold_next(w, k, pgd.val) + fold_slot(k, 0, va) };
}

static __always_inline bool p4d_none(p4dp_t at, p4d_t *p4d)
{
	p4d->val = mmu_pte_load(at.at);
	return !p4d->val;
}

static __always_inline pudp_t pud_offset(const struct fold_work *w, struct fold_k k, p4d_t p4d, u64 va)
{
	return (pudp_t){ fold_next(w, k, p4d.val) + fold_slot(k, 1, va) };
}

static __always_inline u64 walk(const struct fold_work *w, struct fold_k k, u64 va)
{
	pgd_t pgd;
	p4d_t p4d;

	if (pgd_none(pgd_offset(w, k, va), &pgd))
		return 0;
	if (p4d_none(p4d_offset(w, k, pgd, va), &p4d))
		return 0;
	return fold_walk_pud(w, k, pud_offset(w, k, p4d, va), va);
}

static __always_inline void populate(struct fold_work *w, struct fold_k k, u64 va, u64 leaf)
{
	pgdp_t pgdp = pgd_offset(w, k, va);
	p4dp_t p4dp;
	pgd_t pgd;
	p4d_t p4d;

	if (pgd_none(pgdp, &pgd)) {
		pgd.val = fold_new_table(w, k);
		mmu_pte_store(pgdp.at, pgd.val);
	}
	p4dp = p4d_offset(w, k, pgd, va);
	if (p4d_none(p4dp, &p4d)) {
		p4d.val = fold_new_table(w, k);
		mmu_pte_store(p4dp.at, p4d.val);
	}
	fold_populate_pud(w, k, pud_offset(w, k, p4d, va), va, leaf);
}

#include "instances.h"
FOLD_GEOMETRIES_5(FOLD_INSTANCE_real5)

static void run(struct bench_case *c)
{
	FOLD_DISPATCH(FOLD_GEOMETRIES_5, FOLD_CASE_real5)
}

static const char *skip(const struct bench_case *c)
{
	return fold_levels(c->p) != 5 ? "five real levels only: granule=4096 va_bits=52" : NULL;
}

FOLD_CODE_SYMBOL(real5, false)

BENCH_VARIANT(fold, real5, "Linux >= 6.9 at 52 bits, 4K, LPA2", run, fold_check, fold_expect, .skip = skip,
	      .code_symbol = code_symbol, .rank = 4);
