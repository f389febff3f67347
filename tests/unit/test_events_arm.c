// SPDX-License-Identifier: GPL-2.0-only
/* libpfm4's names of Arm's events, on arm64 builds: its tables are made to believe that this is a Neoverse N1. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "events.h"
#include "pfm.h"

static void test_names_of_a_cpu(void **state)
{
	char out[200], err[EVENTS_ERR_MAX] = "";

	(void)state;
#ifndef __aarch64__
	skip();
#endif
	assert_non_null(pfm_library());
	assert_int_equal(events_guest_list("L2D_CACHE_ACCESS,L1D_TLB_REFILL_RD,arm_n1::DSB_SPEC", out, sizeof(out),
					   err), 0);
	assert_string_equal(out, "L2D_CACHE,L1D_TLB_REFILL_RD:0x4c,DSB_SPEC:0x7d");
	assert_int_equal(events_guest_list("L1D_TLB_REFILL_SIDEWAYS", out, sizeof(out), err), -1);
	assert_non_null(strstr(err, "L1D_TLB_REFILL_SIDEWAYS"));
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_names_of_a_cpu) };

	setenv("LIBPFM_FORCE_PMU", "arm_n1", 1);	/* read once, when libpfm4 is initialized */
	return cmocka_run_group_tests(tests, NULL, NULL);
}
