/* SPDX-License-Identifier: GPL-2.0-only */
/* Records of a boot into the result set: sequence, shape and sense of each are checked here. */
#ifndef MMUB_COLLECT_H
#define MMUB_COLLECT_H

#include <stdio.h>

#include "record.h"
#include "resultset.h"
#include "work.h"

#define COLLECT_WHY_MAX 400
#define COLLECT_EVENTS_MAX 8

struct collector {
	struct work *w;
	struct rs_set *set;
	FILE *ops_log;			/* NULL: op records are dropped */
	uint64_t *ops_logged;		/* operations of each case that are in it */
	bool quiet;			/* replaying a journal: nothing is printed */
	uint32_t warmup, rounds;	/* samples a case must have in a boot, 0 = not timed */
	/* of this boot */
	uint32_t boot, machine, broken_before;
	uint64_t next_seq;
	bool resync;			/* after a damaged line the next number is not known */
	bool hello, ended;
	uint64_t records;		/* good ones: a guest that only chatters hangs as well */
	uint32_t current;		/* case of the last record, UINT32_MAX: none */
	uint64_t clock_hz;
	char *events[COLLECT_EVENTS_MAX];
	size_t nevents;
	uint32_t *in_boot;		/* samples of each case in this boot */
	double done_work;		/* for the progress bar: cases done plus parts of them */
	char why[COLLECT_WHY_MAX];	/* the whole boot is bad: why (one line), "" */
	/* of the run */
	uint32_t passed, check_failed, broken, skipped;
	char chatter[160];		/* last line of the guest that was no record */
};

void collect_init(struct collector *c, struct work *w, struct rs_set *set);
void collect_free(struct collector *c);
void collect_boot(struct collector *c, uint32_t boot, uint32_t machine);	/* a boot starts: sequence from 0 */
/* One line of the console. */
void collect_line(struct collector *c, const char *line, size_t len);
/* The boot is over: cases it did not report are marked, `how` says why; "" when it ended by itself. */
void collect_end(struct collector *c, const char *how);
/* A case is broken (crash, hang, bad records): says so once, keeps what was measured. */
void collect_break(struct collector *c, uint32_t id, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* Name of a case for messages: family/variant and its parameters, in buf. */
const char *collect_name(const struct collector *c, uint32_t id, char *buf, size_t size);
/* Samples of this boot of cases that are still pending are dropped (they will be taken again). */
void collect_forget_pending(struct collector *c);

#endif
