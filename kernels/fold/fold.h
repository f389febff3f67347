/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Family fold: what a page-table level costs that does not exist. The variants walk and populate the
 * same trees through the kernel's five names (pgd, p4d, pud, pmd, pte) and differ in how the p4d level
 * is made to vanish. Shift and number of levels are compile-time constants, as in a kernel build: one
 * function is made for each geometry (instances.h), so that its bytes of code can be read from the ELF.
 *
 * Entries are read once a level: xxx_none(where, &entry) loads, the next level's offset uses the entry.
 */
#ifndef MMUB_FOLD_H
#define MMUB_FOLD_H

#include "platform.h"
#include "table.h"

struct fold_work {
	mmu_va_t root;
	u64 delta;			/* VA of a table = its PA + delta */
	struct mmu_table_pool pool;
	u64 pages;
	u64 start[4], n[4];		/* four clusters of pages: first VA, count */
	u32 clusters;
	u32 levels;
	u64 prot;
	u64 sum;			/* walk: XOR of the leaf entries that were read */
};

/* Compile-time constants of one instance; passed by value into inlined functions only. */
struct fold_k {
	u32 bits, shift, levels;	/* of a VA, of a page; real levels */
};

/* Where an entry is, by level; and its value. Distinct types, so that mixing levels does not compile. */
typedef struct { mmu_va_t at; } pgdp_t;
typedef struct { mmu_va_t at; } p4dp_t;
typedef struct { mmu_va_t at; } pudp_t;
typedef struct { mmu_va_t at; } pmdp_t;
typedef struct { mmu_va_t at; } ptep_t;
typedef struct { u64 val; } pgd_t;
typedef struct { u64 val; } p4d_t;
typedef struct { u64 val; } pud_t;
typedef struct { u64 val; } pmd_t;

/* Byte offset of the entry for va in a table of the architecture's level (3 = pte). */
static __always_inline u64 fold_slot(struct fold_k k, int level, u64 va)
{
	return (va >> (k.shift + (u32)(3 - level) * (k.shift - 3)) & ((1u << (k.shift - 3)) - 1)) * 8;
}

/* Tables lie below 2^48: the address bits are the same with and without LPA2. */
static __always_inline mmu_va_t fold_next(const struct fold_work *w, struct fold_k k, u64 entry)
{
	return (entry & 0xffffffffffffull & ~((1ull << k.shift) - 1)) + w->delta;
}

/* A zeroed table, published before it is linked (Linux __pmd_alloc(): smp_wmb() before pud_populate()). */
static __always_inline u64 fold_new_table(struct fold_work *w, struct fold_k k)
{
	u64 pa = mmu_table_alloc(&w->pool);

	mmu_zero(pa + w->delta, 1ull << k.shift);
	mmu_dsb(ISHST);
	return pa | PT_TABLE | PT_VALID;
}

static __always_inline pgdp_t pgd_offset(const struct fold_work *w, struct fold_k k, u64 va)
{
	u32 shift = k.shift + (k.levels - 1) * (k.shift - 3);

	return (pgdp_t){ w->root + (va >> shift & ((1u << (k.bits - shift)) - 1)) * 8 };	/* PTRS_PER_PGD */
}

/* ---- pmd and pte: asm-generic/pgtable-nopmd.h below three levels ---- */
static __always_inline bool pmd_none(pmdp_t at, pmd_t *pmd)
{
	pmd->val = mmu_pte_load(at.at);
	return !pmd->val;
}

static __always_inline ptep_t pte_offset(const struct fold_work *w, struct fold_k k, pmd_t pmd, u64 va)
{
	return (ptep_t){ fold_next(w, k, pmd.val) + fold_slot(k, 3, va) };
}

static __always_inline bool fold_pud_none(struct fold_k k, pudp_t at, pud_t *pud)
{
	pud->val = 0;
	if (k.levels < 3)
		return false;
	pud->val = mmu_pte_load(at.at);
	return !pud->val;
}

static __always_inline pmdp_t pmd_offset(const struct fold_work *w, struct fold_k k, pudp_t at, pud_t pud,
					 u64 va)
{
	if (k.levels < 3)
		return (pmdp_t){ at.at };
	return (pmdp_t){ fold_next(w, k, pud.val) + fold_slot(k, 2, va) };
}

/* ---- the rest of a walk and of a populate, from a pud on ---- */
static __always_inline u64 fold_walk_pud(const struct fold_work *w, struct fold_k k, pudp_t at, u64 va)
{
	pud_t pud;
	pmdp_t pmdp;
	pmd_t pmd;

	if (fold_pud_none(k, at, &pud))
		return 0;
	pmdp = pmd_offset(w, k, at, pud, va);
	if (pmd_none(pmdp, &pmd))
		return 0;
	return mmu_pte_load(pte_offset(w, k, pmd, va).at);
}

static __always_inline void fold_populate_pud(struct fold_work *w, struct fold_k k, pudp_t at, u64 va,
					      u64 leaf)
{
	pud_t pud;
	pmdp_t pmdp;
	pmd_t pmd;

	if (fold_pud_none(k, at, &pud)) {
		pud.val = fold_new_table(w, k);
		mmu_pte_store(at.at, pud.val);
	}
	pmdp = pmd_offset(w, k, at, pud, va);
	if (pmd_none(pmdp, &pmd)) {
		pmd.val = fold_new_table(w, k);
		mmu_pte_store(pmdp.at, pmd.val);
	}
	mmu_pte_store(pte_offset(w, k, pmd, va).at, leaf);
}

/*
 * The loops over a case's pages, around a variant's walk(w, k, va) and populate(w, k, va, leaf). Each
 * geometry becomes one function NAME_walk_ID and one NAME_populate_ID, out of line; the counted ones end
 * in _counted, so that a name is one function of an Image.
 */
#if MMU_PASS == MMU_PASS_COUNTED
#define FOLD_NAME(name, what, id) name##_##what##_##id##_counted
#else
#define FOLD_NAME(name, what, id) name##_##what##_##id
#endif
#define FOLD_FUNCTIONS(name, id, k_)								\
	static __attribute__((__noinline__)) u64 FOLD_NAME(name, walk, id)(const struct fold_work *w,	\
									   u64 va)		\
	{											\
		return walk(w, k_, va);								\
	}											\
	static __attribute__((__noinline__)) void FOLD_NAME(name, populate, id)(struct fold_work *w,	\
										u64 va, u64 leaf)	\
	{											\
		populate(w, k_, va, leaf);							\
	}

typedef u64 (*fold_walk_fn)(const struct fold_work *w, u64 va);
typedef void (*fold_populate_fn)(struct fold_work *w, u64 va, u64 leaf);

/* The leaf of the i-th page of the case: its own number as the address, so that no two are alike. */
static __always_inline u64 fold_leaf(const struct fold_work *w, u64 i, u32 shift)
{
	return (i + 1) << shift | w->prot | PT_TABLE | PT_VALID;
}

static __always_inline void fold_run(struct bench_case *c, fold_walk_fn walk, fold_populate_fn populate,
				     u32 shift)
{
	struct fold_work *w = c->family_data;
	u64 page = 1ull << shift, i = 0, sum = 0;

	for (u32 k = 0; k < w->clusters; k++) {
		u64 va = w->start[k], end = va + w->n[k] * page;

		if (c->p->op == FOLD_WALK)
			for (; va < end; va += page)
				sum ^= walk(w, va);
		else
			for (; va < end; va += page)
				populate(w, va, fold_leaf(w, i++, shift));
	}
	w->sum = sum;
}

/* family.c */
const char *fold_check(struct bench_case *c);
void fold_expect(const struct bench_params *p, const struct bench_env *e, struct mmu_counts *want);
/* "nop4d_walk_4k_48"; whole: without the VA size, for functions that serve all of a granule. */
void fold_code_symbol(const struct bench_params *p, const char *variant, bool whole, char *name, u32 size);
#define FOLD_CODE_SYMBOL(variant, whole)							\
	static void code_symbol(const struct bench_params *p, char *name, u32 size)		\
	{											\
		fold_code_symbol(p, #variant, whole, name, size);				\
	}
/* Levels of the case's granule and VA size; 0: a geometry that the family has no instance for. */
u32 fold_levels(const struct bench_params *p);

#endif
