// SPDX-License-Identifier: GPL-2.0-only
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>

#include "events.h"
#include "resultset.h"

static void test_guest_names(void **state)
{
	char out[128], err[EVENTS_ERR_MAX];

	(void)state;
	assert_int_equal(events_guest_list("", out, sizeof(out), err), 0);
	assert_string_equal(out, "");
	assert_int_equal(events_guest_list("l1d_tlb_refill,DTLB_WALK", out, sizeof(out), err), 0);
	assert_string_equal(out, "L1D_TLB_REFILL,DTLB_WALK");
	assert_int_equal(events_guest_list("l1d_tlb_refil", out, sizeof(out), err), -1);
	assert_non_null(strstr(err, "l1d_tlb_refil"));
	assert_int_equal(events_guest_list("CPU_CYCLES,INST_RETIRED,L1D_TLB,L2D_TLB", out, 16, err), -1);
	assert_non_null(strstr(err, "too many"));
	assert_int_equal(events_guest_list("DSB_SPEC:0x7d,x:0xFFFF", out, sizeof(out), err), 0);
	assert_string_equal(out, "DSB_SPEC:0x7d,x:0xffff");
	assert_int_equal(events_guest_list("DSB_SPEC:0x", out, sizeof(out), err), -1);
	assert_int_equal(events_guest_list("DSB_SPEC:7d", out, sizeof(out), err), -1);
	assert_int_equal(events_guest_list("DSB_SPEC:0x10000", out, sizeof(out), err), -1);
	assert_int_equal(events_guest_list(":0x7d", out, sizeof(out), err), -1);
}

/* PMCEID0: CPU_CYCLES (0x11), INST_RETIRED (0x08); bit 36 is 0x4004, CNT_CYCLES. PMCEID1: L2D_TLB (0x2f). */
static void test_events_of_a_guest(void **state)
{
	const uint64_t pmceid[2] = { 1 << 0x11 | 1 << 8 | UINT64_C(1) << 36, 1 << 15 };
	char have[2000];

	(void)state;
	assert_false(events_guest_lacks("CPU_CYCLES,L2D_TLB", pmceid, have, sizeof(have)));
	assert_string_equal(have, " INST_RETIRED CPU_CYCLES L2D_TLB CNT_CYCLES");
	assert_false(events_guest_lacks("", pmceid, have, sizeof(have)));
	assert_true(events_guest_lacks("CPU_CYCLES,L2D_TLB_REFILL", pmceid, have, sizeof(have)));
	assert_true(events_guest_lacks("L1D_TLB,CPU_CYCLES", pmceid, have, sizeof(have)));
	assert_true(events_guest_lacks("L1D_TLB", pmceid, have, 20));
	assert_string_equal(have, " INST_RETIRED");
}

static void test_unknown_host_event(void **state)
{
	char err[EVENTS_ERR_MAX] = "";
	pid_t self = getpid();

	(void)state;
	assert_null(events_open("context-switches,no-such-event", &self, 1, err));
	assert_non_null(strstr(err, "no-such-event"));
	assert_null(strchr(err, '\n'));
}

static void spin(double seconds)
{
	struct timespec a, b;

	clock_gettime(CLOCK_MONOTONIC, &a);
	do
		clock_gettime(CLOCK_MONOTONIC, &b);
	while ((double)(b.tv_sec - a.tv_sec) + 1e-9 * (double)(b.tv_nsec - a.tv_nsec) < seconds);
}

/* A child that spins on our CPU takes it away from us; a sleep of our own is no preemption. */
static void test_preemption_is_seen(void **state)
{
	pid_t self = getpid(), child;
	char err[EVENTS_ERR_MAX];
	struct events *e;
	cpu_set_t old, one;
	int status;

	(void)state;
	assert_int_equal(sched_getaffinity(0, sizeof(old), &old), 0);
	CPU_ZERO(&one);
	for (int i = 0; i < CPU_SETSIZE && !CPU_COUNT(&one); i++)
		if (CPU_ISSET(i, &old))
			CPU_SET(i, &one);
	assert_int_equal(sched_setaffinity(0, sizeof(one), &one), 0);
	e = events_open("", &self, 1, err);
	assert_non_null(e);
	child = fork();
	if (!child) {
		spin(5);
		_exit(0);
	}
	spin(0.2);
	assert_true(events_disturbed(e) & RS_SAMPLE_PREEMPTED);
	kill(child, SIGKILL);
	waitpid(child, &status, 0);
	events_close(e);
	sched_setaffinity(0, sizeof(old), &old);
}

static void test_totals(void **state)
{
	char err[EVENTS_ERR_MAX], why[160];
	pid_t self = getpid();
	struct events *e;
	json_t *o;

	(void)state;
	if (!events_probe("task-clock", why))
		skip();		/* no right to count here */
	e = events_open("task-clock,page-faults", &self, 1, err);
	assert_non_null(e);
	spin(0.02);
	o = events_json(e);
	/* ns of CPU time: some of the 20 ms, whatever the load */
	assert_true(json_real_value(json_object_get(json_object_get(o, "task-clock"), "value")) > 1e5);
	assert_non_null(json_object_get(o, "page-faults"));
	assert_int_equal(json_object_size(o), 2);
	json_decref(o);
	events_close(e);
}

/* A counter that ran half of the time counted half; one that never ran tells nothing; one that ran is as it is. */
static void test_counters_that_took_turns(void **state)
{
	const uint64_t turns[2][3] = { { 100, 10, 5 }, { 7, 10, 10 } }, whole[1][3] = { { 9, 4, 4 } };
	const uint64_t never[1][3] = { { 0, 10, 0 } }, half[2][3] = { { 0, 10, 0 }, { 30, 10, 10 } };
	json_t *o = events_total(turns, 2);

	(void)state;
	assert_true(json_real_value(json_object_get(o, "value")) == 207);
	assert_true(json_is_true(json_object_get(o, "scaled")));
	assert_true(json_real_value(json_object_get(o, "running")) == 0.75);
	json_decref(o);
	o = events_total(whole, 1);
	assert_true(json_real_value(json_object_get(o, "value")) == 9);
	assert_null(json_object_get(o, "scaled"));
	json_decref(o);
	o = events_total(never, 1);
	assert_true(json_is_null(o));
	json_decref(o);
	assert_true(json_is_null(events_total(half, 2)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_guest_names),
		cmocka_unit_test(test_events_of_a_guest),
		cmocka_unit_test(test_unknown_host_event),
		cmocka_unit_test(test_preemption_is_seen),
		cmocka_unit_test(test_totals),
		cmocka_unit_test(test_counters_that_took_turns),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
