/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Exit statuses and the one way to complain: one line on stderr, "mmubench: what: where: what to do".
 */
#ifndef MMUB_ERROR_H
#define MMUB_ERROR_H

#include <stdarg.h>

enum mmub_exit {
	EXIT_DONE = 0,
	EXIT_BAD_ANSWER = 1,	/* a check failed, a regression past --fail-if */
	EXIT_USAGE_ERROR = 2,	/* the words are wrong */
	EXIT_OUTSIDE = 3,	/* QEMU, a file, memory */
	EXIT_INTERRUPTED = 4,	/* what was measured is saved */
};

/* Prints one line (newlines in the text become blanks); returns status, for `return complain(...)`. */
int complain(enum mmub_exit status, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void warn(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* malloc family that ends the program with EXIT_OUTSIDE and a line when memory runs out. */
void *xmalloc(unsigned long size);
void *xcalloc(unsigned long n, unsigned long size);
void *xrealloc(void *p, unsigned long size);
char *xstrdup(const char *s);
char *xasprintf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif
