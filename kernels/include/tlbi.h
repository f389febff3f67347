/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * TLBI operands with a level hint, range operands, and the range loop of Linux >= 6.9 that several
 * families build on. Operand layouts: Arm ARM DDI 0487, C5.5 (TLBI VAE1IS, TLBI RVAE1IS,
 * TLBI RIPAS2E1IS: same fields, the ASID RES0).
 */
#ifndef MMUB_TLBI_H
#define MMUB_TLBI_H

#include "mmu.h"
#include "../arch/arm64/pgtable.h"

/* No hint: any level may hold the entry. Not 0, which is a level under LPA2 (Linux TLBI_TTL_UNKNOWN). */
#define TLBI_LEVEL_UNKNOWN 127

/* (NUM + 1) << (5 * SCALE + 1) pages. */
#define TLBI_RANGE_PAGES(num, scale) ((u64)((num) + 1) << (5 * (scale) + 1))
#define TLBI_RANGE_PAGES_MAX TLBI_RANGE_PAGES(31, 3)	/* 2^21 */

/* What is invalidated, whole range alike. Addresses are VAs, or IPAs for the stage-2 forms. */
struct tlbi_target {
	struct pt_geom g;
	u64 asid;		/* 0 for the all-ASID and stage-2 forms */
	s64 level;		/* of the entries; TLBI_LEVEL_UNKNOWN without FEAT_TTL or when tables go */
	u64 stride;		/* bytes that one entry of the level maps */
};

static __always_inline u64 tlbi_page_operand(const struct tlbi_target *t, u64 addr)
{
	u64 operand = pt_tlbi_va(addr, t->asid);

	if (t->level >= 0 && t->level <= 3)
		operand |= pt_tlbi_ttl(&t->g, (int)t->level);
	return operand;
}

/* addr must be 64 KiB aligned when t->g.lpa2. TTL 0 means "no hint" here at any granule. */
static __always_inline u64 tlbi_range_operand(const struct tlbi_target *t, u64 addr, int scale, int num)
{
	u64 baddr = addr >> (t->g.lpa2 ? 16 : t->g.page_shift) & ((1ull << 37) - 1);
	u64 ttl = t->level >= 1 && t->level <= 3 ? (u64)t->level : 0;

	return (t->asid & 0xffff) << 48 | pt_tlbi_tg(&t->g) << 46 | ((u64)scale & 3) << 44 |
	       ((u64)num & 31) << 39 | ttl << 37 | baddr;
}

/* One op an entry. op must be a compile-time constant, as everywhere in mmu.h. */
static __always_inline void tlbi_each(enum mmu_op op, const struct tlbi_target *t, u64 addr, u64 pages)
{
	u64 end = addr + (pages << t->g.page_shift);

	for (; addr < end; addr += t->stride)
		mmu_tlbi_op(op, tlbi_page_operand(t, addr));
}

/*
 * __flush_tlb_range_op() as of Linux 6.9 (e2768b798a19, e3ba51ab24fd): largest scale first, so that
 * every range op but the last stays 64 KiB aligned; single-entry ops (page_op) lead up to that
 * alignment under LPA2 and take the odd page at the end. At most TLBI_RANGE_PAGES_MAX pages; a
 * multiple of the stride. lpa2 is a parameter and not read from t->g, so that the caller may pass a
 * constant.
 */
static __always_inline void tlbi_range_down(enum mmu_op page_op, enum mmu_op range_op,
					    const struct tlbi_target *t, u64 addr, u64 pages, bool lpa2)
{
	u32 shift = t->g.page_shift;
	int scale = 3, num;
	u64 most;

	while (pages > 0) {
		if (pages == 1 || (lpa2 && (addr & 0xffff))) {
			mmu_tlbi_op(page_op, tlbi_page_operand(t, addr));
			addr += t->stride;
			pages -= t->stride >> shift;
			continue;
		}
		/* Only here: scale is -1 by the time that an odd last page is left. */
		most = TLBI_RANGE_PAGES(31, scale);
		num = (int)((pages < most ? pages : most) >> (5 * scale + 1)) - 1;
		if (num >= 0) {
			mmu_tlbi_op(range_op, tlbi_range_operand(t, addr, scale, num));
			addr += TLBI_RANGE_PAGES(num, scale) << shift;
			pages -= TLBI_RANGE_PAGES(num, scale);
		}
		scale--;
	}
}

#endif
