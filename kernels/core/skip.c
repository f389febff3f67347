// SPDX-License-Identifier: GPL-2.0-only
/* Reasons not to run a point that several families share, in the same words. */
#include "core.h"

const char *bench_skip_granule(const struct bench_case *c, u64 lpa2)
{
	static const struct {
		u64 granule, has, has_lpa2;
		const char *lacks, *lacks_lpa2;
	} rows[] = {
		{ 4096, FEAT_GRAN4K, FEAT_LPA2_4K, "the CPU has no 4K granule (gran4k)",
		  "the CPU has no LPA2 at 4K (lpa2_4k)" },
		{ 16384, FEAT_GRAN16K, FEAT_LPA2_16K, "the CPU has no 16K granule (gran16k)",
		  "the CPU has no LPA2 at 16K (lpa2_16k)" },
		{ 65536, FEAT_GRAN64K, 0, "the CPU has no 64K granule (gran64k)",
		  "64K pages have no LPA2 format" },
	};

	if (lpa2 > 1)
		return "lpa2: 0 or 1";
	for (u32 i = 0; i < MMUB_ARRAY_SIZE(rows); i++) {
		if (c->p->granule != rows[i].granule)
			continue;
		if (!(c->e->features & rows[i].has))
			return rows[i].lacks;
		return lpa2 && !(c->e->features & rows[i].has_lpa2) ? rows[i].lacks_lpa2 : NULL;
	}
	return "granule: 4096, 16384 or 65536";
}

/*
 * The families' stage 2 has 40 bits from level 1 at 16K, which VTCR_EL2.SL0 allows above 40 bits of PA only (Arm ARM,
 * AArch64.S2InvalidSL()); concatenated tables at level 2 would be the way on such a CPU.
 */
const char *bench_skip_stage2(const struct bench_case *c)
{
	const char *why = bench_skip_granule(c, 0);

	if (!why && c->p->granule == 16384 && c->e->pa_bits <= 40)
		why = "stage 2 at 16K starts at level 1, which needs more than 40 bits of PA "
		      "(ID_AA64MMFR0_EL1.PARange)";
	return why;
}
