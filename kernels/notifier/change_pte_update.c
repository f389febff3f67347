// SPDX-License-Identifier: GPL-2.0-only
/*
 * KVM's way: change_pte() writes the new page into the secondary's entry, so that no access faults later;
 * no invalidate_range() is registered.
 */
#include "notifier.h"

static void run(struct bench_case *c)
{
	struct notifier_work *w = c->family_data;

	notifier_clear(w);
	notifier_flush(w);
	notifier_update(w);
	notifier_set_pte(w);
	notifier_access(w);
}

static void expect(const struct bench_params *p, const struct bench_env *e, struct mmu_counts *want)
{
	notifier_want_primary(p, want);
	notifier_want_inv(p, e, want, 1);
	if (p->secondary == SECONDARY_STAGE2) {
		bench_want(want, PTE_STORE, p->pages);
		bench_want(want, DSB_ISHST, 1);
	}
	notifier_want_access(p, want, false);
}

BENCH_VARIANT(notifier, change_pte_update, "KVM kvm_set_spte_hva() by change_pte()",
	      run, notifier_check, expect, .rank = 3);
