// SPDX-License-Identifier: GPL-2.0-only
/* After: only invalidate_range() invalidates; change_pte() does nothing that it has not done. */
#include "notifier.h"

static void run(struct bench_case *c)
{
	struct notifier_work *w = c->family_data;

	notifier_clear(w);
	notifier_flush(w);
	notifier_invalidate_all(w);
	notifier_set_pte(w);
	notifier_range_end(w);
	notifier_access(w);
}

static void expect(const struct bench_params *p, const struct bench_env *e, struct mmu_counts *want)
{
	notifier_want_primary(p, want);
	notifier_want_inv(p, e, want, p->event == EVENT_UPROBE ? 2 : 1);
	notifier_want_access(p, want, true);
}

BENCH_VARIANT(notifier, range_only, "set_pte_at_notify() without an invalidating change_pte()",
	      run, notifier_check, expect, .rank = 2);
