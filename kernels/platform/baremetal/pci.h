/* SPDX-License-Identifier: GPL-2.0-only */
/* The PCI host bridge of the device tree, bus 0, and the one device that is looked for there. */
#ifndef MMUB_BM_PCI_H
#define MMUB_BM_PCI_H

#include "types.h"

struct pci_dev {
	u64 config;		/* its ECAM page */
	u64 bar0;		/* where BAR 0 was put, mapped */
	u32 stream;		/* requester ID = SMMU stream */
};

/*
 * Finds the device on bus 0, gives its BAR 0 (at most `bytes`) an address and maps it, lets it be bus
 * master. -> NULL or why.
 */
const char *pci_find(struct pci_dev *d, u32 vendor, u32 device, u64 bytes);

#endif
