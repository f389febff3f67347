// SPDX-License-Identifier: GPL-2.0-only
#include "run_host.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "error.h"
#include "events.h"
#include "host.h"
#include "pfm.h"
#include "run.h"

/* One run a process, so its host side is one object. */
static struct {
	struct host_moment before;
	struct host_placement place;
	struct events *events;		/* of the boot that goes on */
	json_t *totals;			/* one object a boot */
	char note[160];			/* the last boot's placement */
	size_t *seen;			/* [case]: samples looked at */
	uint32_t group, round, flags;	/* of the round whose records come in */
	bool in_round;
	uint64_t samples, preempted, migrated;
	unsigned int cpus;		/* of this boot's machine */
	bool placed;
	bool failed;			/* events could not be opened: said once */
} h;

static const char *pin_of(const struct run *r)
{
	return r->pin ? r->pin : "auto";
}

static int check_guest_events(struct run *r)
{
	static char list[256];
	char err[EVENTS_ERR_MAX];

	if (!r->plan.events || !*r->plan.events)
		return EXIT_DONE;
	if (events_guest_list(r->plan.events, list, sizeof(list), err))
		return complain(EXIT_USAGE_ERROR, "%s", err);
	r->plan.events = list;
	return EXIT_DONE;
}

const char *run_host_events_hint(const struct run *r)
{
	const char *text[2] = { rs_env(r->set, "guest.pmceid0"), rs_env(r->set, "guest.pmceid1") };
	static char hint[2048];
	char have[2000];
	uint64_t pmceid[2];

	if (!r->plan.events || !text[0] || !text[1])
		return "";
	for (int i = 0; i < 2; i++)
		pmceid[i] = strtoull(text[i], NULL, 16);
	if (!events_guest_lacks(r->plan.events, pmceid, have, sizeof(have)))
		return "";
	snprintf(hint, sizeof(hint), "; it has%s", have);
	return hint;
}

int run_host_begin(struct run *r)
{
	char err[EVENTS_ERR_MAX];
	struct events *trial;
	pid_t self = getpid();

	host_moment(&h.before);
	h.totals = json_array();
	if (check_guest_events(r))
		return EXIT_USAGE_ERROR;
	/* a bad list is told now, not at the first boot; auto takes no core before it is needed */
	if (strcmp(pin_of(r), "auto") && host_place(pin_of(r), 1, &h.place))
		return complain(EXIT_USAGE_ERROR, "%s", h.place.note);
	if (r->host_events && events_check(r->host_events, err))
		return complain(pfm_library() ? EXIT_USAGE_ERROR : EXIT_OUTSIDE, "--host-events: %s", err);
	if (r->host_events && *r->host_events) {
		trial = events_open(r->host_events, &self, 1, err);
		if (!trial)
			return complain(EXIT_OUTSIDE, "--host-events: %s", err);
		events_close(trial);
	}
	return EXIT_DONE;
}

static void place(const struct run *r)
{
	if (host_place(pin_of(r), h.cpus, &h.place))
		warn("%s: this boot is not pinned", h.place.note);
	memcpy(h.note, h.place.note, sizeof(h.note));
	h.placed = true;
}

void run_host_boot(struct run *r, unsigned int cpus)
{
	if (!h.seen)
		h.seen = xcalloc(r->w.ncases + 1, sizeof(*h.seen));
	for (size_t i = 0; i < r->w.ncases; i++)
		h.seen[i] = r->set->cases[i].nsamples;
	h.in_round = false;
	if (r->platform == PLATFORM_MODEL)
		return;
	h.cpus = cpus ? cpus : 1;
	h.placed = false;
	/* QEMU inherits the memory's binding; with one node there is none, and QEMU need not wait. */
	if (access("/sys/devices/system/node/node1", F_OK))
		return;
	place(r);
	if (host_bind_memory(&h.place))
		warn("memory could not be bound to NUMA node %d: %s", h.place.node, strerror(errno));
}

void run_host_started(struct run *r)
{
	if (r->platform == PLATFORM_MODEL)
		return;
	if (h.placed)
		host_unbind_memory();
	else
		place(r);
}

void run_host_threads(struct run *r, const int *tids, size_t n)
{
	char err[EVENTS_ERR_MAX];
	pid_t pids[HOST_VCPUS_MAX];
	unsigned int i;

	for (i = 0; i < n && i < HOST_VCPUS_MAX; i++) {
		pids[i] = tids[i];
		if (h.place.pinned && i < h.place.n && host_pin(&h.place, i, tids[i]) &&
		    errno != ESRCH)	/* a short boot is over before its threads are known */
			warn("vCPU %u could not be pinned to CPU %d: %s", i, h.place.cpu[i],
			     strerror(errno));
	}
	h.events = events_open(r->host_events ? r->host_events : "", pids, i, err);
	if (!h.events && !h.failed) {
		h.failed = true;
		warn("host events are not counted: %s", err);
	}
}

/* Records of a round come in one burst; what the threads went through before it was the round. */
static void flag_sample(struct rs_sample *s, uint32_t group)
{
	if (!h.in_round || h.group != group || h.round != s->round) {
		h.flags = events_disturbed(h.events);
		h.group = group;
		h.round = s->round;
		h.in_round = true;
	}
	s->flags |= h.flags;
	h.samples++;
	h.preempted += !!(h.flags & RS_SAMPLE_PREEMPTED);
	h.migrated += !!(h.flags & RS_SAMPLE_MIGRATED);
}

void run_host_samples(struct run *r)
{
	for (size_t i = 0; h.seen && i < r->w.ncases; i++) {
		struct rs_case *c = &r->set->cases[i];

		/* samples of a boot that was lost have been dropped again */
		if (h.seen[i] > c->nsamples)
			h.seen[i] = c->nsamples;
		for (; h.seen[i] < c->nsamples; h.seen[i]++)
			if (h.events && r->accel != ACCEL_ICOUNT)
				flag_sample(&c->samples[h.seen[i]], r->w.cases[i].group);
	}
}

void run_host_boot_end(struct run *r, unsigned int boot, unsigned int machine)
{
	run_host_samples(r);
	if (h.events && r->host_events && *r->host_events)
		json_array_append_new(h.totals, json_pack("{s:i, s:i, s:o}", "boot", (int)boot, "machine",
							  (int)machine, "events", events_json(h.events)));
	events_close(h.events);
	h.events = NULL;
}

void run_host_end(struct run *r)
{
	json_t *host = json_object_get(r->set->environment, "host"), *disturbance, *line;
	struct host_moment after;
	size_t i;

	host_moment(&after);
	disturbance = host_disturbance(&h.before, &after);
	/* instructions do not care who else runs */
	json_array_foreach(json_object_get(disturbance, "warnings"), i, line)
		if (r->accel != ACCEL_ICOUNT && r->platform != PLATFORM_MODEL)
			printf("note: %s\n", json_string_value(line));
	if (h.samples)
		json_object_set_new(disturbance, "samples", json_pack("{s:I, s:I, s:I}", "watched",
			(json_int_t)h.samples, "preempted", (json_int_t)h.preempted, "migrated",
			(json_int_t)h.migrated));
	if (h.preempted + h.migrated)
		printf("note: %llu of %llu samples are of rounds in which a vCPU was preempted, %llu of "
		       "rounds in which it moved\n",
		     (unsigned long long)h.preempted, (unsigned long long)h.samples,
		     (unsigned long long)h.migrated);
	json_object_set_new(host, "disturbance", disturbance);
	if (*h.note)
		json_object_set_new(host, "placement", json_string(h.note));
	if (json_array_size(h.totals))
		json_object_set(host, "events", h.totals);
	json_decref(h.totals);
	free(h.seen);
	memset(&h, 0, sizeof(h));
}
