// SPDX-License-Identifier: GPL-2.0-only
/*
 * The yardstick: the fastest construction that the machine allows. Tables are reached where the platform
 * already sees them, entries are stored two at a time, only what stays empty is zeroed. What hangs below an
 * entry of the top table is out of any walker's sight until it is linked there, so it needs one DSB ISHST,
 * before that link: a speculative walk must not find the link and behind it what the page held before. One
 * more pair publishes the links. No kernel does this; each table of results shows how far the others are
 * from it.
 */
#include "map_mem.h"

/* Entries [from, to) of a table become 0: by ZVA blocks, single stores at a ragged edge. */
static void zero_entries(mmu_va_t table, u64 from, u64 to)
{
	u64 block = mmu_arch_zva_bytes() / 8;

	for (; from < to && from % block; from++)
		mmu_pte_store(table + 8 * from, 0);
	if (from < to)
		mmu_zero(table + 8 * from, 8 * (to - from));
}

static void fill_leaves(mmu_va_t slot, u64 pte, u64 n, u64 step)
{
	mmu_va_t last = slot + 8 * (n & ~1ull);

	for (; slot != last; slot += 16, pte += 2 * step)
		mmu_pte_store_pair(slot, pte, pte + step);
	if (n & 1)
		mmu_pte_store(slot, pte);
}

/* Contiguous runs differ from the rest by one bit. */
static void fill_ptes(struct map_work *w, mmu_va_t table, u64 pa, u64 n)
{
	u64 step = pt_page(&w->g), whole = w->leaf == LEAF_CONT ? n - n % pt_cont_ptes(&w->g) : 0;

	if (whole)
		fill_leaves(table, pt_leaf(&w->g, pa, 3, w->prot | PT_CONT), whole, step);
	if (n > whole)
		fill_leaves(table + 8 * whole, pt_leaf(&w->g, pa + whole * step, 3, w->prot), n - whole, step);
}

static u64 build(struct map_work *w, int level, mmu_va_t table, u64 pa, u64 left)
{
	u64 span = pt_size(&w->g, level), n = MMUB_DIV_UP(left, span), i = 0;

	if (level == 3) {
		fill_ptes(w, table, pa, n);
		return n;
	}
	if (level == 2 && w->leaf == LEAF_BLOCK) {
		i = left / span;
		fill_leaves(table, pt_leaf(&w->g, pa, 2, w->prot), i, span);
	}
	for (; i < n && !w->out_of_tables; i++) {
		u64 child = mmu_table_alloc(&w->pool), bytes = left - i * span < span ? left - i * span : span;
		mmu_va_t va = plat_phys_va(child);

		if (!child) {
			w->out_of_tables = true;
			break;
		}
		zero_entries(va, build(w, level + 1, va, pa + i * span, bytes), pt_entries(&w->g));
		if (level == (int)w->g.start_level)
			mmu_dsb(ISHST);
		mmu_pte_store(table + 8 * i, pt_table(&w->g, child));
	}
	return n;
}

static void run(struct bench_case *c)
{
	struct map_work *w = c->family_data;

	build(w, (int)w->g.start_level, w->root + 8ull * pt_index(&w->g, (int)w->g.start_level, w->va), w->pa,
	      w->bytes);
	mmu_dsb(ISHST);
	mmu_isb();
}

/* Only the last table of a level has empty entries: its ragged edge is stored, the rest zeroed. */
static void expect(const struct bench_params *p, const struct bench_env *e, struct mmu_counts *want)
{
	u64 block = e->zva_bytes / 8, per_table;
	struct map_shape s;
	struct pt_geom g;

	if (map_geom(p, &g))
		return;
	map_shape(&g, p->ram, p->leaf, &s);
	per_table = pt_entries(&g);
	for (int level = (int)g.start_level + 1; level <= 3; level++) {
		u64 used = s.entries[level + 1], empty = s.tables[level + 1] * per_table - used;

		bench_want(want, PTE_STORE, empty % block);
		bench_want(want, DC_ZVA, empty / block);
	}
	for (int level = (int)g.start_level; level <= 3; level++)
		bench_want(want, PTE_STORE, s.entries[level + 1]);
	bench_want(want, TABLE_ALLOC, s.all);
	bench_want(want, DSB_ISHST, s.tables[g.start_level + 1 + 1] + 1);
	bench_want(want, ISB, 1);
}

BENCH_VARIANT(map_mem, direct, "the least that the architecture asks (mmubench)", run, map_check, expect,
	      .rank = 8);
