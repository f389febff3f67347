// SPDX-License-Identifier: GPL-2.0-only
/*
 * TAP 14: a test point a case, its figures as a YAML block. Strings in it are JSON strings, which
 * YAML 1.2 reads alike; '\' and '#' in descriptions are escaped by '\'.
 */
#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "export.h"

static void put_description(FILE *out, const char *text)
{
	char *clean = export_clean(text, 3 * strlen(text));

	for (const char *p = clean; *p; p++) {
		if (*p == '\\' || *p == '#')
			putc('\\', out);
		putc(*p, out);
	}
	free(clean);
}

static void put_string(FILE *out, const char *key, const char *value)
{
	json_t *s = export_json_string(value);

	fprintf(out, "  %s: ", key);
	json_dumpf(s, out, JSON_ENCODE_ANY | JSON_ENSURE_ASCII);
	putc('\n', out);
	json_decref(s);
}

static void put_case(FILE *out, const struct rs_case *c, size_t number)
{
	char *name = export_case_name(c), num[32];
	struct export_summary s;
	const char *why;
	enum export_status st = export_case_status(c, &why);

	fprintf(out, "%sok %zu - ", st == EXPORT_FAIL || st == EXPORT_ERROR ? "not " : "", number);
	put_description(out, name);
	if (st == EXPORT_SKIP) {
		fputs(" # SKIP ", out);
		put_description(out, why);
	}
	fputs("\n  ---\n", out);
	put_string(out, "case", name);
	if (st == EXPORT_FAIL || st == EXPORT_ERROR)
		put_string(out, "message", why);
	if (export_summarise(metric_find("time"), c, &s)) {
		fprintf(out, "  samples: %zu\n  median_ns: %s\n", s.n, export_number(s.median, num));
		export_summary_free(&s);
	}
	if (c->ncounts) {
		fputs("  counts:\n", out);
		for (size_t i = 0; i < c->ncounts; i++) {
			fputs("  ", out);
			put_string(out, "- operation", c->counts[i].name);
			fprintf(out, "      n: %llu\n", (unsigned long long)c->counts[i].n);
		}
	}
	fputs("  ...\n", out);
	free(name);
}

static void write_tap(FILE *out, const struct rs_set *set)
{
	size_t n = 0, at = 0;

	for (size_t i = 0; i < set->ncases; i++)
		n += export_case_counts(&set->cases[i]);
	fprintf(out, "TAP version 14\n1..%zu%s\n", n, n ? "" : " # SKIP no case in the result set");
	for (size_t i = 0; i < set->ncases; i++)
		if (export_case_counts(&set->cases[i]))
			put_case(out, &set->cases[i], ++at);
}

EXCHANGE_FORMAT(tap, .name = "tap", .summary = "Test Anything Protocol 14", .write = write_tap);
