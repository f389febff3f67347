// SPDX-License-Identifier: GPL-2.0-only
/* Output files appear whole or not at all. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "error.h"
#include "export.h"

static int write_all(int fd, const char *data, size_t n)
{
	while (n) {
		ssize_t done = write(fd, data, n);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return -1;
		data += done;
		n -= (size_t)done;
	}
	return 0;
}

/* A pipe or a device cannot be replaced: written in place. */
static int write_in_place(const char *path, const void *data, size_t n)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return -1;
	if (write_all(fd, data, n)) {
		close(fd);
		return -1;
	}
	return close(fd);
}

static int write_and_rename(const char *path, const void *data, size_t n)
{
	char *tmp = xasprintf("%s.XXXXXX", path);
	int fd = mkostemp(tmp, O_CLOEXEC), status = -1;
	mode_t mask = umask(0);

	umask(mask);
	if (fd >= 0) {
		status = write_all(fd, data, n) | fchmod(fd, 0666 & ~mask);
		status |= close(fd);
		if (status || rename(tmp, path)) {
			int saved = errno;

			unlink(tmp);
			errno = saved;
			status = -1;
		}
	}
	free(tmp);
	return status;
}

int export_write_file(const char *what, const char *path, const void *data, size_t n)
{
	struct stat st;
	bool special = !stat(path, &st) && !S_ISREG(st.st_mode);

	if (special ? write_in_place(path, data, n) : write_and_rename(path, data, n))
		return complain(EXIT_OUTSIDE, "%s: %s: %s: choose a place that can be written", what, path,
				strerror(errno));
	return EXIT_DONE;
}
