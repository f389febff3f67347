/* SPDX-License-Identifier: GPL-2.0-only */
/* Private to run*.c: one run from its words to its file. */
#ifndef MMUB_RUN_H
#define MMUB_RUN_H

#include "collect.h"
#include "command.h"
#include "journal.h"
#include "module_guest.h"
#include "qemu.h"
#include "work.h"

enum platform { PLATFORM_BAREMETAL, PLATFORM_MODULE, PLATFORM_MODEL };

struct run {
	/* the words */
	struct work_options wo;
	struct plan_request plan;
	const char *output, *ops_log_path, *label, *cpu;
	const char *pin, *host_events;
	const char *guest, *kernel;	/* --platform module: which Linux */
	uint32_t boots;
	int warmup;			/* -1: not said */
	double precision, budget, timeout;	/* part of 1, s, s; 0 = not said */
	bool resume;
	enum platform platform;
	enum accel accel;
	/* the run */
	struct work w;
	struct collector c;
	struct rs_set *set;
	struct journal j;
	char *journal;			/* its path */
	struct rec_lines lines;
	char *qemu, *image, *accel_why;
	struct module_guest linux_guest;	/* --platform module */
	json_t *commands;		/* one command line a machine */
	double started;			/* monotonic seconds */
	size_t unmeasured;		/* cases that no guest came to */
	bool *boots_done;		/* [boot * nmachines + machine], by the journal */
	bool interrupted;
	bool init_ended;		/* this boot: a guest Linux said its last word */
	char note[80];			/* beside the progress bar */
};

double run_clock(void);			/* monotonic, s */
/* run_env.c: before the first boot; and what takes a while to find out, while QEMU starts. */
void run_environment(struct run *r);
void run_environment_late(struct run *r);
/* run_boot.c: one boot of one machine until nothing is pending. An exit status. */
int run_boot(struct run *r, uint32_t boot, uint32_t machine);
/*
 * run_precision.c: the widest confidence interval (half width) of the deltas; INFINITY when unknown,
 * negative: nothing is compared.
 */
double run_widest(const struct run *r, char *where, size_t size);
/* run_code.c: bytes of code of the cases that have a function of their own, from the ELF beside the Image. */
void run_code_bytes(struct run *r);
/* sha256.c: hex digest of a file. false: cannot be read. */
bool sha256_file(const char *path, char hex[65]);

#endif
