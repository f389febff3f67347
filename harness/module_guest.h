/* SPDX-License-Identifier: GPL-2.0-only */
/* The Linux guest of `--platform module`: its kernel, its module, its initramfs. */
#ifndef MMUB_MODULE_GUEST_H
#define MMUB_MODULE_GUEST_H

#include <stdbool.h>
#include <stddef.h>

struct module_guest {
	char *kernel;		/* arm64 Image */
	char *initramfs;	/* cached, deterministic; a boot's plan is appended to it */
	char *release;		/* uname -r of the fetched kernel; NULL: the user's own */
	char *ko;		/* mmubench.ko, with its symbols; --guest host has neither kernel nor initramfs */
};

/*
 * Finds or makes all three. guest: "6.1", "6.12", "newest", or "host" for this
 * machine's own kernel; kernel: an Image of the user's own (then KDIR
 * says what to build the module for, or MMUBENCH_MODULE names a built one) or NULL. 0, or -1 with one line in err.
 */
int module_guest_find(struct module_guest *m, const char *guest, const char *kernel, char *err, size_t size);
void module_guest_free(struct module_guest *m);
/* The plan as an archive of its own, to be appended: a descriptor of base and plan together, or -1. */
int module_guest_initrd(const char *initramfs, const char *plan, char *err, size_t size);
/*
 * A line of the guest's console that is no record: true when the boot has failed, with the reason in why.
 * Lines about warnings of the kernel are handed to warn().
 */
bool module_guest_chatter(const char *line, size_t len, char *why, size_t size);
/* The line after which the guest has nothing to say any more. */
bool module_guest_last_word(const char *line, size_t len);

#endif
