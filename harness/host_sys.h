/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reading /proc and /sys. MMUBENCH_SYSROOT=DIR reads DIR/proc and DIR/sys instead (tests: machines that
 * are not this one).
 */
#ifndef MMUB_HOST_SYS_H
#define MMUB_HOST_SYS_H

#include <stdbool.h>
#include <stddef.h>

/* The sysroot, "" when it is this machine. */
const char *host_sysroot(void);
/* First bytes of a file, last newline cut. false: not there or not readable. */
bool host_read(const char *path, char *buf, size_t size);
/* The same for one decimal number. */
bool host_read_number(const char *path, long long *n);
bool host_exists(const char *path);
/* Text after "key" and ':' or blanks in a "key : value" file, into buf. */
bool host_read_key(const char *path, const char *key, char *buf, size_t size);

/* cpufreq's governor of the first CPU; false: none is shown, buf is empty. */
bool host_governor(char *buf, size_t size);
/* 1: turbo (boost) is on, 0: off, -1: no switch is shown. *off, unless NULL: the shell's words that switch it off. */
int host_turbo(const char **off);

#endif
