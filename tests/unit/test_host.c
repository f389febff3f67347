// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "host.h"

static void test_environment(void **state)
{
	json_t *a = host_environment(), *b = host_environment();

	(void)state;
	assert_true(json_equal(json_object_get(a, "fingerprint"), json_object_get(b, "fingerprint")));
	assert_int_equal(strlen(json_string_value(json_object_get(a, "fingerprint"))), 16);
	assert_true(json_integer_value(json_object_get(a, "threads")) >=
		    json_integer_value(json_object_get(a, "cores")));
	assert_true(json_integer_value(json_object_get(a, "cores")) >= 1);
	assert_non_null(json_string_value(json_object_get(a, "kernel")));
	json_decref(a);
	json_decref(b);
}

static void test_fingerprint_tells_machines_apart(void **state)
{
	char dir[] = "/tmp/mmubench-test-XXXXXX";
	json_t *a = host_environment(), *b;

	(void)state;
	assert_non_null(mkdtemp(dir));
	setenv("MMUBENCH_SYSROOT", dir, 1);
	b = host_environment();
	assert_false(json_equal(json_object_get(a, "fingerprint"), json_object_get(b, "fingerprint")));
	unsetenv("MMUBENCH_SYSROOT");
	unsetenv("HWLOC_FSROOT");
	rmdir(dir);
	json_decref(a);
	json_decref(b);
}

static void test_disturbance(void **state)
{
	struct host_moment a = { .load = 0, .steal = 10, .total = 1000, .throttled = 1, .khz = -1 };
	struct host_moment b = { .load = 1, .steal = 30, .total = 2000, .throttled = 4, .khz = -1 };
	json_t *o = host_disturbance(&a, &b);

	(void)state;
	assert_true(json_real_value(json_object_get(o, "steal_pct")) == 2.0);
	assert_int_equal(json_integer_value(json_object_get(o, "throttled")), 3);
	assert_int_equal(json_array_size(json_object_get(o, "warnings")), 2);
	json_decref(o);
	b = a;
	b.total = 2000;
	b.throttled = -1;
	o = host_disturbance(&a, &b);
	assert_null(json_object_get(o, "throttled"));
	assert_null(json_object_get(o, "governor_after"));
	assert_int_equal(json_array_size(json_object_get(o, "warnings")), 0);
	json_decref(o);
	strcpy(a.governor, "performance");
	strcpy(b.governor, "schedutil");
	b.turbo = 1;
	o = host_disturbance(&a, &b);
	assert_string_equal(json_string_value(json_object_get(o, "governor_after")), "schedutil");
	assert_true(json_is_true(json_object_get(o, "turbo_after")));
	assert_int_equal(json_array_size(json_object_get(o, "warnings")), 2);
	json_decref(o);
}

static void test_lists(void **state)
{
	static const char *const bad[] = { "", "x", "1,", "3-1", "0,,1", "-1", "0-", "0;1", "99999", "0x1",
					    "0,0", "0-2,1" };
	struct host_placement p;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(host_place(bad[i], 1, &p), -1);
		assert_true(*p.note);
		assert_null(strchr(p.note, '\n'));
	}
	assert_int_equal(host_place("off", 4, &p), 0);
	assert_false(p.pinned);
	assert_int_equal(host_place("0", 2, &p), -1);	/* fewer CPUs than vCPUs */
	assert_non_null(strstr(p.note, "the guest has 2"));
}

/* A first CPU that this process may use, whatever the container's mask. */
static int a_cpu(void)
{
	cpu_set_t set;

	assert_int_equal(sched_getaffinity(0, sizeof(set), &set), 0);
	for (int i = 0; i < CPU_SETSIZE; i++)
		if (CPU_ISSET(i, &set))
			return i;
	fail();
	return -1;
}

static void test_pinning(void **state)
{
	struct host_placement p;
	char list[16];
	cpu_set_t set;
	int status;
	pid_t child;

	(void)state;
	snprintf(list, sizeof(list), "%d", a_cpu());
	assert_int_equal(host_place(list, 1, &p), 0);
	assert_true(p.pinned);
	assert_non_null(strstr(p.note, list));
	child = fork();
	if (!child) {
		pause();
		_exit(0);
	}
	assert_int_equal(host_pin(&p, 0, child), 0);
	assert_int_equal(sched_getaffinity(child, sizeof(set), &set), 0);
	assert_int_equal(CPU_COUNT(&set), 1);
	assert_true(CPU_ISSET(p.cpu[0], &set));
	assert_int_equal(host_pin(&p, 1, child), -1);
	assert_int_equal(errno, EINVAL);
	kill(child, SIGKILL);
	waitpid(child, &status, 0);
	assert_int_equal(host_pin(&p, 0, child), -1);	/* the thread is gone */
}

static void test_too_small(void **state)
{
	unsigned int cores, threads, nodes;
	struct host_placement p;

	(void)state;
	host_counts(&cores, &threads, &nodes);
	if (cores + 1 > HOST_VCPUS_MAX)
		skip();
	assert_int_equal(host_place("auto", cores + 1, &p), 0);
	assert_false(p.pinned);
	assert_non_null(strstr(p.note, "too small"));
}

static char root[] = "/tmp/mmubench-test-XXXXXX";

static void put(const char *text, const char *fmt, ...)
{
	char path[300], *slash;
	int n = snprintf(path, sizeof(path), "%s", root);
	va_list ap;
	FILE *f;

	va_start(ap, fmt);
	vsnprintf(path + n, sizeof(path) - (size_t)n, fmt, ap);
	va_end(ap);
	for (slash = path + n + 1; (slash = strchr(slash, '/')); slash++) {
		*slash = 0;
		mkdir(path, 0700);
		*slash = '/';
	}
	f = fopen(path, "w");
	assert_non_null(f);
	fprintf(f, "%s\n", text);
	fclose(f);
}

static void mask_of(char out[32], unsigned int cpus)	/* of CPUs 64 to 95 */
{
	snprintf(out, 32, "%08x,00000000,00000000", cpus);
}

/*
 * CPUs 64 to 71, which no other run here has taken: four cores of two threads (64 and 68, 65 and 69, ...),
 * two cores a NUMA node.
 */
static void make_machine(void)
{
	char one[16], core[32], node[32], all[32];

	mask_of(all, 0xff);
	put("64-71", "/sys/devices/system/cpu/online");
	put("64-71", "/sys/devices/system/cpu/possible");
	put("64-71", "/sys/devices/system/cpu/present");
	for (unsigned int c = 0; c < 8; c++) {
		snprintf(one, sizeof(one), "%u", c % 4);
		mask_of(core, 1u << c % 4 | 0x10u << c % 4);
		put(one, "/sys/devices/system/cpu/cpu%u/topology/core_id", 64 + c);
		put("0", "/sys/devices/system/cpu/cpu%u/topology/physical_package_id", 64 + c);
		put(core, "/sys/devices/system/cpu/cpu%u/topology/core_cpus", 64 + c);
		put(core, "/sys/devices/system/cpu/cpu%u/topology/thread_siblings", 64 + c);
		put(all, "/sys/devices/system/cpu/cpu%u/topology/package_cpus", 64 + c);
		put(all, "/sys/devices/system/cpu/cpu%u/topology/core_siblings", 64 + c);
	}
	put("0-1", "/sys/devices/system/node/online");
	for (unsigned int n = 0; n < 2; n++) {
		mask_of(node, n ? 0xcc : 0x33);
		put(node, "/sys/devices/system/node/node%u/cpumap", n);
		put("Node 0 MemTotal: 1000000 kB", "/sys/devices/system/node/node%u/meminfo", n);
		put(n ? "20 10" : "10 20", "/sys/devices/system/node/node%u/distance", n);
	}
}

/* One vCPU a core and no sibling; on one node as long as it has room, so that memory can be bound to it. */
static void test_siblings_and_nodes(void **state)
{
	unsigned int cores, threads, nodes;
	struct host_placement p;
	char command[64];

	(void)state;
	assert_non_null(mkdtemp(root));
	make_machine();
	setenv("MMUBENCH_SYSROOT", root, 1);
	host_counts(&cores, &threads, &nodes);
	assert_int_equal(cores, 4);
	assert_int_equal(threads, 8);
	assert_int_equal(nodes, 2);
	assert_int_equal(host_place("auto", 2, &p), 0);
	assert_true(p.pinned);
	assert_int_equal(p.node, 0);
	assert_int_equal(p.cpu[0], 64);
	assert_int_equal(p.cpu[1], 65);
	assert_non_null(strstr(p.note, "CPUs 64,65"));
	assert_int_equal(host_place("auto", 4, &p), 0);
	assert_true(p.pinned);
	assert_int_equal(p.node, -1);
	assert_int_equal(p.cpu[3], 67);
	assert_int_equal(host_place("auto", 5, &p), 0);
	assert_false(p.pinned);
	assert_non_null(strstr(p.note, "5 vCPUs, 4 cores"));
	unsetenv("MMUBENCH_SYSROOT");
	unsetenv("HWLOC_FSROOT");
	snprintf(command, sizeof(command), "rm -r %s", root);
	assert_int_equal(system(command), 0);
}

/* Two runs at once do not share a core: a child takes one first, then we choose. */
static void test_runs_keep_apart(void **state)
{
	struct host_placement p, q;
	int out[2], status;
	pid_t child;

	(void)state;
	assert_int_equal(pipe(out), 0);
	child = fork();
	if (!child) {
		host_place("auto", 1, &q);
		if (write(out[1], &q, sizeof(q)) != sizeof(q))
			_exit(1);
		pause();
		_exit(0);
	}
	assert_int_equal(read(out[0], &q, sizeof(q)), sizeof(q));
	host_place("auto", 1, &p);
	kill(child, SIGKILL);
	waitpid(child, &status, 0);
	close(out[0]);
	close(out[1]);
	if (!q.pinned)
		skip();		/* other runs hold all cores now */
	assert_true(!p.pinned || p.cpu[0] != q.cpu[0]);
	if (!p.pinned)
		assert_non_null(strstr(p.note, "another run"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_environment),
		cmocka_unit_test(test_fingerprint_tells_machines_apart),
		cmocka_unit_test(test_disturbance),
		cmocka_unit_test(test_lists),
		cmocka_unit_test(test_pinning),
		cmocka_unit_test(test_too_small),
		cmocka_unit_test(test_siblings_and_nodes),
		cmocka_unit_test(test_runs_keep_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
