// SPDX-License-Identifier: GPL-2.0-only
/*
 * As much of a GICv3 (Arm IHI 0069) as it takes to wake a CPU from WFI: one SGI, and the virtual timer's
 * PPI for naps. Interrupts stay masked
 * in PSTATE; a pending one ends WFI all the same.
 */
#include "bm.h"

#define WAKE_SGI		1u
#define TIMER_PPI		27u

#define GICD_CTLR		0x0
#define GICD_CTLR_ON		0x12	/* ARE_NS, EnableGrp1 */
#define GICR_TYPER		0x8
#define GICR_TYPER_VLPIS	(1u << 1)
#define GICR_TYPER_LAST		(1u << 4)
#define GICR_WAKER		0x14
#define GICR_WAKER_SLEEP	(1u << 1)
#define GICR_WAKER_ASLEEP	(1u << 2)
#define GICR_SGI		0x10000	/* the frame behind */
#define GICR_IGROUPR0		(GICR_SGI + 0x80)
#define GICR_ISENABLER0		(GICR_SGI + 0x100)
#define GICR_IPRIORITYR0	(GICR_SGI + 0x400)

#define ICC_PMR_EL1		S3_0_C4_C6_0
#define ICC_SGI1R_EL1		S3_0_C12_C11_5
#define ICC_IAR1_EL1		S3_0_C12_C12_0
#define ICC_EOIR1_EL1		S3_0_C12_C12_1
#define ICC_SRE_EL1		S3_0_C12_C12_5
#define ICC_IGRPEN1_EL1		S3_0_C12_C12_7
#define SPURIOUS		1020

static volatile u32 *reg32(u64 base, u32 offset)
{
	return (volatile u32 *)(base + offset);
}

bool bm_gic_there(void)
{
	return dt.gicd.start && dt.gicr.bytes && bm_field(bm_read_sysreg(id_aa64pfr0_el1), 24);
}

void bm_gic_init(void)
{
	bm_map_keep(dt.gicd.start, dt.gicd.start + 65536, BM_PROT_DEVICE);
	bm_map_keep(dt.gicr.start, dt.gicr.start + dt.gicr.bytes, BM_PROT_DEVICE);
	*reg32(dt.gicd.start, GICD_CTLR) = GICD_CTLR_ON;
}

/* The redistributor whose GICR_TYPER [63:32] holds the affinity; 0: none. */
static u64 redistributor(u64 mpidr)
{
	u32 want = (u32)(mpidr & 0xffffff) | (u32)(mpidr >> 32 & 0xff) << 24;

	for (u64 at = dt.gicr.start; at + 0x20000 <= dt.gicr.start + dt.gicr.bytes;) {
		u32 typer = *reg32(at, GICR_TYPER);

		if (*reg32(at, GICR_TYPER + 4) == want)
			return at;
		if (typer & GICR_TYPER_LAST)
			break;
		at += typer & GICR_TYPER_VLPIS ? 0x40000 : 0x20000;
	}
	return 0;
}

bool bm_gic_cpu_init(void)
{
	u64 rd = redistributor(bm_read_sysreg(mpidr_el1));

	if (!rd)
		return false;
	*reg32(rd, GICR_WAKER) &= ~GICR_WAKER_SLEEP;
	while (*reg32(rd, GICR_WAKER) & GICR_WAKER_ASLEEP)
		plat_cpu_relax();
	*reg32(rd, GICR_IGROUPR0) = ~0u;
	*(volatile u8 *)(rd + GICR_IPRIORITYR0 + WAKE_SGI) = 0xa0;
	*(volatile u8 *)(rd + GICR_IPRIORITYR0 + TIMER_PPI) = 0xa0;
	*reg32(rd, GICR_ISENABLER0) = 1u << WAKE_SGI | 1u << TIMER_PPI;
	bm_write_sysreg(ICC_SRE_EL1, bm_read_sysreg(ICC_SRE_EL1) | 1);
	asm volatile("isb" ::: "memory");
	bm_write_sysreg(ICC_PMR_EL1, 0xff);
	bm_write_sysreg(ICC_IGRPEN1_EL1, 1);
	asm volatile("isb" ::: "memory");
	return true;
}

void bm_gic_sleep(void)
{
	u64 id;

	asm volatile("dsb sy\n	wfi" ::: "memory");
	id = bm_read_sysreg(ICC_IAR1_EL1) & 0xffffff;
	asm volatile("dsb sy" ::: "memory");
	if (id < SPURIOUS)
		bm_write_sysreg(ICC_EOIR1_EL1, id);
	asm volatile("isb" ::: "memory");
}

/* WFI for so many ticks of the counter, or less: virtual time passes at once under icount. */
void bm_gic_nap(u64 ticks)
{
	bm_write_sysreg(cntv_cval_el0, bm_read_sysreg(cntvct_el0) + ticks);
	bm_write_sysreg(cntv_ctl_el0, 1);
	asm volatile("isb" ::: "memory");
	bm_gic_sleep();
	bm_write_sysreg(cntv_ctl_el0, 2);
	asm volatile("isb" ::: "memory");
}

/* Needs the sender's ICC_SRE_EL1.SRE, so the boot CPU goes through bm_gic_cpu_init() too. */
void bm_gic_wake(u64 mpidr)
{
	u64 aff0 = mpidr & 0xff;

	asm volatile("dsb ish" ::: "memory");
	bm_write_sysreg(ICC_SGI1R_EL1, (mpidr >> 32 & 0xff) << 48 | (aff0 >> 4) << 44 |
			(mpidr >> 16 & 0xff) << 32 | (u64)WAKE_SGI << 24 | (mpidr >> 8 & 0xff) << 16 |
			1ull << (aff0 & 15));
	asm volatile("isb" ::: "memory");
}
