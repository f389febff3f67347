/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An independent reading of TLBI operands, for oracles: written from the Arm ARM's field tables
 * (DDI 0487, C5.5) and sharing nothing with the code that builds them (tlbi.h, pgtable.h).
 */
#ifndef MMUB_TLBI_DECODE_H
#define MMUB_TLBI_DECODE_H

#include "mmu.h"

enum tlbi_scope {
	TLBI_SCOPE_NONE,	/* not a TLBI */
	TLBI_SCOPE_ALL,		/* whole regime (VMALLE1, VMALLS12E1) */
	TLBI_SCOPE_ASID,	/* one ASID whole */
	TLBI_SCOPE_PAGE,
	TLBI_SCOPE_RANGE,
};

struct tlbi_decoded {
	enum tlbi_scope scope;
	bool local;		/* this CPU only */
	bool last_level;	/* leaf entries only, no cached table entries */
	bool any_asid;
	bool stage2;
	u32 asid;
	int ttl;		/* level hint, -1: none */
	u64 start, bytes;	/* PAGE (bytes = the granule) and RANGE; start is sign-extended */
};

static inline void tlbi_decode_kind(enum mmu_op op, struct tlbi_decoded *d)
{
	switch ((int)op) {
	case MMU_TLBI_VMALLE1: d->local = true; __attribute__((__fallthrough__));
	case MMU_TLBI_VMALLE1IS: d->scope = TLBI_SCOPE_ALL; d->any_asid = true; break;
	case MMU_TLBI_VMALLS12E1IS: d->scope = TLBI_SCOPE_ALL; d->any_asid = d->stage2 = true; break;
	case MMU_TLBI_ASIDE1IS: d->scope = TLBI_SCOPE_ASID; break;
	case MMU_TLBI_VAE1: d->local = true; __attribute__((__fallthrough__));
	case MMU_TLBI_VAE1IS: d->scope = TLBI_SCOPE_PAGE; break;
	case MMU_TLBI_VALE1IS: d->scope = TLBI_SCOPE_PAGE; d->last_level = true; break;
	case MMU_TLBI_VAAE1IS: d->scope = TLBI_SCOPE_PAGE; d->any_asid = true; break;
	case MMU_TLBI_VAALE1IS: d->scope = TLBI_SCOPE_PAGE; d->any_asid = d->last_level = true; break;
	case MMU_TLBI_RVAE1IS: d->scope = TLBI_SCOPE_RANGE; break;
	case MMU_TLBI_RVALE1IS: d->scope = TLBI_SCOPE_RANGE; d->last_level = true; break;
	case MMU_TLBI_RVAAE1IS: d->scope = TLBI_SCOPE_RANGE; d->any_asid = true; break;
	case MMU_TLBI_RVAALE1IS: d->scope = TLBI_SCOPE_RANGE; d->any_asid = d->last_level = true; break;
	case MMU_TLBI_IPAS2E1IS: d->scope = TLBI_SCOPE_PAGE; d->stage2 = true; break;
	case MMU_TLBI_IPAS2LE1IS: d->scope = TLBI_SCOPE_PAGE; d->stage2 = d->last_level = true; break;
	case MMU_TLBI_RIPAS2E1IS: d->scope = TLBI_SCOPE_RANGE; d->stage2 = true; break;
	case MMU_TLBI_RIPAS2LE1IS: d->scope = TLBI_SCOPE_RANGE; d->stage2 = d->last_level = true; break;
	default: break;
	}
}

/* Is there a block or page at this level? D8.3.1.2: level 0 only at 4K with LPA2, level 1 not at 16K
 * or 64K without 52-bit output addresses. */
static inline bool tlbi_decode_leaf_level(u32 page_shift, bool ds, int level)
{
	if (level == 0)
		return page_shift == 12 && ds;
	if (level == 1)
		return page_shift == 12 || page_shift == 16 || ds;
	return true;
}

static inline const char *tlbi_decode_page(u64 x, u32 page_shift, bool ds, struct tlbi_decoded *d)
{
	u32 ttl = (u32)(x >> 44) & 15;
	u64 va = (x & 0xfffffffffffull) << 12;

	if (va & ((1ull << page_shift) - 1))
		return "address bits below the granule are not zero";
	if (ttl >> 2) {
		if (ttl >> 2 != (page_shift == 12 ? 1u : page_shift == 14 ? 2u : 3u))
			return "TTL names another granule";
		d->ttl = (int)(ttl & 3);
		if (!tlbi_decode_leaf_level(page_shift, ds, d->ttl))
			return "TTL is reserved at this granule";
	} else if (ttl) {
		return "TTL is reserved without a granule";
	}
	if (d->stage2 && x >> 48)
		return "bits 63:48 are RES0 for an IPA";
	d->asid = (u32)(x >> 48);
	/* VA[55:12]; bit 55 says which half */
	d->start = va & 1ull << 55 && !d->stage2 ? va | 0xffull << 56 : va;
	d->bytes = 1ull << page_shift;
	return NULL;
}

static inline const char *tlbi_decode_range(u64 x, u32 page_shift, bool ds, struct tlbi_decoded *d)
{
	u32 tg = (u32)(x >> 46) & 3, scale = (u32)(x >> 44) & 3, num = (u32)(x >> 39) & 31;
	u32 ttl = (u32)(x >> 37) & 3, unit = ds ? 16 : page_shift, top = unit + 36;
	u64 addr = (x & 0x1fffffffffull) << unit;

	if (tg == 0 || tg * 2 + 10 != page_shift)
		return "TG is not the granule of the regime";
	if (d->stage2 && x >> 48)
		return "bits 63:48 are RES0 for an IPA";
	if (ttl) {
		d->ttl = (int)ttl;
		if (!tlbi_decode_leaf_level(page_shift, ds, d->ttl))
			return "TTL is reserved at this granule";
	}
	d->asid = (u32)(x >> 48);
	d->start = addr >> top & 1 && !d->stage2 ? addr | ~0ull << top : addr;
	d->bytes = ((u64)(num + 1) << (5 * scale + 1)) << page_shift;
	return NULL;
}

/*
 * What the operation invalidates under a regime with this granule and TCR.DS. NULL, or why the
 * operand is not legal there. d->scope is TLBI_SCOPE_NONE when op is no TLBI.
 */
static inline const char *tlbi_decode(enum mmu_op op, u64 operand, u32 page_shift, bool ds,
				      struct tlbi_decoded *d)
{
	*d = (struct tlbi_decoded){ .ttl = -1 };
	tlbi_decode_kind(op, d);
	switch (d->scope) {
	case TLBI_SCOPE_ASID:
		d->asid = (u32)(operand >> 48);
		return operand & 0xffffffffffffull ? "bits 47:0 are RES0" : NULL;
	case TLBI_SCOPE_PAGE:
		return tlbi_decode_page(operand, page_shift, ds, d);
	case TLBI_SCOPE_RANGE:
		return tlbi_decode_range(operand, page_shift, ds, d);
	default:
		return NULL;
	}
}

#endif
