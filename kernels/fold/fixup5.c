// SPDX-License-Identifier: GPL-2.0-only
/*
 * asm-generic/5level-fixup.h and 4level-fixup.h, as until Linux 5.8: the walker goes from the pgd
 * straight to the pud; there is no p4d in its types.
 */
#include "fold.h"

static __always_inline bool pgd_none(struct fold_k k, pgdp_t at, pgd_t *pgd)
{
	pgd->val = 0;
	if (k.levels < 4)
		return false;
	pgd->val = mmu_pte_load(at.at);
	return !pgd->val;
}

static __always_inline pudp_t pud_offset(const struct fold_work *w, struct fold_k k, pgdp_t at, pgd_t pgd,
					 u64 va)
{
	if (k.levels < 4)
		return (pudp_t){ at.at };
	return (pudp_t){ fold_next(w, k, pgd.val) + fold_slot(k, 1, va) };
}

static __always_inline u64 walk(const struct fold_work *w, struct fold_k k, u64 va)
{
	pgdp_t pgdp = pgd_offset(w, k, va);
	pgd_t pgd;

	if (pgd_none(k, pgdp, &pgd))
		return 0;
	return fold_walk_pud(w, k, pud_offset(w, k, pgdp, pgd, va), va);
}

static __always_inline void populate(struct fold_work *w, struct fold_k k, u64 va, u64 leaf)
{
	pgdp_t pgdp = pgd_offset(w, k, va);
	pgd_t pgd;

	if (pgd_none(k, pgdp, &pgd)) {
		pgd.val = fold_new_table(w, k);
		mmu_pte_store(pgdp.at, pgd.val);
	}
	fold_populate_pud(w, k, pud_offset(w, k, pgdp, pgd, va), va, leaf);
}

#include "instances.h"
FOLD_GEOMETRIES_4(FOLD_INSTANCE_fixup5)

static void run(struct bench_case *c)
{
	FOLD_DISPATCH(FOLD_GEOMETRIES_4, FOLD_CASE_fixup5)
}

static const char *skip(const struct bench_case *c)
{
	return fold_levels(c->p) > 4 ? "the walker has no type for a fifth level" : NULL;
}

FOLD_CODE_SYMBOL(fixup5, false)

BENCH_VARIANT(fold, fixup5, "Linux <= 5.7 asm-generic/5level-fixup.h", run, fold_check, fold_expect,
	      .skip = skip,
	      .code_symbol = code_symbol, .rank = 1);
