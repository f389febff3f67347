/* SPDX-License-Identifier: GPL-2.0-only */
/* Result sets: what is written reads back the same; hostile text is refused in one line. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "json_reader.h"
#include "resultset.h"

static char path[] = "/tmp/mmubench-rs-XXXXXX";

static struct rs_set *load_text(const char *text, size_t len, char err[RS_ERR_MAX])
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	fwrite(text, 1, len, f);
	fclose(f);
	return rs_load(path, err);
}

static void refused(const char *text, const char *why)
{
	char err[RS_ERR_MAX] = "";
	struct rs_set *set = load_text(text, strlen(text), err);

	if (set || !strstr(err, why) || strchr(err, '\n'))
		fail_msg("%s\n -> %s, '%s' wanted", text, set ? "accepted" : err, why);
}

#define HEAD "{\"schema\":\"mmubench/1\",\"environment\":{},\"cases\":["
#define CASE HEAD "{\"family\":\"f\",\"variant\":\"v\",\"platform\":\"p\",\"params\":{}"

static void test_round_trip(void **state)
{
	static const double odd[] = { 0.1, 1.0 / 3, 1e-300, 123456789.123456789, 9007199254740993.0 };
	struct rs_set *set = rs_new(), *back;
	struct rs_case *c = rs_add_case(set, "map_mem", "once \"\\\n\x01 \xc3\xa9", "model");
	char err[RS_ERR_MAX];

	(void)state;
	json_object_set_new(set->environment, "label", json_string("lab"));
	rs_case_param_num(c, "ram", UINT64_MAX);
	rs_case_param_str(c, "leaf", "page");
	rs_case_count(c, "isb", 1ull << 63);
	for (size_t i = 0; i < 5; i++) {
		struct rs_sample *s = rs_case_sample(c);

		s->ns = odd[i];
		s->boot = (uint32_t)i;
		s->insns = i == 2 ? NAN : 1e15 + (double)i;
		if (i == 3) {
			size_t v = rs_case_value_index(c, "extra.collateral_ns");

			c->samples[i].values[v] = odd[1];
			c->samples[i].flags = RS_SAMPLE_WARMUP | RS_SAMPLE_MIGRATED;
		}
	}
	c->check = strdup("pass");
	assert_int_equal(rs_save(set, path, err), 0);
	back = rs_load(path, err);
	assert_non_null(back);
	assert_string_equal(back->label, "lab");
	assert_string_equal(back->cases[0].variant, c->variant);
	assert_true(back->cases[0].params[0].num == UINT64_MAX);
	assert_string_equal(back->cases[0].params[1].str, "page");
	assert_true(back->cases[0].counts[0].n == 1ull << 63);
	assert_int_equal(back->cases[0].nsamples, 5);
	for (size_t i = 0; i < 5; i++) {
		const struct rs_sample *a = &c->samples[i], *b = &back->cases[0].samples[i];

		assert_true(a->ns == b->ns);
		assert_true(a->insns == b->insns || (isnan(a->insns) && isnan(b->insns)));
		assert_int_equal(a->flags, b->flags);
		assert_true(i == 3 ? b->values[0] == odd[1] : isnan(b->values[0]));
	}
	rs_free(set);
	rs_free(back);
}

static void test_refused(void **state)
{
	char *deep = malloc(3000000);

	(void)state;
	refused("", "cut off");
	refused("{", "cut off");
	refused("[]", "an object is expected");
	refused("{\"schema\":\"other/9\"}", "schema is not");
	refused("{\"schema\":\"mmubench/1\"}", "needs schema, environment and cases");
	refused(HEAD "]} x", "follows the end");
	refused(HEAD "]", "cut off");
	refused(HEAD "{}]}", "needs family");
	refused(CASE ",\"family\":\"g\"}]}", "twice");
	refused(CASE ",\"colour\":1}]}", "unknown key of a case");
	refused(CASE ",\"check\":\"maybe\"}]}", "check is");
	refused(CASE ",\"counts\":{\"isb\":-1}}]}", "whole number in range");
	refused(CASE ",\"counts\":{\"isb\":1.5}}]}", "whole number in range");
	refused(CASE ",\"counts\":{\"isb\":18446744073709551616}}]}", "whole number in range");
	refused(CASE ",\"counts\":{\"isb\":1,\"isb\":2}}]}", "twice");
	refused(CASE ",\"samples\":[{\"boot\":0,\"round\":0}]}]}", "needs boot, round and ns");
	refused(CASE ",\"samples\":[{\"boot\":0,\"round\":0,\"ns\":-1}]}]}", "negative");
	refused(CASE ",\"samples\":[{\"boot\":0,\"round\":0,\"ns\":1e999}]}]}", "out of range");
	refused(CASE ",\"samples\":[{\"boot\":4294967296,\"round\":0,\"ns\":1}]}]}", "in range");
	refused(CASE ",\"samples\":[{\"boot\":00,\"round\":0,\"ns\":1}]}]}", "leading zero");
	refused(CASE ",\"why\":\"\\u0000\"}]}", "bad escape");
	refused(CASE ",\"why\":\"\\ud800\"}]}", "bad escape");
	refused(CASE ",\"why\":\"\xc0\x80\"}]}", "not UTF-8");
	refused(CASE ",\"why\":\"\xed\xa0\x80\"}]}", "not UTF-8");
	refused(CASE ",}]}", "a string is expected");
	refused("{\"schema\":\"mmubench/1\",\"environment\":{\"a\":1,\"a\":2},\"cases\":[]}", "twice");
	strcpy(deep, "{\"environment\":{\"a\":");
	memset(deep + strlen(deep), '[', 2000000);
	deep[2000000] = 0;
	refused(deep, "nested too deep");
	free(deep);
}

static void test_every_truncation(void **state)
{
	static const char text[] = CASE ",\"samples\":[{\"boot\":0,\"round\":1,\"ns\":1.5e3,"
		"\"extra\":{\"x\":-2}}],\"check\":\"pass\",\"why\":\"\\u00e9\\ud83d\\ude00\"}]}";
	char err[RS_ERR_MAX];
	struct rs_set *set;

	(void)state;
	for (size_t n = 0; n < sizeof(text) - 1; n++)
		assert_null(load_text(text, n, err));
	set = load_text(text, sizeof(text) - 1, err);
	assert_non_null(set);
	assert_true(set->cases[0].samples[0].ns == 1500);
	assert_true(set->cases[0].samples[0].values[0] == -2);
	assert_string_equal(set->cases[0].why, "\xc3\xa9\xf0\x9f\x98\x80");
	rs_free(set);
}

/* The fast path of jr_double() must be the nearest double, as strtod() says. */
static void test_numbers(void **state)
{
	uint64_t x = 88172645463325252ull;
	struct json_reader r;
	char text[64];
	double v;

	(void)state;
	for (int i = 0; i < 200000; i++) {
		x ^= x << 13;
		x ^= x >> 7;
		x ^= x << 17;
		snprintf(text, sizeof(text), "%s%llu%s%03u%se%d", i & 1 ? "-" : "",
			 (unsigned long long)(x >> (i % 60)), ".", (unsigned int)(x % 1000), "",
			 (int)(x >> 8 & 63) - 32);
		jr_open(&r, text, strlen(text));
		assert_true(jr_double(&r, &v));
		if (v != strtod(text, NULL))
			fail_msg("%s read as %.17g", text, v);
		jr_close(&r);
	}
}

static void test_point(void **state)
{
	struct rs_set *set = rs_new();
	char *a, *b;

	(void)state;
	rs_add_case(set, "f", "x", "model");
	rs_add_case(set, "f", "y", "model");
	rs_case_param_num(&set->cases[0], "ram", 1);
	rs_case_param_str(&set->cases[0], "leaf", "page");
	rs_case_param_str(&set->cases[1], "leaf", "page");
	rs_case_param_num(&set->cases[1], "ram", 1);
	a = rs_case_point(&set->cases[0]);
	b = rs_case_point(&set->cases[1]);
	assert_string_equal(a, b);
	assert_string_equal(a, "f model leaf=page ram=1");
	free(a);
	free(b);
	rs_free(set);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip), cmocka_unit_test(test_refused),
		cmocka_unit_test(test_every_truncation), cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_point),
	};
	int failed;

	close(mkstemp(path));
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	unlink(path);
	return failed;
}
