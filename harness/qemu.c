/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Start-up is what a short run consists of, so the machine is the smallest that boots: no default devices,
 * no ACPI tables, no monitor but QMP, and QMP's questions are asked while the guest runs.
 */
#include "qemu.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core.h"
#include "error.h"
#include "module_guest.h"
#include "resultset.h"

#define BOOTARGS_MAX 1024
#define ARGS_MAX 64
/* Nothing but records, and a panic's last words, on the console; a panic ends QEMU (-no-reboot). */
#define LINUX_BOOTARGS "console=ttyAMA0 quiet loglevel=1 panic=-1 rdinit=/init "
/*
 * As max, but with pointer authentication that is quick to emulate; without LPA2, with which Linux 6.1 does
 * not boot and 6.12 uses 52-bit addresses where the suites have 48.
 */
#define QEMU_LINUX_CPU "max,pauth-impdef=on,lpa2=off"
/* QEMU's one heap in huge pages and grown in large steps: half its page faults and 4 ms of a start-up fewer. */
#define QEMU_MALLOC "glibc.malloc.hugetlb=1:glibc.malloc.top_pad=16777216:glibc.malloc.arena_max=1"
enum { CHILD_QMP = 3, CHILD_PLAN = 4 };	/* descriptors of the child */

struct args {
	char *v[ARGS_MAX + 1];
	size_t n;
};

static void add(struct args *a, const char *s)
{
	if (a->n < ARGS_MAX)
		a->v[a->n++] = xstrdup(s);
}

static void add_text(struct args *a, char *s)	/* takes s over */
{
	if (a->n < ARGS_MAX)
		a->v[a->n++] = s;
}

static void free_args(struct args *a)
{
	for (size_t i = 0; i < a->n; i++)
		free(a->v[i]);
}

const char *accel_name(enum accel a)
{
	static const char *const names[] = { "auto", "kvm", "tcg", "icount", "native" };

	return names[a];
}

/*
 * What Linux needs beside the case: the RAM that map_mem maps need not be there, the tables need, and the
 * module takes at most a quarter of what is free.
 */
static uint64_t linux_ram(uint64_t ram)
{
	uint64_t whole = ram < 1ull << 30 ? ram : 1ull << 30;

	return MMUB_ALIGN_UP((768ull << 20) + whole + (ram - whole) / 64, 1ull << 20);
}

static void machine_args(struct args *a, const struct qemu_config *q)
{
	const struct bench_machine *m = &q->machine;
	const char *cpu = q->cpu ? q->cpu : q->accel == ACCEL_KVM ? "host" :
			  q->linux_kernel ? QEMU_LINUX_CPU : "max";
	uint64_t ram = q->linux_kernel ? linux_ram(m->ram_bytes) : m->ram_bytes;

	add(a, "-machine");
	/* mem-merge: nobody (KSM) shall write-protect the RAM in which tables are built */
	add_text(a, xasprintf("virt,gic-version=%s,acpi=off,mem-merge=off,memory-backend=ram%s%s",
			      q->accel == ACCEL_KVM ? "host" : "3", m->el2 ? ",virtualization=on" : "",
			      m->smmuv3 ? ",iommu=smmuv3" : ""));
	add(a, "-accel");
	add(a, q->accel == ACCEL_KVM ? "kvm" :
	       q->accel == ACCEL_ICOUNT || m->cpus == 1 ? "tcg,thread=single" : "tcg,thread=multi");
	if (q->accel == ACCEL_ICOUNT) {
		add(a, "-icount");
		add(a, "shift=0,sleep=off");
	}
	add(a, "-cpu");
	add(a, cpu);
	add(a, "-smp");
	add_text(a, xasprintf("%u", m->cpus));
	add(a, "-m");
	add_text(a, xasprintf("%" PRIu64 "M", ram >> 20));
	/* Plain -m reserves: 64G would be refused on a small host though only the tables are touched. */
	add(a, "-object");
	add_text(a, xasprintf("memory-backend-ram,id=ram,size=%" PRIu64 "M,reserve=off,prealloc=off",
			      ram >> 20));
	if (m->smmuv3) {
		add(a, "-device");
		/* its default mask is 28 bits, below any address that a family uses */
		add(a, "edu,dma_mask=0xffffffffffff");
	}
}

static void common_args(struct args *a)
{
	static const char *const fixed[] = { "-nodefaults", "-no-user-config", "-no-reboot", "-display",
		"none", "-monitor", "none", "-chardev", "socket,id=qmp,fd=3", "-mon",
		"chardev=qmp,mode=control" };

	for (size_t i = 0; i < sizeof(fixed) / sizeof(fixed[0]); i++)
		add(a, fixed[i]);
}

/* The plan as it goes into bootargs; NULL when it is too long for them. */
static char *bootargs(const char *plan)
{
	const char *more = getenv("MMUBENCH_BOOTARGS");	/* tests: mmub.test=hang@3 */
	char *text = xasprintf("%s%smmub.plan=%s", more ? more : "", more ? " " : "", plan);

	for (char *p = text; *p; p++)
		if (*p == '\n')
			*p = ';';
	if (strlen(text) <= BOOTARGS_MAX)
		return text;
	free(text);
	return NULL;
}

static int plan_file(const char *plan, char *err, size_t size)
{
	size_t len = strlen(plan);
	int fd = memfd_create("mmub-plan", MFD_CLOEXEC);

	if (fd >= 0 && write(fd, plan, len) != (ssize_t)len) {
		close(fd);
		fd = -1;
	}
	if (fd < 0)
		snprintf(err, size, "cannot hold the plan in memory: %s", strerror(errno));
	return fd;
}

/* Our environment and, where it has none of its own, the tuning of QEMU's heap. */
static char **qemu_environment(void)
{
	static char tuned[] = "GLIBC_TUNABLES=" QEMU_MALLOC;
	size_t n = 0;
	char **e;

	while (environ[n])
		n++;
	e = xmalloc((n + 2) * sizeof(*e));
	memcpy(e, environ, n * sizeof(*e));
	if (!getenv("GLIBC_TUNABLES"))
		e[n++] = tuned;
	e[n] = NULL;
	return e;
}

/*
 * QEMU in a child of its own; fds: what goes to 0, 1, 2, CHILD_QMP and CHILD_PLAN. By vfork(): our pages need not be
 * copied for a process that leaves them at once, so until then it writes to none but its stack's.
 */
static pid_t start_child(const char *program, char **argv, const int fds[5])
{
	static const int to[] = { 0, 1, 2, CHILD_QMP, CHILD_PLAN };
	char **env = qemu_environment();
	pid_t parent = getpid(), pid = vfork();

	if (!pid) {
		guest_child(parent);
		guest_place(fds, to, 5);
		execve(program, argv, env);
		dprintf(2, "%s: %s\n", program, strerror(errno));
		_exit(127);
	}
	free(env);
	return pid;
}

static int spawn(struct guest *g, const char *program, struct args *a, int plan_fd, bool kvm, char *err, size_t size)
{
	int con[2] = { -1, -1 }, bad[2] = { -1, -1 }, qmp[2] = { -1, -1 }, null;

	guest_reap();		/* the last one's memory may be needed */
	guest_none(g);
	null = open("/dev/null", O_RDWR | O_CLOEXEC);
	if (null < 0 || pipe2(con, O_CLOEXEC) || pipe2(bad, O_CLOEXEC) ||
	    socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, qmp)) {
		snprintf(err, size, "cannot make pipes: %s", strerror(errno));
		return -1;
	}
	fcntl(con[1], F_SETPIPE_SZ, 1 << 20);	/* the guest should not wait for us */
	a->v[a->n] = NULL;
	g->pid = start_child(program, a->v, (int[]){ null, con[1], bad[1], qmp[1], plan_fd >= 0 ? plan_fd : null });
	close(null);
	close(con[1]);
	close(bad[1]);
	close(qmp[1]);
	if (g->pid < 0) {
		snprintf(err, size, "cannot start a process: %s", strerror(errno));
		close(con[0]);
		close(bad[0]);
		close(qmp[0]);
		return guest_none(g);
	}
	g->console = con[0];
	g->stderr_fd = bad[0];
	g->qmp_fd = qmp[0];
	qmp_ask(g->qmp_fd, kvm);
	return 0;
}

int qemu_start(struct guest *g, const struct qemu_config *q, const char *plan, json_t **command,
	       char *err, size_t err_size)
{
	struct args a = { .n = 0 };
	char *append = q->linux_kernel ? NULL : bootargs(plan);
	int plan_fd = -1, r;

	add(&a, q->program);
	machine_args(&a, q);
	common_args(&a);
	add(&a, "-chardev");
	add(&a, "stdio,id=con,signal=off");
	add(&a, "-serial");
	add(&a, "chardev:con");
	add(&a, "-kernel");
	add(&a, q->linux_kernel ? q->linux_kernel : q->image);
	if (!append) {
		plan_fd = q->linux_kernel ? module_guest_initrd(q->image, plan, err, err_size) :
			  plan_file(plan, err, err_size);
		if (plan_fd < 0) {
			free_args(&a);
			return guest_none(g);
		}
		add(&a, "-initrd");
		add(&a, "/proc/self/fd/4");
		append = xasprintf("%s%s", q->linux_kernel ? LINUX_BOOTARGS : "",
				   getenv("MMUBENCH_BOOTARGS") ? getenv("MMUBENCH_BOOTARGS") : "");
	}
	add(&a, "-append");
	add_text(&a, append);
	if (command) {
		/* The Image is known by its hash; where it lay on somebody's disk is nobody's business. */
		*command = json_array();
		for (size_t i = 0; i < a.n; i++)
			json_array_append_new(*command, rs_text(i && !strcmp(a.v[i - 1], "-kernel") ?
							    basename(a.v[i]) : a.v[i]));
	}
	r = spawn(g, q->program, &a, plan_fd, q->accel == ACCEL_KVM, err, err_size);
	if (plan_fd >= 0)
		close(plan_fd);
	free_args(&a);
	return r;
}

static bool kvm_answered(void *arg)
{
	(void)arg;
	return false;
}

static bool ignore_data(void *arg, const char *bytes, size_t n)
{
	(void)arg;
	(void)bytes;
	(void)n;
	return true;
}

/* Once QEMU has told whether KVM is on there is nothing to wait for. */
static void stop_waiting(void *arg, const int *tids, size_t n)
{
	struct guest *g = arg;

	(void)tids;
	(void)n;
	close(g->console);
	g->console = -1;
}

const char *qemu_probe_kvm(const char *program, char *buf, size_t size)
{
#ifndef __aarch64__
	(void)program;
	snprintf(buf, size, "this host is not arm64");
	return buf;
#endif
	struct guest_watch w = { .silence = 5, .data = ignore_data, .finished = kvm_answered,
				 .cpus = stop_waiting };
	struct args a = { .n = 0 };
	struct guest g;
	char err[200];
	bool on;

	if (access("/dev/kvm", R_OK | W_OK)) {
		snprintf(buf, size, "/dev/kvm: %s", strerror(errno));
		return buf;
	}
	add(&a, program);
	add(&a, "-machine");
	add(&a, "none");
	add(&a, "-accel");
	add(&a, "kvm");
	common_args(&a);
	if (spawn(&g, program, &a, -1, true, err, sizeof(err))) {
		free_args(&a);
		snprintf(buf, size, "%.150s", err);
		return buf;
	}
	free_args(&a);
	w.arg = &g;
	guest_watch(&g, &w);
	on = g.qmp.kvm_known && g.qmp.kvm_enabled;
	guest_stop(&g);
	if (on)
		return NULL;
	snprintf(buf, size, "QEMU does not get KVM: %.*s", (int)strcspn(g.stderr_text, "\n"), g.stderr_text);
	return buf;
}

/* ---- the model ---- */

#include "platform/model/model.h"

static void emit_to_pipe(const char *line, u32 len, void *arg)
{
	(void)arg;
	fwrite(line, 1, len, stdout);
	putchar('\n');
	fflush(stdout);
}

int model_start(struct guest *g, const char *plan, char *err, size_t err_size)
{
	pid_t pid = guest_fork(g, err, err_size);

	if (pid)
		return pid < 0 ? -1 : 0;
	plat_model_emit(emit_to_pipe, NULL);
	runner_run(plan, strlen(plan));
	_exit(0);
}
