// SPDX-License-Identifier: GPL-2.0-only
/*
 * The secondary is invalidated inside the primary's flush, under the page-table lock
 * (mmu_notifier_arch_invalidate_secondary_tlbs()); nothing more at the end of the range.
 */
#include "notifier.h"

static void run(struct bench_case *c)
{
	struct notifier_work *w = c->family_data;

	notifier_clear(w);
	notifier_flush(w);
	notifier_invalidate_all(w);
	notifier_set_pte(w);
	notifier_access(w);
}

static void expect(const struct bench_params *p, const struct bench_env *e, struct mmu_counts *want)
{
	notifier_want_primary(p, want);
	notifier_want_inv(p, e, want, 1);
	notifier_want_access(p, want, true);
}

BENCH_VARIANT(notifier, flush_embedded, "Linux 6.6, arch flush with the secondary in it",
	      run, notifier_check, expect, .rank = 4);
