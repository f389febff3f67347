// SPDX-License-Identifier: GPL-2.0-only
/*
 * The gate: what is a gate at all, and when it fails: noisy metrics by claims, exact ones by any
 * change, losses always.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "compare.h"
#include "core.h"

static void test_parse(void **state)
{
	static const struct { const char *text, *metric; bool above; double limit; } good[] = {
		{ "time>+5%", "time", true, 0.05 }, { "time>5%", "time", true, 0.05 },
		{ "tlbi>0%", "tlbi", true, 0 }, { "time<-12.5%", "time", false, -0.125 },
		{ "dsb > +1e1%", "dsb", true, 0.1 }, { "insns>-0%", "insns", true, 0 },
	};
	static const char *const bad[] = { "time>0x5%", "", "time", ">5%", "time>", "time>5", "time>5%%",
		"time>5% ", "time>%", "time>nan%", "time>inf%", "time>-inf%", "time=5%",
		"no_such>5%", "time>5%x", "time>>5%", " >5%",
		"time>0x%", "tlbi>1e999%" };
	char huge[5000];
	struct gate g;

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		const char *why = gate_parse(good[i].text, &g);

		if (why)
			fail_msg("%s: %s", good[i].text, why);
		assert_string_equal(g.m->name, good[i].metric);
		assert_int_equal(g.above, good[i].above);
		assert_true(fabs(g.limit - good[i].limit) < 1e-12);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (!gate_parse(bad[i], &g))
			fail_msg("'%s' was taken for a gate", bad[i]);
	memset(huge, 'a', sizeof(huge));
	strcpy(huge + sizeof(huge) - 4, ">5%");
	assert_non_null(gate_parse(huge, &g));
}

static struct rs_case *add(struct rs_set *set, const char *variant, uint64_t tlbi)
{
	struct rs_case *c = rs_add_case(set, "f", variant, "baremetal");

	c->check = strdup("pass");
	c->has_counts = true;
	rs_case_param_num(c, "pages", 1);
	rs_case_count(c, "tlbi.vaale1is", tlbi);
	return c;
}

/* 5 boots of 4 samples around ns, boots spread by 1 %. */
static void time_it(struct rs_case *c, double ns)
{
	for (uint32_t i = 0; i < 20; i++) {
		struct rs_sample *s = rs_case_sample(c);

		s->boot = i / 4;
		s->round = i % 4;
		s->ns = ns * (1 + 0.005 * ((int)(i / 4) - 2)) * (1 + 0.001 * (i % 4));
	}
}

static struct rs_set *set_of(const char *label, double ns, uint64_t tlbi)
{
	struct rs_set *set = rs_new();

	set->label = strdup(label);
	time_it(add(set, "v", tlbi), ns);
	return set;
}

static size_t failures_of(const char *text, struct rs_set *base, struct rs_set *now, size_t *judged)
{
	struct cmp_strings failures = { 0 };
	struct rs_set *sets[] = { base, now };
	struct cmp_options o = { 0 };
	struct gate g;
	size_t n;

	assert_null(gate_parse(text, &g));
	*judged = gate_judge(&g, sets, 2, &o, &failures);
	n = failures.n;
	cmp_strings_free(&failures);
	return n;
}

static void expect(const char *text, double ns, uint64_t tlbi, size_t failures)
{
	struct rs_set *a = set_of("base", 1000, 100), *b = set_of("new", ns, tlbi);
	size_t judged, n = failures_of(text, a, b, &judged);

	assert_int_equal(judged, 1);
	if (n != failures)
		fail_msg("%s with %g ns and %lu TLBIs: %zu failures, expected %zu", text, ns, (unsigned long)tlbi, n,
			 failures);
	rs_free(a);
	rs_free(b);
}

static void test_judge(void **state)
{
	(void)state;
	expect("time>+5%", 1100, 100, 1);
	expect("time>+15%", 1100, 100, 0);	/* claimed, but within the limit */
	expect("time>+5%", 900, 100, 0);
	expect("time<-5%", 900, 100, 1);
	expect("time>0%", 1002, 100, 0);	/* more, but nobody can say so */
	expect("tlbi>0%", 1000, 101, 1);	/* one operation is enough */
	expect("tlbi>0%", 1000, 100, 0);
	expect("tlbi>0%", 1000, 99, 0);
	expect("tlbi<0%", 1000, 99, 1);
	expect("tlbi>1%", 1000, 101, 0);	/* exactly the limit is not past it */
	expect("tlbi>0%", 1000, 0, 0);
}

static void test_lost(void **state)
{
	struct rs_set *a = set_of("base", 1000, 100), *b = set_of("new", 1000, 100);
	size_t judged;

	(void)state;
	time_it(add(a, "gone", 1), 1000);
	assert_int_equal(failures_of("time>5%", a, b, &judged), 1);
	time_it(add(b, "gone", 1), 1000);
	assert_int_equal(failures_of("time>5%", a, b, &judged), 0);
	free(b->cases[1].check);
	b->cases[1].check = strdup("fail");
	assert_int_equal(failures_of("time>5%", a, b, &judged), 1);
	assert_int_equal(failures_of("tlbi>5%", a, b, &judged), 1);
	rs_free(a);
	rs_free(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_judge),
		cmocka_unit_test(test_lost),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
