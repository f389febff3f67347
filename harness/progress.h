/* SPDX-License-Identifier: GPL-2.0-only */
/* Progress on stderr: one line that is redrawn (<= 80 columns) on a terminal, plain lines elsewhere. */
#ifndef MMUB_PROGRESS_H
#define MMUB_PROGRESS_H

#include <stddef.h>

/* total: units of work (any scale). Nothing is shown before the first update. */
void progress_start(const char *what, double total);
/* done: units so far; note: what is being done now, cut to fit. May be called at any rate. */
void progress_update(double done, const char *note);
/* The total turned out to be different (more boots for --precision). */
void progress_total(double total);
/* Wipes the line so that something else can be printed; the next update draws it again. */
void progress_clear(void);
void progress_end(void);

/* The line itself, for width columns, after `elapsed` seconds (tests call it). buf: 4 * width. */
void progress_format(char *buf, size_t size, int width, const char *what, double done, double total,
		     double elapsed, const char *note);

#endif
