// SPDX-License-Identifier: GPL-2.0-only
/*
 * Translation of an access: what the TLB holds, else what cached table entries and memory say. The
 * walker is the worst that the architecture allows: it uses every cached copy that nothing invalidated.
 */
#include "model.h"

u64 model_slot_of(const struct mmu_space *s, u64 va, int level)
{
	u64 table = s->root;

	for (int l = (int)s->g.start_level; ; l++) {
		u64 slot = table + 8ull * pt_index(&s->g, l, va), desc;

		if (l == level)
			return slot;
		desc = model_mem_read(slot);
		if (!pt_is_table(desc, l))
			return 0;
		table = pt_desc_pa(&s->g, desc);
	}
}

u64 model_entry_says(const struct model_entry *e, u64 slot)
{
	const struct mmu_space *s = e->regime == MMU_REGIME_HIGH ? model.high : model.low;

	return e->desc + (slot - e->slot) / 8 * (s ? pt_size(&s->g, e->level) : 0);
}

bool model_entry_is_fresh(struct model_entry *e)
{
	const struct mmu_space *s = e->regime == MMU_REGIME_HIGH ? model.high : model.low;

	if (e->checked == model_order.changes)
		return true;
	if (model_mem_read(e->slot) != e->desc && e->kind != MODEL_GROUP)
		return false;
	if (!s || model_slot_of(s, e->base, e->level) != e->slot)
		return false;
	if (e->kind == MODEL_GROUP && model_group_bad(s, e->slot, e->desc, e->n, e->level) >= 0)
		return false;
	e->checked = model_order.changes;
	return true;
}

/* Any page of a group that still has the hint is enough to make the entry for all of them again. */
bool model_entry_comes_back(struct model_entry *e)
{
	const struct mmu_space *s = e->regime == MMU_REGIME_HIGH ? model.high : model.low;

	if (e->kind != MODEL_GROUP || !s)
		return model_entry_is_fresh(e);
	if (model_slot_of(s, e->base, e->level) != e->slot)
		return false;
	for (u32 i = 0; i < e->n; i++)
		if (model_group_bad(s, e->slot + 8ull * i, model_entry_says(e, e->slot + 8ull * i), 1, e->level) < 0)
			return true;
	return false;
}

static bool in_range(const struct mmu_space *s, u64 va)
{
	u64 top = s->g.va_bits >= 64 ? 0 : va >> s->g.va_bits;

	return s->regime == MMU_REGIME_HIGH ? top == ~0ull >> s->g.va_bits : top == 0;
}

static bool permitted(u64 desc, bool write)
{
	return desc & PT_AF && !(write && desc & PT_AP_RDONLY);
}

enum model_fault model_walk_tables(const struct mmu_space *s, u64 va, struct model_walk *w)
{
	u64 table = s->root;

	w->level = (int)s->g.start_level;
	if (!in_range(s, va))
		return MODEL_TRANSLATION;
	for (;; w->level++) {
		w->slot = table + 8ull * pt_index(&s->g, w->level, va);
		w->desc = model_mem_read(w->slot);
		if (pt_is_leaf(w->desc, w->level)) {
			u64 mask = pt_size(&s->g, w->level) - 1;

			w->pa = (pt_desc_pa(&s->g, w->desc) & ~mask) | (va & mask);
			return permitted(w->desc, false) ? MODEL_OK : MODEL_PERMISSION;
		}
		if (!pt_is_table(w->desc, w->level))
			return MODEL_TRANSLATION;
		table = pt_desc_pa(&s->g, w->desc);
	}
}

/* A slot is read by the walker: its last store must have been made visible to it. */
static u64 walker_read(const struct mmu_space *s, u64 slot, u64 va)
{
	u64 desc = model_mem_read(slot);
	struct model_shadow *shadow = model_mem_shadow(slot);
	u32 epoch = shadow->epoch;
	bool high = s->regime == MMU_REGIME_HIGH;

	if (desc & PT_VALID) {
		if (epoch && epoch >= (high ? model_order.published : model_order.epoch))
			model_violation("VA 0x%llx used before the store to its entry at PA 0x%llx was published: "
					"DSB ISHST%s is missing", (unsigned long long)va,
					(unsigned long long)slot, high ? " and ISB" : "");
		shadow->walked = true;
	}
	return desc;
}

static void fill(const struct mmu_space *s, u64 va, int level, u64 slot, u64 desc, enum model_kind kind)
{
	u64 mask = pt_size(&s->g, level) - 1;

	model_tlb_insert(&model.tlb[model.cpu], &(struct model_entry){
		.base = va & ~mask,
		.pa = kind == MODEL_TABLE ? pt_desc_pa(&s->g, desc) : pt_desc_pa(&s->g, desc) & ~mask,
		.desc = desc,
		.slot = slot,
		.n = 1,
		.asid = s->asid,
		.vmid = s->vmid,
		.level = (signed char)level,
		.regime = (u8)s->regime,
		.kind = (u8)kind,
		.global = !s->asid || (kind == MODEL_LEAF && !(desc & PT_NG)),
	});
}

/*
 * A leaf with the contiguous hint makes, beside its own entry, one for the group: hardware may have either. A
 * group that does not agree is misprogrammed, which is judged when it is used; the entry believes the hint all
 * the same.
 */
static void fill_group(const struct mmu_space *s, u64 va, int level, u64 slot, u64 desc, bool use)
{
	struct model_tlb *t = &model.tlb[model.cpu];
	u32 n = model_group_size(&s->g, level), i = pt_index(&s->g, level, va) & (n - 1);
	u64 bytes = model_tlb_bytes(s, level, MODEL_GROUP), first = desc - i * pt_size(&s->g, level);
	int bad;

	if (n == 1 || (t->groups && model_tlb_find(t, s, va, level, MODEL_GROUP)))
		return;
	bad = model_group_bad(s, slot - 8ull * i, first, n, level);
	if (use && (bad >= 0 || pt_desc_pa(&s->g, first) & (bytes - 1)))
		model_violation("VA 0x%llx: its contiguous group is misprogrammed, entry %d of %u is 0x%llx",
				(unsigned long long)va, bad < 0 ? (int)i : bad, n,
				(unsigned long long)model_mem_read(slot + 8 * ((u64)(bad < 0 ? (int)i : bad) - i)));
	model_tlb_insert(t, &(struct model_entry){
		.base = va & ~(bytes - 1),
		.pa = pt_desc_pa(&s->g, first) & ~(bytes - 1),
		.desc = first,
		.slot = slot - 8ull * i,
		.n = (u16)n,
		.asid = s->asid,
		.vmid = s->vmid,
		.level = (signed char)level,
		.regime = (u8)s->regime,
		.kind = MODEL_GROUP,
		.global = !s->asid || !(desc & PT_NG),
	});
}

void model_speculate(u64 slot)
{
	const struct mmu_space *s;
	u64 va, desc = model_mem_read(slot), below;
	enum model_kind kind;
	int level;

	if (!(desc & PT_VALID) || !model_tree_where(slot, &s, &va, &level))
		return;
	model_mem_shadow(slot)->walked = true;
	if (s->regime == MMU_REGIME_STAGE2) {
		model_stage2_speculate(va, level, slot, desc);
		return;
	}
	kind = pt_is_table(desc, level) ? MODEL_TABLE : MODEL_LEAF;
	if (!model_tlb_find(&model.tlb[model.cpu], s, va, level, kind) && (kind == MODEL_TABLE || desc & PT_AF)) {
		fill(s, va, level, slot, desc, kind);
		if (kind == MODEL_LEAF && desc & PT_CONT)
			fill_group(s, va, level, slot, desc, false);
	}
	below = pt_desc_pa(&s->g, desc);
	for (u32 i = 0; kind == MODEL_TABLE && i < pt_entries(&s->g); i++)
		model_speculate(below + 8ull * i);
}

static void used(struct model_entry *e, u64 va)
{
	if (e->condemned)
		model_violation("VA 0x%llx used after the TLBI of its translation but before the DSB",
				(unsigned long long)va);
	else if (!model_entry_is_fresh(e))
		model_violation("VA 0x%llx used through a stale translation (entry at PA 0x%llx, level %d)",
				(unsigned long long)va, (unsigned long long)e->slot, e->level);
}

static struct model_entry *cached_leaf(const struct mmu_space *s, u64 va)
{
	for (int level = 3; level >= (int)s->g.start_level; level--) {
		struct model_entry *e = model_tlb_find(&model.tlb[model.cpu], s, va, level, MODEL_LEAF);

		if (e)
			return e;
	}
	return NULL;
}

/* A group's entry counts where it says something else than the tables: otherwise the walk tells the same. */
static struct model_entry *cached_group(const struct mmu_space *s, u64 va)
{
	struct model_tlb *t = &model.tlb[model.cpu];

	for (int level = 3; level >= 2 && t->groups; level--) {
		struct model_entry *e = model_tlb_find(t, s, va, level, MODEL_GROUP);

		if (e && (e->condemned || !model_entry_is_fresh(e)))
			return e;
	}
	return NULL;
}

static enum model_fault walk_and_fill(const struct mmu_space *s, u64 va, struct model_walk *w)
{
	u64 table = s->root;

	for (w->level = (int)s->g.start_level;; w->level++) {
		u64 slot = table + 8ull * pt_index(&s->g, w->level, va);
		struct model_entry *e = w->level < 3 ? model_tlb_find(&model.tlb[model.cpu], s, va, w->level,
								      MODEL_TABLE) : NULL;
		u64 desc;

		if (e) {
			used(e, va);
			table = e->pa;
			continue;
		}
		desc = walker_read(s, slot, va);
		if (pt_is_leaf(desc, w->level)) {
			w->desc = desc;
			w->pa = (pt_desc_pa(&s->g, desc) & ~(pt_size(&s->g, w->level) - 1)) |
				(va & (pt_size(&s->g, w->level) - 1));
			if (desc & PT_AF)
				fill(s, va, w->level, slot, desc, MODEL_LEAF);
			if (desc & PT_AF && desc & PT_CONT)
				fill_group(s, va, w->level, slot, desc, true);
			return MODEL_OK;
		}
		if (!pt_is_table(desc, w->level))
			return MODEL_TRANSLATION;
		fill(s, va, w->level, slot, desc, MODEL_TABLE);
		table = pt_desc_pa(&s->g, desc);
	}
}

enum model_fault model_translate(u64 va, bool write, u64 *pa, int *level)
{
	struct mmu_space *s;
	struct model_entry *e;
	struct model_walk w = { 0 };
	enum model_fault fault = MODEL_OK;

	if (MODEL_IS_ALIAS(va)) {
		*pa = va & ~MODEL_ALIAS;
		return MODEL_OK;
	}
	s = model_space_of(va);
	*level = 0;
	if (!s)
		return MODEL_NO_SPACE;
	if (!in_range(s, va))
		return MODEL_TRANSLATION;
	e = cached_leaf(s, va);
	if (!e)
		e = cached_group(s, va);
	if (e) {
		used(e, va);
		w = (struct model_walk){ e->pa + (va - e->base), e->level, e->desc, e->slot };
	} else {
		fault = walk_and_fill(s, va, &w);
	}
	*level = w.level;
	*pa = w.pa;
	return fault == MODEL_OK && !permitted(w.desc, write) ? MODEL_PERMISSION : fault;
}
