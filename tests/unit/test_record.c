/* SPDX-License-Identifier: GPL-2.0-only */
/* Records, the lines they come in, and QMP: what is right is taken, what is damaged is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "core.h"
#include "progress.h"
#include "qmp.h"
#include "record.h"
#include "words.h"

static size_t make(char *buf, size_t size, const char *body)
{
	return (size_t)snprintf(buf, size, "%s #%08x", body, record_crc32(body, strlen(body)));
}

static void test_crc_is_ieee(void **state)
{
	(void)state;
	assert_int_equal(record_crc32("123456789", 9), 0xcbf43926);	/* the standard check value */
}

static void test_parse(void **state)
{
	const char *why = NULL;
	struct rec r;
	char line[200];
	uint64_t v;
	size_t n = make(line, sizeof(line), "@mmub 7 check id=0x1f verdict=fail why=a%20b%25%3d");

	(void)state;
	assert_int_equal(rec_parse(&r, line, n, &why), REC_OK);
	assert_true(r.seq == 7);
	assert_string_equal(r.type, "check");
	assert_string_equal(rec_get(&r, "why"), "a b%=");
	assert_true(rec_u64(&r, "id", &v) && v == 0x1f);
	assert_false(rec_u64(&r, "verdict", &v));
	assert_null(rec_get(&r, "other"));
	line[n] = '\r';
	assert_int_equal(rec_parse(&r, line, n + 1, &why), REC_OK);
	assert_int_equal(rec_parse(&r, "hello", 5, &why), REC_CHATTER);
	assert_int_equal(rec_parse(&r, "", 0, &why), REC_CHATTER);
}

/* Every single flipped bit and every truncation of a record is noticed. */
static void test_damage(void **state)
{
	const char *why;
	struct rec r;
	char line[200];
	size_t n = make(line, sizeof(line), "@mmub 12 sample id=3 round=0 loops=1 ticks=625");

	(void)state;
	for (size_t i = 0; i < n; i++)
		for (int bit = 0; bit < 8; bit++) {
			line[i] ^= (char)(1 << bit);
			assert_int_not_equal(rec_parse(&r, line, n, &why), REC_OK);
			line[i] ^= (char)(1 << bit);
		}
	for (size_t i = 0; i < n; i++)
		assert_int_not_equal(rec_parse(&r, line, i, &why), REC_OK);
	assert_int_equal(rec_parse(&r, line, n, &why), REC_OK);
}

static void refused(const char *body)
{
	const char *why = NULL;
	struct rec r;
	char line[300];

	if (rec_parse(&r, line, make(line, sizeof(line), body), &why) != REC_BAD)
		fail_msg("accepted: %s", body);
}

static void test_misshapen(void **state)
{
	(void)state;
	refused("@mmub x case id=1");
	refused("@mmub 18446744073709551616 case id=1");
	refused("@mmub 1  id=1");
	refused("@mmub 1 case id");
	refused("@mmub 1 case =1");
	refused("@mmub 1 case why=%0");
	refused("@mmub 1 case why=%zz");
	refused("@mmub 1 case why=%00");
}

struct seen {
	size_t lines, longest;
};

static void count_line(void *arg, const char *line, size_t len)
{
	struct seen *s = arg;

	(void)line;
	s->lines++;
	if (len > s->longest)
		s->longest = len;
}

static void test_lines(void **state)
{
	struct seen seen = { 0 };
	struct rec_lines l = { .line = count_line, .arg = &seen };
	char *big = malloc(100000);

	(void)state;
	memset(big, 'x', 100000);
	rec_feed(&l, big, 100000);	/* no newline: bounded */
	rec_feed(&l, "\n", 1);
	for (const char *p = "ab\ncd\n\nlast"; *p; p++)
		rec_feed(&l, p, 1);
	rec_flush(&l);
	assert_int_equal(seen.lines, 5);
	assert_int_equal(seen.longest, REC_LINE_MAX + 2);
	free(big);
}

static void test_qmp(void **state)
{
	static const char text[] =
		"{\"QMP\": {\"version\": {\"qemu\": {\"micro\": 9, \"minor\": 2, \"major\": 7}, "
		"\"package\": \"Debian x\"}, \"capabilities\": []}}\r\n"
		"{\"return\": {}}\r\n"
		"{\"timestamp\": {\"seconds\": 1, \"microseconds\": 2}, \"event\": \"RESUME\"}\r\n"
		"{\"return\": {\"enabled\": false, \"present\": true}, \"id\": 1}\r\n"
		"{\"return\": [{\"thread-id\": 77, \"cpu-index\": 0}, {\"thread-id\": 78}], \"id\": 2}\r\n";
	struct qmp q = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(text) - 1; i++)
		assert_true(qmp_feed(&q, text + i, 1));
	assert_true(q.greeted && q.answered && q.kvm_known && !q.kvm_enabled);
	assert_string_equal(q.version, "7.2.9 Debian x");
	assert_int_equal(q.ntids, 2);
	assert_int_equal(q.tids[1], 78);
	assert_false(qmp_feed(&q, "rubbish\n", 8));
	qmp_free(&q);
}

static void test_words(void **state)
{
	struct nearest near = { .word = "compre" };
	char hint[80], size[24];
	uint64_t v;

	(void)state;
	nearest_offer(&near, "run");
	nearest_offer(&near, "compare");
	assert_string_equal(nearest_hint(&near, hint, sizeof(hint)), "; did you mean compare?");
	near = (struct nearest){ .word = "zebra" };
	nearest_offer(&near, "compare");
	assert_string_equal(nearest_hint(&near, hint, sizeof(hint)), "");
	assert_true(parse_size("16G", &v) && v == 16ull << 30);
	assert_true(parse_size("512MiB", &v) && v == 512ull << 20);
	assert_true(parse_size("4096", &v) && v == 4096);
	assert_false(parse_size("", &v) || parse_size("G", &v) || parse_size("1X", &v) ||
		     parse_size("-1", &v) || parse_size("1Gx", &v) || parse_size("99999999T", &v) ||
		     parse_size("18446744073709551616", &v));
	assert_string_equal(format_size(256ull << 20, size), "256M");
	assert_string_equal(format_size(1025, size), "1025");
}

static void test_progress(void **state)
{
	char line[320], note[200];

	(void)state;
	memset(note, 'n', sizeof(note) - 1);
	note[sizeof(note) - 1] = 0;
	for (double done = -1; done < 12; done += 0.5) {
		progress_format(line, sizeof(line), 79, "run", done, 10, 5, note);
		assert_int_equal(strlen(line), 79);
	}
	progress_format(line, sizeof(line), 79, "run", 5, 10, 60, "x");
	assert_string_equal(line, "run [##########..........]  50% 1:00 left  x");
	progress_format(line, sizeof(line), 79, "run", 0, 0, 0, NULL);
	assert_string_equal(line, "run [....................]   0% --:-- left  ");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_crc_is_ieee), cmocka_unit_test(test_parse),
		cmocka_unit_test(test_damage), cmocka_unit_test(test_misshapen),
		cmocka_unit_test(test_lines), cmocka_unit_test(test_qmp), cmocka_unit_test(test_words),
		cmocka_unit_test(test_progress),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
