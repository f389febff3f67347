/* SPDX-License-Identifier: GPL-2.0-only */
#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "error.h"

static int too_big(const char *path, size_t max, char *err, size_t size)
{
	snprintf(err, size, "%s: larger than %zu MiB: not a file of this program, or split it", path,
		 max >> 20);
	return -1;
}

/* Anonymous memory, grown by mremap: no copy, and nothing kept after release. */
static char *read_all(int fd, const char *path, size_t max, size_t *len, char *err, size_t err_size)
{
	size_t room = 1 << 16, n = 0;
	struct stat st;
	char *buf, *more;
	ssize_t got;

	if (!fstat(fd, &st) && S_ISREG(st.st_mode) && st.st_size > 0) {
		if ((uint64_t)st.st_size > max)
			return too_big(path, max, err, err_size), NULL;
		room = ((size_t)st.st_size + 4096) & ~4095ul;
	}
	buf = mmap(NULL, room, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (buf == MAP_FAILED)
		goto no_memory;
	while ((got = read(fd, buf + n, room - n)) != 0) {
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0) {
			snprintf(err, err_size, "%s: %s", path, strerror(errno));
			goto fail;
		}
		n += (size_t)got;
		if (n > max) {
			too_big(path, max, err, err_size);
			goto fail;
		}
		if (n < room)
			continue;
		more = mremap(buf, room, 2 * room, MREMAP_MAYMOVE);
		if (more == MAP_FAILED) {
			munmap(buf, room);
			goto no_memory;
		}
		buf = more;
		room *= 2;
	}
	/* file_release() unmaps by the length alone: drop the pages past it. */
	if (((n + 4096) & ~4095ul) < room)
		munmap(buf + ((n + 4096) & ~4095ul), room - ((n + 4096) & ~4095ul));
	*len = n;
	return buf;
no_memory:
	snprintf(err, err_size, "%s: out of memory", path);
	return NULL;
fail:
	munmap(buf, room);
	return NULL;
}

char *file_read(const char *path, size_t max, size_t *len, char *err, size_t err_size)
{
	int fd = strcmp(path, "-") ? open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY) : dup(0);
	char *text;

	if (fd < 0) {
		snprintf(err, err_size, "%s: %s", path, strerror(errno));
		return NULL;
	}
	text = read_all(fd, path, max, len, err, err_size);
	close(fd);
	return text;
}

void file_release(char *text, size_t len)
{
	if (text)
		munmap(text, (len + 4096) & ~4095ul);
}

/*
 * Renaming over a device or a pipe would replace it (as root, /dev/null), and over a link cut it off from its file:
 * the first are written as they are, of the second what it leads to is replaced.
 */
int file_create(struct file_writer *w, const char *path, char *err, size_t err_size)
{
	struct stat st;
	bool there = !stat(path, &st), in_place = there && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode);
	char *target = there && !in_place ? realpath(path, NULL) : NULL;
	int fd;

	w->path = target ? target : xstrdup(path);
	w->temporary = in_place ? NULL : xasprintf("%s.new.%ld", w->path, (long)getpid());
	fd = open(in_place ? w->path : w->temporary, O_WRONLY | (in_place ? 0 : O_CREAT | O_TRUNC) | O_CLOEXEC, 0666);
	w->f = fd < 0 ? NULL : fdopen(fd, "w");
	if (w->f)
		return 0;
	snprintf(err, err_size, "%s: cannot write: %s", path, strerror(errno));
	free(w->path);
	free(w->temporary);
	return -1;
}

int file_commit(struct file_writer *w, char *err, size_t err_size)
{
	int bad = fflush(w->f) || ferror(w->f) || (w->temporary && fdatasync(fileno(w->f))), saved = errno;

	bad |= fclose(w->f) != 0;
	if (!bad && w->temporary && rename(w->temporary, w->path)) {
		bad = 1;
		saved = errno;
	}
	if (bad) {
		snprintf(err, err_size, "%s: cannot write: %s", w->path, strerror(saved));
		if (w->temporary)
			unlink(w->temporary);
	}
	free(w->path);
	free(w->temporary);
	return bad ? -1 : 0;
}
