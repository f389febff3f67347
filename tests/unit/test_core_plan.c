// SPDX-License-Identifier: GPL-2.0-only
/* Plans in and records out, the guest's side: what is hostile is refused, what is too long says so. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#undef skip	/* cmocka's; the contract has a member of that name */
#include "platform/model/model.h"
#include "record.h"

/* ---- records: the last one, and how many there were ---- */

static struct {
	char line[4 * RECORD_MAX];
	u32 len, n;
} last;

static void keep(const char *line, u32 len, void *arg)
{
	(void)arg;
	assert_true(len <= RECORD_MAX);
	memcpy(last.line, line, len);
	last.line[len] = 0;
	last.len = len;
	last.n++;
}

static int listen(void **state)
{
	(void)state;
	memset(&last, 0, sizeof(last));
	plat_model_emit(keep, NULL);
	record_reset();
	return 0;
}

static enum rec_verdict parsed(struct rec *rec, const char **why)
{
	*why = NULL;
	return rec_parse(rec, last.line, last.len, why);
}

/* What the guest writes the host reads back, whatever bytes are in it. */
static void every_byte_comes_back(void **state)
{
	char text[256], shown[4] = { 0 };
	const char *why;
	struct rec rec;

	(void)state;
	for (int part = 0; part < 4; part++) {
		u32 n = 0;

		for (int c = part * 64 + !part; c < part * 64 + 64; c++)
			text[n++] = (char)c;
		text[n] = 0;
		record_begin("check");
		record_str("why", text);
		record_u64("max", ~0ull);
		record_hex("hex", ~0ull);
		record_u64("zero", 0);
		record_end();
		assert_int_equal(parsed(&rec, &why), REC_OK);
		assert_string_equal(rec_get(&rec, "why"), text);
		assert_string_equal(rec_get(&rec, "max"), "18446744073709551615");
		assert_string_equal(rec_get(&rec, "hex"), "0xffffffffffffffff");
		assert_string_equal(rec_get(&rec, "zero"), "0");
		for (u32 i = 0; i < last.len; i++)
			assert_in_range(last.line[i], ' ', '~');
		snprintf(shown, sizeof(shown), "%d", part);
		assert_int_equal(last.line[6], shown[0]);	/* the sequence number */
	}
}

/* Text loses its end, never half of an encoded byte; the record stays good. */
static void long_text_is_cut(void **state)
{
	static const char *const fills[] = { "x", "%", "\xff", "ab=", " " };
	char text[2 * RECORD_MAX + 1];
	const char *why, *got;
	struct rec rec;

	(void)state;
	for (size_t f = 0; f < MMUB_ARRAY_SIZE(fills); f++)
		for (size_t n = 0; n < sizeof(text); n += 1 + n / 40) {
			for (size_t i = 0; i < n; i++)
				text[i] = fills[f][i % strlen(fills[f])];
			text[n] = 0;
			record_begin("error");
			record_str("why", text);
			record_end();
			assert_int_equal(parsed(&rec, &why), REC_OK);
			got = rec_get(&rec, "why");
			assert_true(!strncmp(got, text, strlen(got)));
			/* three bytes for one at worst */
			assert_true(n > 300 || strlen(got) == n);
		}
}

/*
 * Numbers: each whole or not there, and then the record says that it is not all. Every length of what stands
 * before is tried, so that the end of the line falls on every byte of a field.
 */
static void a_number_is_whole_or_missing(void **state)
{
	char text[RECORD_MAX + 1];
	u32 whole = 0, cut = 0;
	const char *why;
	struct rec rec;

	(void)state;
	for (u32 n = 900; n < RECORD_MAX; n++) {
		memset(text, 'x', n);
		text[n] = 0;
		record_begin("sample");
		record_str("why", text);
		record_u64("ticks", 1234567890123456789ull);
		record_hex("last", 0xabcdef);
		record_end();
		if (parsed(&rec, &why) == REC_OK) {
			whole++;
			assert_string_equal(rec_get(&rec, "ticks"), "1234567890123456789");
			assert_string_equal(rec_get(&rec, "last"), "0xabcdef");
			continue;
		}
		cut++;
		assert_non_null(strstr(why, "no room"));
		assert_true(!rec_get(&rec, "ticks") || !strcmp(rec_get(&rec, "ticks"), "1234567890123456789"));
		assert_true(!rec_get(&rec, "last") || !strcmp(rec_get(&rec, "last"), "0xabcdef"));
	}
	assert_true(whole > 30 && cut > 30);
}

/* The longest records that the runner can write: every operation counted 2^64-1 times is the exception. */
static void the_runners_records_fit(void **state)
{
	const char *why;
	struct rec rec;

	(void)state;
	record_begin("counts");
	record_u64("id", PLAN_CASES_MAX);
	for (u32 op = 0; op < MMU_OP_MAX; op++)
		record_u64(mmu_op_name(op), 9999);
	record_end();
	assert_int_equal(parsed(&rec, &why), REC_OK);
	record_begin("sample");
	for (u32 i = 0; i < 6 + PLAT_EVENTS_MAX + BENCH_EXTRA_MAX; i++)
		record_u64("warmup", ~0ull);
	record_end();
	assert_int_equal(parsed(&rec, &why), REC_OK);
}

/* ---- plans ---- */

static struct plan_case group[PLAN_GROUP_MAX];

/* Opens and reads all groups. -> why, or NULL; *cases counts what was taken. */
static const char *read_plan(const char *text, u64 len, u32 *cases)
{
	struct plan plan;
	const char *why = plan_open(&plan, text, len);
	u32 n = 0;

	*cases = 0;
	while (!why) {
		why = plan_next_group(&plan, group, &n);
		if (why || !n)
			break;
		assert_true(n <= PLAN_GROUP_MAX);
		for (u32 i = 0; i < n; i++) {
			assert_non_null(group[i].f);
			assert_non_null(group[i].timed);
			assert_non_null(group[i].counted);
			assert_true(group[i].id < ~0u);
		}
		*cases += n;
	}
	return why;
}

#define HEAD "mmub-plan 1\nset seed=1 rounds=2\n"
#define ONCE "family=map_mem variant=fixmap_once"

/* what: part of the reason, NULL: taken. errors: cases that got an error record of their own. */
static const struct {
	const char *text, *what;
	u32 cases, errors;
} plans[] = {
	{ HEAD "group\ncase id=0 " ONCE "\nend\n", NULL, 1, 0 },
	{ "mmub-plan 1;set seed=1;group;case id=0 " ONCE " ram=4096;end", NULL, 1, 0 },
	{ HEAD "group\r\ncase\tid=7 " ONCE " ram=65536 leaf=block\r\nend\r\n", NULL, 1, 0 },
	{ HEAD "case id=0 " ONCE "\n\n\ngroup\ngroup\ngroup\ncase id=1 " ONCE "\nend\n", NULL, 2, 0 },
	{ HEAD "end\n", NULL, 0, 0 },
	{ "mmub-plan 1\nset\nend\n", NULL, 0, 0 },
	/* no plan at all, or not all of it */
	{ "", "first line", 0, 0 },
	{ "\n", "first line", 0, 0 },
	{ "mmub-plan 2\nset\nend\n", "first line", 0, 0 },
	{ "mmub-plan 11\nset\nend\n", "first line", 0, 0 },
	{ "mmub-plan\nset\nend\n", "first line", 0, 0 },
	{ "mmub-plan 1\nend\n", "second line", 0, 0 },
	{ HEAD "group\ncase id=0 " ONCE "\n", "cut short", 0, 0 },
	{ HEAD "group\ncase id=0 " ONCE "\nen", "cut short", 0, 0 },
	{ HEAD "group\ncase id=0 " ONCE " end", "cut short", 0, 0 },
	{ "end", "first line", 0, 0 },
	/* settings */
	{ "mmub-plan 1\nset rounds\nend\n", "not key=value", 0, 0 },
	{ "mmub-plan 1\nset rounds=\nend\n", "not a number", 0, 0 },
	{ "mmub-plan 1\nset rounds=-1\nend\n", "not a number", 0, 0 },
	{ "mmub-plan 1\nset rounds=0x10\nend\n", "not a number", 0, 0 },
	{ "mmub-plan 1\nset seed=18446744073709551615\nend\n", NULL, 0, 0 },
	{ "mmub-plan 1\nset seed=18446744073709551616\nend\n", "not a number", 0, 0 },
	{ "mmub-plan 1\nset seed=184467440737095516150\nend\n", "not a number", 0, 0 },
	{ "mmub-plan 1\nset colour=1\nend\n", "unknown setting", 0, 0 },
	{ "mmub-plan 1\nset =1\nend\n", "unknown setting", 0, 0 },
	{ "mmub-plan 1\nset rounds=4294967297\nend\n", "limit", 0, 0 },
	{ "mmub-plan 1\nset warmup=4294967295 rounds=1\nend\n", "limit", 0, 0 },
	{ "mmub-plan 1\nset min_ns=18446744073709551615\nend\n", "limit", 0, 0 },
	{ "mmub-plan 1\nset min_ns=10000000000 ops_log=16777216\nend\n", NULL, 0, 0 },
	{ "mmub-plan 1\nset ops_log=1152921504606846976\nend\n", "limit", 0, 0 },
	/* cases: each wrong one is left out and has its record; the others run */
	{ HEAD "group\ncase id=0 family=nothing variant=fixmap_once\nend\n", NULL, 0, 1 },
	{ HEAD "group\ncase id=0 family=map_mem variant=nothing\ncase id=1 " ONCE "\nend\n", NULL, 1, 1 },
	{ HEAD "group\ncase id=0 family=map_mem variant=full\nend\n", NULL, 0, 1 },
	{ HEAD "group\ncase id=4294967295 " ONCE "\nend\n", NULL, 0, 1 },
	{ HEAD "group\ncase id=-1 " ONCE "\nend\n", NULL, 0, 1 },
	{ HEAD "group\ncase\ncase \ncase id\nend\n", NULL, 0, 3 },
	{ HEAD "group\ncase " ONCE " id=0\nend\n", NULL, 0, 1 },
	{ HEAD "group\ncase id=0 " ONCE " ram\nend\n", NULL, 0, 1 },
	{ HEAD "group\ncase id=0 " ONCE " ram=4G\nend\n", NULL, 0, 1 },
	{ HEAD "group\ncase id=0 " ONCE " leaf=leaf\nend\n", NULL, 0, 1 },
	{ HEAD "group\ncase id=0 " ONCE " leaf=0\nend\n", NULL, 0, 1 },
	{ HEAD "group\ncase id=0 " ONCE " =\nend\n", NULL, 0, 1 },
	{ HEAD "group\ncase id=0 " ONCE " aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa=1\nend\n", NULL, 0, 1 },
	{ HEAD "groups\nend\n", "neither case", 0, 0 },
	{ HEAD "group\ncases id=0\nend\n", "neither case", 0, 0 },
	/* one set-up for cases that are not alike */
	{ HEAD "group\ncase id=0 " ONCE " ram=4096\ncase id=1 " ONCE " ram=8192\nend\n", "differ", 0, 0 },
	{ HEAD "group\ncase id=0 " ONCE "\ncase id=1 family=unmap variant=full\nend\n", "differ", 0, 0 },
	{ HEAD "group\ncase id=0 " ONCE "\ncase id=1 family=unmap variant=no\nend\n", NULL, 1, 1 },
};

static void plans_are_taken_or_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < MMUB_ARRAY_SIZE(plans); i++) {
		u32 cases, before = last.n;
		const char *why = read_plan(plans[i].text, strlen(plans[i].text), &cases);

		if (!why != !plans[i].what || (why && !strstr(why, plans[i].what)) ||
		    (!why && cases != plans[i].cases) || last.n - before != plans[i].errors)
			fail_msg("plan %zu: %s, %u cases, %u errors:\n%s", i, why ? why : "taken", cases,
				 last.n - before, plans[i].text);
	}
}

static void a_group_has_its_limit(void **state)
{
	char text[8192];
	u32 cases;

	(void)state;
	for (u32 n = PLAN_GROUP_MAX; n <= PLAN_GROUP_MAX + 1; n++) {
		size_t at = (size_t)sprintf(text, HEAD "group\n");

		for (u32 i = 0; i < n; i++)
			at += (size_t)sprintf(text + at, "case id=%u " ONCE "\n", i);
		at += (size_t)sprintf(text + at, "end\n");
		if (n == PLAN_GROUP_MAX) {
			assert_null(read_plan(text, at, &cases));
			assert_int_equal(cases, n);
		} else {
			assert_non_null(read_plan(text, at, &cases));
		}
	}
}

/* Values come out as they went in: every parameter by its name. */
static void parameters_arrive(void **state)
{
	struct plan plan;
	char text[512];
	u32 n;

	(void)state;
	for (u32 i = 0; bench_param_name(i); i++) {
		const char *name = bench_param_value_name(i, 1);
		size_t len = (size_t)snprintf(text, sizeof(text), HEAD "group\ncase id=0 " ONCE " %s=%s\nend\n",
					      bench_param_name(i), name ? name : "1");

		assert_null(plan_open(&plan, text, len));
		assert_null(plan_next_group(&plan, group, &n));
		assert_int_equal(n, 1);
		assert_true(*bench_param_slot(&group[0].p, i) == 1);
	}
	assert_null(bench_param_name(BENCH_PARAM_MAX));
	assert_null(bench_param_slot(&group[0].p, BENCH_PARAM_MAX));
}

/*
 * 60,000 broken plans: bytes changed, cut, doubled. The text lies in memory of exactly its length, so that
 * a read past its end is seen where a sanitizer or valgrind watches; here it must come to an end and stay in bounds.
 */
static void broken_plans_do_no_harm(void **state)
{
	static const char good[] = "mmub-plan 1\nset seed=1 rounds=2 events=a,b\ngroup\ncase id=0 " ONCE
		" ram=4194304 leaf=cont\ncase id=1 " ONCE " ram=4194304 leaf=cont\ngroup\ncase id=2 family=unmap "
		"variant=range pages=16\nend\n";
	static const char spice[] = " =;\n\r\t0\0g9e\xff";
	u32 taken = 0, refused = 0, cases;
	struct mmub_rng rng;

	(void)state;
	mmub_rng_seed(&rng, 1);
	for (u32 i = 0; i < 60000; i++) {
		u64 len = sizeof(good) - 1;
		char *text = malloc(len);

		assert_non_null(text);
		memcpy(text, good, len);
		for (u64 k = mmub_rng_below(&rng, 4); k; k--)
			text[mmub_rng_below(&rng, len)] = spice[mmub_rng_below(&rng, sizeof(spice) - 1)];
		if (!mmub_rng_below(&rng, 4))
			len = mmub_rng_below(&rng, len);
		if (read_plan(text, len, &cases))
			refused++;
		else
			taken++;
		assert_true(cases <= 3);
		free(text);
	}
	assert_true(taken > 1000 && refused > 1000);
}

/* ---- the small snprintf against libc's ---- */

static void print_is_like_libc(void **state)
{
	/* volatile: the compiler need not warn that this is cut, it is meant to be */
	const char *volatile fmt = "%s|%c|%d|%u|%08x|%lx|%llu|%lld|%5d|%%";
	char a[200], b[200];

	(void)state;
	for (size_t size = 0; size < 80; size++) {
		int n, m;

		memset(a, 'z', sizeof(a));
		memset(b, 'z', sizeof(b));
		n = mmub_snprintf(a, size, fmt, "text", 'c', -7, 7u, 0xbeefu,
				  ~0ul, ~0ull, -9223372036854775807ll - 1, 42);
		m = snprintf(b, size, fmt, "text", 'c', -7, 7u, 0xbeefu,
			     ~0ul, ~0ull, -9223372036854775807ll - 1, 42);
		assert_int_equal(n, m);
		assert_memory_equal(a, b, sizeof(a));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(every_byte_comes_back, listen),
		cmocka_unit_test_setup(long_text_is_cut, listen),
		cmocka_unit_test_setup(a_number_is_whole_or_missing, listen),
		cmocka_unit_test_setup(the_runners_records_fit, listen),
		cmocka_unit_test_setup(plans_are_taken_or_refused, listen),
		cmocka_unit_test_setup(a_group_has_its_limit, listen),
		cmocka_unit_test_setup(parameters_arrive, listen),
		cmocka_unit_test_setup(broken_plans_do_no_harm, listen),
		cmocka_unit_test_setup(print_is_like_libc, listen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
