/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A small writer of initramfs archives (cpio "newc", Linux Documentation/driver-api/early-userspace/
 * buffer-format.rst). Deterministic: the same entries give the same bytes (owner 0, time 0, numbered inodes).
 */
#ifndef MMUB_INITRAMFS_H
#define MMUB_INITRAMFS_H

#include <stddef.h>
#include <stdint.h>

struct initramfs {
	char *bytes;
	size_t len, room;
	unsigned int entries;
};

/* Entries are added in the order of their names by the caller; a folder comes before what is in it. */
void initramfs_folder(struct initramfs *a, const char *name);
void initramfs_file(struct initramfs *a, const char *name, unsigned int mode, const void *bytes, size_t len);
void initramfs_chardev(struct initramfs *a, const char *name, unsigned int mode, unsigned int major,
		       unsigned int minor);
/* The trailer; the archive is whole. More archives may follow it in one initrd. */
void initramfs_end(struct initramfs *a);
void initramfs_free(struct initramfs *a);

#endif
