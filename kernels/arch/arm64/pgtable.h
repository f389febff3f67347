/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Formats of the VMSAv8-64 translation tables and of TLBI operands, as pure functions: the same for
 * guest, module and model. Arm ARM DDI 0487, D8.2 (tables and granules), D8.3 (descriptors), C5.5
 * (TLBI). Levels are the architecture's: -1 (52-bit VA with LPA2) to 3 (pages).
 */
#ifndef MMUB_PGTABLE_H
#define MMUB_PGTABLE_H

#include "types.h"

struct pt_geom {
	u32 page_shift;		/* 12, 14, 16 */
	u32 va_bits;		/* 32..52; for stage 2: IPA bits */
	s64 start_level;	/* -1..3 */
	u32 top_entries;	/* entries of the top table */
	u32 lpa2;		/* TCR.DS / VTCR.DS: PA[51:50] in bits [9:8] */
};

/* Descriptor bits, stage 1 unless said. Arm ARM D8.3.1, D8.3.2 */
#define PT_VALID	(1ull << 0)
#define PT_TABLE	(1ull << 1)	/* at levels -1..2; at level 3 it makes a page */
#define PT_ATTRIDX(n)	((u64)(n) << 2)
#define PT_AP_EL0	(1ull << 6)
#define PT_AP_RDONLY	(1ull << 7)
#define PT_SH_INNER	(3ull << 8)	/* without LPA2 only */
#define PT_AF		(1ull << 10)
#define PT_NG		(1ull << 11)
#define PT_DBM		(1ull << 51)
#define PT_CONT		(1ull << 52)
#define PT_PXN		(1ull << 53)
#define PT_UXN		(1ull << 54)
/* stage 2 */
#define PT_S2_MEMATTR(n) ((u64)(n) << 2)
#define PT_S2_READ	(1ull << 6)
#define PT_S2_WRITE	(1ull << 7)
#define PT_S2_XN	(2ull << 53)

/* MAIR indices that every platform sets: 0 Normal write-back, 1 Device-nGnRnE, 2 Normal NC. */
#define PT_MAIR_NORMAL	0
#define PT_MAIR_DEVICE	1
#define PT_MAIR_NC	2

#define PT_LEVELS_MAX	5

/* Entries of a full table, and how far a level's index sits in the VA. */
static __always_inline u32 pt_entries(const struct pt_geom *g)
{
	return 1u << (g->page_shift - 3);
}
static __always_inline u32 pt_shift(const struct pt_geom *g, int level)
{
	return g->page_shift + (u32)(3 - level) * (g->page_shift - 3);
}
static __always_inline u64 pt_page(const struct pt_geom *g)
{
	return 1ull << g->page_shift;
}
/* Bytes that one entry of the level maps. */
static __always_inline u64 pt_size(const struct pt_geom *g, int level)
{
	return 1ull << pt_shift(g, level);
}
static __always_inline u32 pt_index(const struct pt_geom *g, int level, u64 va)
{
	u32 n = level == (int)g->start_level ? g->top_entries : pt_entries(g);

	return (u32)(va >> pt_shift(g, level)) & (n - 1);
}
static __always_inline u32 pt_levels(const struct pt_geom *g)
{
	return (u32)(4 - g->start_level);
}
/* CONT_PTES and CONT_PMDS of the granule (Arm ARM D8.7.1; Linux asm/pgtable-hwdef.h). */
static __always_inline u32 pt_cont_ptes(const struct pt_geom *g)
{
	return g->page_shift == 12 ? 16 : g->page_shift == 14 ? 128 : 32;
}
static __always_inline u32 pt_cont_pmds(const struct pt_geom *g)
{
	return g->page_shift == 12 ? 16 : 32;
}

/* Address bits of a descriptor for a PA aligned to the page. */
static __always_inline u64 pt_pa_bits(const struct pt_geom *g, u64 pa)
{
	if (g->lpa2)
		return (pa & ~(3ull << 50)) | ((pa >> 50 & 3) << 8);
	if (g->page_shift == 16)
		return (pa & 0xffffffff0000ull) | ((pa >> 48 & 15) << 12);
	return pa;
}
static __always_inline u64 pt_desc_pa(const struct pt_geom *g, u64 desc)
{
	u64 pa = desc & 0xffffffffffffull & ~(pt_page(g) - 1);

	if (g->lpa2)
		return (desc & 0x3ffffffffffffull & ~(pt_page(g) - 1)) | ((desc >> 8 & 3) << 50);
	if (g->page_shift == 16)
		return pa | ((desc >> 12 & 15) << 48);
	return pa;
}
static __always_inline u64 pt_table(const struct pt_geom *g, u64 pa)
{
	return pt_pa_bits(g, pa) | PT_TABLE | PT_VALID;
}
/* Leaf at a level (3 = page, else block); attrs as PT_* bits, PT_SH_INNER dropped under LPA2. */
static __always_inline u64 pt_leaf(const struct pt_geom *g, u64 pa, int level, u64 attrs)
{
	if (g->lpa2)
		attrs &= ~PT_SH_INNER;
	return pt_pa_bits(g, pa) | attrs | PT_VALID | (level == 3 ? PT_TABLE : 0);
}
static __always_inline bool pt_is_table(u64 desc, int level)
{
	return level < 3 && (desc & (PT_TABLE | PT_VALID)) == (PT_TABLE | PT_VALID);
}
static __always_inline bool pt_is_leaf(u64 desc, int level)
{
	return (desc & PT_VALID) && (level == 3 ? !!(desc & PT_TABLE) : !(desc & PT_TABLE));
}

/* PROT_NORMAL of the kernel's linear map, and of a user page (nG, EL0). */
#define PT_PROT_KERNEL	(PT_ATTRIDX(PT_MAIR_NORMAL) | PT_SH_INNER | PT_AF | PT_PXN | PT_UXN)
#define PT_PROT_USER	(PT_PROT_KERNEL | PT_NG | PT_AP_EL0)

/*
 * Geometry for a granule (bytes), VA size and LPA2. NULL, or why there is no such thing: the VA
 * sizes that the Arm ARM gives (D8.2.1), 52 bits at 4K and 16K only with lpa2.
 */
const char *pt_geom_init(struct pt_geom *g, u64 granule, u32 va_bits, bool lpa2);

/* Xt of the by-VA forms: ASID [63:48], TTL [47:44] (0: no hint), VA[55:12] whatever the granule. */
static __always_inline u64 pt_tlbi_va(u64 va, u64 asid)
{
	return asid << 48 | (va >> 12 & 0xfffffffffffull);
}
/* TTL field with a level hint: TG << 2 | level. Level 0 is a hint only under LPA2 at 4K. */
static __always_inline u64 pt_tlbi_ttl(const struct pt_geom *g, int level)
{
	return ((u64)((g->page_shift - 10) / 2) << 2 | ((u64)level & 3)) << 44;
}
/* TG of range operands: 4K 1, 16K 2, 64K 3. */
static __always_inline u64 pt_tlbi_tg(const struct pt_geom *g)
{
	return (g->page_shift - 10) / 2;
}

#endif
