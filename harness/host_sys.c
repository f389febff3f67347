// SPDX-License-Identifier: GPL-2.0-only
#include "host_sys.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const char *host_sysroot(void)
{
	const char *root = getenv("MMUBENCH_SYSROOT");

	return root ? root : "";
}

static bool full_path(const char *path, char full[PATH_MAX])
{
	return snprintf(full, PATH_MAX, "%s%s", host_sysroot(), path) < PATH_MAX;
}

static FILE *host_open(const char *path)
{
	char full[PATH_MAX];

	return full_path(path, full) ? fopen(full, "re") : NULL;
}

bool host_exists(const char *path)
{
	char full[PATH_MAX];

	return full_path(path, full) && access(full, F_OK) == 0;
}

bool host_read(const char *path, char *buf, size_t size)
{
	FILE *f = host_open(path);
	size_t n;

	buf[0] = '\0';
	if (!f)
		return false;
	n = fread(buf, 1, size - 1, f);
	fclose(f);
	buf[n] = '\0';
	while (n && isspace((unsigned char)buf[n - 1]))
		buf[--n] = '\0';
	return n > 0;
}

bool host_read_number(const char *path, long long *n)
{
	char buf[64], *end;

	if (!host_read(path, buf, sizeof(buf)))
		return false;
	errno = 0;
	*n = strtoll(buf, &end, 10);
	return !errno && end != buf && *end == '\0';
}

bool host_read_key(const char *path, const char *key, char *buf, size_t size)
{
	size_t len = strlen(key);
	FILE *f = host_open(path);
	char line[8192];
	bool found = false;

	buf[0] = '\0';
	while (f && !found && fgets(line, sizeof(line), f)) {
		char *p = line + len;

		if (strncmp(line, key, len))
			continue;
		p += strspn(p, " \t");
		if (*p != ':')
			continue;
		p += 1 + strspn(p + 1, " \t");
		p[strcspn(p, "\n")] = '\0';
		snprintf(buf, size, "%s", p);
		found = true;
	}
	if (f)
		fclose(f);
	return found;
}

bool host_governor(char *buf, size_t size)
{
	return host_read("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor", buf, size);
}

int host_turbo(const char **off)
{
	static const struct {
		const char *path, *off;
		bool on;	/* what its 1 means */
	} switches[] = {
		{ "/sys/devices/system/cpu/intel_pstate/no_turbo",
		  "echo 1 > /sys/devices/system/cpu/intel_pstate/no_turbo", false },
		{ "/sys/devices/system/cpu/cpufreq/boost",
		  "echo 0 > /sys/devices/system/cpu/cpufreq/boost", true },
	};
	long long n;

	for (size_t i = 0; i < sizeof(switches) / sizeof(switches[0]); i++) {
		if (!host_read_number(switches[i].path, &n))
			continue;
		if (off)
			*off = switches[i].off;
		return (n != 0) == switches[i].on;
	}
	return -1;
}
