// SPDX-License-Identifier: GPL-2.0-only
/*
 * A TLB without limit: leaf entries and cached table entries in one hash table a CPU, keyed by what a
 * lookup knows: regime, kind, level, address and ASID (0 for global entries).
 */
#include <stdlib.h>

#include "model.h"

u64 model_tlb_bytes(const struct mmu_space *s, int level, enum model_kind kind)
{
	return pt_size(&s->g, level) * (kind == MODEL_GROUP ? model_group_size(&s->g, level) : 1);
}

static u64 hash(u64 base, u32 regime, int level, u32 kind, u32 asid)
{
	u64 h = base ^ (u64)asid << 13 ^ (u64)regime << 3 ^ (u64)(level + 1) << 5 ^ kind;

	h ^= h >> 31;
	h *= 0x9e3779b97f4a7c15ull;
	return h ^ h >> 29;
}

static u64 entry_hash(const struct model_entry *e)
{
	return hash(e->base, e->regime, e->level, e->kind, e->global ? 0 : e->asid);
}

static bool tombstone(const struct model_entry *e)
{
	return !e->used && e->level == -2;
}

/* global_too: a lookup finds global entries and those of its own ASID. */
static struct model_entry *find(struct model_tlb *t, u64 base, u32 regime, int level, u32 kind, u32 asid,
				bool global, u32 vmid)
{
	if (!t->live)
		return NULL;
	for (u64 i = hash(base, regime, level, kind, global ? 0 : asid);; i++) {
		struct model_entry *e = &t->e[i & (t->size - 1)];

		if (e->used && e->base == base && e->regime == regime && e->level == level &&
		    e->kind == kind && e->global == global && (global || e->asid == asid) &&
		    e->vmid == vmid)
			return e;
		if (!e->used && !tombstone(e))
			return NULL;
	}
}

struct model_entry *model_tlb_find(struct model_tlb *t, const struct mmu_space *s, u64 va, int level,
				   enum model_kind kind)
{
	u64 base = va & ~(model_tlb_bytes(s, level, kind) - 1);
	struct model_entry *e = find(t, base, s->regime, level, kind, 0, true, s->vmid);

	return e || !s->asid ? e : find(t, base, s->regime, level, kind, s->asid, false, s->vmid);
}

static struct model_entry *place(struct model_tlb *t, const struct model_entry *e)
{
	u64 i = entry_hash(e);

	while (t->e[i & (t->size - 1)].used)
		i++;
	if (!tombstone(&t->e[i & (t->size - 1)]))
		t->filled++;
	t->e[i & (t->size - 1)] = *e;
	t->live++;
	return &t->e[i & (t->size - 1)];
}

static void resize(struct model_tlb *t, u64 size)
{
	const struct model_tlb old = *t;

	t->e = calloc(size, sizeof(*t->e));
	if (!t->e)
		abort();
	t->size = size;
	t->live = t->filled = t->nwaiting = 0;
	for (u64 i = 0; i < old.size; i++) {
		struct model_entry *e;

		if (!old.e[i].used)
			continue;
		e = place(t, &old.e[i]);
		if (e->condemned)
			model_tlb_condemn(t, e);
	}
	free(old.e);
}

/* Slots and tables know how many entries speak of them. */
static void count(struct model_tlb *t, const struct model_entry *e, int n)
{
	for (u32 i = 0; i < e->n; i++)
		model_tree_cached(e->slot + 8ull * i, n);
	if (e->kind == MODEL_TABLE)
		model_tree_cached_to(e->pa, n);
	t->groups += e->kind == MODEL_GROUP ? (u64)n : 0;
}

void model_tlb_insert(struct model_tlb *t, const struct model_entry *e)
{
	struct model_entry copy = *e;

	copy.used = true;
	copy.condemned = false;
	if (t->filled * 2 >= t->size)
		resize(t, t->live < 256 ? 1024 : 1ull << (64 - __builtin_clzll(t->live * 4)));
	place(t, &copy);
	count(t, &copy, 1);
	if (!e->global && !t->asid)
		t->asid = e->asid;
	t->mixed |= !e->global && e->asid != t->asid;
}

void model_tlb_remove(struct model_tlb *t, struct model_entry *e)
{
	count(t, e, -1);
	e->used = false;
	e->condemned = false;
	e->level = -2;
	t->live--;
}

void model_tlb_condemn(struct model_tlb *t, struct model_entry *e)
{
	if (t->nwaiting == t->waiting_size) {
		t->waiting_size = t->waiting_size ? 2 * t->waiting_size : 256;
		t->waiting = realloc(t->waiting, t->waiting_size * sizeof(*t->waiting));
		if (!t->waiting)
			abort();
	}
	e->condemned = true;
	t->waiting[t->nwaiting++] = (u64)(e - t->e);
}

void model_tlb_condemned(struct model_tlb *t,
			 void (*fn)(struct model_tlb *t, struct model_entry *e, void *arg), void *arg)
{
	while (t->nwaiting)
		fn(t, &t->e[t->waiting[--t->nwaiting]], arg);
}

void model_tlb_clear(struct model_tlb *t)
{
	for (u64 i = 0; i < t->size; i++)
		if (t->e[i].used)
			count(t, &t->e[i], -1);
	free(t->e);
	free(t->waiting);
	memset(t, 0, sizeof(*t));
}

void model_tlb_all(struct model_tlb *t,
		   void (*fn)(struct model_tlb *t, struct model_entry *e, void *arg), void *arg)
{
	for (u64 i = 0; i < t->size; i++)
		if (t->e[i].used)
			fn(t, &t->e[i], arg);
}

static void overlap_of(struct model_tlb *t, const struct mmu_space *s, int level, enum model_kind kind, u64 start,
		       u64 last, void (*fn)(struct model_tlb *t, struct model_entry *e, void *arg), void *arg)
{
	u64 step = model_tlb_bytes(s, level, kind), base = start & ~(step - 1);

	for (;; base += step) {
		struct model_entry *e = find(t, base, s->regime, level, kind, 0, true, s->vmid);

		if (e)
			fn(t, e, arg);
		e = find(t, base, s->regime, level, kind, s->asid, false, s->vmid);
		if (e)
			fn(t, e, arg);
		if (base >= (last & ~(step - 1)))
			return;
	}
}

/* Every ASID counts here: looked up page by page where one ASID is all there is, else by a scan. */
void model_tlb_overlap(struct model_tlb *t, const struct mmu_space *s, u64 start, u64 bytes,
		       void (*fn)(struct model_tlb *t, struct model_entry *e, void *arg), void *arg)
{
	u64 last = start + bytes - 1, pages = bytes >> s->g.page_shift;

	if (pages * 64 > t->size || t->size <= 64 || t->mixed || (t->asid && t->asid != s->asid)) {
		for (u64 i = 0; i < t->size; i++) {
			struct model_entry *e = &t->e[i];

			if (e->used && e->regime == s->regime && e->base <= last &&
			    e->base + model_tlb_bytes(s, e->level, e->kind) - 1 >= start)
				fn(t, e, arg);
		}
		return;
	}
	for (int level = (int)s->g.start_level; level <= 3; level++)
		for (u32 kind = MODEL_LEAF; kind <= (t->groups ? MODEL_GROUP : MODEL_TABLE); kind++)
			overlap_of(t, s, level, kind, start, last, fn, arg);
}
