/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The module in the kernel of this very machine: load, plan in, records out, unload. Root on an arm64 host;
 * asked for by name only (--guest host).
 */
#ifndef MMUB_MODULE_LOCAL_H
#define MMUB_MODULE_LOCAL_H

#include <stddef.h>

#include "guest.h"

/* What touches the kernel; tests put fakes here. -1 with errno on error. */
struct module_local_sys {
	int (*load)(int fd);			/* finit_module() */
	int (*unload)(const char *name);	/* delete_module() */
	const char *debugfs;			/* where debugfs is mounted */
};
extern const struct module_local_sys module_local_linux;

/* NULL: this machine can; else why not, one line. */
const char *module_local_why_not(void);
/*
 * As qemu_start(): a child that loads ko, runs the plan and copies the records to g->console; what fails is a
 * "mmub-init: STEP: why" line there.
 */
int module_local_start(struct guest *g, const struct module_local_sys *sys, const char *ko, const char *plan,
		       char *err, size_t size);
/* After guest_stop(): a child that was killed could not unload. */
void module_local_end(const struct module_local_sys *sys);

#endif
