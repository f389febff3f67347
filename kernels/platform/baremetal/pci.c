// SPDX-License-Identifier: GPL-2.0-only
/* PCI by ECAM (PCI Express base specification, 7.2.2): config space of function n at ECAM + (n << 12). */
#include "bm.h"
#include "pci.h"

#define CONFIG_PAGES 256	/* bus 0 */
#define PCI_COMMAND 0x04
#define PCI_COMMAND_MEMORY 2u
#define PCI_COMMAND_MASTER 4u
#define PCI_BAR0 0x10
#define BAR_IO 1u
#define BAR_TYPE 6u
#define BAR_64 4u

static u64 mapped_ecam, mapped_bar;

static u32 config_read(u64 config, u32 reg)
{
	return *(volatile u32 *)(config + reg);
}

static void config_write(u64 config, u32 reg, u32 val)
{
	*(volatile u32 *)(config + reg) = val;
}

/* BAR 0 says its size by the bits that stay 0; it goes to the start of the host's memory window. */
static const char *place_bar(struct pci_dev *d, u64 most)
{
	struct dt_range window = dt_pci_window();
	u32 bar, size;

	config_write(d->config, PCI_BAR0, ~0u);
	bar = config_read(d->config, PCI_BAR0);
	size = ~(bar & ~15u) + 1;
	if (bar & BAR_IO || !size || size > most)
		return "the PCI device's BAR 0 is not the memory it should be";
	d->bar0 = MMUB_ALIGN_UP(window.start, (u64)size);
	if (d->bar0 + size > window.start + window.bytes || d->bar0 >> 32)
		return "no room for a PCI BAR";
	config_write(d->config, PCI_BAR0, (u32)d->bar0);
	if ((bar & BAR_TYPE) == BAR_64)
		config_write(d->config, PCI_BAR0 + 4, 0);
	config_write(d->config, PCI_COMMAND, PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER);
	if (!mapped_bar)
		bm_map_keep(d->bar0, d->bar0 + size, BM_PROT_DEVICE);
	mapped_bar = d->bar0;
	return NULL;
}

const char *pci_find(struct pci_dev *d, u32 vendor, u32 device, u64 bytes)
{
	if (!dt.ecam.start || dt.ecam.bytes < CONFIG_PAGES * 4096)
		return "no PCI host bridge in the device tree";
	if (!mapped_ecam)
		bm_map_keep(dt.ecam.start, dt.ecam.start + CONFIG_PAGES * 4096, BM_PROT_DEVICE);
	mapped_ecam = dt.ecam.start;
	for (u32 slot = 0; slot < CONFIG_PAGES; slot += 8) {
		d->config = dt.ecam.start + slot * 4096ull;
		d->stream = slot;
		if (config_read(d->config, 0) == (device << 16 | vendor))
			return place_bar(d, bytes);
	}
	return "the PCI device is not there";
}
