/* SPDX-License-Identifier: GPL-2.0-only */
#include "module_guest.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include "error.h"
#include "file.h"
#include "guest.h"
#include "initramfs.h"
#include "module_local.h"
#include "paths.h"
#include "run.h"

#define FILE_MOST ((size_t)512 << 20)

/* ci/guest-init, as text in this program */
extern const char module_guest_init[], module_guest_init_end[];
__asm__(".section .rodata\n"
	".globl module_guest_init\nmodule_guest_init:\n.incbin \"ci/guest-init\"\n"
	".globl module_guest_init_end\nmodule_guest_init_end:\n.byte 0\n.text\n");

/* ---- helpers in ci/ and make: their last line of stdout is the answer ---- */

/* Runs argv in folder; stdout's last line in answer, the last of stderr in err. Exit status, or -1. */
static int ask(const char *folder, char *const *argv, char *answer, size_t size, char *err, size_t err_size)
{
	int out[2], bad[2], status;
	pid_t parent = getpid(), pid;
	char line[1024];
	FILE *f;

	*answer = *err = 0;
	if (pipe2(out, O_CLOEXEC) || pipe2(bad, O_CLOEXEC)) {
		snprintf(err, err_size, "cannot make pipes: %s", strerror(errno));
		return -1;
	}
	fflush(NULL);
	pid = fork();
	if (pid < 0) {
		snprintf(err, err_size, "cannot start a process: %s", strerror(errno));
		close(out[0]);
		close(out[1]);
		close(bad[0]);
		close(bad[1]);
		return -1;
	}
	if (!pid) {
		guest_child(parent);
		dup2(out[1], 1);
		dup2(bad[1], 2);
		/* Started from a make of ours, it would take its flags and its job server. */
		unsetenv("MAKEFLAGS");
		unsetenv("MFLAGS");
		unsetenv("MAKELEVEL");
		unsetenv("KDIR");	/* an argument, where it is meant */
		if (!chdir(folder))
			execvp(argv[0], argv);
		dprintf(2, "%s: %s\n", argv[0], strerror(errno));
		_exit(127);
	}
	close(out[1]);
	close(bad[1]);
	/* What comes on stdout is a line or two: it cannot fill the pipe while stderr is read. */
	f = fdopen(bad[0], "r");
	while (fgets(line, sizeof(line), f))
		if (*line != '\n' && strncmp(line, "make", 4))
			snprintf(err, err_size, "%.*s", (int)strcspn(line, "\n"), line);
	fclose(f);
	f = fdopen(out[0], "r");
	while (fgets(line, sizeof(line), f))
		snprintf(answer, size, "%.*s", (int)strcspn(line, "\n"), line);
	fclose(f);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* The source tree: where ci/ and the Makefile are. */
static char *source_tree(void)
{
	char *p = path_data("ci/guest-kernel"), *real = p ? realpath(p, NULL) : NULL;

	free(p);
	if (real)
		real[strlen(real) - strlen("/ci/guest-kernel")] = 0;
	return real;
}

static char *build_folder(void)
{
	static char exe[4096];
	ssize_t n = readlink("/proc/self/exe", exe, sizeof(exe) - 1);

	exe[n > 0 ? n : 0] = 0;
	if (strrchr(exe, '/'))
		*strrchr(exe, '/') = 0;
	return exe;
}

/* Builds the module for the guest (or for KDIR); the path of mmubench.ko, or NULL with err. */
static char *build_module(const char *top, const char *guest, const char *kdir, char *err, size_t size)
{
	char *o = xasprintf("O=%s", build_folder()), *what, *ko, answer[512], why[512];
	char *argv[] = { "make", "-s", "--no-print-directory", "module", o, NULL, NULL };
	int status;

	what = kdir ? xasprintf("KDIR=%s", kdir) : xasprintf("GUEST=%s", guest);
	argv[5] = what;
	status = ask(top, argv, answer, sizeof(answer), why, sizeof(why));
	ko = xasprintf("%s/module/%s/mmubench.ko", build_folder(), kdir ? "own" : guest);
	if (status || access(ko, R_OK)) {
		snprintf(err, size, "run: --platform module: the module does not build: %.300s (make module %s)",
			 why[0] ? why : "no mmubench.ko", what);
		free(ko);
		ko = NULL;
	}
	free(o);
	free(what);
	return ko;
}

/* ---- files that are not ours are looked at before they are booted ---- */

static int check_image(const char *path, char *err, size_t size)
{
	unsigned char head[64] = { 0 };
	FILE *f = fopen(path, "re");
	size_t n = f ? fread(head, 1, sizeof(head), f) : 0;

	if (!f) {
		snprintf(err, size, "run: --kernel %s: %s", path, strerror(errno));
		return -1;
	}
	fclose(f);
	if ((n == 64 && !memcmp(head + 56, "ARM\x64", 4)) || (head[0] == 0x1f && head[1] == 0x8b))
		return 0;
	snprintf(err, size, "run: --kernel %s: no arm64 kernel Image (of another architecture, or a kernel "
		 "packed for EFI: use arch/arm64/boot/Image)", path);
	return -1;
}

static int check_module(const char *path, const char *bytes, size_t len, char *err, size_t size)
{
	const Elf64_Ehdr *e = (const void *)bytes;

	if (len >= sizeof(*e) && !memcmp(e->e_ident, ELFMAG, SELFMAG) && e->e_machine == EM_AARCH64 &&
	    e->e_type == ET_REL)
		return 0;
	snprintf(err, size, "run: %s: no kernel module for arm64", path);
	return -1;
}

/* ---- the initramfs ---- */

static char *cache_folder(const char *name)
{
	const char *c = getenv("MMUBENCH_CACHE"), *x = getenv("XDG_CACHE_HOME"), *h = getenv("HOME");
	char *dir = c ? xasprintf("%s/%s", c, name) : x ? xasprintf("%s/mmubench/%s", x, name) :
		    xasprintf("%s/.cache/mmubench/%s", h ? h : "/root", name);

	for (char *p = dir + 1; *p; p++)
		if (*p == '/') {
			*p = 0;
			mkdir(dir, 0777);
			*p = '/';
		}
	mkdir(dir, 0777);
	return dir;
}

static int add_file(struct initramfs *a, const char *name, unsigned int mode, const char *path, bool module,
		    char *err, size_t size)
{
	size_t len;
	char *bytes = file_read(path, FILE_MOST, &len, err, size);
	int r = 0;

	if (!bytes)
		return -1;
	if (module)
		r = check_module(path, bytes, len, err, size);
	if (!r)
		initramfs_file(a, name, mode, bytes, len);
	file_release(bytes, len);
	return r;
}

static int pack(struct initramfs *a, const char *busybox, const char *ko, char *err, size_t size)
{
	static const char *const folders[] = { "proc", "sys" };
	const char *hook = getenv("MMUBENCH_GUEST_HOOK");	/* tests: a script that init sources */

	initramfs_folder(a, "bin");
	if (add_file(a, "bin/busybox", 0755, busybox, false, err, size))
		return -1;
	initramfs_folder(a, "dev");
	initramfs_chardev(a, "dev/console", 0600, 5, 1);
	if (hook && add_file(a, "hook", 0644, hook, false, err, size))
		return -1;
	initramfs_file(a, "init", 0755, module_guest_init,
		       (size_t)(module_guest_init_end - module_guest_init));
	if (add_file(a, "mmubench.ko", 0644, ko, true, err, size))
		return -1;
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
		initramfs_folder(a, folders[i]);
	initramfs_end(a);
	return 0;
}

/* Stored under the hash of its bytes, so that equal inputs share one file. Its path, or NULL. */
static char *store(const struct initramfs *a, char *err, size_t size)
{
	char *dir = cache_folder("initramfs"), *at = xasprintf("%s/new.%d", dir, (int)getpid()), *path = NULL;
	struct file_writer w;
	char hex[65];

	if (!file_create(&w, at, err, size)) {
		fwrite(a->bytes, 1, a->len, w.f);
		if (!file_commit(&w, err, size)) {
			if (sha256_file(at, hex))
				path = xasprintf("%s/%.32s.cpio", dir, hex);
			if (path && rename(at, path)) {
				snprintf(err, size, "%s: %s", path, strerror(errno));
				free(path);
				path = NULL;
			}
		}
	}
	free(at);
	free(dir);
	return path;
}

static char *make_initramfs(const char *busybox, const char *ko, char *err, size_t size)
{
	struct initramfs a = { 0 };
	char *path = pack(&a, busybox, ko, err, size) ? NULL : store(&a, err, size);

	initramfs_free(&a);
	return path;
}

int module_guest_initrd(const char *initramfs, const char *plan, char *err, size_t size)
{
	struct initramfs a = { 0 };
	size_t len;
	char *base = file_read(initramfs, FILE_MOST, &len, err, size);
	int fd;

	if (!base)
		return -1;
	initramfs_file(&a, "plan", 0600, plan, strlen(plan));
	initramfs_end(&a);
	fd = memfd_create("mmub-initrd", MFD_CLOEXEC);
	if (fd < 0 || write(fd, base, len) != (ssize_t)len || write(fd, a.bytes, a.len) != (ssize_t)a.len) {
		snprintf(err, size, "cannot hold the initramfs in memory: %s", strerror(errno));
		if (fd >= 0)
			close(fd);
		fd = -1;
	}
	initramfs_free(&a);
	file_release(base, len);
	return fd;
}

/* ---- all together ---- */

static int fetch(struct module_guest *m, const char *top, const char *guest, char **busybox, char *err,
		 size_t size)
{
	char *argv[] = { "ci/guest-kernel", (char *)guest, NULL }, dir[1024], why[512], *path;
	FILE *f;

	if (ask(top, argv, dir, sizeof(dir), why, sizeof(why)) || !*dir) {
		snprintf(err, size, "run: no guest kernel %s: %.300s (or give your own: --kernel, KDIR)", guest,
			 why);
		return -1;
	}
	*busybox = xasprintf("%s/busybox", dir);
	if (!m->kernel)
		m->kernel = xasprintf("%s/Image", dir);
	else
		return 0;
	path = xasprintf("%s/release", dir);
	f = fopen(path, "re");
	if (f && fgets(why, sizeof(why), f))
		m->release = xasprintf("%.*s", (int)strcspn(why, "\n"), why);
	if (f)
		fclose(f);
	free(path);
	return 0;
}

/* Takes ko over. */
static int find_host(struct module_guest *m, const char *top, const char *kdir, char *ko, char *err,
		     size_t size)
{
	char kernel_build[200];
	struct utsname u;

	m->ko = ko;
	if (module_local_why_not()) {
		snprintf(err, size, "run: --guest host: %s", module_local_why_not());
		return -1;
	}
	uname(&u);
	snprintf(kernel_build, sizeof(kernel_build), "/lib/modules/%.150s/build", u.release);
	if (!m->ko && !top)
		snprintf(err, size, "run: --guest host: set MMUBENCH_MODULE to an mmubench.ko built for %s",
			 u.release);
	else if (!m->ko)
		m->ko = build_module(top, NULL, kdir ? kdir : kernel_build, err, size);
	return m->ko ? 0 : -1;
}

int module_guest_find(struct module_guest *m, const char *guest, const char *kernel, char *err, size_t size)
{
	const char *kdir = getenv("KDIR"), *own_ko = getenv("MMUBENCH_MODULE"), *bb = getenv("MMUBENCH_BUSYBOX");
	char *top = source_tree(), *ko = own_ko ? xstrdup(own_ko) : NULL, *busybox = bb ? xstrdup(bb) : NULL;
	int r = -1;

	if (kdir && !*kdir)
		kdir = NULL;
	memset(m, 0, sizeof(*m));
	if (!strcmp(guest, "host")) {
		r = find_host(m, top, kdir, ko, err, size);
		ko = NULL;
		goto out;
	}
	m->kernel = kernel ? xstrdup(kernel) : NULL;
	if (kernel && check_image(kernel, err, size))
		goto out;
	if (kernel && !kdir && !own_ko) {
		snprintf(err, size, "run: --kernel %s: set KDIR to its build folder, or MMUBENCH_MODULE to an "
			 "mmubench.ko built for it", kernel);
		goto out;
	}
	if (!top && !(kernel && ko && busybox)) {
		snprintf(err, size, "run: --platform module: the source tree is needed to fetch a kernel and build "
			 "the module; without it give --kernel, MMUBENCH_MODULE and MMUBENCH_BUSYBOX");
		goto out;
	}
	if ((!kernel || !busybox) && fetch(m, top, guest, &busybox, err, size))
		goto out;
	if (!ko)
		ko = build_module(top, guest, kernel ? kdir : NULL, err, size);
	if (ko)
		m->initramfs = make_initramfs(busybox, ko, err, size);
	m->ko = ko;
	ko = NULL;
	r = m->initramfs ? 0 : -1;
out:
	free(top);
	free(ko);
	free(busybox);
	return r;
}

void module_guest_free(struct module_guest *m)
{
	free(m->kernel);
	free(m->initramfs);
	free(m->release);
	free(m->ko);
}

bool module_guest_chatter(const char *line, size_t len, char *why, size_t size)
{
	static const char init[] = "mmub-init: ", warning[] = "mmub-warning: ", panic[] = "Kernel panic",
			  note[] = "mmub-note: ";
	char text[400];
	const char *at;

	snprintf(text, sizeof(text), "%.*s", (int)(len < sizeof(text) ? len : sizeof(text) - 1), line);
	for (char *p = text; *p; p++)
		if ((unsigned char)*p < ' ' || *p > '~')
			*p = '?';
	at = strstr(text, panic);
	if (at) {
		snprintf(why, size, "the guest kernel panicked: %s", at);
		return true;
	}
	if (!strncmp(text, note, sizeof(note) - 1))
		fprintf(stderr, "note: guest: %s\n", text + sizeof(note) - 1);
	if (!strncmp(text, warning, sizeof(warning) - 1))
		warn("the guest kernel warned: %s", text + sizeof(warning) - 1);
	if (strncmp(text, init, sizeof(init) - 1) || module_guest_last_word(line, len))
		return false;
	snprintf(why, size, "the guest: %s", text + sizeof(init) - 1);
	return true;
}

bool module_guest_last_word(const char *line, size_t len)
{
	static const char end[] = "mmub-init: end";

	return len == sizeof(end) - 1 && !memcmp(line, end, len);
}
