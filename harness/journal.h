/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * OUT.journal: every line of every boot as it arrived, so that an interrupted run can go on. Lines:
 *	mmub-journal 1 FINGERPRINT		first
 *	boot N M				boot N of machine M starts (again)
 *	@mmub ...				a record
 *	broken ID WHY				the harness gave the case up (hang, crash)
 *	gone N M				the boot is over
 */
#ifndef MMUB_JOURNAL_H
#define MMUB_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collect.h"

struct journal {
	int fd;
	double synced;			/* when, seconds */
	bool failed;
};
/* Makes or opens the file and locks it: one run at a time has it. 0 or -1 with err. */
int journal_open(struct journal *j, const char *path, char *err);
/* Starts anew, or goes on behind the last whole line (resume). 0 or -1 with err. */
int journal_begin(struct journal *j, const char *path, const char *fingerprint, bool append, char *err);
void journal_line(struct journal *j, const char *line, size_t len);
void journal_printf(struct journal *j, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* What was appended goes to the disk: at most four times a second, unless now is set. */
void journal_sync(struct journal *j, bool now);
/* remove: the run is whole, path is not needed any more. */
void journal_close(struct journal *j, const char *path, bool remove);

/*
 * Replays a journal into the collector. Fills boots_done[boot * machines + machine]. 1: replayed,
 * 0: there is none (or an empty one), -1: err says why it cannot be used.
 */
int journal_replay(const char *path, const char *fingerprint, struct collector *c,
		   bool *boots_done, uint32_t boots, char *err);

#endif
