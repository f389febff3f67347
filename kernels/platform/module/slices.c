// SPDX-License-Identifier: GPL-2.0-only
/*
 * How a timed stretch keeps the CPU to itself. Short ones run with interrupts off. One that would be
 * long enough to trouble RCU or the watchdogs (stall warnings come at 21 s, but a network card's patience
 * ends sooner) runs with interrupts on, bound to its CPU, and is counted as disturbed when the scheduler
 * did take the CPU away. What "long" is comes from the stretches before: calibration runs come first.
 */
#include <linux/ktime.h>
#include <linux/preempt.h>
#include <linux/sched.h>

#include "module.h"

#define SLICE_NS (50 * NSEC_PER_MSEC)
#define RECENT 8

static struct {
	u64 recent[RECENT], start, switches, preempted;
	u32 n;
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

static bool expect_short(void)
{
	for (u32 i = 0; i < RECENT; i++)
		if (slice.recent[i] > SLICE_NS)
			return false;
	return slice.n > 0;
}

void plat_sample_begin(void)
{
	cond_resched();
	slice.irqs_off = expect_short();
	migrate_disable();
	slice.switches = current->nvcsw + current->nivcsw;
	slice.start = ktime_get_ns();
	if (slice.irqs_off)
		local_irq_save(slice.flags);
}

void plat_sample_end(void)
{
	if (slice.irqs_off)
		local_irq_restore(slice.flags);
	slice.recent[slice.n++ % RECENT] = ktime_get_ns() - slice.start;
	if (slice.switches != current->nvcsw + current->nivcsw)
		slice.preempted++;
	migrate_enable();
}
