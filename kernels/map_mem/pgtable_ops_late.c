// SPDX-License-Identifier: GPL-2.0-only
/*
 * The late operations of the same table: once RAM is mapped, a table is reached by address arithmetic
 * alone, so a change costs no fixmap cycle. prep() makes the linear map (untimed); run() maps all of RAM
 * a second time behind it.
 */
#include "ops.h"

static mmu_va_t late_map(struct map_work *w, int level, u64 pa)
{
	(void)level;
	return pa + w->late_offset;
}

static mmu_va_t late_alloc(struct map_work *w, int level, u64 *pa)
{
	mmu_va_t table;

	*pa = mmu_table_alloc(&w->pool);
	if (!*pa) {
		w->out_of_tables = true;
		return 0;
	}
	table = late_map(w, level, *pa);
	map_clear_table(w, table);
	return table;
}

static void late_unmap(struct map_work *w, int level)
{
	(void)w;
	(void)level;
}

static const struct pgtable_ops late_ops = { late_alloc, late_map, late_unmap };

/* The map that exists already: written straight into memory, by set-up's means. */
static void premap(struct map_work *w, u64 table, int level, u64 addr, u64 end)
{
	u64 span = pt_size(&w->g, level), next, below;

	for (; addr != end; addr = next) {
		u64 slot = table + 8ull * pt_index(&w->g, level, addr);

		next = MMUB_ALIGN_DOWN(addr + span, span);
		next = next - 1 < end - 1 ? next : end;
		if (level == 3) {
			plat_phys_write64(slot, pt_leaf(&w->g, w->pa + (addr - w->late_va), 3, w->prot));
			continue;
		}
		below = mmu_table_alloc(&w->late);
		plat_phys_zero(below, pt_page(&w->g));
		plat_phys_write64(slot, pt_table(&w->g, below));
		premap(w, below, level + 1, addr, next);
	}
}

/*
 * From PA to VA: the linear map's, where all of the pool lies in it (always so when a case maps the whole
 * machine), else the platform's own.
 */
static u64 late_offset(const struct map_work *w)
{
	for (u32 i = 0; i < w->pool.chunks; i++)
		if (w->pool.base[i] < w->pa || w->pool.base[i] + w->pool.bytes[i] > w->pa + w->bytes)
			return plat_phys_va(w->pool.base[0]) - w->pool.base[0];
	return w->space.live ? w->late_va - w->pa : plat_phys_va(w->pool.base[0]) - w->pool.base[0];
}

/* A second range as large as the first, in top-level entries of its own. */
static void prep(struct bench_case *c)
{
	struct map_work *w = c->family_data;
	struct map_shape s;

	map_shape(&w->g, w->bytes, LEAF_PAGE, &s);
	if (!w->late.chunks)
		mmu_table_pool_create(&w->late, s.all, pt_page(&w->g));
	mmu_table_pool_reset(&w->late);
	w->late_va = w->space.va_start;
	w->va = w->late_va + MMUB_ALIGN_UP(w->bytes, pt_size(&w->g, (int)w->g.start_level));
	if (!w->late.chunks)
		return;		/* the check says that nothing is there */
	w->late_offset = late_offset(w);
	premap(w, w->space.root, (int)w->g.start_level, w->late_va, w->late_va + w->bytes);
	plat_tlb_flush_all();
}

static void post(struct bench_case *c)
{
	struct map_work *w = c->family_data;

	w->va = w->space.va_start;
	w->late_va = 0;
}

static void run(struct bench_case *c)
{
	struct map_work *w = c->family_data;

	if (!w->late.chunks) {
		w->out_of_tables = true;
		return;
	}
	pgtable_ops = &late_ops;
	map_all(w);
	mmu_dsb(ISHST);
	mmu_isb();
}

static const char *skip(const struct bench_case *c)
{
	struct pt_geom g;

	if (map_geom(c->p, &g))
		return "no such geometry";
	return 2 * MMUB_ALIGN_UP(c->p->ram, pt_size(&g, (int)g.start_level)) +
	       pt_size(&g, (int)g.start_level) > 1ull << g.va_bits ?
	       "va_bits is too small for RAM twice" : NULL;
}

static void expect(const struct bench_params *p, const struct bench_env *e, struct mmu_counts *want)
{
	struct map_shape s;

	if (!map_expect_common(p, e, &s, want))
		return;
	bench_want(want, DSB_ISHST, s.all + 1);
	bench_want(want, ISB, 1);
}

BENCH_VARIANT(map_mem, pgtable_ops_late, "lore 20240404143308.2224141-1, 3/4, after paging_init()", run,
	      map_check, expect, .rank = 6, .prep = prep, .post = post, .skip = skip);
