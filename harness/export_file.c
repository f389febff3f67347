// SPDX-License-Identifier: GPL-2.0-only
/* One finished text or picture to a file. */
#include "error.h"
#include "export.h"
#include "file.h"

int export_write_file(const char *what, const char *path, const void *data, size_t n)
{
	struct file_writer w;
	char err[RS_ERR_MAX];

	if (file_create(&w, path, err, sizeof(err)))
		return complain(EXIT_OUTSIDE, "%s: %s", what, err);
	fwrite(data, 1, n, w.f);
	if (file_commit(&w, err, sizeof(err)))
		return complain(EXIT_OUTSIDE, "%s: %s", what, err);
	return EXIT_DONE;
}
