/* SPDX-License-Identifier: GPL-2.0-only */
/* One line on stderr, whatever the text holds, and memory that either is there or ends the program. */
#include "error.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "progress.h"

#define LINE_MAX_BYTES 2048

/* Control characters (file names and guest output may hold any) must not reach the terminal. */
static void print_line(const char *tag, const char *fmt, va_list ap)
{
	char text[LINE_MAX_BYTES];

	vsnprintf(text, sizeof(text), fmt, ap);
	for (char *p = text; *p; p++)
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			*p = ' ';
	progress_clear();
	fprintf(stderr, "mmubench: %s%s\n", tag, text);
}

int complain(enum mmub_exit status, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	print_line("", fmt, ap);
	va_end(ap);
	return status;
}

void warn(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	print_line("warning: ", fmt, ap);
	va_end(ap);
}

static void *or_die(void *p, unsigned long size)
{
	if (!p && size)
		exit(complain(EXIT_OUTSIDE, "out of memory: %lu bytes: free some, or use fewer cases",
			      size));
	return p;
}

void *xmalloc(unsigned long size)
{
	return or_die(malloc(size ? size : 1), size);
}

void *xcalloc(unsigned long n, unsigned long size)
{
	return or_die(calloc(n ? n : 1, size ? size : 1), n * size);
}

void *xrealloc(void *p, unsigned long size)
{
	return or_die(realloc(p, size ? size : 1), size);
}

char *xstrdup(const char *s)
{
	return or_die(strdup(s), strlen(s) + 1);
}

char *xasprintf(const char *fmt, ...)
{
	va_list ap;
	char *s = NULL;

	va_start(ap, fmt);
	if (vasprintf(&s, fmt, ap) < 0)
		s = NULL;
	va_end(ap);
	return or_die(s, strlen(fmt));
}
