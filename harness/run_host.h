/* SPDX-License-Identifier: GPL-2.0-only */
/* What a run does about the host: placement, counters, flags of disturbed samples. Private to run*.c. */
#ifndef MMUB_RUN_HOST_H
#define MMUB_RUN_HOST_H

#include <stddef.h>

struct run;

/* Before the first boot: the machine's state; --pin, --host-events and --guest-events are checked. An exit
 * status (complained already). */
int run_host_begin(struct run *r);
/* Around a boot: memory is bound, then the guest is started; vCPU threads known; guest gone. */
void run_host_boot(struct run *r, unsigned int cpus);
void run_host_started(struct run *r);
void run_host_threads(struct run *r, const int *tids, size_t n);
void run_host_boot_end(struct run *r, unsigned int boot, unsigned int machine);
/* New samples have come in: flags those of a round in which a vCPU thread was preempted or moved. */
void run_host_samples(struct run *r);
/* After the last boot: environment.host.disturbance, .placement, .events. */
void run_host_end(struct run *r);
/* "" or, when the guest lacks an event that was asked for, which ones it has: the end of a complaint. */
const char *run_host_events_hint(const struct run *r);

#endif
