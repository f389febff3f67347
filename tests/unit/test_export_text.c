// SPDX-License-Identifier: GPL-2.0-only
/* Words that leave the program: escaping, numbers, names there and back, gnuplot's quotes. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "export.h"
#include "plot.h"

static char *quoted(const char *text, size_t max, bool common)
{
	char *s = NULL;
	size_t n;
	FILE *out = open_memstream(&s, &n);

	plot_quote(out, text, max, common);
	fclose(out);
	return s;
}

static void check_quote(const char *text, size_t max, bool common, const char *want)
{
	char *s = quoted(text, max, common);

	assert_string_equal(s, want);
	free(s);
}

static void test_quote(void **state)
{
	(void)state;
	check_quote("", 10, false, "''");
	check_quote("it's", 10, false, "'it''s'");
	check_quote("'); system('x", 20, false, "'''); system(''x'");
	check_quote("a\nb\\n`c`", 20, false, "'a\xef\xbf\xbd" "b\\n`c`'");
	check_quote("abcdef", 3, false, "'a...ef'");
	check_quote("\xe8\xa1\xa8x", 5, false, "'\xe8\xa1\xa8x'");
	check_quote("\xe8\xa1\xa8x", 5, true, "'\xef\xbf\xbdx'");
	check_quote("\xc3\xbc\xe2\x80\xa6", 5, true, "'\xc3\xbc\xe2\x80\xa6'");
}

/* Whatever the bytes: between the outer quotes every quote is doubled, and no control is left. */
static void test_quote_any_bytes(void **state)
{
	uint32_t x = 12345;

	(void)state;
	for (int round = 0; round < 2000; round++) {
		char text[64];
		char *s;
		size_t n;

		for (size_t i = 0; i < sizeof(text) - 1; i++) {
			x = x * 1664525 + 1013904223;
			text[i] = (char)(x >> 24 ? x >> 24 : 1);
			if ((x >> 8 & 7) == 0)
				text[i] = '\'';
		}
		text[sizeof(text) - 1] = 0;
		s = quoted(text, 1000, round & 1);
		n = strlen(s);
		assert_true(n >= 2 && s[0] == '\'' && s[n - 1] == '\'');
		for (size_t i = 1; i < n - 1; i++) {
			assert_true((unsigned char)s[i] >= ' ' && s[i] != 0x7f);
			if (s[i] == '\'')
				assert_int_equal(s[++i], '\'');
		}
		free(s);
	}
}

static void check_clean(const char *text, size_t max, const char *want)
{
	char *s = export_clean(text, max);

	assert_string_equal(s, want);
	free(s);
}

static void test_clean(void **state)
{
	(void)state;
	check_clean("plain", 100, "plain");
	check_clean("a\x1b[31m", 100, "a\xef\xbf\xbd[31m");
	check_clean("\xc0\xaf\xff", 100, "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");	/* overlong, invalid */
	check_clean("\xed\xa0\x80", 100, "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");	/* a surrogate */
	check_clean("a\xe2\x80\xae" "b", 100, "a\xef\xbf\xbd" "b");	/* right-to-left override */
	check_clean("\xc3\xbc\xc3\xbc", 3, "\xc3\xbc");	/* never half a character */
	check_clean("\xf0\x9f", 100, "\xef\xbf\xbd\xef\xbf\xbd");	/* cut short */
}

static void test_xml(void **state)
{
	char *s = NULL;
	size_t n;
	FILE *out = open_memstream(&s, &n);

	(void)state;
	export_xml(out, "<a b='c' d=\"e\">&amp;\x01</a>");
	fclose(out);
	assert_string_equal(s, "&lt;a b=&#39;c&#39; d=&quot;e&quot;&gt;&amp;amp;\xef\xbf\xbd&lt;/a&gt;");
	free(s);
}

static void test_number(void **state)
{
	const double x[] = { 0, 1, 0.1, 1.0 / 3, 1e300, 123456789.123, 5e-324, 9007199254740993.0 };
	char buf[32];

	(void)state;
	for (size_t i = 0; i < sizeof(x) / sizeof(x[0]); i++)
		assert_true(strtod(export_number(x[i], buf), NULL) == x[i]);
	assert_string_equal(export_number(0.1, buf), "0.1");
	assert_string_equal(export_number(NAN, buf), "0");
}

/* A name stands for one case and comes back as that case. */
static void test_name_round_trip(void **state)
{
	const char *const words[] = { "plain", "a/b=c%2F", "line\nbreak \t", "\xc3\xbc\xe8\xa1\xa8", "0",
				      "007", "-8", "variant=x" };
	struct rs_set *set = rs_new();
	struct import_index *ix = import_index_new(set);

	(void)state;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		struct rs_set *one = rs_new();
		struct rs_case *c = rs_add_case(one, words[i], words[i], words[i]), *back;
		char *name, *again;

		rs_case_param_num(c, "ram", 1ull << 40);
		rs_case_param_str(c, "leaf", words[i]);
		name = export_case_name(c);
		assert_null(strpbrk(name, " \t\n"));
		back = import_case(ix, name);
		assert_string_equal(back->family, words[i]);
		assert_string_equal(back->variant, words[i]);
		assert_string_equal(back->platform, words[i]);
		assert_int_equal(back->params[0].num, 1ull << 40);
		again = export_case_name(back);
		assert_string_equal(again, name);
		assert_int_equal(set->ncases, i + 1);
		import_case(ix, name);
		assert_int_equal(set->ncases, i + 1);
		free(name);
		free(again);
		rs_free(one);
	}
	import_index_free(ix);
	rs_free(set);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_quote),
		cmocka_unit_test(test_quote_any_bytes),
		cmocka_unit_test(test_clean),
		cmocka_unit_test(test_xml),
		cmocka_unit_test(test_number),
		cmocka_unit_test(test_name_round_trip),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
