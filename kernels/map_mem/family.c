// SPDX-License-Identifier: GPL-2.0-only
/* Family map_mem: set-up, the shape of the tree in closed form, and the oracle. See map_mem.h. */
#include "map_mem.h"

#include "lib.h"

const char *map_geom(const struct bench_params *p, struct pt_geom *g)
{
	return pt_geom_init(g, p->granule, (u32)p->va_bits, p->lpa2 || (p->va_bits > 48 && p->granule != 65536));
}

void map_shape(const struct pt_geom *g, u64 bytes, u64 leaf, struct map_shape *s)
{
	u64 tail = bytes;

	memset(s, 0, sizeof(*s));
	s->g = *g;
	if (leaf == LEAF_BLOCK) {
		s->blocks = bytes / pt_size(g, 2);
		tail = bytes % pt_size(g, 2);
	}
	s->pages = tail / pt_page(g);
	for (int level = (int)g->start_level; level < 3; level++)
		s->entries[level + 1] = MMUB_DIV_UP(bytes, pt_size(g, level));
	s->entries[3 + 1] = s->pages;
	/* Each entry above the leaves points to a table of the level below. */
	for (int level = (int)g->start_level + 1; level <= 3; level++) {
		s->tables[level + 1] = s->entries[level] - (level == 3 ? s->blocks : 0);
		s->all += s->tables[level + 1];
	}
}

bool map_expect_common(const struct bench_params *p, const struct bench_env *e, struct map_shape *s,
		       struct mmu_counts *want)
{
	struct pt_geom g;

	if (map_geom(p, &g))
		return false;
	map_shape(&g, p->ram, p->leaf, s);
	bench_want(want, TABLE_ALLOC, s->all);
	bench_want(want, DC_ZVA, s->all * (p->granule / e->zva_bytes));
	/* Each table: its parent's entry is read once, then written, then published. */
	bench_want(want, PTE_LOAD, s->all);
	bench_want(want, PTE_STORE, s->all + s->pages + s->blocks);
	/* A PMD block goes through set_pmd(), which has its barriers in every version. */
	bench_want(want, DSB_ISHST, s->all + s->blocks);
	bench_want(want, ISB, s->all + s->blocks);
	return true;
}

void map_expect_cycles(u64 cycles, struct mmu_counts *want)
{
	bench_want(want, FIXMAP_SET, cycles);
	bench_want(want, FIXMAP_CLEAR, cycles);
	bench_want(want, PTE_STORE, 2 * cycles);
	bench_want(want, DSB_ISHST, 2 * cycles);
	bench_want(want, ISB, 2 * cycles);
	bench_want(want, TLBI_VAALE1IS, cycles);
	bench_want(want, DSB_ISH, cycles);
}

static void machine(const struct bench_params *p, struct bench_machine *m)
{
	m->ram_bytes = p->ram;
}

static const char *skip(const struct bench_case *c)
{
	struct pt_geom g;
	const char *why = map_geom(c->p, &g);

	if (why)
		return why;
	why = bench_skip_granule(c, g.lpa2);
	if (why)
		return why;
	if (c->p->va_bits > 48 && g.page_shift == 16 && !(c->e->features & FEAT_LVA))
		return "the CPU lacks 52-bit VAs (ID_AA64MMFR2_EL1.VARange)";
	if (!c->p->ram || c->p->ram & (c->p->granule - 1))
		return "ram is not a multiple of the granule";
	if (c->p->ram > c->e->ram_bytes)
		return "the machine has less RAM than the case maps";
	if (c->p->leaf > LEAF_BLOCK)
		return "leaf is page, cont or block here";
	/* The last top-level entry is the fixmap's. */
	if (c->p->ram > (1ull << g.va_bits) - pt_size(&g, (int)g.start_level))
		return "va_bits is too small for that much RAM";
	return NULL;
}

static const char *setup(struct bench_case *c)
{
	struct map_work *w = plat_alloc(sizeof(*w));
	struct map_shape s;
	const char *why;

	c->family_data = w;
	if (!w)
		return "out of memory";
	why = map_geom(c->p, &w->g);
	if (why)
		return why;
	w->bytes = c->p->ram;
	w->pa = c->e->ram_base;
	w->leaf = c->p->leaf;
	w->prot = PT_PROT_KERNEL;
	map_shape(&w->g, w->bytes, LEAF_PAGE, &s);
	why = plat_space_create(&w->space, MMU_REGIME_HIGH, &w->g);
	if (!why)
		why = plat_fixmap_create(&w->fm, &w->space, MAP_SLOTS);
	if (!why)
		why = mmu_table_pool_create(&w->pool, s.all, c->p->granule);
	w->va = w->space.va_start;
	w->root = plat_phys_va(w->space.root);
	return why;
}

static void teardown(struct bench_case *c)
{
	struct map_work *w = c->family_data;

	if (!w)
		return;
	mmu_table_pool_destroy(&w->late);
	mmu_table_pool_destroy(&w->pool);
	if (w->fm.plat)
		plat_fixmap_destroy(&w->fm);
	if (w->space.root)
		plat_space_destroy(&w->space);
	plat_free(w, sizeof(*w));
	c->family_data = NULL;
}

static void prep(struct bench_case *c)
{
	struct map_work *w = c->family_data;

	w->out_of_tables = false;
	mmu_table_pool_reset(&w->pool);
	plat_space_reset(&w->space);
}

/* ---- the oracle ---- */

/* What the leaf at va must be, worked out from the address alone. */
static u64 want_leaf(const struct map_work *w, u64 off, int level)
{
	u64 span = (u64)pt_cont_ptes(&w->g) << w->g.page_shift, group = MMUB_ALIGN_DOWN(off, span), prot = w->prot;

	if (level == 3 && w->leaf == LEAF_CONT && w->bytes - group >= span)
		prot |= PT_CONT;
	return pt_leaf(&w->g, w->pa + off, level, prot);
}

static bool is_block(const struct map_work *w, u64 off)
{
	return w->leaf == LEAF_BLOCK && w->bytes - off >= pt_size(&w->g, 2);
}

static const char *bad_entry(struct bench_case *c, int level, u64 off, u64 want, u64 got)
{
	const struct map_work *w = c->family_data;

	return bench_fail(c, "level %d entry at VA 0x%llx: expected 0x%llx, found 0x%llx", level,
			  (unsigned long long)(w->va + off), (unsigned long long)want, (unsigned long long)got);
}

/* Leaves one by one: the first that differs, if any does. */
static const char *find_leaf(struct bench_case *c, int level, const u64 *got, u32 n, u64 off)
{
	const struct map_work *w = c->family_data;

	for (u32 i = 0; i < n; i++, off += pt_size(&w->g, level)) {
		u64 want = want_leaf(w, off, level);

		if (got[i] != want)
			return bad_entry(c, level, off, want, got[i]);
	}
	return NULL;
}

/*
 * n leaves that map from offset off on, all inside the map. Entries (of a contiguous group) differ by the page
 * alone, unless the output address crosses a boundary of its encoding: then the ends do not fit.
 */
static const char *check_leaves(struct bench_case *c, int level, const u64 *got, u32 n, u64 off)
{
	const struct map_work *w = c->family_data;
	u64 span = pt_size(&w->g, level), differ = 0;

	for (u32 group, i = 0; i < n; i += group) {
		u64 at = off + i * span, want = want_leaf(w, at, level);

		group = n - i;
		if (w->leaf == LEAF_CONT && pt_cont_ptes(&w->g) < group)
			group = pt_cont_ptes(&w->g);
		differ |= want_leaf(w, at + (group - 1) * span, level) ^ (want + (group - 1) * span);
#pragma GCC unroll 4
		for (u32 k = 0; k < group; k++, want += span)
			differ |= got[i + k] ^ want;
	}
	return differ ? find_leaf(c, level, got, n, off) : NULL;
}

/* n entries that lie past the end of the map. */
static const char *check_empty(struct bench_case *c, int level, const u64 *got, u32 n, u64 off)
{
	const struct map_work *w = c->family_data;

	for (u32 i = 0; i < n; i++)
		if (got[i])
			return bad_entry(c, level, off + i * pt_size(&w->g, level), 0, got[i]);
	return NULL;
}

static const char *check_table(struct bench_case *c, int level, u64 pa, u64 off);

/* n entries that lead to tables, or at level 2 are blocks. */
static const char *check_upper(struct bench_case *c, int level, const u64 *got, u32 n, u64 off)
{
	const struct map_work *w = c->family_data;
	const char *why = NULL;

	for (u32 i = 0; i < n && !why; i++, off += pt_size(&w->g, level)) {
		if (level == 2 && is_block(w, off))
			why = check_leaves(c, level, got + i, 1, off);
		else if (!pt_is_table(got[i], level))
			why = bench_fail(c, "level %d entry at VA 0x%llx: 0x%llx is no table", level,
					 (unsigned long long)(w->va + off), (unsigned long long)got[i]);
		else
			why = check_table(c, level + 1, pt_desc_pa(&w->g, got[i]), off);
	}
	return why;
}

/* Every entry of the table at pa, which maps from offset off on; entries past the end must be 0. */
static const char *check_table(struct bench_case *c, int level, u64 pa, u64 off)
{
	const struct map_work *w = c->family_data;
	u64 span = pt_size(&w->g, level), left = off < w->bytes ? (w->bytes - off + span - 1) / span : 0;
	u32 all = pt_entries(&w->g), n = left < all ? (u32)left : all;
	const u64 *got = plat_phys_words(pa, all);
	const char *why = level == 3 ? check_leaves(c, level, got, n, off) : check_upper(c, level, got, n, off);

	return why ? why : check_empty(c, level, got + n, all - n, off + n * span);
}

/* The top table: ours from va on; the window's entry (the last) and an earlier linear map are not. */
static const char *check_top(struct bench_case *c)
{
	const struct map_work *w = c->family_data;
	int level = (int)w->g.start_level;
	u64 span = pt_size(&w->g, level);
	u32 first = pt_index(&w->g, level, w->va), last = w->g.top_entries - 1;

	for (u32 i = w->late_va ? first : 0; i < last; i++) {
		u64 got = plat_phys_read64(w->space.root + 8ull * i), off = (u64)(i - first) * span;
		const char *why;

		if (i < first || off >= w->bytes) {
			if (got)
				return bench_fail(c, "top entry %u is 0x%llx, expected 0", i,
						  (unsigned long long)got);
			continue;
		}
		if (level == 2 && is_block(w, off)) {
			if (got != want_leaf(w, off, 2))
				return bench_fail(c, "top entry %u is 0x%llx, not its block", i,
						  (unsigned long long)got);
			continue;
		}
		if (!pt_is_table(got, level))
			return bench_fail(c, "top entry %u is 0x%llx, no table", i, (unsigned long long)got);
		why = check_table(c, level + 1, pt_desc_pa(&w->g, got), off);
		if (why)
			return why;
	}
	return NULL;
}

/* No slot may be left mapped, in the table or in the TLB. */
static const char *check_slots(struct bench_case *c)
{
	const struct map_work *w = c->family_data;

	for (u32 i = 0; i < w->fm.slots; i++) {
		u64 pte = mmu_arch_read64(w->fm.pte + 8ull * i), val = 0;

		if (pte)
			return bench_fail(c, "fixmap slot %u is left mapped: 0x%llx", i, (unsigned long long)pte);
		if (plat_probe_read(mmu_fixmap_va(&w->fm, i), &val) != PROBE_TRANSLATION)
			return bench_fail(c, "fixmap slot %u is stale: reading it does not fault", i);
	}
	return NULL;
}

/*
 * The data at va + off and at its PA, which a fixmap slot shows without the map under test. Read before and
 * after: the word may be the runtime's own. Wherever the pool lies, this is compared.
 */
static const char *check_data(struct bench_case *c, u64 off)
{
	const struct map_work *w = c->family_data;
	u64 before = 0, want = 0, after = 0;
	bool same;

	if (plat_probe_read(w->va + off, &before) != PROBE_OK)
		return bench_fail(c, "reading VA 0x%llx faults", (unsigned long long)(w->va + off));
	same = plat_probe_read(mmu_fixmap_set(&w->fm, MAP_SLOT(3), w->pa + off), &want) == PROBE_OK;
	mmu_fixmap_clear(&w->fm, MAP_SLOT(3));
	same &= plat_probe_read(w->va + off, &after) == PROBE_OK;
	if (same && (want == before || want == after))
		return NULL;
	return bench_fail(c, "VA 0x%llx shows other data (0x%llx) than PA 0x%llx (0x%llx)",
			  (unsigned long long)(w->va + off), (unsigned long long)before,
			  (unsigned long long)(w->pa + off), (unsigned long long)want);
}

static const char *check_address(struct bench_case *c, u64 off)
{
	const struct map_work *w = c->family_data;
	u64 pa = 0, want = w->pa + off;

	if (plat_at(w->va + off, &pa) != PROBE_OK || pa != MMUB_ALIGN_DOWN(want, pt_page(&w->g)))
		return bench_fail(c, "AT S1E1R of VA 0x%llx gives PA 0x%llx, expected 0x%llx",
				  (unsigned long long)(w->va + off), (unsigned long long)pa,
				  (unsigned long long)want);
	return check_data(c, off);
}

/* PA of the n-th table that was handed out. */
static u64 nth_table(const struct mmu_table_pool *pool, u64 n)
{
	u32 chunk = 0;

	for (; n * pool->page >= pool->bytes[chunk]; chunk++)
		n -= pool->bytes[chunk] / pool->page;
	return pool->base[chunk] + n * pool->page;
}

/*
 * A spread of addresses by the hardware's own walk, and the data behind them; of the tables, whose words
 * differ from each other, those that the map covers. The end is an end.
 */
static const char *check_hardware(struct bench_case *c)
{
	const struct map_work *w = c->family_data;
	struct mmub_rng rng;
	u64 val = 0, tables = mmu_table_pool_used(&w->pool);
	const char *why = check_address(c, 0);

	mmub_rng_seed(&rng, w->bytes);
	if (!why)
		why = check_address(c, w->bytes - 8);
	for (u32 i = 0; i < 64 && !why; i++)
		why = check_address(c, mmub_rng_below(&rng, w->bytes / 8) * 8);
	for (u32 i = 0; i < 16 && tables && !why; i++) {
		u64 off = nth_table(&w->pool, mmub_rng_below(&rng, tables)) - w->pa;

		if (off < w->bytes)
			why = check_address(c, off);
	}
	if (!why && plat_probe_read(w->va + w->bytes, &val) != PROBE_TRANSLATION)
		why = bench_fail(c, "reading past the end does not fault");
	plat_tlb_flush_all();
	return why;
}

const char *map_check(struct bench_case *c)
{
	const struct map_work *w = c->family_data;
	const char *why;

	if (w->out_of_tables)
		return "the table pool ran empty";
	why = check_slots(c);
	if (!why)
		why = check_top(c);
	return why || !w->space.live ? why : check_hardware(c);
}

BENCH_FAMILY(map_mem,
	.question = "What does creating the linear map cost, table by table?",
	.params = BENCH_USES(ram) | BENCH_USES(granule) | BENCH_USES(va_bits) | BENCH_USES(leaf),
	.machine = machine,
	.skip = skip,
	.setup = setup,
	.teardown = teardown,
	.prep = prep,
);
