/* SPDX-License-Identifier: GPL-2.0-only */
#include "paths.h"

#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "error.h"

static const char *exe_folder(void)
{
	static char folder[PATH_MAX];
	ssize_t n;

	if (!folder[0]) {
		n = readlink("/proc/self/exe", folder, sizeof(folder) - 1);
		folder[n > 0 ? n : 0] = 0;
		if (strrchr(folder, '/'))
			*strrchr(folder, '/') = 0;
	}
	return folder;
}

/* Takes the path over: returns it when it is readable, else frees it. */
static char *if_there(char *path)
{
	if (!access(path, R_OK))
		return path;
	free(path);
	return NULL;
}

char *path_data(const char *name)
{
	const char *base = getenv("MMUBENCH_DATA");
	char *p;

	if (base)
		return if_there(xasprintf("%s/%s", base, name));
	p = if_there(xasprintf("%s/../%s", exe_folder(), name));
	if (!p)
		p = if_there(xasprintf("%s/../share/mmubench/%s", exe_folder(), name));
	return p ? p : if_there(xstrdup(name));
}

char *path_image(void)
{
	const char *image = getenv("MMUBENCH_IMAGE");
	char *p;

	if (image)
		return if_there(xstrdup(image));
	p = if_there(xasprintf("%s/guest/Image", exe_folder()));
	return p ? p : if_there(xasprintf("%s/../lib/mmubench/Image", exe_folder()));
}

static bool runnable(const char *path)
{
	struct stat st;

	return !access(path, X_OK) && !stat(path, &st) && S_ISREG(st.st_mode);
}

char *path_program(const char *name)
{
	const char *at = getenv("PATH");

	if (strchr(name, '/'))
		return runnable(name) ? xstrdup(name) : NULL;
	while (at && *at) {
		size_t len = strcspn(at, ":");
		char *p = xasprintf("%.*s/%s", (int)len, at, name);

		if (runnable(p))
			return p;
		free(p);
		at += len + (at[len] == ':');
	}
	return NULL;
}
