// SPDX-License-Identifier: GPL-2.0-only
/*
 * One pass over the device tree (Devicetree Specification v0.4), through libfdt. #address-cells and
 * #size-cells are those of the node's parent; buses between the root and a device are taken to map
 * one to one, as they do on the machines that this boots on.
 */
#include <libfdt.h>
#include "bm.h"

#define DEPTH_MAX 8

struct dt_info dt = { .bootargs = "" };

static u64 cells(const fdt32_t *p, int n)
{
	return n == 2 ? (u64)fdt32_to_cpu(p[0]) << 32 | fdt32_to_cpu(p[1]) :
	       n == 1 ? fdt32_to_cpu(p[0]) : 0;
}

/* The index-th (address, size) of a property laid out in ac + sc cells. */
static bool range_at(const void *fdt, int node, const char *prop, int ac, int sc, int index,
		     struct dt_range *r)
{
	int len;
	const fdt32_t *p = fdt_getprop(fdt, node, prop, &len);

	if (!p || ac < 1 || ac > 2 || sc < 0 || sc > 2 || len / 4 < (index + 1) * (ac + sc))
		return false;
	p += index * (ac + sc);
	r->start = cells(p, ac);
	r->bytes = cells(p + ac, sc);
	return true;
}

static bool is(const void *fdt, int node, const char *compatible)
{
	return fdt_node_check_compatible(fdt, node, compatible) == 0;
}

static void read_memory(const void *fdt, int node, int ac, int sc)
{
	struct dt_range r;

	for (int i = 0; range_at(fdt, node, "reg", ac, sc, i, &r); i++) {
		if (r.bytes && dt.rams < DT_RANGES_MAX)
			dt.ram[dt.rams++] = r;
	}
}

static void reserve(struct dt_range r)
{
	if (r.bytes && dt.reserveds < DT_RANGES_MAX)
		dt.reserved[dt.reserveds++] = r;
}

static enum dt_uart uart_kind(const void *fdt, int node)
{
	if (is(fdt, node, "arm,pl011"))
		return DT_UART_PL011;
	if (is(fdt, node, "ns16550a") || is(fdt, node, "ns16550") ||
	    is(fdt, node, "snps,dw-apb-uart"))
		return DT_UART_8250;
	return DT_UART_NONE;
}

static void read_uart(const void *fdt, int node, int ac, int sc)
{
	const fdt32_t *shift = fdt_getprop(fdt, node, "reg-shift", NULL);
	struct dt_range r;

	dt.uart_kind = uart_kind(fdt, node);
	if (dt.uart_kind == DT_UART_NONE || !range_at(fdt, node, "reg", ac, sc, 0, &r))
		return;
	dt.uart = r.start;
	dt.uart_shift = shift ? fdt32_to_cpu(*shift) & 3 : 0;
}

/* stdout-path is a path or an alias, with ":options" behind. */
static int stdout_node(const void *fdt, int chosen)
{
	int len;
	const char *path = fdt_getprop(fdt, chosen, "stdout-path", &len);
	u64 n;

	if (!path || len < 2)
		return -1;
	for (n = 0; n < (u64)len - 1 && path[n] != ':'; n++)
		;
	return fdt_path_offset_namelen(fdt, path, (int)n);
}

static u64 initrd_at(const void *fdt, int chosen, const char *prop)
{
	int len;
	const fdt32_t *p = fdt_getprop(fdt, chosen, prop, &len);

	return p && (len == 4 || len == 8) ? cells(p, len / 4) : 0;
}

static void read_chosen(const void *fdt, int node)
{
	int len;
	const char *args = fdt_getprop(fdt, node, "bootargs", &len);

	if (args && len > 0 && !args[len - 1])
		dt.bootargs = args;
	dt.initrd = initrd_at(fdt, node, "linux,initrd-start");
	dt.initrd_end = initrd_at(fdt, node, "linux,initrd-end");
	if (dt.initrd_end <= dt.initrd)
		dt.initrd = dt.initrd_end = 0;
}

static void read_psci(const void *fdt, int node)
{
	const char *method = fdt_getprop(fdt, node, "method", NULL);

	dt.psci = method != NULL;
	dt.psci_smc = method && !strcmp(method, "smc");
}

/* ranges of a PCI host: 3 cells PCI address, ac cells CPU address, 2 cells size. */
static void read_pci(const void *fdt, int node, int ac)
{
	int len;
	const fdt32_t *p = fdt_getprop(fdt, node, "ranges", &len);

	for (; p && len >= 4 * (5 + ac); p += 5 + ac, len -= 4 * (5 + ac)) {
		if ((fdt32_to_cpu(p[0]) >> 24 & 3) == 2)
			dt.pci_mmio = (struct dt_range){ cells(p + 3, ac), cells(p + 3 + ac, 2) };
	}
}

static void read_node(const void *fdt, int node, int ac, int sc, bool in_cpus, bool in_reserved)
{
	const char *type = fdt_getprop(fdt, node, "device_type", NULL);
	struct dt_range r;

	if (type && !strcmp(type, "memory")) {
		read_memory(fdt, node, ac, sc);
	} else if (in_cpus && type && !strcmp(type, "cpu")) {
		if (range_at(fdt, node, "reg", ac, 0, 0, &r) && dt.cpus < DT_CPUS_MAX)
			dt.cpu[dt.cpus++] = r.start;
	} else if (in_reserved) {
		if (range_at(fdt, node, "reg", ac, sc, 0, &r))
			reserve(r);
	} else if (!fdt_getprop(fdt, node, "compatible", NULL)) {
		return;
	} else if (is(fdt, node, "arm,psci-1.0") || is(fdt, node, "arm,psci-0.2")) {
		read_psci(fdt, node);
	} else if (is(fdt, node, "arm,smmu-v3")) {
		range_at(fdt, node, "reg", ac, sc, 0, &dt.smmu);
	} else if (is(fdt, node, "pci-host-ecam-generic")) {
		range_at(fdt, node, "reg", ac, sc, 0, &dt.ecam);
		read_pci(fdt, node, ac);
	} else if (is(fdt, node, "arm,gic-v3")) {
		range_at(fdt, node, "reg", ac, sc, 0, &dt.gicd);
		range_at(fdt, node, "reg", ac, sc, 1, &dt.gicr);
	}
}

const char *dt_init(const void *fdt)
{
	int ac[DEPTH_MAX], sc[DEPTH_MAX], depth = 0, chosen = -1, console = -1;
	bool cpus = false, reserved = false;
	struct dt_range first_uart_cells = { 0, 0 };
	int first_uart = -1;

	if (fdt_check_header(fdt))
		return "x0 is no device tree: boot the Image as a Linux kernel";
	for (int i = 0; i < fdt_num_mem_rsv(fdt); i++) {
		struct dt_range r;

		if (!fdt_get_mem_rsv(fdt, i, &r.start, &r.bytes))
			reserve(r);
	}
	chosen = fdt_subnode_offset(fdt, 0, "chosen");
	if (chosen >= 0) {
		read_chosen(fdt, chosen);
		console = stdout_node(fdt, chosen);
	}
	for (int node = 0; node >= 0; node = fdt_next_node(fdt, node, &depth)) {
		if (depth < 0)
			break;
		if (depth >= DEPTH_MAX)
			continue;
		ac[depth] = fdt_address_cells(fdt, node);
		sc[depth] = fdt_size_cells(fdt, node);
		if (depth == 0)
			continue;
		if (depth == 1) {
			const char *name = fdt_get_name(fdt, node, NULL);

			cpus = name && !strcmp(name, "cpus");
			reserved = name && !strcmp(name, "reserved-memory");
		}
		if (node == console)
			read_uart(fdt, node, ac[depth - 1], sc[depth - 1]);
		else if (first_uart < 0 && uart_kind(fdt, node) != DT_UART_NONE) {
			first_uart = node;
			first_uart_cells = (struct dt_range){ (u64)ac[depth - 1],
							      (u64)sc[depth - 1] };
		}
		read_node(fdt, node, ac[depth - 1], sc[depth - 1], cpus && depth > 1,
			  reserved && depth > 1);
	}
	if (!dt.uart && first_uart >= 0)
		read_uart(fdt, first_uart, (int)first_uart_cells.start, (int)first_uart_cells.bytes);
	return dt.rams ? NULL : "the device tree has no memory node";
}
