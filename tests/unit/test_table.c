// SPDX-License-Identifier: GPL-2.0-only
/*
 * compare's text: whatever the cases are called and however large their figures, no line is wider than 75
 * columns, and the bars of a table stand one below the other.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "compare.h"
#include "core.h"

#define WIDTH 75

static struct mmub_rng rng;

static uint32_t any(uint32_t n)
{
	return (uint32_t)mmub_rng_below(&rng, n);
}

static const char *name(char *buf, size_t most)
{
	static const char *const letters[] = { "a", "b", "_", "x9", "\xc3\xa4", "\xce\xbb" };	/* ä, lambda */
	size_t n = 1 + any((uint32_t)most);

	buf[0] = 0;
	for (size_t i = 0; i < n; i++)
		strcat(buf, letters[any(6)]);
	return buf;
}

static double magnitude(void)
{
	double v = 1 + any(9000) / 1000.0;

	for (uint32_t i = any(16); i; i--)
		v *= 10;
	return v / 1000;
}

static void add_case(struct rs_set *set, const char *variant, uint64_t pages)
{
	struct rs_case *c = rs_add_case(set, "family", variant, "baremetal");
	uint32_t fate = any(12);
	double ns = magnitude();

	rs_case_param_num(c, "pages", pages);
	rs_case_param_num(c, "granule", 4096);
	if (fate == 0) {
		c->skip = strdup("lacks a feature with quite a long name (ID_AA64MMFR0_EL1.SomethingOrOther)");
		return;
	}
	c->check = strdup(fate == 1 ? "fail" : "pass");
	c->has_counts = true;
	rs_case_count(c, "tlbi.vaale1is", any(2000000000));
	rs_case_count(c, "pte.store", any(2000000000));
	for (uint32_t i = 0; fate != 2 && i < 9; i++) {
		struct rs_sample *s = rs_case_sample(c);

		s->boot = i / 3;
		s->round = i % 3;
		s->ns = ns * (1 + any(100) / 1000.0);
	}
}

static struct rs_set *random_set(uint32_t variants, uint32_t columns, char names[][128])
{
	struct rs_set *set = rs_new();
	char label[128];

	set->label = strdup(name(label, 24));
	for (uint32_t v = 0; v < variants; v++)
		for (uint32_t p = 0; p < columns; p++)
			if (any(8))
				add_case(set, names[v], 1ull << any(2) << p * 3);
	return set;
}

static size_t columns_of(const char *s, size_t len)
{
	size_t n = 0;

	for (size_t i = 0; i < len; i++)
		n += (s[i] & 0xc0) != 0x80;
	return n;
}

/* Where the bars stand, as text: "17 33 ". */
static void bars(const char *line, size_t len, char *out, size_t size)
{
	size_t used = 0;

	out[0] = 0;
	for (size_t i = 0; i < len && used + 8 < size; i++)
		if (line[i] == '|')
			used += (size_t)snprintf(out + used, size - used, "%zu ", columns_of(line, i));
}

static void judge(const char *text)
{
	char before[256] = "", now[256];

	for (const char *line = text, *end; *line; line = *end ? end + 1 : end) {
		end = strchrnul(line, '\n');
		if (columns_of(line, (size_t)(end - line)) > WIDTH)
			fail_msg("%zu columns: %.*s\nin\n%s", columns_of(line, (size_t)(end - line)), (int)(end - line),
				 line, text);
		bars(line, (size_t)(end - line), now, sizeof(now));
		if (*now && *before && strcmp(now, before))
			fail_msg("bars at %sbut above at %s: %.*s\nin\n%s", now, before, (int)(end - line), line, text);
		strcpy(before, now);
	}
}

static void test_random_tables(void **state)
{
	(void)state;
	mmub_rng_seed(&rng, 7);
	for (int round = 0; round < 400; round++) {
		struct rs_set *sets[3];
		struct cmp_options o = { 0 };
		size_t nsets = 1 + any(3), size = 0;
		uint32_t variants = 1 + any(6), columns = 1 + any(9);
		char names[6][128], *text = NULL;
		FILE *f = open_memstream(&text, &size);
		struct cmp *c;

		for (uint32_t v = 0; v < variants; v++)
			name(names[v], any(4) ? 14 : 40);
		for (size_t s = 0; s < nsets; s++)
			sets[s] = random_set(variants, columns, names);
		o.by = any(2) ? NULL : any(2) ? "set" : "variant";
		c = cmp_build(sets, nsets, &o);
		cmp_format_find("text")->write(f, c);
		fclose(f);
		judge(text);
		free(text);
		cmp_free(c);
		for (size_t s = 0; s < nsets; s++)
			rs_free(sets[s]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_random_tables) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
