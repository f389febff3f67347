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
	assert_int_equal(json_array_size(json_object_get(o, "warnings")), 0);
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
		cmocka_unit_test(test_runs_keep_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
