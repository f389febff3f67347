// SPDX-License-Identifier: GPL-2.0-only
/*
 * Retired instructions, through perf so that the PMU stays perf's: a pinned kernel counter on the CPU of
 * the run. perf_event_read_local() is not exported and perf's own read costs thousands of instructions,
 * so the counter register is read directly, once it is known which one perf chose. Arm ARM D13.
 */
#include <linux/perf_event.h>
#include <linux/smp.h>
#include <asm/sysreg.h>

#include "module.h"

#define INST_RETIRED 0x08
/* PMEVTYPER<n>_EL0: P [31], U [30], evtCount [15:0]. Only ours leaves user space out and nothing else. */
#define TYPE_MASK (BIT(31) | BIT(30) | 0xffff)
#define TYPE_OURS (BIT(30) | INST_RETIRED)

static struct perf_event *event;
static int counter = -1;
static u64 total;
static u32 last;

static u32 read_counter(int n)
{
	unsigned long flags;
	u32 v;

	local_irq_save(flags);
	write_sysreg(n, pmselr_el0);
	isb();
	v = (u32)read_sysreg(pmxevcntr_el0);
	local_irq_restore(flags);
	return v;
}

static int find_counter(void)
{
	u64 enabled = read_sysreg(pmcntenset_el0);
	int n, found = -1;

	for (n = 0; n < 31; n++) {
		if (!(enabled >> n & 1))
			continue;
		write_sysreg(n, pmselr_el0);
		isb();
		if ((read_sysreg(pmxevtyper_el0) & TYPE_MASK) == TYPE_OURS)
			found = n;
	}
	return found;
}

void module_events_close(void)
{
	if (event)
		perf_event_release_kernel(event);
	event = NULL;
	counter = -1;
}

const char *plat_events_open(const char *list)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_RAW,
		.size = sizeof(attr),
		.config = INST_RETIRED,
		.pinned = 1,
		.exclude_user = 1,
	};
	unsigned long flags;

	module_events_close();
	if (*list)
		return "the module counts retired instructions only: leave events empty";
	if (!(plat_env()->features & FEAT_PMU))
		return NULL;
	/* On the CPU of the run: main.c has bound us to it. */
	event = perf_event_create_kernel_counter(&attr, raw_smp_processor_id(), NULL, NULL, NULL);
	if (IS_ERR(event)) {
		event = NULL;		/* no such event here: the slot stays 0 */
		return NULL;
	}
	local_irq_save(flags);
	counter = find_counter();
	local_irq_restore(flags);
	total = 0;
	last = counter >= 0 ? read_counter(counter) : 0;
	return NULL;
}

void plat_events_read(struct plat_events *ev)
{
	u64 enabled, running;
	u32 now;

	memset(ev, 0, sizeof(*ev));
	if (counter < 0)
		return;
	/*
	 * On overflow perf sets the counter anew, by interrupt: a stretch that lets interrupts in is long, and
	 * perf's own reading costs it nothing to speak of.
	 */
	if (!irqs_disabled()) {
		module_slices_in_kernel(true);
		ev->n[0] = perf_event_read_value(event, &enabled, &running);
		module_slices_in_kernel(false);
		return;
	}
	/* 32 bits wrap after 4 G instructions: longer than any stretch that fits in a slice. */
	now = read_counter(counter);
	total += (u32)(now - last);
	last = now;
	ev->n[0] = total;
}

const char *plat_event_name(unsigned int slot)
{
	return slot == 0 ? "insns" : NULL;
}
