/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * asm-generic/pgtable-nop4d.h: p4d_t stands for pgd_t, one p4d a pgd entry. none is a constant, the
 * offset a cast, populate nothing: no load and no branch may be left for the level.
 */
#ifndef MMUB_FOLD_NOP4D_H
#define MMUB_FOLD_NOP4D_H

#include "fold.h"

static __always_inline bool pgd_none(pgdp_t at)
{
	(void)at;
	return false;
}

static __always_inline p4dp_t p4d_offset(pgdp_t at, u64 va)
{
	(void)va;
	return (p4dp_t){ at.at };
}

static __always_inline bool p4d_none(struct fold_k k, p4dp_t at, p4d_t *p4d)
{
	p4d->val = 0;
	if (k.levels < 4)
		return false;
	p4d->val = mmu_pte_load(at.at);
	return !p4d->val;
}

static __always_inline pudp_t pud_offset(const struct fold_work *w, struct fold_k k, p4dp_t at, p4d_t p4d,
					 u64 va)
{
	if (k.levels < 4)
		return (pudp_t){ at.at };
	return (pudp_t){ fold_next(w, k, p4d.val) + fold_slot(k, 1, va) };
}

#endif
