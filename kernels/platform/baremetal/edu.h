/* SPDX-License-Identifier: GPL-2.0-only */
/* QEMU's edu device (docs/specs/edu.txt of QEMU): a DMA engine with a buffer of one page. */
#ifndef MMUB_BM_EDU_H
#define MMUB_BM_EDU_H

#include "pci.h"

/* -> NULL or why. */
const char *edu_find(struct pci_dev *d);
/* 8 bytes from a bus address into the device's buffer, and back to another; false: it did not end. */
bool edu_load(const struct pci_dev *d, u64 from);
bool edu_store(const struct pci_dev *d, u64 to);

#endif
