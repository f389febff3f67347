// SPDX-License-Identifier: GPL-2.0-only
/*
 * unmap: the mapping under test, the working set beside it, the probes and the expected counts.
 *
 * Every page of the range maps the same few physical pages: translations are what is measured, and
 * 2^21 pages must not need 8 GiB. A page that still answers after the unmap is stale, whatever it holds.
 */
#include "unmap.h"
#include "range_op.h"

#define PAGES_MAX (1ull << 21)
#define UPPER_MAX 64
#define CPUS_MAX 8
#define MAGIC 0x6d6d756262656e63ull	/* what every page under test holds in its first word */

struct own;
struct cpu_job {
	struct own *own;
	u64 bad;			/* pages that did not answer as they should, first one in at */
	u64 at;
	u32 stop;
};

struct own {
	struct unmap_work w;
	struct mmu_space space;
	bool have_space;
	u64 data_pa, data_bytes, data_off;	/* data_off: where the magic is within a leaf */
	u64 resident, resident_va;
	u64 tables_base, tables_next, tables_bytes;	/* leaf tables, handed out in turn */
	u64 upper[UPPER_MAX];
	u32 uppers, cpus;
	u64 *leaf_desc_parent;		/* descriptors of the parents, to put back */
	u64 arrays;			/* tables that the arrays hold */
	struct cpu_job job[CPUS_MAX];
};

static u64 stride_of(const struct bench_params *p)
{
	return p->leaf == LEAF_BLOCK ? p->granule * (p->granule / 8) : p->granule;
}

static u64 cont_of(const struct bench_params *p)
{
	return p->granule == 4096 ? 16 : p->granule == 16384 ? 128 : 32;
}

u64 unmap_entries(const struct bench_params *p)
{
	return p->pages * p->granule / stride_of(p);
}

u64 unmap_tables(const struct bench_params *p)
{
	return MMUB_DIV_UP(p->align + unmap_entries(p), p->granule / 8);
}

static bool sane(const struct bench_params *p)
{
	return (p->granule == 4096 || p->granule == 16384 || p->granule == 65536) &&
	       p->pages <= PAGES_MAX && p->resident <= PAGES_MAX && p->cpus <= CPUS_MAX && p->align < 16;
}

/* Called for any parameters; skip() refuses the senseless ones by name. */
static void machine(const struct bench_params *p, struct bench_machine *m)
{
	u64 tables = 0;

	if (sane(p))
		tables = unmap_tables(p) + MMUB_DIV_UP(p->resident, p->granule / 8) + UPPER_MAX + 4;
	m->ram_bytes = 128 * MMUB_MIB + tables * (p->granule + 32);
	m->cpus = sane(p) && p->cpus ? (u32)p->cpus : 1;
}

static const char *skip(const struct bench_case *c)
{
	const struct bench_params *p = c->p;

	if (p->pages == 0 || p->pages > PAGES_MAX)
		return "pages: 1 to 2097152";
	if (p->align > 15)
		return "align: 0 to 15";
	if (p->cpus == 0 || p->cpus > CPUS_MAX)
		return "cpus: 1 to 8";
	if (p->cpus > c->e->cpus)
		return "the machine has fewer CPUs";
	if (p->resident > PAGES_MAX)
		return "resident: at most 2097152 pages";
	if (!sane(p))
		return "granule: 4096, 16384 or 65536";
	if (p->leaf == LEAF_HUGE)
		return "leaf: page, cont or block";
	if (p->leaf != LEAF_PAGE && p->align)
		return "align is for leaf=page";
	if (p->leaf == LEAF_CONT && p->pages % cont_of(p))
		return "pages must be whole contiguous blocks";
	if (p->leaf == LEAF_BLOCK && p->pages % (p->granule / 8))
		return "pages must be whole blocks";
	return bench_skip_granule(c, p->lpa2);
}

const char *unmap_skip_range(const struct bench_case *c)
{
	if (c->p->pages * c->p->granule < 4 * MMUB_GIB || !(c->e->features & FEAT_TLBIRANGE))
		return NULL;
	return range_op_4g_works() ? NULL : "range operations of 4 GiB do nothing on this CPU (QEMU 7.2)";
}

/* ---- the mapping ---- */

static u64 fresh_leaf_table(struct own *o)
{
	u64 pa = o->tables_next;

	if (pa == o->tables_base + o->tables_bytes)
		return 0;
	o->tables_next += pt_page(&o->w.t.g);
	return pa;
}

/* PA of the table of `level` that translates va, made on the way down; 0: no memory or no room. */
static u64 table_of(struct own *o, int level, u64 va, u64 *parent)
{
	const struct pt_geom *g = &o->w.t.g;
	u64 pa = o->space.root;

	for (int l = (int)g->start_level; l < level; l++) {
		u64 at = pa + 8ull * pt_index(g, l, va), desc = plat_phys_read64(at);

		if (!(desc & PT_VALID)) {
			u64 next;

			if (l + 1 == level) {
				next = fresh_leaf_table(o);
			} else {
				next = o->uppers < UPPER_MAX ? plat_phys_alloc(pt_page(g), pt_page(g)) : 0;
				if (next)
					o->upper[o->uppers++] = next;
			}
			if (!next)
				return 0;
			plat_phys_zero(next, pt_page(g));
			desc = pt_table(g, next);
			plat_phys_write64(at, desc);
		}
		*parent = at;
		pa = pt_desc_pa(g, desc);
	}
	return pa;
}

static u64 leaf_prot(const struct own *o)
{
	return o->w.low ? (PT_PROT_KERNEL | PT_NG) : PT_PROT_KERNEL;
}

/* Entry i of the range. */
static u64 leaf_desc(const struct bench_case *c, const struct own *o, u64 i)
{
	const struct pt_geom *g = &o->w.t.g;
	u64 pa = MMUB_ALIGN_DOWN(o->data_pa, o->w.t.stride);

	if (c->p->leaf == LEAF_BLOCK)
		return pt_leaf(g, pa, 2, leaf_prot(o));
	if (c->p->leaf == LEAF_CONT)
		return pt_leaf(g, pa + i % cont_of(c->p) * o->w.t.stride, 3, leaf_prot(o) | PT_CONT);
	return pt_leaf(g, pa, 3, leaf_prot(o));
}

/* Puts every entry of the range, and the entries above the leaf tables, back. */
static void map_range(struct bench_case *c)
{
	struct own *o = c->family_data;
	struct unmap_work *w = &o->w;

	for (u64 i = 0; i < w->entries; i++) {
		u64 at = w->first + i;

		plat_phys_write64(w->table_pa[at >> w->per_shift] + 8 * (at & ((1ull << w->per_shift) - 1)),
				  leaf_desc(c, o, i));
	}
	for (u64 i = 0; i < w->tables; i++)
		plat_phys_write64(o->leaf_desc_parent[i], pt_table(&w->t.g, w->table_pa[i]));
}

static const char *build_range(struct bench_case *c, struct own *o, int level)
{
	struct unmap_work *w = &o->w;
	u64 span = w->t.stride << w->per_shift;

	for (u64 i = 0; i < w->tables; i++) {
		u64 va = MMUB_ALIGN_DOWN(w->start, span) + i * span, at = 0;
		u64 pa = table_of(o, level, va, &at);

		if (!pa || !at)
			return "out of memory for page tables";
		w->table_pa[i] = pa;
		w->table[i] = plat_phys_va(pa);
		o->leaf_desc_parent[i] = at;
		w->parent[i] = plat_phys_va(at);
	}
	map_range(c);
	return NULL;
}

static const char *build_resident(struct own *o)
{
	const struct pt_geom *g = &o->w.t.g;

	for (u64 i = 0; i < o->resident; i++) {
		u64 va = o->resident_va + (i << g->page_shift), at;
		u64 pa = table_of(o, 3, va, &at);

		if (!pa)
			return "out of memory for page tables";
		plat_phys_write64(pa + 8ull * pt_index(g, 3, va),
				  pt_leaf(g, MMUB_ALIGN_DOWN(o->data_pa, pt_page(g)), 3, leaf_prot(o)));
	}
	return NULL;
}

static const char *alloc_all(struct bench_case *c, struct own *o)
{
	const struct bench_params *p = c->p;
	struct unmap_work *w = &o->w;
	u64 n = w->tables, resident_tables = MMUB_DIV_UP(p->resident, p->granule / 8) + 1, i;

	o->arrays = n;
	w->table = plat_alloc(n * 8);
	w->parent = plat_alloc(n * 8);
	w->table_pa = plat_alloc(n * 8);
	o->leaf_desc_parent = plat_alloc(n * 8);
	o->data_bytes = p->leaf == LEAF_CONT ? cont_of(p) * p->granule : p->granule;
	o->data_pa = plat_phys_alloc(o->data_bytes, o->data_bytes);
	o->tables_bytes = (n + resident_tables) * p->granule;
	o->tables_next = o->tables_base = plat_phys_alloc(o->tables_bytes, p->granule);
	if (!w->table || !w->parent || !w->table_pa || !o->leaf_desc_parent || !o->data_pa || !o->tables_base)
		return "out of memory";
	for (i = 0; i < o->data_bytes; i += p->granule)
		plat_phys_write64(o->data_pa + i, MAGIC);
	o->data_off = o->data_pa & (w->t.stride - 1);
	return NULL;
}

/* Range, a span of a leaf table left free, working set: each from the start of a table on. */
static u64 bytes_needed(const struct bench_params *p)
{
	u64 span = stride_of(p) * (p->granule / 8);

	return (unmap_tables(p) + 1 + MMUB_DIV_UP(p->resident * p->granule, span)) * span;
}

static const char *setup(struct bench_case *c)
{
	const struct bench_params *p = c->p;
	struct own *o = plat_alloc(sizeof(*o));
	struct unmap_work *w;
	const char *why;
	int level = p->leaf == LEAF_BLOCK ? 2 : 3;

	c->family_data = o;	/* struct unmap_work is its first member */
	if (!o)
		return "out of memory";
	w = &o->w;
	w->low = p->regime == REGIME_LOW;
	w->last = p->free == FREE_LAST;
	w->range_ops = c->e->features & FEAT_TLBIRANGE;
	why = pt_geom_init(&w->t.g, p->granule, p->lpa2 ? 52 : 48, p->lpa2);
	if (!why)
		why = plat_space_lend(&o->space, w->low ? MMU_REGIME_LOW : MMU_REGIME_HIGH, &w->t.g,
				      level, bytes_needed(p));
	if (why)
		return why;
	o->have_space = true;
	w->t.asid = w->low ? o->space.asid : 0;
	w->t.stride = stride_of(p);
	w->t.level = w->last && c->e->features & FEAT_TTL ? level : TLBI_LEVEL_UNKNOWN;
	w->pages = p->pages;
	w->entries = unmap_entries(p);
	w->first = (u32)p->align;
	w->per_shift = w->t.g.page_shift - 3;
	w->tables = unmap_tables(p);
	w->start = o->space.va_start + p->align * w->t.stride;
	o->cpus = (u32)p->cpus;
	o->resident = p->resident;
	/* its own tables: the next span of a leaf table's table after the range, and one free between */
	o->resident_va = MMUB_ALIGN_UP(w->start + w->entries * w->t.stride,
				       w->t.stride << w->per_shift) + (w->t.stride << w->per_shift);
	if (o->resident_va + o->resident * p->granule > o->space.va_end)
		return "the range does not fit into the address space of this platform";
	why = alloc_all(c, o);
	if (!why)
		why = build_range(c, o, level);
	return why ? why : build_resident(o);
}

static void teardown(struct bench_case *c)
{
	struct own *o = c->family_data;
	u64 bytes;

	if (!o)
		return;
	bytes = o->arrays * 8;
	while (o->uppers)
		plat_phys_free(o->upper[--o->uppers], pt_page(&o->w.t.g));
	if (o->tables_base)
		plat_phys_free(o->tables_base, o->tables_bytes);
	if (o->data_pa)
		plat_phys_free(o->data_pa, o->data_bytes);
	if (o->leaf_desc_parent)
		plat_free(o->leaf_desc_parent, bytes);
	if (o->w.table_pa)
		plat_free(o->w.table_pa, bytes);
	if (o->w.parent)
		plat_free(o->w.parent, bytes);
	if (o->w.table)
		plat_free(o->w.table, bytes);
	if (o->have_space)
		plat_space_destroy(&o->space);
	plat_free(o, sizeof(*o));
}

/* ---- touching and probing ---- */

static void touch(u64 va, u64 n, u64 stride)
{
	u64 val;

	for (u64 i = 0; i < n; i++)
		plat_probe_read(va + i * stride, &val);
}

static void touch_range(struct own *o)
{
	touch(o->w.start + o->data_off, o->w.entries, o->w.t.stride);
}

static void touch_resident(struct own *o)
{
	touch(o->resident_va, o->resident, pt_page(&o->w.t.g));
}

static void job_touch(void *arg)
{
	struct cpu_job *j = arg;

	touch_range(j->own);
}

static void job_touch_on(void *arg)
{
	struct cpu_job *j = arg;

	while (!__atomic_load_n(&j->stop, __ATOMIC_ACQUIRE)) {
		touch_range(j->own);
		plat_cpu_relax();
	}
}

/* Every page of the range must fault by translation; the working set must still be there. */
static void job_probe(void *arg)
{
	struct cpu_job *j = arg;
	struct own *o = j->own;
	u64 val;

	for (u64 i = 0; i < o->w.entries; i++) {
		u64 va = o->w.start + i * o->w.t.stride + o->data_off;

		if (plat_probe_read(va, &val) != PROBE_TRANSLATION && !j->bad++)
			j->at = va;
	}
	for (u64 i = 0; i < o->resident; i++) {
		u64 va = o->resident_va + (i << o->w.t.g.page_shift);

		if ((plat_probe_read(va, &val) != PROBE_OK || val != MAGIC) && !j->bad++)
			j->at = va;
	}
}

/* Runs fn on all CPUs but this one, one after the other. */
static const char *on_others(struct own *o, void (*fn)(void *))
{
	for (u32 cpu = 1; cpu < o->cpus; cpu++) {
		const char *why = plat_cpu_start(cpu, fn, &o->job[cpu]);

		if (why)
			return why;
		plat_cpu_wait(cpu);
	}
	return NULL;
}

static void prep(struct bench_case *c)
{
	struct own *o = c->family_data;

	map_range(c);
	plat_tlb_flush_all();
	memset(o->job, 0, sizeof(o->job));
	for (u32 cpu = 0; cpu < CPUS_MAX; cpu++)
		o->job[cpu].own = o;
	on_others(o, job_touch);
	if (c->v->pass == MMU_PASS_COUNTED)
		plat_tlb_grow(&o->space, o->w.entries + o->resident);
	touch_resident(o);
	touch_range(o);
	for (u32 cpu = 1; cpu < o->cpus && c->p->others == OTHERS_TOUCH; cpu++)
		plat_cpu_start(cpu, job_touch_on, &o->job[cpu]);
}

static void stop_others(struct bench_case *c, struct own *o)
{
	for (u32 cpu = 1; cpu < o->cpus && c->p->others == OTHERS_TOUCH; cpu++) {
		__atomic_store_n(&o->job[cpu].stop, 1, __ATOMIC_RELEASE);
		plat_cpu_wait(cpu);
	}
}

/* The collateral: what the next touch of a working set costs that had nothing to do with the range. */
static void post(struct bench_case *c)
{
	struct own *o = c->family_data;
	u64 t0;

	stop_others(c, o);
	if (c->v->pass != MMU_PASS_TIMED || !o->resident)
		return;
	t0 = plat_clock();
	touch_resident(o);
	c->extra[0] = plat_clock() - t0;
}

static const char *probe_verdict(struct bench_case *c, u32 cpu)
{
	const struct own *o = c->family_data;
	const struct cpu_job *j = &o->job[cpu];

	if (!j->bad)
		return NULL;
	if (j->at >= o->resident_va)
		return bench_fail(c, "CPU %u: the working set lost 0x%lx", cpu, (unsigned long)j->at);
	return bench_fail(c, "CPU %u: %lu pages still answer after the unmap, the first at 0x%lx", cpu,
			  (unsigned long)j->bad, (unsigned long)j->at);
}

const char *unmap_check(struct bench_case *c)
{
	struct own *o = c->family_data;
	struct unmap_work *w = &o->w;
	const char *why;

	stop_others(c, o);
	job_probe(&o->job[0]);
	why = probe_verdict(c, 0);
	if (!why)
		why = on_others(o, job_probe);
	for (u32 cpu = 1; cpu < o->cpus && !why; cpu++)
		why = probe_verdict(c, cpu);
	for (u64 i = 0; i < w->entries && !why; i++) {
		u64 at = w->first + i;
		u64 pa = w->table_pa[at >> w->per_shift] + 8 * (at & ((1ull << w->per_shift) - 1));

		if (plat_phys_read64(pa))
			why = bench_fail(c, "entry %lu is still in the table", (unsigned long)i);
	}
	for (u64 i = 0; i < w->tables && !why; i++)
		if (!plat_phys_read64(o->leaf_desc_parent[i]) == w->last)
			why = bench_fail(c, "table %lu is %s", (unsigned long)i,
					 w->last ? "gone" : "still linked");
	return why;
}

/* ---- expected counts ---- */

void unmap_want_clear(const struct bench_params *p, struct mmu_counts *want)
{
	u64 tables = p->free == FREE_TABLE ? unmap_tables(p) : 0;

	bench_want(want, PTE_STORE, unmap_entries(p) + tables);
	bench_want(want, TABLE_FREE, tables);
}

void unmap_want_barriers(const struct bench_params *p, struct mmu_counts *want, u64 n)
{
	bench_want(want, DSB_ISHST, n);
	bench_want(want, DSB_ISH, n);
	bench_want(want, ISB, p->regime == REGIME_HIGH ? n : 0);
}

void unmap_want_pages(const struct bench_params *p, struct mmu_counts *want, u64 n)
{
	if (p->regime == REGIME_LOW && p->free == FREE_LAST)
		bench_want(want, TLBI_VALE1IS, n);
	else if (p->regime == REGIME_LOW)
		bench_want(want, TLBI_VAE1IS, n);
	else if (p->free == FREE_LAST)
		bench_want(want, TLBI_VAALE1IS, n);
	else
		bench_want(want, TLBI_VAAE1IS, n);
}

/*
 * LPA2: single entries up to the first multiple of 64 KiB, which range ops must start at. Then the odd page alone,
 * and an op for each non-zero base-32 digit of half the count; 2^21 pages are one op.
 */
void unmap_want_range(const struct bench_params *p, struct mmu_counts *want)
{
	u64 in_64k = 65536 / p->granule, lead = p->lpa2 ? (in_64k - p->align % in_64k) % in_64k : 0;
	u64 n = p->pages - (lead < p->pages ? lead : p->pages), ops = n >> 21;

	for (u64 half = (n >> 1) & 0xfffff; half; half >>= 5)
		ops += (half & 31) != 0;
	unmap_want_pages(p, want, p->pages - n + (n & 1));
	if (p->regime == REGIME_LOW && p->free == FREE_LAST)
		bench_want(want, TLBI_RVALE1IS, ops);
	else if (p->regime == REGIME_LOW)
		bench_want(want, TLBI_RVAE1IS, ops);
	else if (p->free == FREE_LAST)
		bench_want(want, TLBI_RVAALE1IS, ops);
	else
		bench_want(want, TLBI_RVAAE1IS, ops);
}

void unmap_want_all(const struct bench_params *p, struct mmu_counts *want)
{
	if (p->regime == REGIME_LOW)
		bench_want(want, TLBI_ASIDE1IS, 1);
	else
		bench_want(want, TLBI_VMALLE1IS, 1);
}

static const struct bench_params defaults = {
	.pages = 512, .granule = 4096, .cpus = 1, .resident = 64, .regime = REGIME_LOW,
};
static const char *const extra_names[] = { "collateral_ns", NULL };

BENCH_FAMILY(unmap, .question = "What does unmapping cost, and what does it cost the others?",
	     .params = BENCH_USES(pages) | BENCH_USES(align) | BENCH_USES(granule) | BENCH_USES(lpa2) |
		       BENCH_USES(leaf) | BENCH_USES(cpus) | BENCH_USES(others) | BENCH_USES(regime) |
		       BENCH_USES(free) | BENCH_USES(resident),
	     .defaults = &defaults, .machine = machine, .skip = skip, .setup = setup,
	     .teardown = teardown, .prep = prep, .post = post, .extra_names = extra_names);
