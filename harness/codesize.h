/* SPDX-License-Identifier: GPL-2.0-only */
/* Functions of an ELF file and their bytes of code. */
#ifndef MMUB_CODESIZE_H
#define MMUB_CODESIZE_H

#include <stddef.h>

struct code_function {
	char *name;
	unsigned long long bytes;
};
struct code_functions {
	struct code_function *f;	/* by name */
	size_t n, room;
	char build_id[64];		/* hex, "" without one */
};
enum code_state { CODE_READ, CODE_MISSING, CODE_UNREADABLE };

/* All sized functions whose name matches the pattern (* and ?). code_free() in any case. */
enum code_state code_read(struct code_functions *all, const char *path, const char *pattern);
void code_free(struct code_functions *all);

#endif
