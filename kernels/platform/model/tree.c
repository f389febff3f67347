// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which memory is a table, and of what level: kept up to date from the roots of the installed spaces on,
 * store by store. A walker may use a table from the moment that a link to it is visible, so that is when its
 * contents must have been ordered (Arm ARM B2.3.10, D8.2.6; Linux __pmd_alloc(): smp_wmb()); and it may use
 * it until no link, no cached link and nothing that was read through it is left (D8.14.1), so that is when
 * it may be freed.
 */
#include "model.h"

static const struct mmu_space *space_of(u8 regime)
{
	return regime == MMU_REGIME_HIGH ? model.high : regime == MMU_REGIME_LOW ? model.low : model.stage2;
}

/* Everything in the table was stored and ordered before the link to it. */
static void judge_contents(u64 table, u64 bytes, u64 link)
{
	for (u64 i = 0; i < bytes; i += 8) {
		u32 epoch = model_mem_shadow(table + i)->epoch;

		if (epoch < model_order.epoch)
			continue;
		model_violation("the table at PA 0x%llx was linked (entry at PA 0x%llx) %s offset 0x%llx",
				(unsigned long long)table, (unsigned long long)link, epoch == MODEL_GARBAGE ?
				"while it holds garbage at" : "before a DSB ordered the zero or entry at",
				(unsigned long long)i);
		return;
	}
}

static bool count_links(const struct mmu_space *s, u64 table, int level, int n, u64 link)
{
	bool turned = false;

	for (u64 i = 0; i < pt_page(&s->g); i += 4096) {
		struct model_page *p = model_mem_page(table + i);

		p->parents ^= link;
		if (n > 0 && !p->links++) {
			p->parents = link;
			p->level = (signed char)level;
			p->regime = (u8)s->regime;
			p->fresh = 0;
			turned = true;
		} else if (n < 0 && p->links && !--p->links) {
			turned = true;
		}
	}
	return turned;
}

/* The table and all below it become part of the tree, or leave it. */
static void graft(const struct mmu_space *s, u64 table, int level, int n, bool judged, u64 link)
{
	u32 entries = level == (int)s->g.start_level ? s->g.top_entries : pt_entries(&s->g);

	if (!count_links(s, table, level, n, link))
		return;
	if (judged)
		judge_contents(table, pt_page(&s->g), link);
	for (u32 i = 0; level < 3 && i < entries; i++) {
		u64 desc = model_mem_read(table + 8ull * i);

		if (pt_is_table(desc, level))
			graft(s, pt_desc_pa(&s->g, desc), level + 1, n, judged, table + 8ull * i);
	}
}

void model_tree_root(const struct mmu_space *s, bool there)
{
	graft(s, s->root, (int)s->g.start_level, there ? 1 : -1, false, 0);
}

bool model_tree_where(u64 slot, const struct mmu_space **s, u64 *va, int *level)
{
	const struct model_page *p = model_mem_page(slot);
	u64 table;

	*s = p->links == 1 ? space_of(p->regime) : NULL;
	if (!*s)
		return false;
	*level = p->level;
	*va = (*s)->regime == MMU_REGIME_HIGH ? ~0ull << (*s)->g.va_bits : 0;
	for (int l = *level; ; l--) {
		table = MMUB_ALIGN_DOWN(slot, pt_page(&(*s)->g));
		*va |= (slot - table) / 8 << pt_shift(&(*s)->g, l);
		if (l <= (int)(*s)->g.start_level)
			return table == (*s)->root;
		slot = model_mem_page(table)->parents;
		if (model_mem_page(slot)->links != 1)
			return false;
	}
}

/* Trees that no walker uses (family fold) are judged by the same rule: level by level, as they grow. */
static void judge_private(u64 pa, u64 val)
{
	u64 table = val & 0xfffffffff000ull;
	struct model_page *p;

	if ((val & 3) != 3 || model.high || model.low || model.stage2)
		return;
	p = model_mem_page(table);
	if (p->fresh)
		judge_contents(table, 1ull << p->fresh, pa);
	p->fresh = 0;
}

static void find_bypass(struct model_tlb *t, struct model_entry *e, void *arg)
{
	const struct mmu_space *s = arg;

	(void)t;
	if (model_slot_of(s, e->base, e->level) != e->slot)
		model_violation("break-before-make: a new entry for VA 0x%llx was stored while a TLB still holds what "
				"was read at PA 0x%llx, level %d: no completed TLBI covered it",
				(unsigned long long)e->base, (unsigned long long)e->slot, e->level);
}

/* A new table or block: nothing of what was below the old one may be left (D8.14.1). */
static void judge_replaced(u64 slot)
{
	const struct mmu_space *s;
	int level;
	u64 va;

	if (!model_tree_where(slot, &s, &va, &level) || s->regime == MMU_REGIME_STAGE2)
		return;
	for (u32 cpu = 0; cpu < MODEL_CPUS; cpu++)
		if (model.tlb[cpu].live)
			model_tlb_overlap(&model.tlb[cpu], s, va, pt_size(&s->g, level), find_bypass, (void *)s);
}

void model_tree_changed(u64 pa, const struct model_page *p, u64 old, u64 val, bool judged)
{
	const struct mmu_space *s;
	int level = p->level;

	if (!p->links) {
		if (judged)
			judge_private(pa, val);
		return;
	}
	if (old & PT_VALID)
		model_order.changes++;
	s = space_of(p->regime);
	if (level == 3 || !s)
		return;
	if (judged && val & PT_VALID)
		judge_replaced(pa);
	if (pt_is_table(old, level))
		graft(s, pt_desc_pa(&s->g, old), level + 1, -1, false, pa);
	if (pt_is_table(val, level))
		graft(s, pt_desc_pa(&s->g, val), level + 1, 1, judged, pa);
}

/* ---- tables given and taken ---- */

static void judge_unused(u64 table, u64 bytes, const char *what)
{
	for (u64 i = 0; i < bytes; i += 4096) {
		const struct model_page *p = model_mem_page(table + i);

		if (p->links)
			model_violation("the table at PA 0x%llx was %s while it is still linked at level %d",
					(unsigned long long)table, what, p->level - 1);
		else if (p->cached_from || p->cached_to)
			model_violation("the table at PA 0x%llx was %s while TLBs hold %u entries read from it "
					"and %u that lead to it", (unsigned long long)table, what,
					p->cached_from, p->cached_to);
	}
}

/* What a fresh page holds is anybody's guess until it is stored. */
void model_table_alloc(u64 pa, u64 bytes)
{
	if (!pa)
		return;
	judge_unused(pa, bytes, "handed out");
	for (u64 i = 0; i < bytes; i += 8) {
		model_mem_shadow(pa + i)->epoch = MODEL_GARBAGE;
		model_mem_shadow(pa + i)->walked = false;
	}
	model_mem_page(pa)->fresh = (u8)__builtin_ctzll(bytes);
}

void model_table_free(u64 pa, u64 bytes)
{
	judge_unused(pa, bytes, "freed");
}

void model_tree_cached(u64 slot, int n)
{
	model_mem_shadow(slot)->cached += (u16)n;
	model_mem_page(slot)->cached_from += (u32)n;
}

void model_tree_cached_to(u64 table, int n)
{
	model_mem_page(table)->cached_to += (u32)n;
}

/* ---- contiguous groups (D8.7.1) ---- */

u32 model_group_size(const struct pt_geom *g, int level)
{
	return level == 3 ? pt_cont_ptes(g) : level == 2 ? pt_cont_pmds(g) : 1;
}

/* What entries of a group may differ in: the state that hardware keeps (D8.5.1, D8.5.2). */
u64 model_group_kept(u64 desc)
{
	return PT_AF | (desc & PT_DBM ? PT_AP_RDONLY : 0);
}

int model_group_bad(const struct mmu_space *s, u64 slot, u64 desc, u32 n, int level)
{
	for (u32 i = 0; i < n; i++)
		if ((model_mem_read(slot + 8ull * i) ^ (desc + i * pt_size(&s->g, level))) &
		    ~model_group_kept(desc))
			return (int)i;
	return -1;
}
