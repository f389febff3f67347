/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The machine that measures: what it is (environment.host), what may disturb (doctor, before and after
 * a run), and where the vCPU threads go.
 */
#ifndef MMUB_HOST_H
#define MMUB_HOST_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* ---- host.c ---- */
/*
 * New object for environment.host: machine, cpu, kernel, cores, threads, numa_nodes, memory_bytes,
 * smt, governor, turbo, hypervisor, fingerprint (64 bits in hex over what does not change from run to
 * run). What cannot be read is left out.
 */
json_t *host_environment(void);
/* Cores and hardware threads this process may use; at least 1. */
void host_counts(unsigned int *cores, unsigned int *threads, unsigned int *nodes);

/* ---- host_watch.c ---- */
/* What changes while a run goes on. Take one before and one after. */
struct host_moment {
	double load;			/* of the last minute; NaN: not known */
	uint64_t steal, total;		/* clock ticks of all CPUs, from /proc/stat */
	int64_t throttled;		/* throttling events since the machine booted; -1: not known */
	int64_t khz;			/* of the first CPU; -1: not known */
	char governor[32];		/* of the first CPU; "": not known */
	int turbo;			/* on 1, off 0; -1: not known */
};
void host_moment(struct host_moment *m);
/*
 * New object for environment.host.disturbance: load_before, load_after, steal_pct, throttled (events), governor_after
 * and turbo_after where they changed, and "warnings": one line for each that spoils measurements. Prints nothing.
 */
json_t *host_disturbance(const struct host_moment *before, const struct host_moment *after);

/* ---- host_place.c ---- */
#define HOST_VCPUS_MAX 64
struct host_placement {
	bool pinned;
	unsigned int n;
	int cpu[HOST_VCPUS_MAX];	/* of vCPU 0, 1, ...: one a core */
	int node;			/* NUMA node all of them are on, -1: several, or only one in the machine */
	char note[160];			/* what was done and why, one line, for the result set */
};
/*
 * Chooses CPUs for n vCPU threads. pin: "auto" (whole cores, one NUMA node, the first core last, cores
 * that another run has taken left out; not pinned when there are too few, and the note says so), "off",
 * or a list "2,4-7" of at least n CPUs. 0, or -1 with the reason in note: a bad list.
 */
int host_place(const char *pin, unsigned int n, struct host_placement *p);
/* Pins a thread (QMP query-cpus-fast: thread-id) of vCPU i. 0, or -1 with errno. */
int host_pin(const struct host_placement *p, unsigned int i, pid_t tid);
/*
 * Memory of children started between the two calls comes from the placement's node. Nothing to do,
 * and 0, where there is one node.
 */
int host_bind_memory(const struct host_placement *p);
void host_unbind_memory(void);

/* ---- host_facts.c ---- */
enum host_state { HOST_GOOD, HOST_BAD, HOST_UNKNOWN };
struct host_fact {
	const char *name;
	enum host_state state;
	char text[120];
	char advice[160];		/* "" when there is nothing to do */
};
/* Everything doctor knows to ask. Returns how many were filled in. */
size_t host_facts(struct host_fact *facts, size_t room);

#endif
