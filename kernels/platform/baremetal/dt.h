/* SPDX-License-Identifier: GPL-2.0-only */
/* What the device tree said, read once at boot (dt.c). Addresses are CPU physical, 0 = not there. */
#ifndef MMUB_BM_DT_H
#define MMUB_BM_DT_H

#include "types.h"

#define DT_RANGES_MAX 16
#define DT_CPUS_MAX 64

enum dt_uart { DT_UART_NONE, DT_UART_PL011, DT_UART_8250 };

struct dt_range {
	u64 start, bytes;
};

struct dt_info {
	struct dt_range ram[DT_RANGES_MAX], reserved[DT_RANGES_MAX];
	u32 rams, reserveds;
	u64 uart;
	enum dt_uart uart_kind;
	u32 uart_shift;			/* 8250: log2 of the register spacing */
	u64 cpu[DT_CPUS_MAX];		/* MPIDR affinity */
	u32 cpus;
	bool psci, psci_smc;		/* conduit: SMC, else HVC */
	u64 initrd, initrd_end;
	const char *bootargs;		/* never NULL */
	struct dt_range smmu;		/* arm,smmu-v3 */
	struct dt_range ecam;		/* pci-host-ecam-generic */
	struct dt_range gicd, gicr;	/* arm,gic-v3 */
};
extern struct dt_info dt;

/* -> NULL or why. fdt is mapped and its header has been read. */
const char *dt_init(const void *fdt);
/* The PCI host's 32-bit memory window, as the CPU sees it; 0 bytes: none. */
struct dt_range dt_pci_window(void);

#endif
