// SPDX-License-Identifier: GPL-2.0-only
/* The edu device: each DMA starts about 100 ms of virtual time after it was asked for. */
#include "bm.h"
#include "edu.h"

#define EDU_VENDOR 0x1234
#define EDU_DEVICE 0x11e8
#define EDU_BAR_BYTES MMUB_MIB
#define EDU_ID 0x00
#define EDU_DMA_SRC 0x80
#define EDU_DMA_DST 0x88
#define EDU_DMA_COUNT 0x90
#define EDU_DMA_CMD 0x98
#define DMA_START 1u
#define DMA_TO_MEMORY 2u
#define EDU_BUFFER 0x40000ull
#define TIMEOUT_S 5
#define NAP_HZ 500			/* looks this often: a spinning CPU makes 100 ms expensive under icount */

static bool can_nap;

const char *edu_find(struct pci_dev *d)
{
	if (pci_find(d, EDU_VENDOR, EDU_DEVICE, EDU_BAR_BYTES))
		return "no edu device on PCI bus 0 to make DMA through the SMMU";
	/* 0xRRrr00ed */
	if ((*(volatile u32 *)(d->bar0 + EDU_ID) & 0xffff) != 0xed)
		return "the edu device does not answer";
	if (!can_nap && bm_gic_there()) {
		bm_gic_init();
		can_nap = bm_gic_cpu_init();
	}
	return NULL;
}

static bool transfer(const struct pci_dev *d, u64 src, u64 dst, u32 cmd)
{
	u64 end = plat_clock() + TIMEOUT_S * plat_env()->clock_hz;

	*(volatile u64 *)(d->bar0 + EDU_DMA_SRC) = src;
	*(volatile u64 *)(d->bar0 + EDU_DMA_DST) = dst;
	*(volatile u64 *)(d->bar0 + EDU_DMA_COUNT) = 8;
	asm volatile("dsb sy" ::: "memory");
	*(volatile u64 *)(d->bar0 + EDU_DMA_CMD) = cmd | DMA_START;
	while (*(volatile u64 *)(d->bar0 + EDU_DMA_CMD) & DMA_START) {
		if (plat_clock() > end)
			return false;
		if (can_nap)
			bm_gic_nap(plat_env()->clock_hz / NAP_HZ);
		else
			plat_cpu_relax();
	}
	asm volatile("dsb sy" ::: "memory");
	return true;
}

bool edu_load(const struct pci_dev *d, u64 from)
{
	return transfer(d, from, EDU_BUFFER, 0);
}

bool edu_store(const struct pci_dev *d, u64 to)
{
	return transfer(d, EDU_BUFFER, to, DMA_TO_MEMORY);
}
