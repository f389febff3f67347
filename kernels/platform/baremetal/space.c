// SPDX-License-Identifier: GPL-2.0-only
/*
 * Address spaces for the families, and the registers that install them. TTBR1 has a granule and a
 * size of its own; TCR_EL1.DS is common to both halves, so a HIGH space with LPA2 moves the runtime
 * to a map with LPA2 as well. All exchanges go through bm_mmu_switch(), with the other CPUs asleep.
 */
#include "bm.h"

#define TCR_IRGN_WBWA	1ull
#define TCR_SH_INNER	3ull
#define TCR_EPD1	(1ull << 23)
#define TCR_AS		(1ull << 36)
#define TCR_DS		(1ull << 59)
#define TCR_EL2_RES1	(1ull << 31 | 1ull << 23)
#define HCR_E2H		(1ull << 34)

struct bm_mmu bm_mmu;
static struct bm_map low_map, lpa2_map;	/* the runtime in a LOW space; in TTBR0 under DS */
static struct mmu_space *high, *low;

u32 bm_pa_range(void)
{
	return (u32)bm_read_sysreg(id_aa64mmfr0_el1) & 15;
}

/* Only 52-bit descriptors may name PARange 6. Arm ARM D19.2.139, TCR_EL1.IPS */
static u64 ips(bool wide)
{
	u64 range = bm_pa_range();

	return range > 5 && !wide ? 5 : range > 6 ? 6 : range;
}

static u64 asid16(void)
{
	return bm_field(bm_read_sysreg(id_aa64mmfr0_el1), 4) == 2 ? TCR_AS : 0;
}

/* TG0 and TG1 number the granules differently. */
static u64 tg0(const struct pt_geom *g)
{
	return g->page_shift == 12 ? 0 : g->page_shift == 14 ? 2 : 1;
}
static u64 tg1(const struct pt_geom *g)
{
	return g->page_shift == 12 ? 2 : g->page_shift == 14 ? 1 : 3;
}

static u64 tcr(const struct pt_geom *g0, const struct pt_geom *g1)
{
	u64 v = TCR_IRGN_WBWA << 8 | TCR_IRGN_WBWA << 10 | TCR_SH_INNER << 12 |
		TCR_IRGN_WBWA << 24 | TCR_IRGN_WBWA << 26 | TCR_SH_INNER << 28 | asid16();
	bool wide = g0->page_shift == 16 || (g1 && g1->page_shift == 16);

	v |= (64 - g0->va_bits) | tg0(g0) << 14;
	if (g1)
		v |= (u64)(64 - g1->va_bits) << 16 | tg1(g1) << 30;
	else
		v |= 16ull << 16 | 2ull << 30 | TCR_EPD1;
	if (g0->lpa2 || (g1 && g1->lpa2)) {
		v |= TCR_DS;
		wide = true;
	}
	return v | ips(wide) << 32;
}

u64 bm_tcr_boot(void)
{
	return tcr(&bm_base.g, NULL);
}

/* For bm_base; EL2 without HCR_EL2.E2H: one half, TCR_EL2.PS at 16. */
u64 bm_tcr_el2(void)
{
	return TCR_EL2_RES1 | 16 | TCR_IRGN_WBWA << 8 | TCR_IRGN_WBWA << 10 | TCR_SH_INNER << 12 |
	       ips(false) << 16;
}

/* Chooses the runtime's map, then loads everything. */
static const char *apply(void)
{
	struct bm_map *m = &bm_base;

	if (low) {
		m = &low_map;
	} else if (high && high->g.lpa2) {
		if (!lpa2_map.root) {
			struct pt_geom g;
			bool lpa2_4k = plat_env()->features & FEAT_LPA2_4K;
			const char *why = pt_geom_init(&g, lpa2_4k ? 4096 : 16384, 48, true);

			if (!why)
				why = bm_map_create(&lpa2_map, &g);
			if (why)
				return why;
		}
		m = &lpa2_map;
	}
	bm_mmu.tcr = tcr(&m->g, high ? &high->g : NULL);
	bm_mmu.ttbr0 = m->root | (low ? (u64)low->asid << 48 : 0);
	bm_mmu.ttbr1 = high ? high->root : 0;
	bm_mmu.mair = BM_MAIR;
	bm_mmu_switch(bm_mmu.ttbr0, bm_mmu.ttbr1, bm_mmu.tcr, bm_mmu.mair);
	bm_cpus_refresh();
	if (bm_current != m && bm_current == &lpa2_map) {
		struct bm_map *old = bm_current;

		bm_current = m;
		bm_map_destroy(old);
		memset(old, 0, sizeof(*old));
	}
	bm_current = m;
	plat_tlb_flush_all();
	return NULL;
}

bool bm_vhe(void)
{
	return bm_current_el() == 2 && bm_read_sysreg(hcr_el2) & HCR_E2H;
}

/*
 * The LOW space of a VHE host: TTBR0_EL2, in the EL2&0 regime that E2H makes and TGE names. What EL1 has is the
 * guest's meanwhile (stage2.c).
 */
static const char *apply_at_el2(void)
{
	u64 hcr = bm_read_sysreg(hcr_el2);

	if (low) {
		bm_el2_switch(low_map.root | (u64)low->asid << 48, tcr(&low_map.g, NULL),
			      hcr | HCR_E2H | BM_HCR_TGE, BM_CPTR_EL2_E2H);
		bm_current = &low_map;
	} else {
		bm_el2_switch(bm_base.root, bm_tcr_el2(), hcr & ~(HCR_E2H | BM_HCR_TGE), BM_CPTR_EL2);
		bm_current = &bm_base;
	}
	return NULL;
}

static const char *apply_here(void)
{
	return bm_current_el() == 2 ? apply_at_el2() : apply();
}

static const char *not_at_el2(enum mmu_regime regime)
{
	if (bm_current_el() != 2)
		return NULL;
	if (regime != MMU_REGIME_LOW)
		return "a HIGH space is EL1's";
	if (!(plat_env()->features & FEAT_VHE))
		return "a LOW space at EL2 needs FEAT_VHE (ID_AA64MMFR1_EL1.VH)";
	return NULL;
}

static const char *not_here(const struct pt_geom *g)
{
	u64 f = plat_env()->features;

	if ((g->page_shift == 12 && !(f & FEAT_GRAN4K)) ||
	    (g->page_shift == 14 && !(f & FEAT_GRAN16K)) ||
	    (g->page_shift == 16 && !(f & FEAT_GRAN64K)))
		return "this CPU lacks the granule (ID_AA64MMFR0_EL1.TGran*)";
	if (g->lpa2 && (g->page_shift == 16 ||
			!(f & (g->page_shift == 12 ? FEAT_LPA2_4K : FEAT_LPA2_16K))))
		return "this CPU lacks LPA2 at this granule (ID_AA64MMFR0_EL1.TGran*)";
	if (g->va_bits > 48 && !g->lpa2 && !(g->page_shift == 16 && (f & FEAT_LVA)))
		return "this CPU lacks 52-bit virtual addresses (ID_AA64MMFR2_EL1.VARange)";
	if (g->top_entries < 2)
		return "a space needs a top table of two entries: one is the runtime's";
	return NULL;
}

/* The weak defaults until stage2.c provides them. */
__attribute__((weak)) const char *bm_stage2_create(struct mmu_space *s, const struct pt_geom *g)
{
	(void)s;
	(void)g;
	return "stage 2 is not on this platform yet";
}
__attribute__((weak)) void bm_stage2_destroy(struct mmu_space *s)
{
	(void)s;
}
__attribute__((weak)) void bm_stage2_reset(struct mmu_space *s)
{
	(void)s;
}

static u64 root_alloc(const struct pt_geom *g)
{
	u64 pa = plat_phys_alloc(pt_page(g), pt_page(g));

	if (pa)
		plat_phys_zero(pa, pt_page(g));
	return pa;
}

static const char *create_high(struct mmu_space *s)
{
	const char *why;

	if (high)
		return "there is a HIGH space already";
	if (low && low->g.lpa2 != s->g.lpa2)
		return "TCR_EL1.DS is one bit for HIGH and LOW: both with LPA2, or none";
	s->root = root_alloc(&s->g);
	if (!s->root)
		return "out of memory for the top table";
	/* the last top entry is the fixmap's */
	s->va_start = 0 - (1ull << s->g.va_bits);
	s->va_end = 0 - pt_size(&s->g, (int)s->g.start_level);
	high = s;
	why = apply();
	if (why) {
		high = NULL;
		plat_phys_free(s->root, pt_page(&s->g));
		s->root = 0;
	}
	return why;
}

static const char *create_low(struct mmu_space *s)
{
	static u16 next_asid;
	const char *why;

	if (low)
		return "there is a LOW space already";
	if (high && high->g.lpa2 != s->g.lpa2)
		return "TCR_EL1.DS is one bit for HIGH and LOW: both with LPA2, or none";
	why = bm_map_create(&low_map, &s->g);
	if (why)
		return why;
	next_asid = next_asid % 255 + 1;
	s->asid = next_asid;
	s->root = low_map.root;
	s->va_start = 1ull << (s->g.va_bits - 1);
	s->va_end = 1ull << s->g.va_bits;
	low = s;
	return apply_here();
}

const char *plat_space_create(struct mmu_space *s, enum mmu_regime regime, const struct pt_geom *g)
{
	const char *why;

	memset(s, 0, sizeof(*s));
	s->regime = regime;
	s->g = *g;
	if (regime == MMU_REGIME_STAGE2)
		return bm_stage2_create(s, g);
	if (regime == MMU_REGIME_PRIVATE) {
		s->root = root_alloc(g);
		s->va_end = 1ull << g->va_bits;
		return s->root ? NULL : "out of memory for the top table";
	}
	why = not_here(g);
	if (!why)
		why = not_at_el2(regime);
	if (!why)
		why = regime == MMU_REGIME_HIGH ? create_high(s) : create_low(s);
	s->live = !why;
	return why;
}

void plat_space_destroy(struct mmu_space *s)
{
	if (s->regime == MMU_REGIME_STAGE2) {
		bm_stage2_destroy(s);
		return;
	}
	if (!s->root)
		return;
	if (s == high) {
		high = NULL;
		apply();
		plat_phys_free(s->root, pt_page(&s->g));
	} else if (s == low) {
		low = NULL;
		apply_here();
		bm_map_destroy(&low_map);
	} else if (s->regime == MMU_REGIME_PRIVATE) {
		plat_phys_free(s->root, pt_page(&s->g));
	}
	s->root = 0;
	s->live = false;
}

void plat_space_reset(struct mmu_space *s)
{
	u32 from = 0, to = s->g.top_entries;

	if (s->regime == MMU_REGIME_STAGE2) {
		bm_stage2_reset(s);
		return;
	}
	if (s->regime == MMU_REGIME_HIGH)
		to--;
	else if (s->regime == MMU_REGIME_LOW)
		from = to / 2;
	for (; from < to; from++)
		plat_phys_write64(s->root + 8ull * from, 0);
	asm volatile("dsb ishst" ::: "memory");
	if (s->live)
		plat_tlb_flush_all();
}

/* ---- fixmap: one PTE table under the last top entry of the HIGH space ---- */

const char *plat_fixmap_create(struct mmu_fixmap *fm, struct mmu_space *s, u32 slots)
{
	u64 page = pt_page(&s->g), tables, table = s->root;
	u32 n = (u32)(3 - s->g.start_level);

	memset(fm, 0, sizeof(*fm));
	if (s->regime != MMU_REGIME_HIGH || !s->root)
		return "a fixmap window needs a HIGH space";
	if (!slots || slots > pt_entries(&s->g))
		return "more fixmap slots than a table has entries";
	tables = plat_phys_alloc(n * page, page);
	if (!tables)
		return "out of memory for the fixmap's tables";
	plat_phys_zero(tables, n * page);
	fm->g = s->g;
	fm->page_shift = s->g.page_shift;
	fm->va = 0 - pt_size(&s->g, 2);
	fm->slots = slots;
	fm->prot = PT_PROT_KERNEL;
	fm->pte = plat_phys_va(tables + (n - 1) * page);
	fm->plat = (void *)s;
	asm volatile("dsb ishst" ::: "memory");
	for (int level = (int)s->g.start_level; level < 3; level++, tables += page) {
		plat_phys_write64(table + 8ull * pt_index(&s->g, level, fm->va),
				  pt_table(&s->g, tables));
		table = tables;
	}
	asm volatile("dsb ishst\n	isb" ::: "memory");
	return NULL;
}

void plat_fixmap_destroy(struct mmu_fixmap *fm)
{
	struct mmu_space *s = fm->plat;
	u64 page = pt_page(&fm->g), n = (u64)(3 - fm->g.start_level);

	if (!s)
		return;
	plat_phys_write64(s->root + 8ull * (s->g.top_entries - 1), 0);
	plat_tlb_flush_all();
	plat_phys_free(fm->pte - (n - 1) * page, n * page);
	fm->plat = NULL;
}
