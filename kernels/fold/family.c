// SPDX-License-Identifier: GPL-2.0-only
/*
 * fold: the tree, the oracle and the counts. Trees are private (no hardware walker sees them); the
 * oracle walks them with the architecture's geometry (pgtable.h), which knows nothing of p4d and pud.
 */
#include "fold.h"
#include "instances.h"

#include "lib.h"

#define PAGES_MAX (1ull << 20)
#define PAGES_MIN 4

struct own {
	struct fold_work w;
	struct pt_geom g;
	u64 root_pa;
	bool have_pool;
};

u32 fold_levels(const struct bench_params *p)
{
#define ONE(id, g, va, s, l) if (p->granule == (g) && p->va_bits == (va)) return l;
	FOLD_GEOMETRIES_4(ONE)
	FOLD_GEOMETRIES_5(ONE)
#undef ONE
	return 0;
}

/* First VA and pages of cluster k: far apart at the top, offset at every level below. */
static u64 cluster_start(const struct bench_params *p, u32 k)
{
	u32 shift = p->granule == 4096 ? 12 : p->granule == 16384 ? 14 : 16, bits = shift - 3;
	u64 va = (u64)k << (p->va_bits - 2);

	if (fold_levels(p) > 3)
		va += (u64)k * 3 << (shift + 2 * bits);
	if (fold_levels(p) > 2)
		va += (u64)k * 5 << (shift + bits);
	return va + ((u64)k * 37 << shift);
}

static u64 cluster_pages(const struct bench_params *p, u32 k)
{
	return p->pages / 4 + (k < p->pages % 4);
}

/* Tables below the top: at each level, the spans of a table that the clusters reach into. */
static u64 tables(const struct bench_params *p)
{
	u32 shift = p->granule == 4096 ? 12 : p->granule == 16384 ? 14 : 16, bits = shift - 3;
	u64 n = 0;

	for (u32 level = 1; level < fold_levels(p); level++) {
		u32 span = shift + level * bits;
		u64 seen = 0;		/* one past the last span counted */

		for (u32 k = 0; k < 4; k++) {
			u64 first = cluster_start(p, k) >> span;
			u64 past = ((cluster_start(p, k) + cluster_pages(p, k) * p->granule - 1) >> span) + 1;

			if (first < seen)
				first = seen;
			n += past - first;
			seen = past;
		}
	}
	return n;
}

static void machine(const struct bench_params *p, struct bench_machine *m)
{
	m->ram_bytes = 128 * MMUB_MIB + (fold_levels(p) && p->pages <= PAGES_MAX && p->pages >= PAGES_MIN ?
					  (tables(p) + 2) * p->granule : 0);
	m->cpus = 1;
}

static const char *skip(const struct bench_case *c)
{
	if (!fold_levels(c->p))
		return "granule/va_bits: 4096/32 4096/39 4096/48 4096/52 16384/36 16384/47 16384/48 65536/42 65536/48";
	if (c->p->pages < PAGES_MIN || c->p->pages > PAGES_MAX)
		return "pages: 4 to 1048576";
	if (cluster_start(c->p, 3) + cluster_pages(c->p, 0) * c->p->granule > 1ull << c->p->va_bits)
		return "pages: more than this VA size holds behind the clusters' offsets";
	return NULL;
}

/* The tree as the walk needs it, built beside the waist: uncounted, by the architecture's levels. */
static const char *build(struct own *o)
{
	struct fold_work *w = &o->w;
	const struct pt_geom *g = &o->g;
	u64 i = 0;

	for (u32 k = 0; k < w->clusters; k++)
		for (u64 n = 0; n < w->n[k]; n++) {
			u64 va = w->start[k] + n * pt_page(g), pa = o->root_pa;

			for (int l = (int)g->start_level; l < 3; l++) {
				u64 at = pa + 8ull * pt_index(g, l, va), desc = plat_phys_read64(at);

				if (!desc) {
					u64 next = mmu_table_alloc(&w->pool);

					if (!next)
						return "out of memory for page tables";
					plat_phys_zero(next, pt_page(g));
					desc = pt_table(g, next);
					plat_phys_write64(at, desc);
				}
				pa = pt_desc_pa(g, desc);
			}
			plat_phys_write64(pa + 8ull * pt_index(g, 3, va), fold_leaf(w, i++, g->page_shift));
		}
	return NULL;
}

/* The platform must see all tables at one distance from their physical addresses. */
static const char *find_delta(struct own *o)
{
	struct mmu_table_pool *pool = &o->w.pool;

	o->w.delta = plat_phys_va(o->root_pa) - o->root_pa;
	for (u32 i = 0; i < pool->chunks; i++) {
		u64 last = pool->base[i] + pool->bytes[i] - pool->page;

		if (plat_phys_va(pool->base[i]) - pool->base[i] != o->w.delta ||
		    plat_phys_va(last) - last != o->w.delta)
			return "this platform does not see its tables at one offset";
	}
	return NULL;
}

static const char *setup(struct bench_case *c)
{
	const struct bench_params *p = c->p;
	struct own *o = plat_alloc(sizeof(*o));
	const char *why;

	c->family_data = o;	/* struct fold_work is its first member */
	if (!o)
		return "out of memory";
	why = pt_geom_init(&o->g, p->granule, (u32)p->va_bits, p->va_bits == 52);
	if (why)
		return why;
	o->w.pages = p->pages;
	o->w.levels = fold_levels(p);
	o->w.prot = PT_PROT_KERNEL & ~(o->g.lpa2 ? PT_SH_INNER : 0);
	o->w.clusters = 4;
	for (u32 k = 0; k < 4; k++) {
		o->w.start[k] = cluster_start(p, k);
		o->w.n[k] = cluster_pages(p, k);
	}
	o->root_pa = plat_phys_alloc(p->granule, p->granule);
	if (!o->root_pa)
		return "out of memory";
	plat_phys_zero(o->root_pa, p->granule);
	o->w.root = plat_phys_va(o->root_pa);
	/* one to spare: an extra table is the check's to report, not a crash */
	why = mmu_table_pool_create(&o->w.pool, tables(p) + 1, p->granule);
	if (why)
		return why;
	o->have_pool = true;
	why = find_delta(o);
	return why || p->op != FOLD_WALK ? why : build(o);
}

static void teardown(struct bench_case *c)
{
	struct own *o = c->family_data;

	if (!o)
		return;
	if (o->have_pool)
		mmu_table_pool_destroy(&o->w.pool);
	if (o->root_pa)
		plat_phys_free(o->root_pa, pt_page(&o->g));
	plat_free(o, sizeof(*o));
}

static void prep(struct bench_case *c)
{
	struct own *o = c->family_data;

	o->w.sum = 0;
	if (c->p->op == FOLD_WALK)
		return;
	mmu_table_pool_reset(&o->w.pool);
	plat_phys_zero(o->root_pa, pt_page(&o->g));
}

/* Entry by entry along the architecture's levels. */
static const char *check_tree(struct bench_case *c, const struct own *o)
{
	const struct pt_geom *g = &o->g;
	u64 i = 0;

	for (u32 k = 0; k < o->w.clusters; k++)
		for (u64 n = 0; n < o->w.n[k]; n++, i++) {
			u64 va = o->w.start[k] + n * pt_page(g), pa = o->root_pa, desc;
			u64 want = fold_leaf(&o->w, i, g->page_shift);

			for (int l = (int)g->start_level; l < 3; l++) {
				desc = plat_phys_read64(pa + 8ull * pt_index(g, l, va));
				if (!pt_is_table(desc, l))
					return bench_fail(c, "0x%lx: no table at level %d (0x%lx)",
							  (unsigned long)va, l, (unsigned long)desc);
				pa = pt_desc_pa(g, desc);
			}
			desc = plat_phys_read64(pa + 8ull * pt_index(g, 3, va));
			if (desc != want)
				return bench_fail(c, "0x%lx: entry 0x%lx, expected 0x%lx",
						  (unsigned long)va, (unsigned long)desc,
						  (unsigned long)want);
		}
	return NULL;
}

const char *fold_check(struct bench_case *c)
{
	const struct own *o = c->family_data;
	u64 sum = 0, used = mmu_table_pool_used(&o->w.pool);

	if (c->p->op != FOLD_WALK) {
		if (used != tables(c->p))
			return bench_fail(c, "%lu tables made, %lu needed", (unsigned long)used,
					  (unsigned long)tables(c->p));
		return check_tree(c, o);
	}
	for (u64 i = 0; i < o->w.pages; i++)
		sum ^= fold_leaf(&o->w, i, o->g.page_shift);
	if (sum != o->w.sum)
		return bench_fail(c, "the walks read entries that sum to 0x%lx, expected 0x%lx",
				  (unsigned long)o->w.sum, (unsigned long)sum);
	return NULL;
}

/* A load a real level; a populate makes each table once, zeroes, publishes and links it. */
void fold_expect(const struct bench_params *p, const struct bench_env *e, struct mmu_counts *want)
{
	u64 levels = fold_levels(p), made = p->op == FOLD_POPULATE ? tables(p) : 0;

	if (p->op == FOLD_WALK) {
		bench_want(want, PTE_LOAD, levels * p->pages);
		return;
	}
	bench_want(want, PTE_LOAD, (levels - 1) * p->pages);
	bench_want(want, PTE_STORE, p->pages + made);
	bench_want(want, TABLE_ALLOC, made);
	bench_want(want, DSB_ISHST, made);
	bench_want(want, DC_ZVA, made * (p->granule / e->zva_bytes));
}

void fold_code_symbol(const struct bench_params *p, const char *variant, bool whole, char *name, u32 size)
{
	const char *op = p->op == FOLD_WALK ? "walk" : "populate";

	if (whole)
		mmub_snprintf(name, size, "%s_%s_%uk", variant, op, (u32)(p->granule / 1024));
	else
		mmub_snprintf(name, size, "%s_%s_%uk_%u", variant, op, (u32)(p->granule / 1024), (u32)p->va_bits);
}

static const struct bench_params defaults = {
	.pages = 1024, .granule = 4096, .va_bits = 48, .levels = 4, .cpus = 1,
};

BENCH_FAMILY(fold, .question = "What does a page-table level cost that is folded away?",
	     .params = BENCH_USES(pages) | BENCH_USES(granule) | BENCH_USES(va_bits) | BENCH_USES(op),
	     .defaults = &defaults, .machine = machine, .skip = skip, .setup = setup,
	     .teardown = teardown, .prep = prep);
