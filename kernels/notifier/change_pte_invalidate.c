// SPDX-License-Identifier: GPL-2.0-only
/*
 * Before: the primary's flush calls invalidate_range(), and change_pte() invalidates the secondary again;
 * uprobe's range end does so a third time.
 */
#include "notifier.h"

static void run(struct bench_case *c)
{
	struct notifier_work *w = c->family_data;

	notifier_clear(w);
	notifier_flush(w);
	notifier_invalidate_all(w);
	notifier_invalidate_all(w);	/* change_pte */
	notifier_set_pte(w);
	notifier_range_end(w);
	notifier_access(w);
}

static void expect(const struct bench_params *p, const struct bench_env *e, struct mmu_counts *want)
{
	notifier_want_primary(p, want);
	notifier_want_inv(p, e, want, p->event == EVENT_UPROBE ? 3 : 2);
	notifier_want_access(p, want, true);
}

BENCH_VARIANT(notifier, change_pte_invalidate, "Linux 4.13, ptep_clear_flush_notify() and set_pte_at_notify()",
	      run, notifier_check, expect, .rank = 1);
