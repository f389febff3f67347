/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A process that runs a plan and sends records: QEMU, or a child with the model. One poll loop serves
 * them all; whatever happens the process group is killed and reaped.
 */
#ifndef MMUB_GUEST_H
#define MMUB_GUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "qmp.h"

#define GUEST_STDERR_MAX 600

struct guest {
	pid_t pid;			/* 0: none */
	int console, stderr_fd, qmp_fd;	/* -1: none */
	int status;			/* of waitpid, once reaped */
	char stderr_text[GUEST_STDERR_MAX];
	size_t stderr_used;
	struct qmp qmp;
};

enum guest_end {
	GUEST_ENDED,			/* finished() said so, or the console closed */
	GUEST_SILENT,			/* no sign of life for `silence` seconds */
	GUEST_INTERRUPTED,		/* SIGINT or SIGTERM */
};
struct guest_watch {
	double silence;			/* seconds without a sign of life before the guest counts as hung */
	bool (*data)(void *arg, const char *bytes, size_t n);	/* true: they were a sign of life */
	bool (*finished)(void *arg);	/* asked after each data() */
	void (*tick)(void *arg);	/* about ten times a second */
	void (*cpus)(void *arg, const int *tids, size_t n);	/* vCPU threads are known, or NULL */
	void *arg;
};
enum guest_end guest_watch(struct guest *g, const struct guest_watch *w);
/* Kills what is left, reaps, closes. How it ended in g->status. */
void guest_stop(struct guest *g);
/*
 * Of a guest that said all it had to: kills and closes, but does not wait while the kernel takes its memory
 * apart (3 ms for QEMU); g->status stays 0. guest_reap() waits: before the next guest, and at the end.
 */
void guest_let_go(struct guest *g);
void guest_reap(void);
int guest_none(struct guest *g);	/* g is none; -1 */
/*
 * As fork(), of a child that is a guest by itself: its standard output is g->console, its standard error
 * g->stderr_fd. -1 with why in err.
 */
pid_t guest_fork(struct guest *g, char *err, size_t size);
/* For a fork of one's own that execs: descriptors from[] become to[]. */
void guest_place(const int *from, const int *to, int n);
/* In a child, between fork and exec: own group, dies with the parent. parent: its pid. */
void guest_child(pid_t parent);
/* "exited with status 1", "was killed by signal 9", and what it last said on stderr. */
const char *guest_how(const struct guest *g, char *buf, size_t size);

/* SIGINT and SIGTERM from now on only set a flag; a second one ends the program at once. */
void guest_catch_signals(void);
bool guest_interrupted(void);

#endif
