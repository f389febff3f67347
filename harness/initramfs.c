/* SPDX-License-Identifier: GPL-2.0-only */
#include "initramfs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "error.h"

static void put(struct initramfs *a, const void *bytes, size_t len)
{
	if (a->room - a->len < len) {
		a->room = (a->len + len) * 2;
		a->bytes = xrealloc(a->bytes, a->room);
	}
	if (len)
		memcpy(a->bytes + a->len, bytes, len);
	a->len += len;
}

/* Names and contents end on a multiple of four bytes. */
static void pad(struct initramfs *a)
{
	put(a, "\0\0\0", (4 - a->len % 4) % 4);
}

static void entry(struct initramfs *a, const char *name, unsigned int mode, unsigned int major,
		  unsigned int minor, const void *bytes, size_t len)
{
	char head[111];
	unsigned int inode = mode ? ++a->entries : 0;

	/* magic, ino, mode, uid, gid, nlink, mtime, size, dev, dev, rdev, rdev, name's length, check */
	snprintf(head, sizeof(head), "070701%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x", inode, mode,
		 0, 0, S_ISDIR(mode) ? 2 : 1, 0, (unsigned int)len, 0, 0, major, minor,
		 (unsigned int)strlen(name) + 1, 0);
	put(a, head, 110);
	put(a, name, strlen(name) + 1);
	pad(a);
	put(a, bytes, len);
	pad(a);
}

void initramfs_folder(struct initramfs *a, const char *name)
{
	entry(a, name, S_IFDIR | 0755, 0, 0, NULL, 0);
}

void initramfs_file(struct initramfs *a, const char *name, unsigned int mode, const void *bytes, size_t len)
{
	entry(a, name, S_IFREG | mode, 0, 0, bytes, len);
}

void initramfs_chardev(struct initramfs *a, const char *name, unsigned int mode, unsigned int major,
		       unsigned int minor)
{
	entry(a, name, S_IFCHR | mode, major, minor, NULL, 0);
}

void initramfs_end(struct initramfs *a)
{
	entry(a, "TRAILER!!!", 0, 0, 0, NULL, 0);
}

void initramfs_free(struct initramfs *a)
{
	free(a->bytes);
	memset(a, 0, sizeof(*a));
}
