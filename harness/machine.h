/* SPDX-License-Identifier: GPL-2.0-only */
/* A machine is whose times an operation's costs are fitted to: result sets, and which of their cases are its own. */
#ifndef MMUB_MACHINE_H
#define MMUB_MACHINE_H

#include "resultset.h"

struct machine_times {
	struct rs_set *set;
	char *where;			/* KEY=VALUE, NULL: all cases */
};
struct machine {
	struct machine_times *times;
	size_t n;
};

/*
 * Adds what word names: a machine of bench/machines, else a result set's file. False: err says which word, and what
 * to do.
 */
bool machine_add(struct machine *m, const char *word, char err[RS_ERR_MAX]);
/* Whether a case is the machine's: numbers are compared as people write them, ram=64G. */
bool machine_has(const struct rs_set *set, const struct rs_case *c, const char *where);
void machine_free(struct machine *m);

#endif
