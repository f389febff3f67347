// SPDX-License-Identifier: GPL-2.0-only
/*
 * How a timed stretch keeps the CPU to itself. Short ones run with interrupts off. One that would be
 * long enough to trouble RCU or the watchdogs (stall warnings come at 21 s, but a network card's patience
 * ends sooner) runs with interrupts on, bound to its CPU, and is counted as disturbed when the scheduler
 * did take the CPU away. What "long" is comes from the case's own stretch before; the first, which is of
 * calibration and in no statistics, runs with interrupts on. Calibration lets a stretch grow only up to
 * the plan's min_ns, so the one before is a good guess.
 */
#include <linux/ktime.h>
#include <linux/preempt.h>
#include <linux/sched.h>

#include "module.h"

#define SLICE_NS (50 * NSEC_PER_MSEC)
#define KNOWN 64	/* cases of a group are at most PLAN_GROUP_MAX, their numbers neighbours */

static struct {
	u32 id[KNOWN];		/* case + 1, 0: none */
	u64 ns[KNOWN];
	u64 start, switches, preempted;
	unsigned long flags;
	bool irqs_off;
} slice;

void module_slices_reset(void)
{
	memset(&slice, 0, sizeof(slice));
}

u64 module_slices_preempted(void)
{
	return slice.preempted;
}

void plat_sample_begin(void)
{
	u32 id = runner_current_case();

	cond_resched();
	slice.irqs_off = slice.id[id % KNOWN] == id + 1 && slice.ns[id % KNOWN] < SLICE_NS;
	migrate_disable();
	slice.switches = current->nvcsw + current->nivcsw;
	slice.start = ktime_get_ns();
	if (slice.irqs_off)
		local_irq_save(slice.flags);
}

void plat_sample_end(void)
{
	u32 id = runner_current_case();

	if (slice.irqs_off)
		local_irq_restore(slice.flags);
	slice.ns[id % KNOWN] = ktime_get_ns() - slice.start;
	slice.id[id % KNOWN] = id + 1;
	if (slice.switches != current->nvcsw + current->nivcsw)
		slice.preempted++;
	migrate_enable();
}
