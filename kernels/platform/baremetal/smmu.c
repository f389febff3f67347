// SPDX-License-Identifier: GPL-2.0-only
/*
 * The SMMUv3 of the device tree with one stream, the edu device's: linear stream table, one context
 * descriptor, stage 1 through the tables of a LOW space, command and event queues. Arm IHI 0070, 5.2 (STE),
 * 5.4 (CD), 3.5 (queues), 6.3 (registers).
 */
#include "bm.h"
#include "edu.h"
#include "smmu.h"

#define STREAM_SHIFT 8			/* bus 0 */
#define EVENTQ_SHIFT 5
#define CR0_SMMUEN 1u
#define CR0_EVENTQEN 4u
#define CR0_CMDQEN 8u
#define STE_WORDS 8u
#define STE_V 1ull
#define STE_S1_TRANSLATE (5ull << 1)
#define STE_S1_CACHED (0x35ull << 2)	/* S1CIR, S1COR write-back; S1CSH inner */
#define STE_SHCFG_INCOMING (1ull << 44)
#define CD_V (1ull << 31)
#define CD_EPD1 (1ull << 30)
#define CD_AA64 (1ull << 41)
#define CD_R (1ull << 45)
#define CD_A (1ull << 46)
#define CD_ASET (1ull << 47)
#define CD_WALKS_CACHED (1ull << 8 | 1ull << 10 | 3ull << 12)
#define SPIN (1u << 24)

static struct {
	struct pci_dev edu;
	u64 streams, cd, cmdq, eventq, bounce;	/* PAs, allocated once and kept */
	u32 events;				/* EVENTQ_CONS */
	bool up;
} smmu;

static void write32(u32 reg, u32 val)
{
	*(volatile u32 *)(dt.smmu.start + reg) = val;
}

static u32 read32(u32 reg)
{
	return *(volatile u32 *)(dt.smmu.start + reg);
}

static void write64(u32 reg, u64 val)
{
	*(volatile u64 *)(dt.smmu.start + reg) = val;
}

static bool enable(u32 bits)
{
	write32(SMMU_CR0, bits);
	for (u32 i = 0; i < SPIN; i++)
		if (read32(SMMU_CR0ACK) == bits)
			return true;
	return false;
}

static u64 zeroed(u64 bytes)
{
	u64 pa = plat_phys_alloc(bytes, bytes < 4096 ? 4096 : bytes);

	if (pa)
		plat_phys_zero(pa, MMUB_ALIGN_UP(bytes, 4096ull));
	return pa;
}

static const char *alloc_once(void)
{
	if (smmu.bounce)
		return NULL;
	smmu.streams = zeroed(64ull << STREAM_SHIFT);
	smmu.cd = zeroed(64);
	smmu.cmdq = zeroed(16ull << SMMU_CMDQ_SHIFT);
	smmu.eventq = zeroed(32ull << EVENTQ_SHIFT);
	smmu.bounce = zeroed(4096);
	if (!smmu.streams || !smmu.cd || !smmu.cmdq || !smmu.eventq || !smmu.bounce)
		return "out of memory for the SMMU's tables and queues";
	return NULL;
}

static void fill_context(const struct mmu_space *s)
{
	static const u32 tg0[] = { 0, 2, 1 };	/* 4K, 16K, 64K */
	u64 *cd = (u64 *)smmu.cd, *ste = (u64 *)smmu.streams + STE_WORDS * smmu.edu.stream;
	u64 ips = bm_pa_range() > 5 ? 5 : bm_pa_range();

	cd[0] = (64 - s->g.va_bits) | tg0[(s->g.page_shift - 12) / 2] << 6 | CD_WALKS_CACHED | CD_EPD1 |
		CD_V | ips << 32 | CD_AA64 | CD_R | CD_A | CD_ASET | (u64)s->asid << 48;
	cd[1] = s->root;
	cd[3] = BM_MAIR;
	ste[1] = STE_S1_CACHED | STE_SHCFG_INCOMING;
	ste[0] = STE_V | STE_S1_TRANSLATE | smmu.cd;
}

/* Commands of set-up: as the waist's, but not counted. */
static void command(struct smmu_dev *d, u64 w0, u64 w1)
{
	u64 *slot = (u64 *)(d->queue + 16ull * (d->prod & ((1u << d->shift) - 1)));

	slot[0] = w0;
	slot[1] = w1;
	d->prod = (d->prod + 1) & smmu_queue_mask(d);
	asm volatile("dsb sy" ::: "memory");
	write32(SMMU_CMDQ_PROD, d->prod);
	smmu_wait(d, 0);
}

static const char *bring_up(struct smmu_dev *d)
{
	if (!enable(0))
		return "the SMMU does not stop";
	write32(SMMU_CR1, 3u << 10 | 1u << 8 | 1u << 6 | 3u << 4 | 1u << 2 | 1u);
	write64(SMMU_STRTAB_BASE, smmu.streams | 1ull << 62);
	write32(SMMU_STRTAB_BASE_CFG, STREAM_SHIFT);
	write64(SMMU_CMDQ_BASE, smmu.cmdq | 1ull << 62 | SMMU_CMDQ_SHIFT);
	write32(SMMU_CMDQ_PROD, 0);
	write32(SMMU_CMDQ_CONS, 0);
	write64(SMMU_EVENTQ_BASE, smmu.eventq | 1ull << 62 | EVENTQ_SHIFT);
	write32(SMMU_EVENTQ_PROD, 0);
	write32(SMMU_EVENTQ_CONS, 0);
	smmu.events = 0;
	if (!enable(CR0_CMDQEN))
		return "the SMMU's command queue does not start";
	command(d, SMMU_CMD_CFGI_ALL, 31);
	command(d, SMMU_CMD_TLBI_NH_ALL, 0);
	command(d, SMMU_CMD_SYNC, 0);
	if (d->broken)
		return "the SMMU does not consume commands";
	if (!enable(CR0_CMDQEN | CR0_EVENTQEN))
		return "the SMMU's event queue does not start";
	return enable(CR0_CMDQEN | CR0_EVENTQEN | CR0_SMMUEN) ? NULL : "the SMMU does not start";
}

const char *plat_smmu_attach(struct smmu_dev *d, const struct mmu_space *s)
{
	const char *why;

	memset(d, 0, sizeof(*d));
	if (!dt.smmu.start)
		return "no arm,smmu-v3 in the device tree";
	why = edu_find(&smmu.edu);
	if (!why)
		why = alloc_once();
	if (why)
		return why;
	d->regs = dt.smmu.start;
	d->queue = smmu.cmdq;
	d->shift = SMMU_CMDQ_SHIFT;
	d->asid = s->asid;
	d->ril = plat_env()->features & FEAT_SMMU_RIL;
	fill_context(s);
	asm volatile("dsb sy" ::: "memory");
	why = bring_up(d);
	smmu.up = !why;
	return why;
}

void plat_smmu_detach(struct smmu_dev *d)
{
	(void)d;
	enable(0);
	smmu.up = false;
}

void plat_smmu_flush(struct smmu_dev *d)
{
	command(d, SMMU_CMD_TLBI_NH_ALL, 0);
	command(d, SMMU_CMD_SYNC, 0);
}

/* Takes what the event queue holds; true: there was something, *code the first record's type. */
static bool take_events(u32 *code)
{
	u32 prod = read32(SMMU_EVENTQ_PROD) & 0xfffff, mask = (2u << EVENTQ_SHIFT) - 1;
	bool any = (prod ^ smmu.events) & mask;

	asm volatile("dsb sy" ::: "memory");
	*code = *(volatile u32 *)(smmu.eventq + 32ull * (smmu.events & (mask >> 1))) & 0xff;
	smmu.events = prod & mask;
	write32(SMMU_EVENTQ_CONS, smmu.events);
	return any;
}

enum plat_probe_result plat_dma_read(struct smmu_dev *d, u64 iova, u64 *val)
{
	u32 code;

	(void)d;
	if (!smmu.up)
		return PROBE_OTHER;
	take_events(&code);
	if (!edu_load(&smmu.edu, iova))
		return PROBE_OTHER;
	if (take_events(&code)) {
		*val = code;
		/* F_TRANSLATION, F_PERMISSION (IHI 0070, 7.3) */
		return code == 0x10 ? PROBE_TRANSLATION : code == 0x13 ? PROBE_PERMISSION : PROBE_OTHER;
	}
	*(volatile u64 *)smmu.bounce = 0;
	/* a LOW space holds the runtime's memory as well, so that the device reaches the bounce page */
	if (!edu_store(&smmu.edu, smmu.bounce) || take_events(&code))
		return PROBE_OTHER;
	*val = *(volatile u64 *)smmu.bounce;
	return PROBE_OK;
}
