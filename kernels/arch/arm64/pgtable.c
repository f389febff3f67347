// SPDX-License-Identifier: GPL-2.0-only
/* Geometry of translation tables: Arm ARM D8.2.1 (VA sizes), D8.2.7 to D8.2.9 (levels by granule). */
#include "pgtable.h"

const char *pt_geom_init(struct pt_geom *g, u64 granule, u32 va_bits, bool lpa2)
{
	u32 shift = granule == 4096 ? 12 : granule == 16384 ? 14 : granule == 65536 ? 16 : 0;
	u32 bits, levels, top;

	if (!shift)
		return "granule is not 4096, 16384 or 65536";
	if (lpa2 && shift == 16)
		return "LPA2 is for the 4K and 16K granules";
	/* FEAT_TTST allows less; 25 bits is the least that every implementation has. */
	if (va_bits < 25 || va_bits > 52 || (va_bits > 48 && shift != 16 && !lpa2))
		return "no such VA size: 25 to 48 bits, up to 52 with lpa2=1 or the 64K granule";
	bits = va_bits - shift;
	levels = MMUB_DIV_UP(bits, shift - 3);
	top = bits - (levels - 1) * (shift - 3);
	*g = (struct pt_geom){
		.page_shift = shift,
		.va_bits = va_bits,
		.start_level = 4 - (s64)levels,
		.top_entries = 1u << top,
		.lpa2 = lpa2,
	};
	return NULL;
}
