/* SPDX-License-Identifier: GPL-2.0-only */
/* What one run measures: cases, in groups that are interleaved, on machines that are booted. */
#ifndef MMUB_WORK_H
#define MMUB_WORK_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core.h"

#define WORK_ERR_MAX 512

enum work_state {
	WORK_PENDING,		/* has to run (again, in the next boot) */
	WORK_DONE,		/* whole in this boot */
	WORK_GONE,		/* skipped, failed its check, crashed: is not run any more */
};

struct work_case {
	uint32_t id;		/* index in work.cases and in the result set */
	const struct bench_family *f;
	const char *variant;
	struct bench_params p;
	bool twin;		/* second of the A/A pair */
	uint32_t group, machine;
	enum work_state state;
};

struct work {
	struct work_case *cases;
	size_t ncases;
	struct bench_machine *machines;	/* one boot each; ram_bytes is the most any case needs */
	size_t nmachines;
	uint32_t groups, points;
	/* Asked for by suites; 0 = not said. The command line has the last word. */
	uint32_t rounds, warmup, boots;
	bool warmup_said;
	char *title;
};

struct work_options {
	const uint64_t *ram;	/* --ram: replaces the ram of every case that has one */
	size_t nram;
	uint32_t smp;		/* --smp: least CPUs of each machine */
	bool twins;
};

/*
 * Adds what a word names: a suite (a name, or a path of a .json file) or a FAMILY/VARIANT pattern. 0, or
 * -1 with err (usage: *outside = false; a broken file: *outside = true).
 */
int work_add(struct work *w, const char *word, const struct work_options *o, char *err, bool *outside);
/* --ram: "256M,16G" into o->ram, which the caller frees. 0 or -1 with err. */
int work_ram(struct work_options *o, const char *list, char *err);
/* Twins, groups, machines. 0 or -1 with err. Call once, after all work_add(). */
int work_arrange(struct work *w, const struct work_options *o, char *err);
void work_free(struct work *w);

/* suite.c: a parsed suite into w. 0 or -1 with err. */
int suite_add(struct work *w, const char *path, const struct work_options *o, char *err, bool *outside);
/* Crosses the arrays of `params` and adds the variants that match any pattern. */
int work_add_cross(struct work *w, const struct bench_family *f, const char *const *patterns,
		   size_t npatterns, json_t *params, const struct work_options *o, char *err);

/* plan.c: the plan of a boot: pending cases of one machine. Empty string when there is none. */
struct plan_request {
	uint64_t seed, min_ns, ops_log;
	uint32_t rounds, warmup;
	bool timed;
	const char *events;
};
char *plan_write(const struct work *w, uint32_t machine, const struct plan_request *q);
/* One line that is the same if and only if the same measurement was asked for. The caller frees it. */
char *plan_fingerprint(const struct work *w, const struct plan_request *q, const char *more);

#endif
