// SPDX-License-Identifier: GPL-2.0-only
/*
 * One pass over the device tree (Devicetree Specification v0.4), through libfdt. #address-cells and
 * #size-cells are those of the node's parent; buses between the root and a device are taken to map
 * one to one, as they do on the machines that this boots on.
 */
#include <libfdt.h>
#include "bm.h"

#define DEPTH_MAX 8
#define PROPS_MAX 24
#define UARTS_MAX 4

struct dt_info dt = { .bootargs = "" };

static u64 cells(const fdt32_t *p, int n)
{
	return n == 2 ? (u64)fdt32_to_cpu(p[0]) << 32 | fdt32_to_cpu(p[1]) :
	       n == 1 ? fdt32_to_cpu(p[0]) : 0;
}

/*
 * A node that the pass is in, with its properties as they went by: looking each up through libfdt would read
 * the node again each time.
 */
struct node {
	int offset;
	int ac, sc;			/* for its children */
	bool read;
	u32 props;
	struct prop {
		const char *name;
		const void *data;
		int len;
	} prop[PROPS_MAX];
};

static const struct prop *find(const struct node *n, const char *name)
{
	for (u32 i = 0; i < n->props; i++)
		if (!strcmp(n->prop[i].name, name))
			return &n->prop[i];
	return NULL;
}

/* The property when it is a string with its end; else NULL. */
static const char *text(const struct node *n, const char *name)
{
	const struct prop *p = find(n, name);

	return p && p->len > 0 && !((const char *)p->data)[p->len - 1] ? p->data : NULL;
}

/* The index-th (address, size) of "reg", laid out as the parent says. */
static bool reg_at(const struct node *n, const struct node *parent, int index, struct dt_range *r)
{
	const struct prop *p = find(n, "reg");
	int ac = parent->ac, sc = parent->sc;
	const fdt32_t *cell;

	if (!p || ac < 1 || ac > 2 || sc < 0 || sc > 2 || p->len / 4 < (index + 1) * (ac + sc))
		return false;
	cell = (const fdt32_t *)p->data + index * (ac + sc);
	r->start = cells(cell, ac);
	r->bytes = cells(cell + ac, sc);
	return true;
}

static void read_memory(const struct node *n, const struct node *parent)
{
	struct dt_range r;

	for (int i = 0; reg_at(n, parent, i, &r); i++) {
		if (r.bytes && dt.rams < DT_RANGES_MAX)
			dt.ram[dt.rams++] = r;
	}
}

static void reserve(struct dt_range r)
{
	if (r.bytes && dt.reserveds < DT_RANGES_MAX)
		dt.reserved[dt.reserveds++] = r;
}

static struct {
	struct uart {
		int offset;
		enum dt_uart kind;
		u64 base;
		u32 shift;
	} uart[UARTS_MAX];
	u32 uarts;
	const char *stdout_path;
	const fdt32_t *pci_ranges;	/* read when a PCI device is asked for: few boots do */
	int pci_bytes, pci_ac;
} seen;

static void read_uart(const struct node *n, const struct node *parent, enum dt_uart kind)
{
	const struct prop *shift = find(n, "reg-shift");
	struct dt_range r;

	if (seen.uarts == UARTS_MAX || !reg_at(n, parent, 0, &r))
		return;
	seen.uart[seen.uarts++] = (struct uart){ n->offset, kind, r.start,
		shift && shift->len == 4 ? fdt32_to_cpu(*(const fdt32_t *)shift->data) & 3 : 0 };
}

static void read_pl011(const struct node *n, const struct node *parent)
{
	read_uart(n, parent, DT_UART_PL011);
}

static void read_8250(const struct node *n, const struct node *parent)
{
	read_uart(n, parent, DT_UART_8250);
}

/* The console that chosen names, by a path or an alias with ":options" behind; else the first UART. */
static void choose_uart(const void *fdt)
{
	const struct uart *u = &seen.uart[0];
	int len = 0, node;

	if (!seen.uarts)
		return;
	if (seen.uarts > 1 && seen.stdout_path) {
		while (seen.stdout_path[len] && seen.stdout_path[len] != ':')
			len++;
		node = fdt_path_offset_namelen(fdt, seen.stdout_path, len);
		for (u32 i = 0; i < seen.uarts; i++)
			if (seen.uart[i].offset == node)
				u = &seen.uart[i];
	}
	dt.uart = u->base;
	dt.uart_kind = u->kind;
	dt.uart_shift = u->shift;
}

static u64 initrd_at(const struct node *n, const char *name)
{
	const struct prop *p = find(n, name);

	return p && (p->len == 4 || p->len == 8) ? cells(p->data, p->len / 4) : 0;
}

static void read_chosen(const struct node *n)
{
	const char *args = text(n, "bootargs");

	if (args)
		dt.bootargs = args;
	seen.stdout_path = text(n, "stdout-path");
	dt.initrd = initrd_at(n, "linux,initrd-start");
	dt.initrd_end = initrd_at(n, "linux,initrd-end");
	if (dt.initrd_end <= dt.initrd)
		dt.initrd = dt.initrd_end = 0;
}

static void read_psci(const struct node *n, const struct node *parent)
{
	const char *method = text(n, "method");

	(void)parent;
	dt.psci = method != NULL;
	dt.psci_smc = method && !strcmp(method, "smc");
}

static void read_pci(const struct node *n, const struct node *parent)
{
	const struct prop *ranges = find(n, "ranges");

	reg_at(n, parent, 0, &dt.ecam);
	if (!ranges)
		return;
	seen.pci_ranges = ranges->data;
	seen.pci_bytes = ranges->len;
	seen.pci_ac = parent->ac;
}

/* ranges of a PCI host: 3 cells PCI address, ac cells CPU address, 2 cells size. */
struct dt_range dt_pci_window(void)
{
	struct dt_range found = { 0 };
	const fdt32_t *p = seen.pci_ranges;
	int ac = seen.pci_ac, left = seen.pci_bytes;

	for (; (ac == 1 || ac == 2) && left >= 4 * (5 + ac); p += 5 + ac, left -= 4 * (5 + ac)) {
		if ((fdt32_to_cpu(p[0]) >> 24 & 3) == 2)
			found = (struct dt_range){ cells(p + 3, ac), cells(p + 3 + ac, 2) };
	}
	return found;
}

static void read_smmu(const struct node *n, const struct node *parent)
{
	reg_at(n, parent, 0, &dt.smmu);
}

static void read_gic(const struct node *n, const struct node *parent)
{
	reg_at(n, parent, 0, &dt.gicd);
	reg_at(n, parent, 1, &dt.gicr);
}

static void read_cpu(const struct node *n, const struct node *parent)
{
	struct dt_range r;

	if (reg_at(n, parent, 0, &r) && dt.cpus < DT_CPUS_MAX)
		dt.cpu[dt.cpus++] = r.start;
}

static void read_reserved(const struct node *n, const struct node *parent)
{
	struct dt_range r;

	for (int i = 0; reg_at(n, parent, i, &r); i++)
		reserve(r);
}

/* One table, walked by one loop: each call that is spelt out is code that an emulator translates at each boot. */
static const struct reader {
	const char *compatible;
	void (*read)(const struct node *n, const struct node *parent);
} readers[] = {
	{ "arm,psci-1.0", read_psci },
	{ "arm,psci-0.2", read_psci },
	{ "arm,smmu-v3", read_smmu },
	{ "pci-host-ecam-generic", read_pci },
	{ "arm,gic-v3", read_gic },
	{ "arm,pl011", read_pl011 },
	{ "ns16550a", read_8250 },
	{ "ns16550", read_8250 },
	{ "snps,dw-apb-uart", read_8250 },
};

/* "compatible" is a list of strings, the most exact first. */
static void read_device(const struct node *n, const struct node *parent)
{
	const char *name = text(n, "compatible"), *end = name ? name + find(n, "compatible")->len : NULL;

	for (; name < end; name += strlen(name) + 1) {
		for (u32 i = 0; i < MMUB_ARRAY_SIZE(readers); i++) {
			if (!strcmp(name, readers[i].compatible)) {
				readers[i].read(n, parent);
				return;
			}
		}
	}
}

/* What stands at an offset of the structure block; fdt_next_tag() has seen that it is whole. */
static const void *at(const void *fdt, int offset)
{
	return (const char *)fdt + fdt_off_dt_struct(fdt) + offset;
}

static void keep_property(const void *fdt, int offset, struct node *n)
{
	const struct fdt_property *p = at(fdt, offset);
	const char *name;
	int len;

	if (fdt32_to_cpu(p->nameoff) >= fdt_size_dt_strings(fdt))
		return;
	name = (const char *)fdt + fdt_off_dt_strings(fdt) + fdt32_to_cpu(p->nameoff);
	len = (int)fdt32_to_cpu(p->len);
	if (len < 0)
		return;
	if (len == 4 && !strcmp(name, "#address-cells"))
		n->ac = (int)cells((const fdt32_t *)p->data, 1);
	else if (len == 4 && !strcmp(name, "#size-cells"))
		n->sc = (int)cells((const fdt32_t *)p->data, 1);
	else if (n->props < PROPS_MAX)
		n->prop[n->props++] = (struct prop){ name, p->data, len };
}

/* The node is complete: properties come before children. under: the node at depth 1 that it is in. */
static void end_of_properties(const void *fdt, const struct node *n, int depth, const char **under)
{
	const char *type;

	if (depth == 1) {
		*under = at(fdt, n->offset + FDT_TAGSIZE);	/* the tag's name */
		if (!strcmp(*under, "chosen"))
			read_chosen(n);
	} else if (!strcmp(*under, "reserved-memory")) {
		read_reserved(n, n - 1);
		return;
	}
	type = text(n, "device_type");
	if (!type)
		read_device(n, n - 1);
	else if (!strcmp(type, "memory"))
		read_memory(n, n - 1);
	else if (!strcmp(type, "cpu") && depth > 1 && !strcmp(*under, "cpus"))
		read_cpu(n, n - 1);
	else
		read_device(n, n - 1);
}

/* One pass over the tags: it is a third of a short boot's instructions. */
static void read_tree(const void *fdt)
{
	static struct node stack[DEPTH_MAX];
	const char *under = NULL;
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
		if (n && depth > 0 && !n->read) {
			end_of_properties(fdt, n, depth, &under);
			n->read = true;
		}
		depth += tag == FDT_BEGIN_NODE ? 1 : -1;
		if (tag == FDT_BEGIN_NODE && depth >= 0 && depth < DEPTH_MAX) {
			n = &stack[depth];
			n->offset = offset;
			n->ac = 2;
			n->sc = 1;
			n->read = false;
			n->props = 0;
		}
	} while (tag != FDT_END && next >= 0 && depth >= 0);
}

const char *dt_init(const void *fdt)
{
	struct dt_range r;

	if (fdt_check_header(fdt) || !fdt_size_dt_strings(fdt) ||
	    ((const char *)fdt)[fdt_off_dt_strings(fdt) + fdt_size_dt_strings(fdt) - 1])
		return "x0 is no device tree: boot the Image as a Linux kernel";
	/* the list ends with an empty one */
	for (int i = 0; !fdt_get_mem_rsv(fdt, i, &r.start, &r.bytes) && r.bytes; i++)
		reserve(r);
	read_tree(fdt);
	choose_uart(fdt);
	return dt.rams ? NULL : "the device tree has no memory node";
}
