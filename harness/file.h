/* SPDX-License-Identifier: GPL-2.0-only */
/* Whole files in and out, bounded and atomic. */
#ifndef MMUB_FILE_H
#define MMUB_FILE_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/*
 * The file's bytes ("-": stdin), at most max; NULL with "path: reason: what to do" in err. Regular files,
 * pipes and terminals only. Give back with file_release(). Not NUL-terminated.
 */
char *file_read(const char *path, size_t max, size_t *len, char *err, size_t err_size);
void file_release(char *text, size_t len);

/* A file that appears whole or not at all: written beside path, synced, renamed. A device or pipe is just written. */
struct file_writer {
	FILE *f;
	char *path, *temporary;		/* NULL: written in place */
};
/* 0 or -1 with err. On error nothing is left behind. */
int file_create(struct file_writer *w, const char *path, char *err, size_t err_size);
int file_commit(struct file_writer *w, char *err, size_t err_size);

#endif
