// SPDX-License-Identifier: GPL-2.0-only
/* Each thing that makes numbers better or worse, looked at: good, bad or unknown, and what to do. */
#include <errno.h>
#include <hwloc.h>
#include <limits.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "events.h"
#include "host.h"
#include "host_sys.h"
#include "pfm.h"

static void say(struct host_fact *f, enum host_state state, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

static void say(struct host_fact *f, enum host_state state, const char *fmt, ...)
{
	va_list ap;

	f->state = state;
	va_start(ap, fmt);
	vsnprintf(f->text, sizeof(f->text), fmt, ap);
	va_end(ap);
}

static void advise(struct host_fact *f, const char *text)
{
	snprintf(f->advice, sizeof(f->advice), "%s", text);
}

static bool in_path(const char *program, char found[PATH_MAX])
{
	const char *path = getenv("PATH");

	while (path && *path) {
		int len = (int)strcspn(path, ":");

		if (len && snprintf(found, PATH_MAX, "%.*s/%s", len, path, program) < PATH_MAX &&
		    access(found, X_OK) == 0)
			return true;
		path += len + (path[len] == ':');
	}
	return false;
}

static void program(struct host_fact *f, const char *name, const char *package)
{
	char found[PATH_MAX];

	if (in_path(name, found)) {
		say(f, HOST_GOOD, "%.100s", found);
		return;
	}
	say(f, HOST_BAD, "no %s in PATH", name);
	snprintf(f->advice, sizeof(f->advice), "install %s, or run: make deps", package);
}

static void fact_qemu(struct host_fact *f)
{
	program(f, "qemu-system-aarch64", "qemu-system-arm");
}

static void fact_compiler(struct host_fact *f)
{
	program(f, "aarch64-linux-gnu-gcc", "gcc-aarch64-linux-gnu");
}

/* /proc/sys/kernel/arch is there since Linux 6.1. */
static bool is_arm64(void)
{
	struct utsname u;
	char arch[32];

	if (host_read("/proc/sys/kernel/arch", arch, sizeof(arch)))
		return !strcmp(arch, "aarch64");
	return !uname(&u) && !strcmp(u.machine, "aarch64");
}

static void fact_kvm(struct host_fact *f)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/dev/kvm", host_sysroot());
	if (!is_arm64()) {
		say(f, HOST_BAD, "this machine is no arm64: guests are emulated (tcg, icount)");
		advise(f, "counts and icount are exact all the same; take times on an arm64 host");
	} else if (access(path, F_OK)) {
		say(f, HOST_BAD, "no /dev/kvm: guests are emulated (tcg, icount)");
		advise(f, "load the kvm module, or enable nested virtualisation");
	} else if (access(path, R_OK | W_OK)) {
		say(f, HOST_BAD, "/dev/kvm may not be opened: %s", strerror(errno));
		advise(f, "add yourself to the group kvm");
	} else {
		say(f, HOST_GOOD, "/dev/kvm can be opened");
	}
}

static void fact_perf_software(struct host_fact *f)
{
	char why[160];

	if (!host_exists("/proc/sys/kernel/perf_event_paranoid")) {
		say(f, HOST_BAD, "the kernel has no perf events");
		advise(f, "samples whose thread moved are not flagged; a kernel with CONFIG_PERF_EVENTS can");
	} else if (*host_sysroot()) {
		say(f, HOST_UNKNOWN, "not this machine");
	} else if (!events_probe("context-switches", why)) {
		say(f, HOST_BAD, "%.110s", why);
		advise(f, "samples whose thread moved are not flagged; see perf paranoid below");
	} else {
		say(f, HOST_GOOD, "context switches and migrations are counted");
	}
}

static void fact_perf_hardware(struct host_fact *f)
{
	static const char *const pmus[] = { "cpu", "cpu_core", "armv8_pmuv3_0", "armv8_pmuv3" };
	char path[128], why[160];
	bool there = false;

	for (size_t i = 0; i < sizeof(pmus) / sizeof(pmus[0]); i++) {
		snprintf(path, sizeof(path), "/sys/bus/event_source/devices/%s", pmus[i]);
		there |= host_exists(path);
	}
	if (!there) {
		say(f, HOST_BAD, "the machine shows no CPU counters (a virtual machine?)");
		advise(f, "--host-events is limited to software events here");
	} else if (*host_sysroot()) {
		say(f, HOST_UNKNOWN, "not this machine");
	} else if (!events_probe("cycles", why)) {
		say(f, HOST_BAD, "%.110s", why);
		advise(f, "--host-events is limited to software events here");
	} else {
		say(f, HOST_GOOD, "CPU cycles are counted");
	}
}

static void fact_paranoid(struct host_fact *f)
{
	long long n;

	if (!host_read_number("/proc/sys/kernel/perf_event_paranoid", &n)) {
		say(f, HOST_UNKNOWN, "kernel.perf_event_paranoid cannot be read");
	} else if (n > 1 && geteuid() != 0) {
		say(f, HOST_BAD, "kernel.perf_event_paranoid = %lld: kernel time is not counted", n);
		advise(f, "sysctl kernel.perf_event_paranoid=1");
	} else {
		say(f, HOST_GOOD, "kernel.perf_event_paranoid = %lld%s", n, n > 1 ? ", and you are root" : "");
	}
}

static void fact_governor(struct host_fact *f)
{
	char path[128], text[64], other[64] = "";
	int cpus = 0;

	for (int cpu = 0; cpu < 4096; cpu++) {
		snprintf(path, sizeof(path), "/sys/devices/system/cpu/cpu%d", cpu);
		if (!host_exists(path))
			break;
		snprintf(path, sizeof(path), "/sys/devices/system/cpu/cpu%d/cpufreq/scaling_governor", cpu);
		if (!host_read(path, text, sizeof(text)))
			continue;	/* offline */
		cpus++;
		if (strcmp(text, "performance"))
			snprintf(other, sizeof(other), "%s", text);
	}
	if (!cpus) {
		say(f, HOST_UNKNOWN, "the machine shows no frequency governor");
		advise(f, "a virtual machine or firmware sets the clock: look there");
	} else if (*other) {
		say(f, HOST_BAD, "governor %s: the clock changes while you measure", other);
		advise(f, "cpupower frequency-set -g performance");
	} else {
		say(f, HOST_GOOD, "performance on %d CPU%s", cpus, cpus == 1 ? "" : "s");
	}
}

static void fact_turbo(struct host_fact *f)
{
	const char *off;

	switch (host_turbo(&off)) {
	case 1:
		say(f, HOST_BAD, "on: the clock depends on heat and neighbours");
		advise(f, off);
		break;
	case 0:
		say(f, HOST_GOOD, "off");
		break;
	default:
		say(f, HOST_UNKNOWN, "the machine shows no turbo switch");
		advise(f, "look in its firmware, or on the host of this virtual machine");
	}
}

static void fact_load(struct host_fact *f)
{
	struct host_moment m;

	host_moment(&m);
	if (isnan(m.load)) {
		say(f, HOST_UNKNOWN, "/proc/loadavg cannot be read");
	} else if (m.load > 0.5) {
		say(f, HOST_BAD, "%.2f in the last minute: other work competes for the CPUs", m.load);
		advise(f, "stop it, or keep it off the cores given by --pin");
	} else {
		say(f, HOST_GOOD, "%.2f in the last minute", m.load);
	}
}

static void fact_steal(struct host_fact *f)
{
	struct host_moment m;
	double pct;

	host_moment(&m);
	if (!m.total) {
		say(f, HOST_UNKNOWN, "/proc/stat cannot be read");
		return;
	}
	pct = 100.0 * (double)m.steal / (double)m.total;
	if (pct > 0.5) {
		say(f, HOST_BAD, "%.1f %% since boot: a hypervisor runs others on our CPUs", pct);
		advise(f, "use a machine of your own, or more boots");
	} else {
		say(f, HOST_GOOD, "%.2f %% since boot", pct);
	}
}

static void fact_throttling(struct host_fact *f)
{
	struct host_moment m;

	host_moment(&m);
	if (m.throttled < 0) {
		say(f, HOST_UNKNOWN, "the machine shows no throttle counts");
		advise(f, "watch /sys/class/thermal, and the drift plot, for a clock that falls");
	} else if (m.throttled) {
		say(f, HOST_BAD, "%lld times since boot: the CPU slows down for heat", (long long)m.throttled);
		advise(f, "cool it, turn turbo off, or lower the frequency");
	} else {
		say(f, HOST_GOOD, "none since boot");
	}
}

static void fact_smt(struct host_fact *f)
{
	long long active;

	if (!host_read_number("/sys/devices/system/cpu/smt/active", &active)) {
		say(f, HOST_UNKNOWN, "the machine does not say");
		advise(f, "if two threads share a core, name one of each to --pin");
	} else if (active) {
		say(f, HOST_BAD, "on: a sibling shares the core and its TLB");
		advise(f, "--pin auto keeps siblings apart; echo off > /sys/devices/system/cpu/smt/control");
	} else {
		say(f, HOST_GOOD, "off or not there");
	}
}

static void fact_cores(struct host_fact *f)
{
	unsigned int cores, threads, nodes;

	host_counts(&cores, &threads, &nodes);
	say(f, cores > 1 ? HOST_GOOD : HOST_BAD, "%u core%s, %u thread%s, %u NUMA node%s", cores,
	    cores == 1 ? "" : "s", threads, threads == 1 ? "" : "s", nodes, nodes == 1 ? "" : "s");
	if (cores == 1)
		advise(f, "the vCPU shares its core with QEMU and mmubench: expect more noise");
}

static void fact_memory(struct host_fact *f)
{
	char text[64];
	long long kib;

	if (!host_read_key("/proc/meminfo", "MemAvailable", text, sizeof(text)) ||
	    sscanf(text, "%lld", &kib) != 1) {
		say(f, HOST_UNKNOWN, "/proc/meminfo cannot be read");
	} else if (kib < 2ll << 20) {
		say(f, HOST_BAD, "%lld MiB available: the 512 GiB cases need 2 GiB", kib >> 10);
		advise(f, "leave the largest sizes out: --ram 16G,64G");
	} else {
		say(f, HOST_GOOD, "%.1f GiB available", (double)kib / (1 << 20));
	}
}

static void fact_hwloc(struct host_fact *f)
{
	unsigned int v = hwloc_get_api_version();

	say(f, HOST_GOOD, "version %u.%u", v >> 16, v >> 8 & 0xff);
}

static void fact_libpfm(struct host_fact *f)
{
	unsigned int n = events_pmus();
	const struct pfm *lib = pfm_library();
	int v = lib ? lib->get_version() : 0;

	if (!n) {
		say(f, HOST_BAD, "libpfm4 finds no event table for this CPU");
		advise(f, "host events are limited to perf's own software names");
	} else {
		say(f, HOST_GOOD, "version %d.%d, %u event table%s for this machine", v >> 16, v & 0xffff, n,
		    n == 1 ? "" : "s");
	}
}

static const struct {
	const char *name;
	void (*look)(struct host_fact *f);
} looks[] = {
	{ "QEMU", fact_qemu },
	{ "KVM", fact_kvm },
	{ "arm64 compiler", fact_compiler },
	{ "perf software", fact_perf_software },
	{ "perf hardware", fact_perf_hardware },
	{ "perf paranoid", fact_paranoid },
	{ "libpfm4", fact_libpfm },
	{ "hwloc", fact_hwloc },
	{ "cores", fact_cores },
	{ "SMT", fact_smt },
	{ "memory", fact_memory },
	{ "governor", fact_governor },
	{ "turbo", fact_turbo },
	{ "throttling", fact_throttling },
	{ "load", fact_load },
	{ "steal", fact_steal },
};

size_t host_facts(struct host_fact *facts, size_t room)
{
	size_t n = sizeof(looks) / sizeof(looks[0]);

	for (size_t i = 0; i < n && i < room; i++) {
		facts[i] = (struct host_fact){ .name = looks[i].name, .state = HOST_UNKNOWN };
		looks[i].look(&facts[i]);
	}
	return n < room ? n : room;
}
