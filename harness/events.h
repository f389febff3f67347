/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Events counted by the host on the vCPU threads (perf_event_open, names by libpfm4), and the names of
 * events that the guest counts.
 */
#ifndef MMUB_EVENTS_H
#define MMUB_EVENTS_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define EVENTS_ERR_MAX 256
#define EVENTS_MAX 32			/* of a --host-events list */

/* Event tables of libpfm4 that match this machine, perf's own software events not counted. */
unsigned int events_pmus(void);
/* Whether this process may count the event here. false: why[160] says why not. */
bool events_probe(const char *name, char why[160]);

/* Whether all names of a --host-events list are known: a typing error is told before a missing right. 0, or -1. */
int events_check(const char *list, char err[EVENTS_ERR_MAX]);

struct events;
/*
 * Counts each event of the comma-separated list ("" for none: only preemption is watched) on each of the
 * n threads, children excluded, from now on. NULL with a line in err: an unknown name, an event that the
 * machine does not count, no right to.
 */
struct events *events_open(const char *list, const pid_t *tids, unsigned int n,
			   char err[EVENTS_ERR_MAX]);
void events_close(struct events *e);
/*
 * What happened to the threads since the last call: RS_SAMPLE_PREEMPTED when the scheduler took a CPU
 * away (a wait of the thread's own is none), RS_SAMPLE_MIGRATED when one moved. Call it as a round's
 * records arrive: it tells of that round's samples.
 */
uint32_t events_disturbed(struct events *e);
/*
 * New object of totals over the threads: name -> {"value": n} or, where counters took turns,
 * {"value": scaled, "scaled": true, "running": fraction of the time counted}; null: never counted.
 */
json_t *events_json(struct events *e);
/* Of one event, from what was read of each thread's counter: value, time enabled, time running. */
json_t *events_total(const uint64_t (*reads)[3], size_t n);

/*
 * The guest's list in the names it knows (kernels/arch/arm64/pmu_events.def), in any case; NAME:0xNUMBER
 * as it is; on arm64 builds libpfm4's names of this CPU's events, as a common event's name or NAME:0xNUMBER.
 * 0, or -1 with err naming what is unknown and the nearest.
 */
int events_guest_list(const char *list, char *out, size_t size, char err[EVENTS_ERR_MAX]);

/*
 * Whether a guest CPU with these PMCEID0_EL0 and PMCEID1_EL0 lacks a name of list (as events_guest_list()
 * leaves it); have gets all that it has, a blank before each.
 */
bool events_guest_lacks(const char *list, const uint64_t pmceid[2], char *have, size_t size);

#endif
