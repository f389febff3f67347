// SPDX-License-Identifier: GPL-2.0-only
/* Looking through the translation under test: probes, AT, whole-TLB operations. */
#include "bm.h"

#define ESR_DFSC 0x3f

static enum plat_probe_result decode(u64 esr, u64 *val)
{
	u32 fsc = esr & ESR_DFSC;

	if ((fsc & 0x3c) == 0x04 || fsc == 0x2b) {	/* level 0..3; -1 (Arm ARM D19.2.37) */
		*val = fsc == 0x2b ? ~0ull : fsc & 3;
		return PROBE_TRANSLATION;
	}
	if ((fsc & 0x3c) == 0x0c)
		return PROBE_PERMISSION;
	*val = esr;
	return PROBE_OTHER;
}

enum plat_probe_result plat_probe_read(mmu_va_t va, u64 *val)
{
	u64 esr = bm_probe_load(va, val);

	return esr ? decode(esr, val) : PROBE_OK;
}

enum plat_probe_result plat_probe_write(mmu_va_t va, u64 val)
{
	u64 esr = bm_probe_store(va, val), level;

	return esr ? decode(esr, &level) : PROBE_OK;
}

/* Bytes a page in the half of va has: TCR_EL1.TG1 [31:30], TG0 [15:14]. */
static u64 page_at(mmu_va_t va)
{
	static const u8 tg0[] = { 12, 16, 14, 12 }, tg1[] = { 12, 14, 12, 16 };
	u64 tcr = bm_read_sysreg(tcr_el1);

	return 1ull << (va >> 55 & 1 ? tg1[tcr >> 30 & 3] : tg0[tcr >> 14 & 3]);
}

/* PAR_EL1: F [0]; FST [6:1], PA [51:12] whatever the granule. Arm ARM D19.2.106 */
enum plat_probe_result plat_at(mmu_va_t va, u64 *pa)
{
	u64 par;

	asm volatile("at s1e1r, %1\n	isb\n	mrs %0, par_el1" : "=r"(par) : "r"(va) : "memory");
	if (par & 1)
		return decode(par >> 1, pa);
	*pa = par & 0xffffffffff000ull & ~(page_at(va) - 1);
	return PROBE_OK;
}

void plat_tlb_flush_all(void)
{
	asm volatile("dsb ish\n	tlbi vmalle1is\n	dsb ish\n	isb" ::: "memory");
}

/*
 * QEMU doubles its TLB at a flush when more than 70 % of it was in use, and turns a range invalidation
 * into a full one when the range has more bytes than the TLB has bytes of entries (32 each): exact
 * ranges need 128 entries for each 4K page. We touch pages of a window of our own, all of them one
 * page through one PTE table, so that growing costs three tables.
 */
#define GROW_VA		(1ull << 46)
#define GROW_MIN	256ull
#define GROW_MAX	(1ull << 18)

static bool grow_window(struct bm_map *m, u64 base, u64 n)
{
	u32 per = pt_entries(&m->g);
	u64 page = pt_page(&m->g), *first, *e;

	if (m->grown >= n)
		return true;
	first = bm_map_pte(m, base);
	if (!first)
		return false;
	for (u32 i = 0; i < per; i++)
		first[i] = pt_leaf(&m->g, MMUB_ALIGN_DOWN((u64)__data_start, page), 3,
				   BM_PROT_DATA | PT_AP_RDONLY);
	for (u64 va = base; va < base + n * page; va += per * page) {
		u64 table = m->root;

		/* make the path down to level 2 by asking for its last PTE, then share the PTE table */
		e = bm_map_pte(m, MMUB_ALIGN_DOWN(va, pt_size(&m->g, 1)));
		if (!e)
			return false;
		for (int level = (int)m->g.start_level; level < 2; level++)
			table = pt_desc_pa(&m->g, *((u64 *)table + pt_index(&m->g, level, va)));
		((volatile u64 *)table)[pt_index(&m->g, 2, va)] = pt_table(&m->g, (u64)first);
	}
	asm volatile("dsb ishst\n	isb" ::: "memory");
	m->grown = n;
	return true;
}

void plat_tlb_grow(struct mmu_space *s, u64 pages)
{
	struct bm_map *m = bm_current;
	u64 n = GROW_MIN, base = GROW_VA;

	(void)s;
	if (m->g.va_bits < 48)		/* a smaller LOW space: a quarter of it up, above any RAM in use */
		base = 1ull << (m->g.va_bits - 2);
	while (n < pages * 64 && n < GROW_MAX)
		n *= 2;
	if (!grow_window(m, base, n))
		return;
	for (u64 touch = GROW_MIN; touch <= n; touch *= 2) {
		for (u64 i = 0; i < touch; i++)
			(void)*(volatile u64 *)(base + (i << m->g.page_shift));
		plat_tlb_flush_all();
	}
}
