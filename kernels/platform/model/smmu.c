// SPDX-License-Identifier: GPL-2.0-only
/*
 * An SMMUv3 with one device: a TLB that forgets nothing until a consumed command covers it, and whose
 * invalidations are complete only when a later CMD_SYNC is consumed (IHI 0070, 4.7.3). Commands are read
 * from the queue in memory as far as CMDQ_PROD says, and must have been ordered before that write.
 */
#include <stdlib.h>

#include "model.h"
#include "smmu.h"

#define REGS	(0x5a5bull << 48)
#define ENTRIES	(1u << 14)

struct entry {
	u64 iova, pa, slot, desc;
	u16 asid;
	bool used, condemned;
};

static struct {
	const struct mmu_space *s;	/* the tables that the stream's context names */
	u64 queue;			/* PA, allocated once */
	u32 prod, cons;
	u32 stored_epoch;		/* of the last store into the queue; 0: none */
	u32 pending;			/* condemned entries that wait for CMD_SYNC, and commands before it */
	struct entry e[ENTRIES];
	u32 entries;
} smmu;

#define QUEUE_BYTES (16ull << SMMU_CMDQ_SHIFT)
#define QUEUE_MASK ((2u << SMMU_CMDQ_SHIFT) - 1)

void model_queue_store64(mmu_va_t va, u64 val)
{
	mmu_arch_write64(va, val);
	smmu.stored_epoch = model_order.epoch;
}

u32 model_smmu_read32(mmu_va_t va)
{
	return va - REGS == SMMU_CMDQ_CONS ? smmu.cons : va - REGS == SMMU_CMDQ_PROD ? smmu.prod : 0;
}

static void condemn(u16 asid, u64 start, u64 bytes)
{
	for (u32 i = 0; i < smmu.entries; i++) {
		struct entry *e = &smmu.e[i];

		if (e->used && e->asid == asid && (!bytes || e->iova - start < bytes))
			e->condemned = true;
	}
	smmu.pending++;
}

static void tlbi_va(const struct smmu_cmd *c)
{
	u32 num = (u32)(c->w[0] >> 12) & 31, scale = (u32)(c->w[0] >> 20) & 31;
	u32 tg = (u32)(c->w[1] >> 10) & 3, ttl = (u32)(c->w[1] >> 8) & 3;
	bool ril = plat_env()->features & FEAT_SMMU_RIL;
	u32 shift = tg ? 2 * tg + 10 : smmu.s->g.page_shift;
	u64 start = c->w[1] & ~0xfffull;

	if (!ril && (num || scale || tg || ttl))
		model_violation("CMD_TLBI_NH_VA with range fields, but SMMU_IDR3.RIL is 0");
	else if (!tg && (num || scale || ttl))
		model_violation("CMD_TLBI_NH_VA with TG 0 and NUM %u, SCALE %u, TTL %u", num, scale, ttl);
	else if (shift != smmu.s->g.page_shift)
		return;		/* another granule: nothing is promised to go */
	if (ttl && ttl != 3)
		return;		/* every leaf here is at level 3 */
	condemn((u16)(c->w[0] >> 48), start, (u64)(num + 1) << scale << shift);
}

static bool fresh(const struct entry *e)
{
	struct model_walk w;

	return model_walk_tables(smmu.s, e->iova, &w) == MODEL_OK && w.slot == e->slot && w.desc == e->desc;
}

static void forget(struct entry *e)
{
	if (e->used)
		model_tree_cached(e->slot, -1);
	e->used = false;
}

/* As a CPU's walker does, the SMMU's brings back at once what the tables still say. */
static void complete(void)
{
	for (u32 i = 0; i < smmu.entries; i++) {
		struct entry *e = &smmu.e[i];

		if (e->used && e->condemned && !fresh(e))
			forget(e);
		e->condemned = false;
	}
	smmu.pending = 0;
}

static void consume(const struct smmu_cmd *c)
{
	switch (c->w[0] & 0xff) {
	case SMMU_CMD_TLBI_NH_VA:
		tlbi_va(c);
		break;
	case SMMU_CMD_TLBI_NH_ASID:
		condemn((u16)(c->w[0] >> 48), 0, 0);
		break;
	case SMMU_CMD_SYNC:
		complete();
		break;
	default:
		model_violation("SMMU command 0x%llx: CERROR_ILL", (unsigned long long)c->w[0]);
	}
}

void model_smmu_write32(mmu_va_t va, u32 val)
{
	if (va - REGS != SMMU_CMDQ_PROD || !smmu.s) {
		model_violation("store to SMMU register 0x%llx", (unsigned long long)(va - REGS));
		return;
	}
	if (smmu.stored_epoch == model_order.epoch)
		model_violation("CMDQ_PROD written before the commands were ordered: DSB is missing");
	if (model_order.store_epoch == model_order.epoch)
		model_violation("CMDQ_PROD written before the store to the entry at PA 0x%llx was ordered",
				(unsigned long long)model_order.store_slot);
	if (((val - smmu.cons) & QUEUE_MASK) > 1u << SMMU_CMDQ_SHIFT)
		model_violation("the command queue overflowed");
	for (smmu.prod = val; smmu.cons != val; smmu.cons = (smmu.cons + 1) & QUEUE_MASK) {
		u64 at = smmu.queue + 16ull * (smmu.cons & ((1u << SMMU_CMDQ_SHIFT) - 1));
		struct smmu_cmd c = { { model_mem_read(at), model_mem_read(at + 8) } };

		consume(&c);
	}
}

const char *plat_smmu_attach(struct smmu_dev *d, const struct mmu_space *s)
{
	if (!(plat_env()->features & FEAT_SMMUV3))
		return "no SMMUv3 here";
	if (smmu.s)
		return "the model has one SMMU with one device, and it is taken";
	if (!smmu.queue)
		smmu.queue = plat_phys_alloc(QUEUE_BYTES, QUEUE_BYTES);
	memset(d, 0, sizeof(*d));
	smmu.s = s;
	d->regs = REGS;
	d->queue = plat_phys_va(smmu.queue);
	d->shift = SMMU_CMDQ_SHIFT;
	d->prod = smmu.prod;
	d->asid = s->asid;
	d->ril = plat_env()->features & FEAT_SMMU_RIL;
	d->instant = true;
	plat_smmu_flush(d);
	return NULL;
}

void plat_smmu_detach(struct smmu_dev *d)
{
	plat_smmu_flush(d);
	smmu.s = NULL;
}

void plat_smmu_flush(struct smmu_dev *d)
{
	(void)d;
	for (u32 i = 0; i < smmu.entries; i++)
		forget(&smmu.e[i]);
	smmu.entries = smmu.pending = smmu.stored_epoch = 0;
}

const u64 *model_smmu_conflict(u64 slot, u64 val)
{
	for (u32 i = 0; i < smmu.entries; i++) {
		const struct entry *e = &smmu.e[i];

		if (e->used && e->slot == slot && !model_replaceable(e->desc, val))
			return &e->desc;
	}
	return NULL;
}

void model_smmu_judge(void)
{
	for (u32 i = 0; i < smmu.entries; i++)
		if (smmu.e[i].used && !smmu.e[i].condemned && !fresh(&smmu.e[i]))
			model_violation("stale entry in the SMMU's TLB: IOVA 0x%llx",
					(unsigned long long)smmu.e[i].iova);
}

/* NULL, or what the SMMU still owes at the end of a call. */
const char *model_smmu_owes(void)
{
	if (smmu.s && smmu.pending)
		return "SMMU invalidations were not completed by CMD_SYNC before the call returned";
	return NULL;
}

static struct entry *find(u64 iova, u16 asid)
{
	for (u32 i = 0; i < smmu.entries; i++)
		if (smmu.e[i].used && smmu.e[i].iova == iova && smmu.e[i].asid == asid)
			return &smmu.e[i];
	return NULL;
}

static struct entry *room(void)
{
	for (u32 i = 0; i < smmu.entries; i++)
		if (!smmu.e[i].used)
			return &smmu.e[i];
	return smmu.entries < ENTRIES ? &smmu.e[smmu.entries++] : NULL;
}

enum plat_probe_result plat_dma_read(struct smmu_dev *d, u64 iova, u64 *val)
{
	u64 mask = pt_page(&smmu.s->g) - 1;
	struct entry *e = find(iova & ~mask, smmu.s->asid);
	struct model_walk w;

	(void)d;
	if (!e) {
		enum model_fault fault = model_walk_tables(smmu.s, iova, &w);

		if (fault != MODEL_OK)
			return fault == MODEL_TRANSLATION ? PROBE_TRANSLATION : PROBE_PERMISSION;
		e = room();
		if (!e)
			abort();	/* no test is that large; a full TLB must not forget in silence */
		*e = (struct entry){ iova & ~mask, w.pa & ~mask, w.slot, w.desc, smmu.s->asid, true, false };
		model_tree_cached(w.slot, 1);
	}
	*val = model_mem_read((e->pa | (iova & mask)) & ~7ull);
	return PROBE_OK;
}
