// SPDX-License-Identifier: GPL-2.0-only
/*
 * A write fault of the process itself, the whole kernel below it: wp_page_copy(). Only counted: a time would be that
 * of the fault. The operations are noted by the callbacks (kernels/platform/module/mm_notifier.c).
 */
#include "mm_notifier.h"

static void run(struct bench_case *c)
{
	for (u64 i = 0; i < c->p->pages; i++)
		plat_mm_write(i);
}

static const char *check(struct bench_case *c)
{
	return plat_mm_check(c);
}

static void expect(const struct bench_params *p, const struct bench_env *e, struct mmu_counts *want)
{
	(void)e;
	bench_want(want, SECONDARY_INV, p->pages * plat_mm_per_break());
}

BENCH_VARIANT(mm_notifier, registered, "the running kernel's wp_page_copy(); change_pte() is gone since v6.10",
	      run, check, expect, .flags = BENCH_COUNT_ONLY);
