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

/* The node that the pass is in: what every node is asked for is kept as its properties go by. */
struct node {
	int offset;
	int ac, sc;			/* for its children */
	const char *compatible, *type;
	int compatible_len;
	bool read;
};

static bool is(const struct node *n, const char *compatible)
{
	return n->compatible && fdt_stringlist_contains(n->compatible, n->compatible_len, compatible);
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

static enum dt_uart uart_kind(const struct node *n)
{
	if (is(n, "arm,pl011"))
		return DT_UART_PL011;
	if (is(n, "ns16550a") || is(n, "ns16550") || is(n, "snps,dw-apb-uart"))
		return DT_UART_8250;
	return DT_UART_NONE;
}

/* The console that chosen names, else the first UART. */
static void read_uart(const void *fdt, const struct node *n, const struct node *parent, int console)
{
	enum dt_uart kind = uart_kind(n);
	const fdt32_t *shift;
	struct dt_range r;
	int len;

	if (kind == DT_UART_NONE || (dt.uart && n->offset != console) ||
	    !range_at(fdt, n->offset, "reg", parent->ac, parent->sc, 0, &r))
		return;
	shift = fdt_getprop(fdt, n->offset, "reg-shift", &len);
	dt.uart = r.start;
	dt.uart_kind = kind;
	dt.uart_shift = shift && len == 4 ? fdt32_to_cpu(*shift) & 3 : 0;
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

static void read_node(const void *fdt, const struct node *n, const struct node *parent,
		      bool in_cpus, bool in_reserved)
{
	int ac = parent->ac, sc = parent->sc, node = n->offset;
	struct dt_range r;

	if (n->type && !strcmp(n->type, "memory")) {
		read_memory(fdt, node, ac, sc);
	} else if (in_cpus && n->type && !strcmp(n->type, "cpu")) {
		if (range_at(fdt, node, "reg", ac, 0, 0, &r) && dt.cpus < DT_CPUS_MAX)
			dt.cpu[dt.cpus++] = r.start;
	} else if (in_reserved) {
		if (range_at(fdt, node, "reg", ac, sc, 0, &r))
			reserve(r);
	} else if (is(n, "arm,psci-1.0") || is(n, "arm,psci-0.2")) {
		read_psci(fdt, node);
	} else if (is(n, "arm,smmu-v3")) {
		range_at(fdt, node, "reg", ac, sc, 0, &dt.smmu);
	} else if (is(n, "pci-host-ecam-generic")) {
		range_at(fdt, node, "reg", ac, sc, 0, &dt.ecam);
		read_pci(fdt, node, ac);
	} else if (is(n, "arm,gic-v3")) {
		range_at(fdt, node, "reg", ac, sc, 0, &dt.gicd);
		range_at(fdt, node, "reg", ac, sc, 1, &dt.gicr);
	}
}

/* fdt_next_tag() has seen that the property lies inside the structure block. */
static void keep_property(const void *fdt, int offset, struct node *n)
{
	const struct fdt_property *p = fdt_offset_ptr(fdt, offset, sizeof(*p));
	const char *name;
	int len;

	if (!p || fdt32_to_cpu(p->nameoff) >= fdt_size_dt_strings(fdt))
		return;
	name = (const char *)fdt + fdt_off_dt_strings(fdt) + fdt32_to_cpu(p->nameoff);
	len = (int)fdt32_to_cpu(p->len);
	if (len <= 0)
		return;
	if (!strcmp(name, "compatible")) {
		n->compatible = p->data;
		n->compatible_len = len;
	} else if (!strcmp(name, "device_type") && !p->data[len - 1]) {
		n->type = p->data;
	} else if (len == 4 && !strcmp(name, "#address-cells")) {
		n->ac = (int)cells((const fdt32_t *)p->data, 1);
	} else if (len == 4 && !strcmp(name, "#size-cells")) {
		n->sc = (int)cells((const fdt32_t *)p->data, 1);
	}
}

/* One pass over the tags: asking libfdt for each property of each node took 3 ms of a boot. */
static void read_tree(const void *fdt, int console)
{
	static struct node stack[DEPTH_MAX];
	bool cpus = false, reserved = false;
	int depth = -1, next = 0;
	u32 tag;

	do {
		int offset = next;
		struct node *n;

		tag = fdt_next_tag(fdt, offset, &next);
		n = depth >= 0 && depth < DEPTH_MAX ? &stack[depth] : NULL;
		if (tag == FDT_PROP && n)
			keep_property(fdt, offset, n);
		if (tag != FDT_BEGIN_NODE && tag != FDT_END_NODE)
			continue;
		/* properties come before children: this node is complete */
		if (n && depth > 0 && !n->read) {
			if (depth == 1) {
				const char *name = fdt_get_name(fdt, n->offset, NULL);

				cpus = name && !strcmp(name, "cpus");
				reserved = name && !strcmp(name, "reserved-memory");
			}
			read_uart(fdt, n, n - 1, console);
			read_node(fdt, n, n - 1, cpus && depth > 1, reserved && depth > 1);
			n->read = true;
		}
		depth += tag == FDT_BEGIN_NODE ? 1 : -1;
		if (tag == FDT_BEGIN_NODE && depth >= 0 && depth < DEPTH_MAX)
			stack[depth] = (struct node){ .offset = offset, .ac = 2, .sc = 1 };
	} while (tag != FDT_END && next >= 0 && depth >= 0);
}

const char *dt_init(const void *fdt)
{
	int chosen, console = -1;

	if (fdt_check_header(fdt) || !fdt_size_dt_strings(fdt) ||
	    ((const char *)fdt)[fdt_off_dt_strings(fdt) + fdt_size_dt_strings(fdt) - 1])
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
	read_tree(fdt, console);
	return dt.rams ? NULL : "the device tree has no memory node";
}
