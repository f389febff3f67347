// SPDX-License-Identifier: GPL-2.0-only
/*
 * mm_notifier: what the kernel that the module runs in really tells a registered mmu_notifier. The family notifier
 * has the variants of all kernels; this one shows which of them the running one is.
 */
#include "mm_notifier.h"

/* Less than a PMD's worth: a read of more might map the huge zero page. */
#define PAGES_MAX 511

static void machine(const struct bench_params *p, struct bench_machine *m)
{
	(void)p;
	m->ram_bytes = 128 * MMUB_MIB;
	m->cpus = 1;
}

static const char *skip(const struct bench_case *c)
{
	if (!c->p->pages || c->p->pages > PAGES_MAX)
		return "pages: 1 to 511";
	if (c->p->event != EVENT_COW)
		return "a module can make the kernel break copy on write, not merge pages or place a uprobe";
	return NULL;
}

static const char *setup(struct bench_case *c)
{
	return plat_mm_open(c->p->pages);
}

static void teardown(struct bench_case *c)
{
	(void)c;
	plat_mm_close();
}

static void prep(struct bench_case *c)
{
	(void)c;
	plat_mm_share();
}

static const struct bench_params defaults = { .pages = 1, .granule = 4096, .cpus = 1 };

BENCH_FAMILY(mm_notifier, .question = "What does this kernel tell a registered mmu_notifier when a PTE changes?",
	     .params = BENCH_USES(pages) | BENCH_USES(event), .defaults = &defaults, .needs = FEAT_MM_NOTIFIER,
	     .machine = machine, .skip = skip, .setup = setup, .teardown = teardown, .prep = prep);
