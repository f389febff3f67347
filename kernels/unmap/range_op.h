/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Does a range op of 4 GiB do anything here? QEMU 7.2 keeps the length in 32 bits
 * (tlbi_aa64_get_range() in target/arm/helper.c): such an op invalidates nothing, and the oracle
 * finds every page but the first stale. A page is mapped, touched, cleared, and one op of exactly 4 GiB
 * issued that starts 16 pages before it.
 */
#ifndef MMUB_UNMAP_RANGE_OP_H
#define MMUB_UNMAP_RANGE_OP_H

#include "unmap.h"

static bool range_op_clears(struct mmu_space *s, u64 tables, u64 va)
{
	const struct tlbi_target t = { .g = s->g, .asid = s->asid, .level = TLBI_LEVEL_UNKNOWN };
	u64 table = s->root, val, pte = 0;

	for (int level = (int)s->g.start_level; level < 3; level++, tables += pt_page(&s->g)) {
		plat_phys_write64(table + 8ull * pt_index(&s->g, level, va), pt_table(&s->g, tables));
		table = tables;
	}
	pte = table + 8ull * pt_index(&s->g, 3, va);
	plat_phys_write64(pte, pt_leaf(&s->g, tables, 3, PT_PROT_KERNEL | PT_NG));
	plat_tlb_flush_all();
	if (plat_probe_read(va, &val) != PROBE_OK)
		return true;		/* not what is asked here: the case itself will tell */
	mmu_pte_store(plat_phys_va(pte), 0);
	mmu_dsb(ISHST);
	mmu_tlbi(RVAE1IS, tlbi_range_operand(&t, va - 16 * pt_page(&s->g), 3, 15));
	mmu_dsb(ISH);
	return plat_probe_read(va, &val) == PROBE_TRANSLATION;
}

static bool range_op_4g_works(void)
{
	static int answer = -1;
	struct mmu_space s;
	struct pt_geom g;
	u64 tables, bytes = 8 * 4096;

	if (answer >= 0)
		return answer;
	if (pt_geom_init(&g, 4096, 48, false) || plat_space_create(&s, MMU_REGIME_LOW, &g))
		return true;
	tables = plat_phys_alloc(bytes, 4096);
	if (tables) {
		plat_phys_zero(tables, bytes);
		answer = range_op_clears(&s, tables, s.va_start + 16 * 4096);
		plat_phys_free(tables, bytes);
	}
	plat_space_destroy(&s);
	return answer != 0;
}

#endif
