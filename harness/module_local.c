/* SPDX-License-Identifier: GPL-2.0-only */
#include "module_local.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "error.h"

static int load(int fd)
{
	return (int)syscall(SYS_finit_module, fd, "", 0);
}

static int unload(const char *name)
{
	return (int)syscall(SYS_delete_module, name, O_NONBLOCK);
}

const struct module_local_sys module_local_linux = { load, unload, "/sys/kernel/debug" };

const char *module_local_why_not(void)
{
#ifndef __aarch64__
	return "this host is not arm64: use --guest 6.12, a kernel under QEMU";
#else
	return geteuid() ? "loading a module needs root" : NULL;
#endif
}

/* ---- the child ---- */

static _Noreturn void fail(const struct module_local_sys *sys, const char *step, const char *why)
{
	printf("mmub-init: %s: %s\n", step, why);
	fflush(stdout);
	if (sys)
		sys->unload("mmubench");
	_exit(1);
}

static const char *load_reason(int err)
{
	return err == ENOEXEC ? "it was built for another kernel (vermagic): KDIR=/lib/modules/$(uname -r)/build" :
	       err == EKEYREJECTED || err == ENOKEY ? "the kernel takes signed modules only" :
	       err == EPERM ? "not permitted (lockdown, or modules are disabled)" :
	       err == ENODEV ? "debugfs is off in this kernel" : strerror(err);
}

static void put_plan(const struct module_local_sys *sys, const char *path, const char *plan)
{
	size_t len = strlen(plan), done = 0;
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	while (fd >= 0 && done < len) {
		ssize_t n = write(fd, plan + done, len - done);

		if (n < 0 && errno != EINTR)
			fail(sys, "plan", strerror(errno));
		done += n > 0 ? (size_t)n : 0;
	}
	if (fd < 0 || close(fd))
		fail(sys, path, errno == ENOENT ? "missing: mount debugfs" : strerror(errno));
}

/* The write returns when the plan is through, so it has a process of its own, which dies with us. */
static pid_t start_plan(const struct module_local_sys *sys, const char *path)
{
	pid_t parent = getpid(), pid = fork();
	int fd;

	if (pid < 0)
		fail(sys, "run", strerror(errno));
	if (pid)
		return pid;
	guest_child(parent);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0 || write(fd, "1", 1) != 1)
		fail(NULL, "run", strerror(errno));
	_exit(0);
}

static void copy_records(const struct module_local_sys *sys, const char *path)
{
	static char buf[65536];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		fail(sys, path, strerror(errno));
	while ((n = read(fd, buf, sizeof(buf))) > 0 || (n < 0 && errno == EINTR))
		for (ssize_t at = 0, w; at < n; at += w) {
			w = write(STDOUT_FILENO, buf + at, (size_t)(n - at));
			if (w < 0)
				_exit(1);	/* nobody listens any more */
		}
	close(fd);
}

static _Noreturn void child(const struct module_local_sys *sys, const char *ko, const char *plan)
{
	char *dir = xasprintf("%s/mmubench", sys->debugfs), *path[3];
	static const char *const files[] = { "plan", "run", "records" };
	int fd = open(ko, O_RDONLY | O_CLOEXEC), status = 0;
	pid_t runner;

	for (int i = 0; i < 3; i++)
		path[i] = xasprintf("%s/%s", dir, files[i]);
	if (fd < 0)
		fail(NULL, ko, strerror(errno));
	sys->unload("mmubench");		/* a killed run's */
	if (sys->load(fd))
		fail(NULL, "loading mmubench.ko", load_reason(errno));
	close(fd);
	put_plan(sys, path[0], plan);
	runner = start_plan(sys, path[1]);
	copy_records(sys, path[2]);
	while (waitpid(runner, &status, 0) < 0 && errno == EINTR)
		;
	if (sys->unload("mmubench"))
		fail(NULL, "unloading", strerror(errno));
	_exit(0);
}

int module_local_start(struct guest *g, const struct module_local_sys *sys, const char *ko, const char *plan,
		       char *err, size_t size)
{
	pid_t pid = guest_fork(g, err, size);

	if (!pid)
		child(sys, ko, plan);
	return pid < 0 ? -1 : 0;
}

void module_local_end(const struct module_local_sys *sys)
{
	/* The killed writer ends its sample before the module is free. */
	for (int i = 0; i < 100 && sys->unload("mmubench") && (errno == EAGAIN || errno == EBUSY); i++)
		usleep(100000);
}
