// SPDX-License-Identifier: GPL-2.0-only
/* Five levels in the source, the p4d folded at compile time (Linux >= 5.8 with CONFIG_PGTABLE_LEVELS <= 4). */
#include "nop4d.h"

static __always_inline u64 walk(const struct fold_work *w, struct fold_k k, u64 va)
{
	pgdp_t pgdp = pgd_offset(w, k, va);
	p4dp_t p4dp;
	p4d_t p4d;

	if (pgd_none(pgdp))
		return 0;
	p4dp = p4d_offset(pgdp, va);
	if (p4d_none(k, p4dp, &p4d))
		return 0;
	return fold_walk_pud(w, k, pud_offset(w, k, p4dp, p4d, va), va);
}

static __always_inline void populate(struct fold_work *w, struct fold_k k, u64 va, u64 leaf)
{
	pgdp_t pgdp = pgd_offset(w, k, va);
	p4dp_t p4dp;
	p4d_t p4d;

	if (pgd_none(pgdp))
		mmu_pte_store(pgdp.at, fold_new_table(w, k));
	p4dp = p4d_offset(pgdp, va);
	if (p4d_none(k, p4dp, &p4d)) {
		p4d.val = fold_new_table(w, k);
		mmu_pte_store(p4dp.at, p4d.val);
	}
	fold_populate_pud(w, k, pud_offset(w, k, p4dp, p4d, va), va, leaf);
}

#include "instances.h"
FOLD_GEOMETRIES_4(FOLD_INSTANCE_nop4d)

static void run(struct bench_case *c)
{
	FOLD_DISPATCH(FOLD_GEOMETRIES_4, FOLD_CASE_nop4d)
}

static const char *skip(const struct bench_case *c)
{
	return fold_levels(c->p) > 4 ? "the p4d is folded: four levels at most" : NULL;
}

FOLD_CODE_SYMBOL(nop4d, false)

BENCH_VARIANT(fold, nop4d, "Linux >= 5.8 asm-generic/pgtable-nop4d.h", run, fold_check, fold_expect,
	      .skip = skip,
	      .code_symbol = code_symbol, .rank = 2);
