/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The little of QMP that a run needs. All questions are sent at once, before the greeting has come: the boot
 * is not held up, and answers are taken as they arrive.
 */
#ifndef MMUB_QMP_H
#define MMUB_QMP_H

#include <stdbool.h>
#include <stddef.h>

#define QMP_CPUS_MAX 512
#define QMP_LINE_MAX 65536

struct qmp {
	bool greeted, answered;		/* answered: the last of the questions */
	bool kvm_known, kvm_enabled;
	char version[64];
	int tids[QMP_CPUS_MAX];
	size_t ntids;
	char *line;
	size_t used;
};

/*
 * Asks on the socket: the CPUs' threads, and with kvm whether KVM is on. No question is asked for nothing: QEMU's
 * main thread reads them a byte a system call, and answers holding the lock that the guest's console needs.
 */
void qmp_ask(int fd, bool kvm);
/* Bytes from the socket. false: not QMP (a line too long, not JSON). */
bool qmp_feed(struct qmp *q, const char *data, size_t n);
void qmp_free(struct qmp *q);

#endif
