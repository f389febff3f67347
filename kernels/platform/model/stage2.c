// SPDX-License-Identifier: GPL-2.0-only
/*
 * Stage 2 as a guest's accesses fill it: for each leaf that was used an entry by IPA, and an entry that
 * combines both stages, which a TLBI by IPA does not reach (Arm ARM D8.14.5). The guest's stage 1 is
 * the identity.
 *
 * The walker is the worst allowed: as long as the entry by IPA is there, the combined one comes back
 * at once. So VMALLE1IS gets rid of a combined entry only when the invalidation by IPA is complete.
 * Cached stage-2 table entries are not modelled: families here never take a table away.
 */
#include <stdlib.h>

#include "model.h"
#include "tlbi_decode.h"

enum state { GONE, LIVE, CONDEMNED };

struct entry {
	u64 ipa, bytes, pa, desc, slot;
	u8 by_ipa, combined;		/* enum state */
	signed char level;
	bool orphan;			/* on the list: combined, its entry by IPA is gone */
};

static struct {
	struct entry *e;
	u64 n, size;
	u32 *hash;			/* index + 1, by IPA and level */
	u64 hash_size;
	u32 *waiting, *orphan;		/* indices */
	u64 nwaiting, norphan;
} s2;

/* Physical blocks that entries lead to, and how many do. */
#define BLOCKS 64
static struct {
	u64 pa, bytes, users;
} block[BLOCKS];
static u32 blocks;

static void *grown(void *p, u64 bytes)
{
	p = realloc(p, bytes);
	if (!p)
		abort();
	return p;
}

static u64 hash_of(u64 ipa, int level)
{
	return ((ipa >> 12) + (u64)level) * 0x9e3779b97f4a7c15ull >> 20;
}

static void hash_put(u32 i)
{
	u64 h = hash_of(s2.e[i].ipa, s2.e[i].level);

	while (s2.hash[h & (s2.hash_size - 1)])
		h++;
	s2.hash[h & (s2.hash_size - 1)] = i + 1;
}

static struct entry *find(u64 ipa, int level)
{
	if (!s2.n)
		return NULL;
	for (u64 h = hash_of(ipa, level);; h++) {
		u32 i = s2.hash[h & (s2.hash_size - 1)];

		if (!i)
			return NULL;
		if (s2.e[i - 1].ipa == ipa && s2.e[i - 1].level == level)
			return &s2.e[i - 1];
	}
}

static void grow(void)
{
	s2.size = s2.size ? 2 * s2.size : 1024;
	s2.e = grown(s2.e, s2.size * sizeof(*s2.e));
	s2.waiting = grown(s2.waiting, 2 * s2.size * sizeof(*s2.waiting));
	s2.orphan = grown(s2.orphan, s2.size * sizeof(*s2.orphan));
	s2.hash_size = 4 * s2.size;
	s2.hash = grown(s2.hash, s2.hash_size * sizeof(*s2.hash));
	memset(s2.hash, 0, s2.hash_size * sizeof(*s2.hash));
	for (u32 i = 0; i < s2.n; i++)
		hash_put(i);
}

static void count_user(const struct entry *e, bool more)
{
	u32 i = 0;

	while (i < blocks && (block[i].pa != e->pa || block[i].bytes != e->bytes))
		i++;
	if (i == BLOCKS)
		return;		/* a family with more blocks than this must not ask for cache lines */
	if (i == blocks) {
		block[blocks].pa = e->pa;
		block[blocks].bytes = e->bytes;
		block[blocks++].users = 0;
	}
	block[i].users += more ? 1 : -1ull;
}

bool model_stage2_reaches(u64 pa)
{
	for (u32 i = 0; i < blocks; i++)
		if (pa - block[i].pa < block[i].bytes && block[i].users)
			return true;
	return false;
}

static struct entry *fill(u64 ipa, int level, u64 slot, u64 desc)
{
	const struct pt_geom *g = &model.stage2->g;
	u64 bytes = pt_size(g, level);
	struct entry *e = find(ipa & ~(bytes - 1), level);

	if (!e) {
		if (s2.n == s2.size)
			grow();
		e = &s2.e[s2.n];
		*e = (struct entry){ .ipa = ipa & ~(bytes - 1), .bytes = bytes, .level = (signed char)level };
		hash_put((u32)s2.n++);
	}
	e->pa = pt_desc_pa(g, desc) & ~(bytes - 1);
	e->desc = desc;
	e->slot = slot;
	e->by_ipa = e->combined = LIVE;
	count_user(e, true);
	model_tree_cached(slot, 1);
	return e;
}

/* What the tables still say comes back at once, as in stage 1. */
static bool fresh(const struct entry *e)
{
	return model_mem_read(e->slot) == e->desc && model.stage2 &&
	       model_slot_of(model.stage2, e->ipa, e->level) == e->slot;
}

static struct entry *cached(u64 ipa)
{
	for (int level = 3; level >= (int)model.stage2->g.start_level; level--) {
		struct entry *e = find(ipa & ~(pt_size(&model.stage2->g, level) - 1), level);

		if (e && (e->by_ipa || e->combined))
			return e;
	}
	return NULL;
}

/* A variant's store must have been ordered before the walker can count on it. */
static void judge_published(u64 ipa, u64 slot)
{
	u32 epoch = model_mem_shadow(slot)->epoch;

	if (epoch && epoch >= model_order.epoch)
		model_violation("IPA 0x%llx used before the store to its entry at PA 0x%llx was published: DSB ISHST "
				"is missing", (unsigned long long)ipa, (unsigned long long)slot);
}

/* NULL: a stage-2 translation fault. judged: the variant's own use, not a probe's. */
static struct entry *translate(const struct mmu_space *s, u64 ipa, bool judged)
{
	struct entry *e = cached(ipa);
	u64 table = s->root;

	if (e || ipa >> s->g.va_bits)
		return e;
	for (int level = (int)s->g.start_level;; level++) {
		u64 slot = table + 8ull * pt_index(&s->g, level, ipa), desc = model_mem_read(slot);

		if (desc & PT_VALID)
			model_mem_shadow(slot)->walked = true;
		if (desc & PT_VALID && judged)
			judge_published(ipa, slot);
		if (pt_is_leaf(desc, level))
			return fill(ipa, level, slot, desc);
		if (!pt_is_table(desc, level))
			return NULL;
		table = pt_desc_pa(&s->g, desc);
	}
}

#define SPECULATED_MAX (1u << 19)	/* entries: a guest of 128 GiB must not need as much on the host */

void model_stage2_speculate(u64 ipa, int level, u64 slot, u64 desc)
{
	struct entry *e = find(ipa, level);

	if (pt_is_leaf(desc, level) && s2.n < SPECULATED_MAX && !(e && (e->by_ipa || e->combined)))
		fill(ipa, level, slot, desc);
}

const char *plat_guest_access(struct plat_guest *g)
{
	if (!model.stage2 || g->s != model.stage2)
		return "no stage 2 is installed";
	g->answered = g->faulted = g->other = g->at_answer = g->at_fault = 0;
	for (u64 i = 0; i < g->n; i++) {
		u64 ipa = g->ipa + i * g->stride;
		struct entry *e = translate(g->s, ipa, false);

		if (e && (!g->walk || e->by_ipa)) {
			if (!g->answered++)
				g->at_answer = ipa;
			g->last = model_mem_read((e->pa | (ipa & (e->bytes - 1))) & ~7ull);
			if (g->write && !g->fwb) {
				/* the guest stores to the whole leaf; its first and last lines stand for it */
				model_cache_dirty(e->pa);
				model_cache_dirty(e->pa + e->bytes - MODEL_DLINE_BYTES);
			}
		} else if (!g->faulted++) {
			g->at_fault = ipa;
		}
	}
	return NULL;
}

void model_guest_regime(bool guest)
{
	if (!model.stage2 || !model.low)
		model_violation("HCR_EL2.TGE written where there is no host beside a guest");
	model.guest_regime = guest;
	model.hcr_unsynced = true;
}

void model_hcr_judge(void)
{
	if (model.hcr_unsynced)
		model_violation("HCR_EL2 was written, and no ISB followed before the call returned");
	if (model.guest_regime && model.low)
		model_violation("the call returned in the guest's regime: HCR_EL2.TGE is clear");
}

bool model_guest_load(u64 ipa)
{
	struct entry *e = model.stage2 ? translate(model.stage2, ipa, true) : NULL;

	if (e && (e->by_ipa == CONDEMNED || e->combined == CONDEMNED))
		model_violation("IPA 0x%llx used after the TLBI of its translation but before the DSB",
				(unsigned long long)ipa);
	else if (e && !fresh(e))
		model_violation("IPA 0x%llx used through a stale translation (entry at PA 0x%llx, level %d)",
				(unsigned long long)ipa, (unsigned long long)e->slot, e->level);
	return e;
}

void plat_guest_table(u64 pa)
{
	(void)pa;
}

void model_stage2_reset(void)
{
	for (u64 i = 0; i < s2.n; i++)
		if (s2.e[i].by_ipa || s2.e[i].combined)
			model_tree_cached(s2.e[i].slot, -1);
	if (s2.hash)
		memset(s2.hash, 0, s2.hash_size * sizeof(*s2.hash));
	s2.n = s2.nwaiting = s2.norphan = 0;
	blocks = 0;
	model_cache_reset();
}

void plat_guest_flush(void)
{
	model_stage2_reset();
	model_regime_reset();
	plat_tlb_flush_all();
}

/* ---- invalidation ---- */

static void wait_for_dsb(struct entry *e)
{
	s2.waiting[s2.nwaiting++] = (u32)(e - s2.e);
	model_order.condemned++;
}

static void condemn_by_ipa(struct entry *e, const struct tlbi_decoded *d)
{
	if (e->by_ipa != LIVE || (d->ttl >= 0 && d->ttl != e->level))
		return;
	e->by_ipa = CONDEMNED;
	wait_for_dsb(e);
}

static void by_ipa(const struct tlbi_decoded *d)
{
	const struct pt_geom *g = &model.stage2->g;
	u64 pages = d->bytes >> g->page_shift, last = d->start + d->bytes - 1;

	if (pages > s2.n) {
		for (u64 i = 0; i < s2.n; i++)
			if (s2.e[i].ipa <= last && s2.e[i].ipa + s2.e[i].bytes > d->start)
				condemn_by_ipa(&s2.e[i], d);
		return;
	}
	for (int level = (int)g->start_level; level <= 3; level++) {
		u64 bytes = pt_size(g, level);

		for (u64 ipa = d->start & ~(bytes - 1); ipa <= last; ipa += bytes) {
			struct entry *e = find(ipa, level);

			if (e)
				condemn_by_ipa(e, d);
		}
	}
}

void model_tlbi_stage2(enum mmu_op op, u64 operand)
{
	struct tlbi_decoded d;
	const char *why;

	if (!model.stage2) {
		model_violation("%s: no stage 2 is installed", mmu_op_name(op));
		return;
	}
	why = tlbi_decode(op, operand, model.stage2->g.page_shift, model.stage2->g.lpa2, &d);
	if (why) {
		model_violation("%s 0x%llx: %s", mmu_op_name(op), (unsigned long long)operand, why);
		return;
	}
	model_order.local_only = false;		/* there are only broadcast forms */
	if (d.scope != TLBI_SCOPE_ALL) {
		by_ipa(&d);
		return;
	}
	for (u64 i = 0; i < s2.n; i++) {
		struct entry *e = &s2.e[i];
		bool any = e->by_ipa == LIVE || e->combined == LIVE;

		if (e->by_ipa == LIVE)
			e->by_ipa = CONDEMNED;
		if (e->combined == LIVE)
			e->combined = CONDEMNED;
		if (any)
			wait_for_dsb(e);
	}
}

/* VMALLE1IS and its like: the combined entries that nothing can make again. */
void model_tlbi_combined(bool local)
{
	if (local)
		return;		/* other CPUs of the guest keep theirs */
	model_order.local_only = false;
	while (s2.norphan) {
		struct entry *e = &s2.e[s2.orphan[--s2.norphan]];

		e->orphan = false;
		if (e->combined == LIVE && e->by_ipa == GONE) {
			e->combined = CONDEMNED;
			wait_for_dsb(e);
		}
	}
}

void model_stage2_complete(void)
{
	while (s2.nwaiting) {
		u32 i = s2.waiting[--s2.nwaiting];
		struct entry *e = &s2.e[i];
		u8 then = fresh(e) ? LIVE : GONE;

		if (e->by_ipa != CONDEMNED && e->combined != CONDEMNED)
			continue;	/* waited twice, by IPA and by VMID */
		if (e->combined == CONDEMNED)
			e->combined = then;
		if (e->by_ipa == CONDEMNED)
			e->by_ipa = then;
		if (e->by_ipa == GONE && e->combined == GONE) {
			count_user(e, false);
			model_tree_cached(e->slot, -1);
		} else if (e->by_ipa == GONE && !e->orphan) {
			e->orphan = true;
			s2.orphan[s2.norphan++] = i;
		}
	}
}

const u64 *model_stage2_conflict(u64 slot, u64 val)
{
	for (u64 i = 0; i < s2.n; i++) {
		const struct entry *e = &s2.e[i];

		if (e->slot == slot && (e->by_ipa || e->combined) && !model_replaceable(e->desc, val))
			return &e->desc;
	}
	return NULL;
}

void model_stage2_judge(void)
{
	for (u64 i = 0; i < s2.n; i++) {
		const struct entry *e = &s2.e[i];

		if ((!e->by_ipa && !e->combined) || fresh(e))
			continue;
		model_violation("stale %s entry: IPA 0x%llx, level %d", e->by_ipa ? "stage-2" :
				"combined (stage 1 and 2)", (unsigned long long)e->ipa, e->level);
		return;
	}
	model_cache_judge();
}
