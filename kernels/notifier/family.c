// SPDX-License-Identifier: GPL-2.0-only
/*
 * notifier: the mapping that changes, the secondary beside it, the adversary, the probes, the counts.
 *
 * Every page of the range maps one old page before the event and one new page after it.
 */
#include "notifier.h"

#define PAGES_MAX 4096
#define UPPER_MAX 4
#define OLD 0x6f6c642070616765ull	/* first word of the old and of the new page */
#define NEW 0x6e65772070616765ull

struct own {
	struct notifier_work w;
	struct mmu_space space;
	bool have_space, attached;
	u64 upper[UPPER_MAX];
	u32 uppers;
	u64 tables, tables_bytes;	/* leaf tables of the primary */
	u64 sec, sec_bytes;		/* leaf entries of the secondary */
	u64 page[2];			/* old, new */
	u64 old_pte, old_sec;
	u64 *cached;			/* what the stage-2 TLB holds, an entry a page; 0: nothing */
	const char *bad;		/* what the adversary found, first on page bad_page */
	u64 bad_page;
};

static void machine(const struct bench_params *p, struct bench_machine *m)
{
	m->ram_bytes = 128 * MMUB_MIB;
	m->cpus = 1;
	m->smmuv3 = p->secondary == SECONDARY_SMMUV3;
}

static const char *skip(const struct bench_case *c)
{
	const struct bench_params *p = c->p;

	if (!p->pages || p->pages > PAGES_MAX)
		return "pages: 1 to 4096";
	if (p->event > EVENT_UPROBE)
		return "event: cow, ksm or uprobe";
	if (p->secondary == SECONDARY_SMMUV3 && !(c->e->features & FEAT_SMMUV3))
		return "the machine has no SMMUv3 (smmuv3)";
	return NULL;
}

/* ---- set-up ---- */

static const char *map_tables(struct own *o)
{
	const struct pt_geom *g = &o->w.g;
	u64 table = o->space.root, va = o->w.start, span = pt_size(g, 2);
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
		plat_phys_write64(table + 8ull * pt_index(g, 2, va), pt_table(g, o->tables + i));
	return NULL;
}

static const char *alloc_all(struct own *o)
{
	const struct pt_geom *g = &o->w.g;
	u64 page = pt_page(g);

	o->tables_bytes = MMUB_ALIGN_UP(8 * o->w.pages, page);
	o->sec_bytes = o->tables_bytes;
	o->tables = plat_phys_alloc(o->tables_bytes, page);
	o->sec = plat_phys_alloc(o->sec_bytes, page);
	o->page[0] = plat_phys_alloc(page, page);
	o->page[1] = plat_phys_alloc(page, page);
	o->cached = plat_alloc(8 * o->w.pages);
	if (!o->tables || !o->sec || !o->page[0] || !o->page[1] || !o->cached)
		return "out of memory";
	plat_phys_zero(o->tables, o->tables_bytes);
	plat_phys_zero(o->sec, o->sec_bytes);
	plat_phys_write64(o->page[0], OLD);
	plat_phys_write64(o->page[1], NEW);
	return map_tables(o);
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
	why = pt_geom_init(&o->w.g, 4096, 48, false);
	if (!why)
		why = plat_space_create(&o->space, MMU_REGIME_LOW, &o->w.g);
	if (why)
		return why;
	o->have_space = true;
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
	if (o->cached)
		plat_free(o->cached, 8 * o->w.pages);
	for (u32 i = 0; i < 2; i++)
		if (o->page[i])
			plat_phys_free(o->page[i], pt_page(&o->w.g));
	if (o->sec)
		plat_phys_free(o->sec, o->sec_bytes);
	if (o->tables)
		plat_phys_free(o->tables, o->tables_bytes);
	if (o->have_space)
		plat_space_destroy(&o->space);
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

static void prep(struct bench_case *c)
{
	struct own *o = c->family_data;
	u64 val;

	for (u64 i = 0; i < o->w.pages; i++) {
		plat_phys_write64(o->tables + 8 * i, o->old_pte);
		plat_phys_write64(o->sec + 8 * i, o->old_sec);
		o->cached[i] = o->old_sec;
	}
	o->bad = NULL;
	plat_tlb_flush_all();
	if (o->w.smmuv3)
		plat_smmu_flush(&o->w.smmu);
	for (u64 i = 0; i < o->w.pages; i++)
		plat_probe_read(va_of(o, i), &val);
	if (!o->w.smmuv3 || c->v->pass != MMU_PASS_COUNTED)
		return;
	for (u64 i = 0; i < o->w.pages; i += dma_step(o))
		if (plat_dma_read(&o->w.smmu, va_of(o, i), &val) != PROBE_OK || val != OLD)
			bad(o, "before the event the device does not read the old page", i);
}

/* ---- the adversary: only what the architecture lets a secondary do, at the worst moment ---- */

/* An access right after the invalidation: it must not bring the old page back. */
void notifier_saw_inv(struct notifier_work *w, u64 start, u64 pages)
{
	struct own *o = (struct own *)w;
	u64 first = (start - w->start) >> w->g.page_shift, val;

	for (u64 i = 0; i < pages && first + i < w->pages && !w->smmuv3; i++)
		o->cached[first + i] = 0;
	for (u64 i = 0; i < w->pages; i++) {
		if (plat_phys_read64(o->tables + 8 * i) == o->old_pte)
			bad(o, "the secondary was invalidated before the primary's entry was cleared", i);
		if (w->smmuv3 && w->smmu.instant)
			plat_dma_read(&w->smmu, va_of(o, i), &val);
	}
}

/* CPUs use the new page from here on: the secondary must not use the old one any more. */
void notifier_saw_set(struct notifier_work *w)
{
	struct own *o = (struct own *)w;
	u64 val = 0;

	for (u64 i = 0; i < w->pages; i++)
		if (w->smmuv3 ? w->smmu.instant &&
		    plat_dma_read(&w->smmu, va_of(o, i), &val) == PROBE_OK && val == OLD :
		    o->cached[i] == o->old_sec)
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
	if (o->cached[i] == o->old_sec)
		return bench_fail(c, "page %lu: the secondary still translates to the old page",
				  (unsigned long)i);
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
	bool ril = e->features & FEAT_SMMU_RIL, asid = !ril && p->pages >= 512;
	u64 cmds = ril ? range_commands(p->pages) : p->pages;

	bench_want(want, SECONDARY_INV, n);
	if (p->secondary == SECONDARY_SMMUV3) {
		bench_want(want, SMMU_TLBI_NH_ASID, asid ? n : 0);
		bench_want(want, SMMU_TLBI_NH_VA, asid ? 0 : n * cmds);
		bench_want(want, SMMU_SYNC, n);
		bench_want(want, DSB_SY, asid ? n : n * MMUB_DIV_UP(cmds, SMMU_BATCH));
		return;
	}
	bench_want(want, PTE_STORE, n * p->pages);
	bench_want(want, DSB_ISHST, n);
	bench_want(want, DSB_ISH, n);
}

void notifier_want_access(const struct bench_params *p, struct mmu_counts *want, bool faults)
{
	u64 n = p->secondary == SECONDARY_STAGE2 ? p->pages : 0;

	bench_want(want, PTE_LOAD, n);
	if (!faults)
		return;
	bench_want(want, SECONDARY_FAULT, n);
	bench_want(want, PTE_LOAD, n);
	bench_want(want, PTE_STORE, n);
	bench_want(want, DSB_ISHST, n);
}

static const struct bench_params defaults = { .pages = 1, .granule = 4096, .cpus = 1 };

BENCH_FAMILY(notifier, .question = "What does a changed PTE cost under a secondary MMU?",
	     .params = BENCH_USES(pages) | BENCH_USES(event) | BENCH_USES(secondary),
	     .defaults = &defaults, .needs = FEAT_LIVE, .machine = machine, .skip = skip,
	     .setup = setup, .teardown = teardown, .prep = prep);
