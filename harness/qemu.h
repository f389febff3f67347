/* SPDX-License-Identifier: GPL-2.0-only */
/* Starting QEMU: the command line, without a shell, with every channel an inherited descriptor. */
#ifndef MMUB_QEMU_H
#define MMUB_QEMU_H

#include <jansson.h>

#include "guest.h"
#include "variant.h"

enum accel { ACCEL_AUTO, ACCEL_KVM, ACCEL_TCG, ACCEL_ICOUNT, ACCEL_NATIVE /* no QEMU: --guest host */ };

struct qemu_config {
	const char *program, *image;	/* paths */
	const char *cpu;		/* NULL: max, under KVM host */
	const char *linux_kernel;	/* boots Linux, image is its initramfs; NULL: image is the kernel */
	enum accel accel;		/* not AUTO */
	struct bench_machine machine;
};

const char *accel_name(enum accel a);
/* NULL: KVM works here (really tried, QMP query-kvm); else why not, one line in buf. */
const char *qemu_probe_kvm(const char *program, char *buf, size_t size);
/*
 * Starts a boot that runs the plan: by bootargs when short, else as initrd. *command (if not NULL)
 * gets the command line as a JSON array. 0 or -1 with err.
 */
int qemu_start(struct guest *g, const struct qemu_config *q, const char *plan, json_t **command,
	       char *err, size_t err_size);
/* As qemu_start(), the model in a forked child: what crashes or hangs there does not take us along. */
int model_start(struct guest *g, const char *plan, char *err, size_t err_size);

#endif
