/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Family map_mem: creating the linear map, as Linux's map_mem() does on arm64 (arch/arm64/mm/mmu.c):
 * every byte of [pa, pa + bytes) appears at va, entry by entry, while the tables that are written are
 * themselves reached through fixmap slots. Variants differ in how often a table is mapped and unmapped
 * and in where the barriers are. Tree shape: va is aligned to the top entry's span, so that in each
 * level only the last table is partly used.
 */
#ifndef MMUB_MAP_MEM_H
#define MMUB_MAP_MEM_H

#include "fixmap.h"
#include "platform.h"
#include "table.h"

/* Slots of the window: one a level as FIX_PTE..FIX_PGD, then those that lazy_unmap uses in turn. */
#define MAP_SLOT(level)		((u32)(3 - (level)))
#define MAP_LAZY_FIRST		8u
#define MAP_LAZY_SLOTS		16u
#define MAP_SLOTS		(MAP_LAZY_FIRST + MAP_LAZY_SLOTS)

struct map_work {
	struct pt_geom g;
	u64 pa, va, bytes;
	u64 prot;
	u64 leaf;			/* LEAF_PAGE, LEAF_CONT, LEAF_BLOCK */
	mmu_va_t root;			/* the top table: always mapped, as swapper_pg_dir */
	struct mmu_fixmap fm;
	struct mmu_table_pool pool;
	u32 lazy;			/* lazy_unmap: slots in use */
	u64 late_va;			/* pgtable_ops_late: where RAM is mapped already (else 0) */
	u64 late_offset;		/* and what takes a table's PA to its VA */
	struct mmu_space space;
	struct mmu_table_pool late;	/* that map's tables */
	bool out_of_tables;
};

/*
 * The tree's shape, in closed form. Index: level + 1. entries[l]: entries in use in all tables of the
 * level; tables[l]: tables of the level that are allocated (0 for the top, which exists already).
 */
struct map_shape {
	u64 entries[PT_LEVELS_MAX], tables[PT_LEVELS_MAX];
	u64 blocks;			/* PMD blocks among entries[2 + 1] */
	u64 pages;			/* = entries[3 + 1] */
	u64 all;			/* tables allocated in total */
	struct pt_geom g;
};
void map_shape(const struct pt_geom *g, u64 bytes, u64 leaf, struct map_shape *s);
const char *map_geom(const struct bench_params *p, struct pt_geom *g);

/*
 * Parts of the expected counts. First what all variants share: allocation, links, leaves, zeroing; the
 * shape is filled on the way. False: no such geometry (the case is skipped). Then what differs: fixmap
 * cycles (set and clear, fixmap.h).
 */
bool map_expect_common(const struct bench_params *p, const struct bench_env *e, struct map_shape *s,
		       struct mmu_counts *want);
void map_expect_cycles(u64 cycles, struct mmu_counts *want);
const char *map_check(struct bench_case *c);

/* Zeroes a fresh table and makes the zeroes visible to the walker (init_clear_pgtable(), v6.10). */
static __always_inline void map_clear_table(const struct map_work *w, mmu_va_t table)
{
	mmu_zero(table, pt_page(&w->g));
	mmu_dsb(ISHST);
}

/* Links a table into its parent: set_pmd() and its kin end in DSB ISHST and ISB. */
static __always_inline void map_link(const struct map_work *w, mmu_va_t parent, u64 pa)
{
	mmu_pte_store(parent, pt_table(&w->g, pa));
	mmu_dsb(ISHST);
	mmu_isb();
}

#endif
