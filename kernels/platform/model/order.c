// SPDX-License-Identifier: GPL-2.0-only
/*
 * Barriers, TLBIs and stores, and what the architecture asks of their order: Arm ARM B2.3.10 (DSB),
 * D8.14.2 (ordering and completion of TLBIs), D8.14.1 (break-before-make).
 */
#include <stdio.h>

#include "model.h"
#include "tlbi_decode.h"

struct model_order model_order = { .epoch = 2, .published = 2, .changes = 1 };	/* as model_order_reset() */
bool model_probing;

static char first_violation[BENCH_WHY_MAX];

void model_violation(const char *fmt, ...)
{
	__builtin_va_list ap;

	if (model_probing || first_violation[0])
		return;
	__builtin_va_start(ap, fmt);
	mmub_vsnprintf(first_violation, sizeof(first_violation), fmt, ap);
	__builtin_va_end(ap);
}

void model_order_reset(void)
{
	u32 epoch = model_order.epoch + 1, changes = model_order.changes + 1;

	if (epoch > MODEL_GARBAGE / 2) {
		model_mem_forget_epochs();
		epoch = 2;
	}
	model_order = (struct model_order){ .epoch = epoch, .published = epoch, .changes = changes };
	first_violation[0] = 0;
}

const char *model_violation_first(void)
{
	return first_violation[0] ? first_violation : NULL;
}

void model_violation_forget(void)
{
	first_violation[0] = 0;
}

/*
 * Between two valid entries no break is needed when only permissions and the state that hardware keeps
 * change, except from nG to global and in a contiguous group (D8.14.1; Linux pgattr_change_is_safe()).
 * FEAT_BBM is not counted on.
 */
bool model_replaceable(u64 old, u64 val)
{
	u64 kept = PT_AF | PT_DBM | PT_AP_RDONLY | PT_AP_EL0 | PT_NG | PT_PXN | PT_UXN;

	if (old & PT_CONT)
		kept = model_group_kept(old);
	return !((old ^ val) & ~kept) && !(old & ~val & PT_NG);
}

struct stored {
	u64 slot, val;
	const struct model_entry *conflict;
};

static void find_conflict(struct model_tlb *t, struct model_entry *e, void *arg)
{
	struct stored *x = arg;

	(void)t;
	if (x->slot - e->slot < 8ull * e->n && !model_replaceable(model_entry_says(e, x->slot), x->val))
		x->conflict = e;
}

/*
 * The new entry is valid: nothing that disagrees with it may be left in any TLB, however long ago the old one
 * was cleared. Asked only when some TLB holds something made of this slot.
 */
static void judge_make(u64 pa, u64 val)
{
	struct stored x = { pa, val, NULL };
	const u64 *desc;

	if (model_probing || first_violation[0])
		return;		/* the search is long, and the first one counts */
	desc = model_stage2_conflict(pa, val);
	for (u32 cpu = 0; cpu < MODEL_CPUS && !x.conflict; cpu++)
		model_tlb_all(&model.tlb[cpu], find_conflict, &x);
	if (!desc)
		desc = x.conflict ? &x.conflict->desc : model_smmu_conflict(pa, val);
	if (desc)
		model_violation("break-before-make: 0x%llx was stored to PA 0x%llx while a TLB still holds 0x%llx: "
				"no completed TLBI covered it", (unsigned long long)val, (unsigned long long)pa,
				(unsigned long long)*desc);
}

static void judge_change(u64 pa, u64 old, u64 val, const struct model_shadow *shadow)
{
	if (shadow->walked && old & PT_VALID && old != val) {
		model_order.inval_epoch = model_order.epoch;
		model_order.inval_slot = pa;
		model_order.inval_nsh = false;
		if (val & PT_VALID && !model_replaceable(old, val))
			model_violation("break-before-make: the valid entry at PA 0x%llx (0x%llx) was replaced by "
					"0x%llx", (unsigned long long)pa, (unsigned long long)old,
					(unsigned long long)val);
	}
	if (shadow->cached && val & PT_VALID && old != val)
		judge_make(pa, val);
}

static const struct model_page *store(u64 pa, u64 val)
{
	struct model_ref m = model_mem_ref(pa);
	u64 old = *m.data;

	if (old & PT_VALID && old != val)
		model_speculate(pa);
	if (m.shadow->walked || m.shadow->cached)
		judge_change(pa, old, val, m.shadow);
	*m.data = val;
	m.shadow->epoch = model_order.epoch;
	m.shadow->walked = false;
	if (old != val)
		model_tree_changed(pa, m.page, old, val, true);
	return m.page;
}

void model_store_slot(u64 pa, u64 val)
{
	const struct model_page *p = store(pa, val);

	if (!p->links)
		return;
	if (p->regime == MMU_REGIME_HIGH)
		model_order.high_epoch = model_order.epoch;
	model_order.store_epoch = model_order.epoch;
	model_order.store_slot = pa;
}

void model_store64(mmu_va_t va, u64 val, bool is_pte)
{
	u64 pa = 0;
	int level;

	if (model_translate(va, true, &pa, &level) != MODEL_OK) {
		model_violation("store to VA 0x%llx faults at level %d", (unsigned long long)va, level);
		return;
	}
	if (is_pte)
		model_store_slot(pa, val);
	else
		store(pa, val);
}

u64 model_load64(mmu_va_t va, bool is_pte)
{
	u64 pa = 0;
	int level;

	(void)is_pte;
	if (model_translate(va, false, &pa, &level) != MODEL_OK) {
		model_violation("load from VA 0x%llx faults at level %d", (unsigned long long)va, level);
		return 0;
	}
	return model_mem_read(pa);
}

void model_dc(enum mmu_op op, mmu_va_t va)
{
	u64 pa = 0;
	int level;

	if (model_translate(va, op == MMU_DC_ZVA, &pa, &level) != MODEL_OK) {
		model_violation("%s on VA 0x%llx faults at level %d", mmu_op_name(op),
				(unsigned long long)va, level);
		return;
	}
	if (op != MMU_DC_ZVA) {
		model_cache_clean(pa);
		return;
	}
	pa &= ~(u64)(MODEL_ZVA_BYTES - 1);
	for (u64 i = 0; i < MODEL_ZVA_BYTES; i += 8)
		store(pa + i, 0);
}

/* What is still in the tables the walker brings back at once: an invalidation that came too early is none. */
static void drop_condemned(struct model_tlb *t, struct model_entry *e, void *arg)
{
	(void)arg;
	if (!e->condemned)
		return;
	if (model_entry_comes_back(e))
		e->condemned = false;
	else
		model_tlb_remove(t, e);
}

static void complete(bool local)
{
	if (!model_order.condemned || (local && !model_order.local_only))
		return;
	for (u32 cpu = 0; cpu < MODEL_CPUS; cpu++)
		model_tlb_condemned(&model.tlb[cpu], drop_condemned, NULL);
	model_stage2_complete();
	model_order.condemned = 0;
}

void model_barrier(enum mmu_op op)
{
	switch ((int)op) {
	case MMU_ISB:
		model_order.published = model_order.epoch;
		model.hcr_unsynced = false;
		return;
	case MMU_DSB_ISH:
	case MMU_DSB_SY:
		model_cache_complete();
		complete(false);
		break;
	case MMU_DSB_NSH:
		complete(true);
		model_order.inval_nsh = true;
		return;		/* other CPUs' walkers have seen nothing of it */
	case MMU_DSB_NSHST:
		model_order.inval_nsh = true;
		return;
	}
	model_order.epoch++;
}

struct op_effect {
	struct tlbi_decoded d;
	u32 regime;
};

static bool covers(const struct op_effect *x, const struct model_entry *e)
{
	const struct tlbi_decoded *d = &x->d;

	if (e->regime != x->regime || e->condemned)
		return false;
	if (!d->any_asid && !d->stage2 && !e->global && e->asid != d->asid)
		return false;
	/* By ASID, global entries stay (D8.14.5.2). */
	if (d->scope == TLBI_SCOPE_ASID && e->global)
		return false;
	/* A level hint says where the leaf is: nothing else is promised to go. */
	if (e->kind == MODEL_TABLE)
		return !d->last_level && d->ttl < 0;
	return d->ttl < 0 || d->ttl == e->level;
}

static void condemn(struct model_tlb *t, struct model_entry *e, void *arg)
{
	if (covers(arg, e)) {
		model_tlb_condemn(t, e);
		model_order.condemned++;
	}
}

static void condemn_in(struct op_effect *x, const struct mmu_space *s)
{
	u32 first = x->d.local ? model.cpu : 0, last = x->d.local ? model.cpu : MODEL_CPUS - 1;

	x->regime = s->regime;
	for (u32 cpu = first; cpu <= last; cpu++) {
		struct model_tlb *t = &model.tlb[cpu];

		if (!t->live)
			continue;
		if (x->d.scope == TLBI_SCOPE_PAGE || x->d.scope == TLBI_SCOPE_RANGE)
			model_tlb_overlap(t, s, x->d.start, x->d.bytes, condemn, x);
		else
			model_tlb_all(t, condemn, x);
	}
}

static const struct mmu_space *addressed(enum mmu_op op, u64 operand)
{
	struct op_effect x = { 0 };

	/* Bit 55 of a page op, the top bit of a range's BADDR: which half. Same bits at any granule. */
	tlbi_decode_kind(op, &x.d);
	if (x.d.scope == TLBI_SCOPE_PAGE)
		return operand >> 43 & 1 ? model.high : model.low;
	return operand >> 36 & 1 ? model.high : model.low;
}

void model_tlbi(enum mmu_op op, u64 operand)
{
	struct op_effect x = { 0 };
	bool idle = !model_order.condemned;
	const struct mmu_space *s;
	const char *why;

	tlbi_decode_kind(op, &x.d);
	if (model_order.inval_epoch == model_order.epoch && !(x.d.local && model_order.inval_nsh))
		model_violation("%s after the store to the entry at PA 0x%llx without DSB ISHST between",
				mmu_op_name(op), (unsigned long long)model_order.inval_slot);
	if (x.d.stage2) {
		model_tlbi_stage2(op, operand);
		return;
	}
	if (model.hcr_unsynced)
		model_violation("%s before the ISB that puts HCR_EL2.TGE into force", mmu_op_name(op));
	if (model.guest_regime) {
		if (x.d.scope == TLBI_SCOPE_ALL)
			model_tlbi_combined(x.d.local);
	} else if (x.d.scope == TLBI_SCOPE_ALL || x.d.scope == TLBI_SCOPE_ASID) {
		x.d.ttl = -1;
		x.d.asid = (u32)(operand >> 48);
		if (model.high)
			condemn_in(&x, model.high);
		if (model.low)
			condemn_in(&x, model.low);
	} else {
		s = addressed(op, operand);
		if (!s)
			return;		/* nobody's address: nothing to invalidate */
		why = tlbi_decode(op, operand, s->g.page_shift, s->g.lpa2, &x.d);
		if (why) {
			model_violation("%s 0x%llx: %s", mmu_op_name(op), (unsigned long long)operand, why);
			return;
		}
		condemn_in(&x, s);
	}
	if (idle)
		model_order.local_only = x.d.local;
	else
		model_order.local_only &= x.d.local;
}

static void find_stale(struct model_tlb *t, struct model_entry *e, void *arg)
{
	(void)arg;
	static const char *const kinds[] = { "leaf", "table", "contiguous" };

	if (!e->condemned && !model_entry_is_fresh(e))
		model_violation("stale %s entry in the TLB of CPU %u: VA 0x%llx, level %d",
				kinds[e->kind], (u32)(t - model.tlb), (unsigned long long)e->base, e->level);
}

const char *plat_violation(struct bench_case *c)
{
	const char *why = NULL;

	if (model_order.condemned)
		model_violation("a TLBI was not completed by DSB before the call returned");
	for (u32 cpu = 0; cpu < MODEL_CPUS; cpu++)
		model_tlb_all(&model.tlb[cpu], find_stale, NULL);
	if (model_order.store_epoch == model_order.epoch)
		model_violation("the store to the entry at PA 0x%llx was not followed by any DSB",
				(unsigned long long)model_order.store_slot);
	if (model_order.high_epoch >= model_order.published)
		model_violation("a store to a kernel mapping was not followed by DSB and ISB");
	model_hcr_judge();
	model_smmu_judge();
	if (model_smmu_owes())
		model_violation("%s", model_smmu_owes());
	model_stage2_judge();
	if (first_violation[0])
		why = bench_fail(c, "%s", first_violation);
	first_violation[0] = 0;
	return why;
}
