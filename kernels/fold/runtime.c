// SPDX-License-Identifier: GPL-2.0-only
/*
 * One binary for both sizes of VA: arm64 with LPA2 (Linux >= 6.9, arch/arm64/include/asm/pgtable.h).
 * pgtable_l5_enabled() and pgtable_l4_enabled() read a variable in every none, offset and populate.
 * With a level folded, the pointer to its entry is moved within the same table to the next level's
 * index (p4d_offset_folded()).
 */
#include "fold.h"

static u32 levels_now;		/* as vabits_actual: set before, read in every test */

static __always_inline bool l5_enabled(struct fold_k k)
{
	return k.levels > 4 && *(volatile u32 *)&levels_now > 4;
}

static __always_inline bool l4_enabled(void)
{
	return *(volatile u32 *)&levels_now > 3;
}

static __always_inline mmu_va_t same_table(struct fold_k k, mmu_va_t at)
{
	return at & ~((1ull << k.shift) - 1);
}

static __always_inline bool pgd_none(struct fold_k k, pgdp_t at, pgd_t *pgd)
{
	pgd->val = 0;
	if (!l5_enabled(k))
		return false;
	pgd->val = mmu_pte_load(at.at);
	return !pgd->val;
}

static __always_inline p4dp_t p4d_offset(const struct fold_work *w, struct fold_k k, pgdp_t at, pgd_t pgd,
					 u64 va)
{
	if (!l5_enabled(k))
		return (p4dp_t){ same_table(k, at.at) + fold_slot(k, 0, va) };
	return (p4dp_t){ fold_next(w, k, pgd.val) + fold_slot(k, 0, va) };
}

static __always_inline bool p4d_none(p4dp_t at, p4d_t *p4d)
{
	p4d->val = 0;
	if (!l4_enabled())
		return false;
	p4d->val = mmu_pte_load(at.at);
	return !p4d->val;
}

static __always_inline pudp_t pud_offset(const struct fold_work *w, struct fold_k k, p4dp_t at, p4d_t p4d,
					 u64 va)
{
	if (!l4_enabled())
		return (pudp_t){ same_table(k, at.at) + fold_slot(k, 1, va) };
	return (pudp_t){ fold_next(w, k, p4d.val) + fold_slot(k, 1, va) };
}

static __always_inline u64 walk(const struct fold_work *w, struct fold_k k, u64 va)
{
	pgdp_t pgdp = pgd_offset(w, k, va);
	p4dp_t p4dp;
	pgd_t pgd;
	p4d_t p4d;

	if (pgd_none(k, pgdp, &pgd))
		return 0;
	p4dp = p4d_offset(w, k, pgdp, pgd, va);
	if (p4d_none(p4dp, &p4d))
		return 0;
	return fold_walk_pud(w, k, pud_offset(w, k, p4dp, p4d, va), va);
}

static __always_inline void populate(struct fold_work *w, struct fold_k k, u64 va, u64 leaf)
{
	pgdp_t pgdp = pgd_offset(w, k, va);
	p4dp_t p4dp;
	pgd_t pgd;
	p4d_t p4d;

	if (pgd_none(k, pgdp, &pgd)) {
		pgd.val = fold_new_table(w, k);
		mmu_pte_store(pgdp.at, pgd.val);
	}
	p4dp = p4d_offset(w, k, pgdp, pgd, va);
	if (p4d_none(p4dp, &p4d)) {
		p4d.val = fold_new_table(w, k);
		mmu_pte_store(p4dp.at, p4d.val);
	}
	fold_populate_pud(w, k, pud_offset(w, k, p4dp, p4d, va), va, leaf);
}

/* The largest geometry of the granule: what the kernel would be built for. */
FOLD_FUNCTIONS(runtime, 4k, ((struct fold_k){ .bits = 52, .shift = 12, .levels = 5 }))
FOLD_FUNCTIONS(runtime, 16k, ((struct fold_k){ .bits = 48, .shift = 14, .levels = 4 }))

static void run(struct bench_case *c)
{
	levels_now = ((struct fold_work *)c->family_data)->levels;
	if (c->p->granule == 4096)
		fold_run(c, FOLD_NAME(runtime, walk, 4k), FOLD_NAME(runtime, populate, 4k), 12);
	else
		fold_run(c, FOLD_NAME(runtime, walk, 16k), FOLD_NAME(runtime, populate, 16k), 14);
}

static const char *skip(const struct bench_case *c)
{
	if (c->p->granule == 65536)
		return "no kernel folds at run time at 64K";
	if (c->p->va_bits == 32)
		return "no 32-bit kernel folds at run time";
	return fold_levels(c->p) < 3 ? "run-time folding leaves three levels at least" : NULL;
}

FOLD_CODE_SYMBOL(runtime, true)

BENCH_VARIANT(fold, runtime, "Linux >= 6.9 arm64 pgtable_l4/l5_enabled()", run, fold_check, fold_expect,
	      .skip = skip,
	      .code_symbol = code_symbol, .rank = 3);
