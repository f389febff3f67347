// SPDX-License-Identifier: GPL-2.0-only
/*
 * Linux up to v6.9: a table is mapped to zero it, then once for each CONT_PTES (CONT_PMDS) entries, and
 * each PTE has its DSB ISHST and ISB.
 */
#include "twice.h"

#define MAP_PTE_SYNC 1
#define MAP_REMAP_CONT 1

/* PTE and PMD tables are left unmapped: the walk maps them group by group. */
static mmu_va_t table_new(struct map_work *w, int level, mmu_va_t parent)
{
	u64 pa = table_create(w, parent);

	return pa && level < 2 ? table_map(w, level, pa) : 0;
}

#include "walk.h"

static void run(struct bench_case *c)
{
	map_all(c->family_data);
}

/*
 * Cycles: one a table to zero it; one a table above the PMDs; one for each started group of CONT_PMDS
 * (CONT_PTES) entries of a PMD (PTE) table. Where the top table is a PMD table it is not mapped at all.
 */
static void expect(const struct bench_params *p, const struct bench_env *e, struct mmu_counts *want)
{
	struct map_shape s;
	u64 pmd_groups, pte_groups, upper;

	if (!map_expect_common(p, e, &s, want))
		return;
	pmd_groups = s.tables[2 + 1] ? MMUB_DIV_UP(p->ram, pt_size(&s.g, 2) * pt_cont_pmds(&s.g)) : 0;
	pte_groups = MMUB_DIV_UP(s.pages, pt_cont_ptes(&s.g));
	upper = s.all - s.tables[2 + 1] - s.tables[3 + 1];
	map_expect_cycles(s.all + upper + pmd_groups + pte_groups, want);
	bench_want(want, PTE_LOAD, pmd_groups + pte_groups);
	bench_want(want, DSB_ISHST, s.pages);
	bench_want(want, ISB, s.pages);
}

BENCH_VARIANT(map_mem, remap_cont, "Linux <= v6.9", run, map_check, expect,
	      .rank = 1);
