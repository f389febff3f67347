// SPDX-License-Identifier: GPL-2.0-only
/*
 * JUnit XML as Jenkins and GitLab read it: a test suite a family, a test case a case. time is the
 * median of one operation in seconds, counts are properties.
 */
#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "export.h"

struct tally {
	size_t tests, failures, errors, skipped;
};

static void count_case(struct tally *t, const struct rs_case *c)
{
	const char *why;
	enum export_status st = export_case_status(c, &why);

	t->tests++;
	t->failures += st == EXPORT_FAIL;
	t->errors += st == EXPORT_ERROR;
	t->skipped += st == EXPORT_SKIP;
}

static void put_tally(FILE *out, const struct tally *t)
{
	fprintf(out, " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" skipped=\"%zu\"", t->tests,
		t->failures, t->errors, t->skipped);
}

static void put_property(FILE *out, const char *name, unsigned long long n)
{
	fputs("        <property name=\"", out);
	export_xml(out, name);
	fprintf(out, "\" value=\"%llu\"/>\n", n);
}

static void put_case(FILE *out, const struct rs_case *c)
{
	static const char *const element[] = { NULL, "failure", "skipped", "error" };
	char *name = export_case_name(c);
	struct export_summary s;
	const char *why;
	enum export_status st = export_case_status(c, &why);

	fputs("    <testcase classname=\"mmubench.", out);
	export_xml(out, c->family);
	fputs("\" name=\"", out);
	export_xml(out, name);
	putc('"', out);
	if (export_summarise(metric_find("time"), c, &s)) {
		fprintf(out, " time=\"%.9f\"", s.median / 1e9);
		export_summary_free(&s);
	}
	fputs(">\n", out);
	if (c->ncounts) {
		fputs("      <properties>\n", out);
		for (size_t i = 0; i < c->ncounts; i++)
			put_property(out, c->counts[i].name, c->counts[i].n);
		fputs("      </properties>\n", out);
	}
	if (element[st]) {
		fprintf(out, "      <%s message=\"", element[st]);
		export_xml(out, why);
		fputs("\"/>\n", out);
	}
	fputs("    </testcase>\n", out);
	free(name);
}

/* Families in order of first appearance: true when case i is its family's first. */
static bool is_first(const struct rs_set *set, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (export_case_counts(&set->cases[k]) &&
		    !strcmp(set->cases[k].family, set->cases[i].family))
			return false;
	return export_case_counts(&set->cases[i]);
}

static void put_suite(FILE *out, const struct rs_set *set, const char *family)
{
	struct tally t = { 0 };

	for (size_t i = 0; i < set->ncases; i++)
		if (export_case_counts(&set->cases[i]) && !strcmp(set->cases[i].family, family))
			count_case(&t, &set->cases[i]);
	fputs("  <testsuite name=\"", out);
	export_xml(out, family);
	putc('"', out);
	put_tally(out, &t);
	fputs(">\n", out);
	for (size_t i = 0; i < set->ncases; i++)
		if (export_case_counts(&set->cases[i]) && !strcmp(set->cases[i].family, family))
			put_case(out, &set->cases[i]);
	fputs("  </testsuite>\n", out);
}

static void write_junit(FILE *out, const struct rs_set *set)
{
	struct tally t = { 0 };

	for (size_t i = 0; i < set->ncases; i++)
		if (export_case_counts(&set->cases[i]))
			count_case(&t, &set->cases[i]);
	fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"mmubench\"", out);
	put_tally(out, &t);
	fputs(">\n", out);
	for (size_t i = 0; i < set->ncases; i++)
		if (is_first(set, i))
			put_suite(out, set, set->cases[i].family);
	fputs("</testsuites>\n", out);
}

EXCHANGE_FORMAT(junit, .name = "junit", .summary = "JUnit XML: Jenkins, GitLab", .write = write_junit);
