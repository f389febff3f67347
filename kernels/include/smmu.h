/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * SMMUv3 commands and the command queue: the same code for guest and model. Layouts: Arm SMMU
 * architecture IHI 0070, 4.3 to 4.7 (commands), 3.5 (queues), 6.3 (registers).
 *
 * The operations are counted here as those of mmu.h are there: this is the waist's SMMU part.
 */
#ifndef MMUB_SMMU_H
#define MMUB_SMMU_H

#include "mmu.h"

/* Register offsets, page 0 and (EVENTQ) page 1. */
#define SMMU_IDR1		0x04
#define SMMU_IDR3		0x0c
#define SMMU_IDR5		0x14
#define SMMU_CR0		0x20
#define SMMU_CR0ACK		0x24
#define SMMU_CR1		0x28
#define SMMU_CR2		0x2c
#define SMMU_GERROR		0x60
#define SMMU_GERRORN		0x64
#define SMMU_STRTAB_BASE	0x80
#define SMMU_STRTAB_BASE_CFG	0x88
#define SMMU_CMDQ_BASE		0x90
#define SMMU_CMDQ_PROD		0x98
#define SMMU_CMDQ_CONS		0x9c
#define SMMU_EVENTQ_BASE	0xa0
#define SMMU_EVENTQ_PROD	0x100a8
#define SMMU_EVENTQ_CONS	0x100ac

#define SMMU_CMD_CFGI_STE	0x03
#define SMMU_CMD_CFGI_ALL	0x04
#define SMMU_CMD_TLBI_NH_ALL	0x10
#define SMMU_CMD_TLBI_NH_ASID	0x11
#define SMMU_CMD_TLBI_NH_VA	0x12
#define SMMU_CMD_SYNC		0x46

#define SMMU_CMDQ_SHIFT		8	/* 256 commands of 16 bytes: one page */
#define SMMU_BATCH		64	/* commands that one write of PROD hands over (Linux CMDQ_BATCH_ENTRIES) */
#define SMMU_NUM_MASK		31u

struct smmu_cmd {
	u64 w[2];
};

/* A device's view: the queue of its SMMU, and the context that its stream uses. */
struct smmu_dev {
	mmu_va_t regs;			/* register page 0 */
	mmu_va_t queue;			/* where the CPU sees the command queue */
	u32 shift;			/* log2 of its commands */
	u32 prod;			/* index with wrap bit, as in CMDQ_PROD */
	u16 asid;
	bool ril;			/* SMMU_IDR3.RIL: range commands */
	bool instant;			/* a DMA takes no time: may be tried in the middle of a counted run */
	bool broken;			/* the queue stopped: CMDQ_CONS.ERR or no progress */
};

/* First page and length of one range command: (NUM + 1) << SCALE pages of the granule TG says. */
static __always_inline struct smmu_cmd smmu_tlbi_va(const struct pt_geom *g, u16 asid, u64 iova, bool ril,
						    u32 num, u32 scale)
{
	struct smmu_cmd c;

	c.w[0] = (u64)asid << 48 | SMMU_CMD_TLBI_NH_VA;
	c.w[1] = (iova & ~(pt_page(g) - 1)) | 1;	/* Leaf: only last-level entries change */
	if (ril) {
		/* TTL 3 and TG; NUM and SCALE mean nothing without them */
		c.w[0] |= (u64)((num - 1) & SMMU_NUM_MASK) << 12 | (u64)(scale & 31) << 20;
		c.w[1] |= 3ull << 8 | pt_tlbi_tg(g) << 10;
	}
	return c;
}

static __always_inline struct smmu_cmd smmu_tlbi_asid(u16 asid)
{
	return (struct smmu_cmd){ { (u64)asid << 48 | SMMU_CMD_TLBI_NH_ASID, 0 } };
}

/* CS = 0: completion is seen in CMDQ_CONS. */
static __always_inline struct smmu_cmd smmu_sync(void)
{
	return (struct smmu_cmd){ { SMMU_CMD_SYNC, 0 } };
}

/* Which part of CONS (PROD) counts: index and wrap bit. */
static __always_inline u32 smmu_queue_mask(const struct smmu_dev *d)
{
	return (2u << d->shift) - 1;
}

/* Waits until at most `left` commands are unconsumed; not counted. A queue that stands still breaks. */
static __always_inline void smmu_wait(struct smmu_dev *d, u32 left)
{
	for (u32 tries = 1u << 24; !d->broken; tries--) {
		u32 cons = mmu_arch_mmio_read32(d->regs + SMMU_CMDQ_CONS);

		if (((d->prod - cons) & smmu_queue_mask(d)) <= left)
			return;
		d->broken = (cons >> 24 & 0x7f) || !tries;
	}
}

static __always_inline void smmu_put(struct smmu_dev *d, enum mmu_op op, struct smmu_cmd c)
{
	mmu_va_t slot = d->queue + 16ull * (d->prod & ((1u << d->shift) - 1));

	mmu_note(op, op == MMU_SMMU_TLBI_NH_VA ? c.w[1] : c.w[0]);
	mmu_arch_queue_store64(slot, c.w[0]);
	mmu_arch_queue_store64(slot + 8, c.w[1]);
	d->prod = (d->prod + 1) & smmu_queue_mask(d);
}

/* Hands over what was put; DSB SY, because the SMMU need not be in the inner shareable domain. */
static __always_inline void smmu_push(struct smmu_dev *d)
{
	mmu_dsb(SY);
	mmu_arch_mmio_write32(d->regs + SMMU_CMDQ_PROD, d->prod);
}

/* Room for one batch and a CMD_SYNC. */
static __always_inline void smmu_room(struct smmu_dev *d)
{
	smmu_wait(d, (1u << d->shift) - SMMU_BATCH - 1);
}

static __always_inline void smmu_finish(struct smmu_dev *d)
{
	smmu_put(d, MMU_SMMU_SYNC, smmu_sync());
	smmu_push(d);
	smmu_wait(d, 0);
}

/*
 * Invalidates `pages` leaf translations from iova and waits. With range commands: ascending, SCALE the
 * trailing zeros of the count left, NUM its next five bits (Linux __arm_smmu_tlb_inv_range). Without:
 * a command a page, or one for the ASID from as many pages on as a table has entries (CMDQ_MAX_TLBI_OPS).
 */
static __always_inline void smmu_inv_range(struct smmu_dev *d, const struct pt_geom *g, u64 iova, u64 pages)
{
	u32 waiting = 0;

	if (!pages)
		return;
	smmu_room(d);
	if (!d->ril && pages >= pt_entries(g)) {
		smmu_put(d, MMU_SMMU_TLBI_NH_ASID, smmu_tlbi_asid(d->asid));
		smmu_finish(d);
		return;
	}
	while (pages) {
		u32 scale = d->ril ? (u32)__builtin_ctzll(pages) : 0;
		u32 num = d->ril ? (u32)(pages >> scale) & SMMU_NUM_MASK : 1;

		if (waiting == SMMU_BATCH) {
			smmu_push(d);
			smmu_room(d);
			waiting = 0;
		}
		smmu_put(d, MMU_SMMU_TLBI_NH_VA, smmu_tlbi_va(g, d->asid, iova, d->ril, num, scale));
		waiting++;
		iova += (u64)num << scale << g->page_shift;
		pages -= (u64)num << scale;
	}
	smmu_finish(d);
}

#endif
