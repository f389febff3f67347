// SPDX-License-Identifier: GPL-2.0-only
/*
 * notifier: the mapping that changes, the secondary beside it, the adversary, the probes, the counts.
 *
 * Every page of the range maps one old page before the event and one new page after it.
 */
#include "notifier.h"

#define PAGES_MAX 8192			/* a leaf table at 64K: the last threshold of smmu_inv_range() is in reach */
#define UPPER_MAX 6			/* tables above the leaf tables, both spaces' */
#define WALKS 64ull			/* pages that serve as the guest's stage-1 table */
/* First word of the old and of the new page; no valid descriptor, since the old page is such a table as well. */
#define OLD 0x6f6c642070616700ull
#define NEW 0x6e65772070616700ull

struct own {
	struct notifier_work w;
	struct mmu_space space, guest;	/* the primary's; the guest's stage 2 */
	bool have_space, have_guest, attached;
	u64 upper[UPPER_MAX];
	u32 uppers;
	u64 tables, sec, tables_bytes;	/* leaf tables of the primary, of the secondary */
	u64 page[2];			/* old, new */
	u64 old_pte, old_sec;
	const char *bad;		/* what the adversary found, first on page bad_page */
	u64 bad_page;
};

static void machine(const struct bench_params *p, struct bench_machine *m)
{
	m->ram_bytes = 128 * MMUB_MIB;
	m->cpus = 1;
	m->el2 = p->secondary == SECONDARY_STAGE2;
	m->smmuv3 = p->secondary == SECONDARY_SMMUV3;
}

/* What the machine's secondary lacks. */
static const char *skip_secondary(const struct bench_params *p, u64 has)
{
	static const struct {
		u64 granule, has;
		const char *lacks;
	} rows[] = {
		{ 4096, FEAT_SMMU_GRAN4K, "the SMMU has no 4K granule (smmu_gran4k)" },
		{ 16384, FEAT_SMMU_GRAN16K, "the SMMU has no 16K granule (smmu_gran16k)" },
		{ 65536, FEAT_SMMU_GRAN64K, "the SMMU has no 64K granule (smmu_gran64k)" },
	};

	if (p->secondary == SECONDARY_SMMUV3) {
		if (!(has & FEAT_SMMUV3))
			return "the machine has no SMMUv3 (smmuv3)";
		for (u32 i = 0; i < MMUB_ARRAY_SIZE(rows); i++)
			if (p->granule == rows[i].granule && !(has & rows[i].has))
				return rows[i].lacks;
		return NULL;
	}
	if (!(has & FEAT_EL2))
		return "secondary=stage2 needs EL2 (el2): secondary=smmuv3 runs at EL1";
	if (!(has & FEAT_VHE))
		return "secondary=stage2 needs a host at EL2: lacks vhe (ID_AA64MMFR1_EL1.VH)";
	return NULL;
}

static const char *skip(const struct bench_case *c)
{
	const struct bench_params *p = c->p;
	const char *why;

	if (!p->pages || p->pages > PAGES_MAX)
		return "pages: 1 to 8192";
	if (p->event > EVENT_UPROBE)
		return "event: cow, ksm or uprobe";
	why = p->secondary == SECONDARY_STAGE2 ? bench_skip_stage2(c) : bench_skip_granule(c, 0);
	return why ? why : skip_secondary(p, c->e->features);
}

/* ---- set-up ---- */

/* Links the leaf tables at `tables` into the space from va on. */
static const char *map_tables(struct own *o, const struct mmu_space *s, u64 va, u64 tables)
{
	const struct pt_geom *g = &s->g;
	u64 table = s->root, span = pt_size(g, 2);
	int level;

	for (level = (int)g->start_level; level < 2; level++) {
		u64 next = plat_phys_alloc(pt_page(g), pt_page(g));

		if (!next || o->uppers == UPPER_MAX)
			return "out of memory for page tables";
		o->upper[o->uppers++] = next;
		plat_phys_zero(next, pt_page(g));
		plat_phys_write64(table + 8ull * pt_index(g, level, va), pt_table(g, next));
		table = next;
	}
	for (u64 i = 0; i < o->tables_bytes; i += pt_page(g), va += span)
		plat_phys_write64(table + 8ull * pt_index(g, 2, va), pt_table(g, tables + i));
	return NULL;
}

static const char *alloc_all(struct own *o)
{
	const struct pt_geom *g = &o->w.g;
	u64 page = pt_page(g);
	const char *why;

	o->tables_bytes = MMUB_ALIGN_UP(8 * o->w.pages, page);
	o->tables = plat_phys_alloc(o->tables_bytes, page);
	o->sec = plat_phys_alloc(o->tables_bytes, page);
	o->page[0] = plat_phys_alloc(page, page);
	o->page[1] = plat_phys_alloc(page, page);
	if (!o->tables || !o->sec || !o->page[0] || !o->page[1])
		return "out of memory";
	plat_phys_zero(o->tables, o->tables_bytes);
	plat_phys_zero(o->sec, o->tables_bytes);
	plat_guest_table(o->page[0]);
	plat_phys_write64(o->page[0], OLD);
	plat_phys_write64(o->page[1], NEW);
	why = map_tables(o, &o->space, o->w.start, o->tables);
	return why || !o->have_guest ? why : map_tables(o, &o->guest, o->w.ipa, o->sec);
}

/* The guest first: its host's LOW space goes on top (platform.h). */
static const char *create_spaces(const struct bench_params *p, struct own *o, bool ttl)
{
	struct tlbi_target *t = &o->w.s2;
	const char *why = pt_geom_init(&o->w.g, p->granule, 48, false);

	if (!why && p->secondary == SECONDARY_STAGE2) {
		/* No concatenated tables: 39 bits are one level-1 table at 4K (as in stage2_unmap). */
		why = pt_geom_init(&t->g, p->granule, p->granule == 4096 ? 39 : 40, false);
		if (!why)
			why = plat_space_create(&o->guest, MMU_REGIME_STAGE2, &t->g);
		o->have_guest = !why;
		o->w.ipa = o->guest.va_start;
		t->level = ttl ? 3 : TLBI_LEVEL_UNKNOWN;
		t->stride = pt_page(&t->g);
	}
	if (!why)
		why = plat_space_create(&o->space, MMU_REGIME_LOW, &o->w.g);
	o->have_space = !why;
	return why;
}

static void entries(const struct bench_params *p, struct own *o)
{
	const struct pt_geom *g = &o->w.g;
	u64 prot = PT_PROT_KERNEL | PT_NG, s2 = PT_S2_MEMATTR(15) | PT_SH_INNER | PT_AF | PT_S2_READ;

	/* shared until the event: read-only; only a broken copy on write makes it writable */
	o->old_pte = pt_leaf(g, o->page[0], 3, prot | PT_AP_RDONLY);
	o->old_sec = pt_leaf(g, o->page[0], 3, s2);
	o->w.new_pte = pt_leaf(g, o->page[1], 3, p->event == EVENT_COW ? prot : prot | PT_AP_RDONLY);
	o->w.new_sec = pt_leaf(g, o->page[1], 3, p->event == EVENT_COW ? s2 | PT_S2_WRITE : s2);
}

static const char *setup(struct bench_case *c)
{
	struct own *o = plat_alloc(sizeof(*o));
	const char *why;

	c->family_data = o;	/* struct notifier_work is its first member */
	if (!o)
		return "out of memory";
	why = create_spaces(c->p, o, c->e->features & FEAT_TTL);
	if (why)
		return why;
	o->w.pages = c->p->pages;
	o->w.start = o->space.va_start;
	o->w.asid = o->space.asid;
	o->w.smmuv3 = c->p->secondary == SECONDARY_SMMUV3;
	o->w.uprobe = c->p->event == EVENT_UPROBE;
	why = alloc_all(o);
	if (why)
		return why;
	o->w.pte = plat_phys_va(o->tables);
	o->w.sec = plat_phys_va(o->sec);
	entries(c->p, o);
	if (o->w.smmuv3)
		why = plat_smmu_attach(&o->w.smmu, &o->space);
	o->attached = o->w.smmuv3 && !why;
	return why;
}

static void teardown(struct bench_case *c)
{
	struct own *o = c->family_data;

	if (!o)
		return;
	if (o->attached)
		plat_smmu_detach(&o->w.smmu);
	while (o->uppers)
		plat_phys_free(o->upper[--o->uppers], pt_page(&o->w.g));
	for (u32 i = 0; i < 2; i++)
		if (o->page[i])
			plat_phys_free(o->page[i], pt_page(&o->w.g));
	if (o->sec)
		plat_phys_free(o->sec, o->tables_bytes);
	if (o->tables)
		plat_phys_free(o->tables, o->tables_bytes);
	if (o->have_space)
		plat_space_destroy(&o->space);
	if (o->have_guest)
		plat_space_destroy(&o->guest);
	plat_free(o, sizeof(*o));
}

static u64 va_of(const struct own *o, u64 i)
{
	return o->w.start + (i << o->w.g.page_shift);
}

/* Where a DMA takes time, the first and the last page speak for the range. */
static u64 dma_step(const struct own *o)
{
	return o->w.smmu.instant || o->w.pages == 1 ? 1 : o->w.pages - 1;
}

static void bad(struct own *o, const char *what, u64 i)
{
	if (o->bad)
		return;
	o->bad = what;
	o->bad_page = i;
}

/* The guest loads from n pages from page i on, or (walk) uses the first of them as its stage-1 table. */
static struct plat_guest guest(struct own *o, u64 i, u64 n, bool walk)
{
	struct plat_guest g = { .s = &o->guest, .ipa = notifier_ipa(&o->w, i), .stride = pt_page(&o->w.g),
				.n = walk && n > WALKS ? WALKS : n, .walk = walk };
	const char *why = plat_guest_access(&g);

	if (why || g.other)
		bad(o, why ? why : "the guest's access neither answers nor faults at stage 2", i);
	return g;
}

/* To look at a table the platform must drop combined entries: that comes first, and after the run last. */
static void guest_uses_old(struct own *o, bool walk)
{
	struct plat_guest g = { 0 };

	if (walk)
		g = guest(o, 0, o->w.pages, true);
	if (!g.faulted)
		g = guest(o, 0, o->w.pages, false);
	if (g.faulted || g.last != OLD)
		bad(o, "before the event the guest does not read the old page", 0);
}

static void prep(struct bench_case *c)
{
	struct own *o = c->family_data;
	u64 val;

	for (u64 i = 0; i < o->w.pages; i++) {
		plat_phys_write64(o->tables + 8 * i, o->old_pte);
		plat_phys_write64(o->sec + 8 * i, o->old_sec);
	}
	o->bad = NULL;
	if (o->have_guest)
		plat_guest_flush();
	plat_tlb_flush_all();
	if (o->w.smmuv3)
		plat_smmu_flush(&o->w.smmu);
	for (u64 i = 0; i < o->w.pages; i++)
		plat_probe_read(va_of(o, i), &val);
	if (o->have_guest)
		guest_uses_old(o, c->v->pass == MMU_PASS_COUNTED);
	if (!o->w.smmuv3 || c->v->pass != MMU_PASS_COUNTED)
		return;
	for (u64 i = 0; i < o->w.pages; i += dma_step(o))
		if (plat_dma_read(&o->w.smmu, va_of(o, i), &val) != PROBE_OK || val != OLD)
			bad(o, "before the event the device does not read the old page", i);
}

/* ---- the adversary: only what the architecture lets a secondary do, at the worst moment ---- */

/* The guest after the invalidation, its entries cleared: each page faults, combined or by IPA. */
static void guest_lost(struct own *o, u64 first, u64 pages)
{
	for (u32 walk = 0; walk < 2; walk++) {
		struct plat_guest g = guest(o, first, pages, walk);

		if (g.answered)
			bad(o, walk ? "after the invalidation the guest still has a stage-1 table there" :
			    "after the invalidation the guest still reads the page",
			    (g.at_answer - o->w.ipa) >> o->w.g.page_shift);
	}
}

/* An access right after the invalidation: it must not bring the old page back. */
void notifier_saw_inv(struct notifier_work *w, u64 start, u64 pages)
{
	struct own *o = (struct own *)w;
	u64 val;

	for (u64 i = 0; i < w->pages; i++) {
		if (plat_phys_read64(o->tables + 8 * i) == o->old_pte)
			bad(o, "the secondary was invalidated before the primary's entry was cleared", i);
		if (w->smmuv3 && w->smmu.instant)
			plat_dma_read(&w->smmu, va_of(o, i), &val);
	}
	if (!w->smmuv3)
		guest_lost(o, (start - w->start) >> w->g.page_shift, pages);
}

static bool still_old(struct own *o, u64 i)
{
	u64 val = 0;

	if (o->w.smmuv3)
		return o->w.smmu.instant && plat_dma_read(&o->w.smmu, va_of(o, i), &val) == PROBE_OK &&
		       val == OLD;
	return guest(o, i, 1, false).last == OLD;
}

/* CPUs use the new page from here on: the secondary must not use the old one any more. */
void notifier_saw_set(struct notifier_work *w)
{
	struct own *o = (struct own *)w;

	for (u64 i = 0; i < w->pages; i++)
		if (still_old(o, i))
			bad(o, "the primary has the new page while the secondary still uses the old one", i);
}

/* ---- the check ---- */

static const char *check_device(struct bench_case *c, struct own *o, u64 i)
{
	u64 val = 0;
	enum plat_probe_result r = plat_dma_read(&o->w.smmu, va_of(o, i), &val);

	if (r == PROBE_OK && val == NEW)
		return NULL;
	if (r == PROBE_OTHER)
		return bench_fail(c, "page %lu: the device's DMA did not end", (unsigned long)i);
	if (r != PROBE_OK)
		return bench_fail(c, "page %lu: the device faults after set_pte", (unsigned long)i);
	return bench_fail(c, "page %lu: the device still reads the %s page", (unsigned long)i,
			  val == OLD ? "old" : "wrong");
}

static const char *check_stage2(struct bench_case *c, struct own *o, u64 i)
{
	struct plat_guest g = guest(o, i, 1, false);

	if (!g.answered || g.last != NEW)
		return bench_fail(c, "page %lu: the guest %s", (unsigned long)i, g.last == OLD ?
				  "still reads the old page" : "does not read the new page");
	if (plat_phys_read64(o->sec + 8 * i) != o->w.new_sec)
		return bench_fail(c, "page %lu: the secondary's entry is 0x%lx, not the new page's 0x%lx",
				  (unsigned long)i, (unsigned long)plat_phys_read64(o->sec + 8 * i),
				  (unsigned long)o->w.new_sec);
	return NULL;
}

const char *notifier_check(struct bench_case *c)
{
	struct own *o = c->family_data;
	const char *why = NULL;
	u64 val = 0;

	if (o->bad)
		return bench_fail(c, "page %lu: %s", (unsigned long)o->bad_page, o->bad);
	if (o->w.smmuv3 && o->w.smmu.broken)
		return bench_fail(c, "the SMMU's command queue stopped");
	for (u64 i = 0; i < o->w.pages && !why; i++)
		if (plat_probe_read(va_of(o, i), &val) != PROBE_OK || val != NEW)
			why = bench_fail(c, "page %lu: the CPU does not read the new page",
					 (unsigned long)i);
	for (u64 i = 0; i < o->w.pages && !why; i += o->w.smmuv3 ? dma_step(o) : 1)
		why = o->w.smmuv3 ? check_device(c, o, i) : check_stage2(c, o, i);
	return why;
}

/* ---- expected counts ---- */

void notifier_want_primary(const struct bench_params *p, struct mmu_counts *want)
{
	bench_want(want, PTE_LOAD, p->pages);
	bench_want(want, PTE_STORE, 2 * p->pages);
	bench_want(want, TLBI_VALE1IS, p->pages);
	bench_want(want, DSB_ISHST, 2);
	bench_want(want, DSB_ISH, 1);
}

/* Range commands: one for each group of five bits that starts at a set bit, from the lowest. */
static u64 range_commands(u64 pages)
{
	u64 n = 0;

	for (; pages; pages >>= 5, n++)
		while (!(pages & 1))
			pages >>= 1;
	return n;
}

void notifier_want_inv(const struct bench_params *p, const struct bench_env *e, struct mmu_counts *want,
		       u64 n)
{
	/* Linux CMDQ_MAX_TLBI_OPS: as many as a table has entries */
	bool ril = e->features & FEAT_SMMU_RIL, asid = !ril && p->pages >= p->granule / 8;
	u64 cmds = ril ? range_commands(p->pages) : p->pages;

	bench_want(want, SECONDARY_INV, n);
	if (p->secondary == SECONDARY_SMMUV3) {
		bench_want(want, SMMU_TLBI_NH_ASID, asid ? n : 0);
		bench_want(want, SMMU_TLBI_NH_VA, asid ? 0 : n * cmds);
		bench_want(want, SMMU_SYNC, n);
		bench_want(want, DSB_SY, asid ? n : n * MMUB_DIV_UP(cmds, SMMU_BATCH));
		return;
	}
	n *= p->pages;
	bench_want(want, PTE_STORE, n);
	bench_want(want, TLBI_IPAS2E1IS, n);
	bench_want(want, TLBI_VMALLE1IS, n);
	bench_want(want, DSB_ISHST, n);
	bench_want(want, DSB_ISH, 2 * n);
	bench_want(want, ISB, 3 * n);		/* to the guest's regime, the invalidation, back */
}

void notifier_want_access(const struct bench_params *p, struct mmu_counts *want, bool faults)
{
	u64 n = faults && p->secondary == SECONDARY_STAGE2 ? p->pages : 0;

	bench_want(want, SECONDARY_FAULT, n);
	bench_want(want, PTE_LOAD, n);
	bench_want(want, PTE_STORE, n);
	bench_want(want, DSB_ISHST, n);
}

static const struct bench_params defaults = { .pages = 1, .granule = 4096, .cpus = 1 };

BENCH_FAMILY(notifier, .question = "What does a changed PTE cost under a secondary MMU?",
	     .params = BENCH_USES(pages) | BENCH_USES(granule) | BENCH_USES(event) | BENCH_USES(secondary),
	     .defaults = &defaults, .needs = FEAT_LIVE, .machine = machine, .skip = skip,
	     .setup = setup, .teardown = teardown, .prep = prep);
