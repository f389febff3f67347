// SPDX-License-Identifier: GPL-2.0-only
/*
 * How a timed stretch keeps the CPU to itself. Short ones run with interrupts off. One that would be
 * long enough to trouble RCU or the watchdogs (stall warnings come at 21 s, but a network card's patience
 * ends sooner) runs with interrupts on, bound to its CPU, and is counted as disturbed when the scheduler
 * did take the CPU away. What "long" is comes from the case's own stretch before; the first, which is of
 * calibration and in no statistics, runs with interrupts on. Calibration lets a stretch grow only up to
 * the plan's min_ns, so the one before is a good guess.
 *
 * A kernel without preemption sees no quiescent state in such a stretch, however long interrupts are on, and
 * nothing may be added to the code that is timed. So a timer tells RCU and the watchdog once a second, as
 * the osnoise tracer's loop does for itself. It does so only if what it interrupts is a variant, which holds
 * neither an RCU lock nor any other. The counted pass, whose code is ours to add to, yields instead.
 */
#include <linux/jiffies.h>
#include <linux/ktime.h>
#include <linux/nmi.h>
#include <linux/preempt.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/timer.h>
#include <linux/version.h>

#include "module.h"

#define SLICE_NS (50 * NSEC_PER_MSEC)
#define KNOWN 64	/* cases of a group are at most PLAN_GROUP_MAX, their numbers neighbours */

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 2, 0)
#define timer_delete_sync del_timer_sync
#endif
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 12, 0)
#define rcu_momentary_eqs rcu_momentary_dyntick_idle
#endif

static struct {
	u32 id[KNOWN];		/* case + 1, 0: none */
	u64 ns[KNOWN];
	u64 start, switches, preempted;
	unsigned long flags;
	bool irqs_off;
	bool not_variant;	/* inside the stretch, but in the kernel's own code */
	struct task_struct *task;
} slice;

static struct timer_list still_here;

static void tell(struct timer_list *t)
{
	unsigned long flags;

	if (current == slice.task && !READ_ONCE(slice.not_variant)) {
		local_irq_save(flags);		/* what rcu_momentary_eqs() wants */
		rcu_momentary_eqs();
		local_irq_restore(flags);
		touch_softlockup_watchdog();
	}
	mod_timer(t, jiffies + HZ);
}

void module_slices_init(void)
{
	timer_setup(&still_here, tell, TIMER_PINNED);
}

void module_slices_in_kernel(bool yes)
{
	WRITE_ONCE(slice.not_variant, yes);
}

void plat_pause(void)
{
	cond_resched();
}

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
	slice.task = current;
	slice.switches = current->nvcsw + current->nivcsw;
	slice.start = ktime_get_ns();
	if (slice.irqs_off)
		local_irq_save(slice.flags);
	else
		mod_timer(&still_here, jiffies + HZ);
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
	if (!slice.irqs_off)
		timer_delete_sync(&still_here);
	migrate_enable();
}
