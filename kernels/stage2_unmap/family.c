// SPDX-License-Identifier: GPL-2.0-only
/*
 * stage2_unmap: the IPA space under test, the guest that uses it, the oracle and the expected counts.
 *
 * Leaf entries map one physical page (block) again and again: 128 GiB of IPAs need tables, which are
 * real, and no 128 GiB of RAM.
 */
#include "stage2_unmap.h"

#define SIZE_MAX_IPA	(128 * MMUB_GIB)
#define DENSE_COUNTED	65536ull	/* entries that are all used and probed; beyond: a spread */
#define DENSE_TIMED	4096ull
#define SPREAD		4096ull
#define WALKS		64ull		/* pages that serve as a guest's stage-1 table */
#define UPPER_MAX	8
#define PROBES_MAX	5
#define PT_S2_WB	PT_S2_MEMATTR(0xf)	/* Normal write-back, inner and outer */
#define PT_S2_WB_FWB	PT_S2_MEMATTR(0x6)	/* with HCR_EL2.FWB: write-back whatever stage 1 says */

struct own {
	struct stage2_work w;		/* first: what run() gets */
	struct mmu_space space;
	bool have_space;
	u64 data_pa, tables_pa, tables_bytes, tables_next;
	u64 *leaf_table;		/* PAs, in the order of IPAs */
	u64 leaf_tables;
};

static bool sane_granule(const struct bench_params *p)
{
	return p->granule == 4096 || p->granule == 16384 || p->granule == 65536;
}

static u64 stride_of(const struct bench_params *p)
{
	u64 per = p->granule / 8;

	return p->leaf == LEAF_PAGE ? p->granule : p->leaf == LEAF_BLOCK ? p->granule * per :
	       p->granule * per * per;
}

/* One walk's worth: stage2_apply_range_resched() takes the block size of level 1 (4K) or 2. */
static u64 chunk_of(const struct bench_params *p)
{
	return p->granule == 4096 ? MMUB_GIB : p->granule == 16384 ? 32 * MMUB_MIB : 512 * MMUB_MIB;
}

u64 stage2_entries(const struct bench_params *p)
{
	return p->size / stride_of(p);
}

u64 stage2_chunks(const struct bench_params *p)
{
	return MMUB_DIV_UP(p->size, chunk_of(p));
}

static u64 leaf_tables(const struct bench_params *p)
{
	return MMUB_DIV_UP(stage2_entries(p), p->granule / 8);
}

static u64 tables_bytes(const struct bench_params *p)
{
	return (leaf_tables(p) + MMUB_DIV_UP(leaf_tables(p), p->granule / 8) + UPPER_MAX) * p->granule;
}

static void machine(const struct bench_params *p, struct bench_machine *m)
{
	m->ram_bytes = 192 * MMUB_MIB;
	if (sane_granule(p) && p->size <= SIZE_MAX_IPA && p->leaf <= LEAF_HUGE) {
		u64 block = p->leaf == LEAF_HUGE && p->granule != 4096 ? 0 : stride_of(p);

		m->ram_bytes += tables_bytes(p) + tables_bytes(p) / 256 + 2 * block + leaf_tables(p) * 8;
	}
	m->cpus = 1;
	m->el2 = true;
}

static const char *skip(const struct bench_case *c)
{
	const struct bench_params *p = c->p;
	const char *why;

	if (!sane_granule(p))
		return "granule: 4096, 16384 or 65536";
	if (!p->size || p->size > SIZE_MAX_IPA)
		return "size: at most 128 GiB";
	if (p->fwb > 1)
		return "fwb: 0 or 1";
	if (p->leaf == LEAF_CONT)
		return "leaf: page, block or huge";
	if (p->leaf == LEAF_HUGE && p->granule != 4096)
		return "leaf=huge: the 4K granule only";
	if (p->size % stride_of(p))
		return "size must be whole leaf entries";
	why = bench_skip_stage2(c);
	if (why)
		return why;
	if (p->fwb && !(c->e->features & FEAT_FWB))
		return "lacks fwb (ID_AA64MMFR2_EL1.FWB): fwb=0 runs here";
	return NULL;
}

const char *stage2_skip_without_fwb(const struct bench_case *c)
{
	return c->p->fwb ? NULL : "deferral needs FWB: without it pages must be cleaned (deferred_range_cmo does)";
}

const char *stage2_skip_with_fwb(const struct bench_case *c)
{
	return c->p->fwb ? "with FWB there is nothing to clean: this is deferred_range" : NULL;
}

/* ---- the mapping ---- */

static u64 leaf_desc(const struct own *o)
{
	return pt_leaf(&o->w.t.g, o->data_pa, o->w.leaf, (o->w.fwb ? PT_S2_WB_FWB : PT_S2_WB) | PT_S2_READ |
		       PT_S2_WRITE | PT_SH_INNER | PT_AF);
}

/* PA of the table at level o->w.leaf that translates ipa, made on the way down; 0: no room. */
static u64 table_of(struct own *o, u64 ipa)
{
	const struct pt_geom *g = &o->w.t.g;
	u64 pa = o->space.root;

	for (int level = (int)g->start_level; level < o->w.leaf; level++) {
		u64 at = pa + 8ull * pt_index(g, level, ipa), desc = plat_phys_read64(at);

		if (!(desc & PT_VALID)) {
			if (o->tables_next == o->tables_pa + o->tables_bytes)
				return 0;
			plat_phys_zero(o->tables_next, pt_page(g));
			desc = pt_table(g, o->tables_next);
			o->tables_next += pt_page(g);
			plat_phys_write64(at, desc);
		}
		pa = pt_desc_pa(g, desc);
	}
	return pa;
}

/* Entry i of the range. */
static u64 slot_of(const struct own *o, u64 i)
{
	const struct pt_geom *g = &o->w.t.g;
	u64 per = pt_entries(g), at = pt_index(g, o->w.leaf, o->w.start) + i;

	if (o->w.leaf == (int)g->start_level)
		return o->space.root + 8 * at;
	return o->leaf_table[at / per] + 8 * (at % per);
}

static void map_range(struct own *o)
{
	u64 desc = leaf_desc(o), n = o->w.size / o->w.t.stride;

	for (u64 i = 0; i < n; i++)
		plat_phys_write64(slot_of(o, i), desc);
}

static const char *build(struct bench_case *c, struct own *o)
{
	u64 span = o->w.t.stride * (c->p->granule / 8);

	o->leaf_tables = leaf_tables(c->p);
	o->leaf_table = plat_alloc(o->leaf_tables * 8);
	o->tables_bytes = tables_bytes(c->p);
	o->tables_next = o->tables_pa = plat_phys_alloc(o->tables_bytes, c->p->granule);
	o->data_pa = plat_phys_alloc(o->w.t.stride, o->w.t.stride);
	if (!o->leaf_table || !o->tables_pa || !o->data_pa)
		return "out of memory";
	for (u64 i = 0; i < o->leaf_tables; i++) {
		o->leaf_table[i] = table_of(o, o->w.start + i * span);
		if (!o->leaf_table[i])
			return "out of memory for page tables";
	}
	return NULL;
}

static const char *setup(struct bench_case *c)
{
	const struct bench_params *p = c->p;
	struct own *o = plat_alloc(sizeof(*o));
	struct stage2_work *w;
	const char *why;

	c->family_data = o;
	if (!o)
		return "out of memory";
	w = &o->w;
	/* No concatenated tables: 39 bits are one level-1 table at 4K. */
	why = pt_geom_init(&w->t.g, p->granule, p->granule == 4096 ? 39 : 40, false);
	if (!why)
		why = plat_space_create(&o->space, MMU_REGIME_STAGE2, &w->t.g);
	if (why)
		return why;
	o->have_space = true;
	w->leaf = p->leaf == LEAF_PAGE ? 3 : p->leaf == LEAF_BLOCK ? 2 : 1;
	w->t.level = c->e->features & FEAT_TTL ? w->leaf : TLBI_LEVEL_UNKNOWN;
	w->t.stride = stride_of(p);
	w->start = o->space.va_start;
	w->size = p->size;
	w->chunk = chunk_of(p);
	w->root = o->space.root;
	w->virt = plat_phys_va(0);
	w->fwb = p->fwb;
	if (w->start + w->size > o->space.va_end)
		return "the range does not fit into the IPA space of this platform";
	why = build(c, o);
	if (!why)
		plat_guest_table(o->data_pa);
	return why;
}

static void teardown(struct bench_case *c)
{
	struct own *o = c->family_data;

	if (!o)
		return;
	if (o->have_space)
		plat_space_destroy(&o->space);
	if (o->data_pa)
		plat_phys_free(o->data_pa, o->w.t.stride);
	if (o->tables_pa)
		plat_phys_free(o->tables_pa, o->tables_bytes);
	if (o->leaf_table)
		plat_free(o->leaf_table, o->leaf_tables * 8);
	plat_free(o, sizeof(*o));
}

/* ---- the guest's use of it, and the oracle ---- */

/*
 * Which entries: all up to a bound; beyond it a spread with an odd step, the first and the last of every
 * chunk, and the last of the range.
 */
struct probe {
	u64 from, step, n;
};

static u32 plan_probes(const struct own *o, u64 dense, struct probe *pr)
{
	const struct stage2_work *w = &o->w;
	u64 n = w->size / w->t.stride, chunks = MMUB_DIV_UP(w->size, w->chunk), step = n / SPREAD | 1;
	u32 k = 0;

	pr[k++] = (struct probe){ w->start, w->t.stride, n < dense ? n : dense };
	if (n <= dense)
		return k;
	pr[k++] = (struct probe){ w->start, w->t.stride * step, MMUB_DIV_UP(n, step) };
	pr[k++] = (struct probe){ w->start, w->chunk, chunks };
	if (w->size >= w->chunk)
		pr[k++] = (struct probe){ w->start + w->chunk - w->t.stride, w->chunk, w->size / w->chunk };
	pr[k++] = (struct probe){ w->start + w->size - w->t.stride, w->t.stride, 1 };
	return k;
}

/* As a guest's stage-1 tables: a stale stage-2 entry shows there, whatever became of the combined ones. */
static const char *walk(struct bench_case *c, struct own *o, bool mapped)
{
	struct probe pr[PROBES_MAX];
	u32 n = plan_probes(o, DENSE_COUNTED, pr);

	for (u32 k = 0; k < n; k++) {
		struct plat_guest g = { .s = &o->space, .ipa = pr[k].from, .stride = pr[k].step,
					.n = pr[k].n < WALKS ? pr[k].n : WALKS, .fwb = o->w.fwb, .walk = true };
		const char *why = plat_guest_access(&g);

		if (why)
			return why;
		if (mapped ? g.faulted || g.other : g.answered || g.other)
			return bench_fail(c, "as a stage-1 table %lu pages answer, %lu fault, %lu do else; "
					  "first IPA 0x%lx",
					  (unsigned long)g.answered, (unsigned long)g.faulted, (unsigned long)g.other,
					  (unsigned long)(g.at_answer && !mapped ? g.at_answer : g.at_fault));
	}
	return NULL;
}

static const char *access_all(struct bench_case *c, struct own *o, bool mapped)
{
	struct probe pr[PROBES_MAX];
	u32 n = plan_probes(o, c->v->pass == MMU_PASS_COUNTED ? DENSE_COUNTED : DENSE_TIMED, pr);

	for (u32 k = 0; k < n; k++) {
		struct plat_guest g = { .s = &o->space, .ipa = pr[k].from, .stride = pr[k].step,
					.n = pr[k].n, .fwb = o->w.fwb, .write = mapped };
		const char *why = plat_guest_access(&g);

		if (why)
			return why;
		if (mapped && (g.faulted || g.other))
			return bench_fail(c, "before the unmap %lu pages fault, the first at IPA 0x%lx",
					  (unsigned long)(g.faulted + g.other), (unsigned long)g.at_fault);
		if (!mapped && (g.answered || g.other))
			return bench_fail(c, "%lu pages still answer after the unmap, the first at IPA 0x%lx",
					  (unsigned long)(g.answered + g.other),
					  (unsigned long)(g.answered ? g.at_answer : g.at_fault));
	}
	return NULL;
}

/*
 * The order matters: to look at a stage-1 table the platform must drop combined entries, so before the run
 * that comes first, and afterwards last.
 */
static char prep_why[BENCH_WHY_MAX];

static void prep(struct bench_case *c)
{
	struct own *o = c->family_data;
	const char *why;

	map_range(o);
	plat_guest_flush();
	why = c->v->pass == MMU_PASS_COUNTED ? walk(c, o, true) : NULL;
	if (!why)
		why = access_all(c, o, true);
	memset(prep_why, 0, sizeof(prep_why));
	for (u32 i = 0; why && why[i] && i < sizeof(prep_why) - 1; i++)
		prep_why[i] = why[i];
}

const char *stage2_unmap_check(struct bench_case *c)
{
	struct own *o = c->family_data;
	const char *why = prep_why[0] ? prep_why : access_all(c, o, false);
	u64 n = o->w.size / o->w.t.stride;

	if (!why)
		why = walk(c, o, false);
	for (u64 i = 0; i < n && !why; i++)
		if (plat_phys_read64(slot_of(o, i)))
			why = bench_fail(c, "entry %lu is still in the table", (unsigned long)i);
	return why;
}

/* ---- expected counts ---- */

/* A table's worth at a time, and from chunk to chunk again, the entries above are read. */
void stage2_want_walk(const struct bench_params *p, struct mmu_counts *want)
{
	u64 above = (p->granule == 65536 ? 1 : 2) - (u64)p->leaf / 2;	/* block is 2, huge 3 */
	u64 starts = p->leaf == LEAF_PAGE ? leaf_tables(p) : stage2_chunks(p);

	if (p->leaf == LEAF_HUGE)
		above = 0;
	bench_want(want, PTE_LOAD, starts * above + stage2_entries(p));
	bench_want(want, PTE_STORE, stage2_entries(p));
}

void stage2_want_cmo(const struct bench_params *p, const struct bench_env *e, struct mmu_counts *want)
{
	bench_want(want, DC_CIVAC, p->size / e->dline_bytes);
	bench_want(want, DSB_SY, stage2_entries(p));
}

/* The odd page alone, then an op for each non-zero base-32 digit of half the count. */
static u64 range_ops(u64 pages)
{
	u64 ops = 0;

	for (u64 half = pages >> 1; half; half >>= 5)
		ops += (half & 31) != 0;
	return ops;
}

void stage2_want_range(const struct bench_params *p, struct mmu_counts *want)
{
	u64 whole = p->size / chunk_of(p), rest = p->size % chunk_of(p) / p->granule;

	bench_want(want, TLBI_RIPAS2E1IS, whole * range_ops(chunk_of(p) / p->granule) + range_ops(rest));
	bench_want(want, TLBI_IPAS2E1IS, rest & 1);
}

void stage2_want_sync(struct mmu_counts *want, u64 n)
{
	bench_want(want, DSB_ISHST, n);
	bench_want(want, DSB_ISH, 2 * n);
	bench_want(want, TLBI_VMALLE1IS, n);
	bench_want(want, ISB, n);
}

static const struct bench_params defaults = { .size = MMUB_GIB, .granule = 4096, .cpus = 1, .fwb = 1 };

BENCH_FAMILY(stage2_unmap, .question = "What does unmapping a guest's memory from stage 2 cost?",
	     .params = BENCH_USES(size) | BENCH_USES(granule) | BENCH_USES(leaf) | BENCH_USES(fwb),
	     .defaults = &defaults, .needs = FEAT_EL2, .machine = machine, .skip = skip, .setup = setup,
	     .prep = prep, .teardown = teardown);
