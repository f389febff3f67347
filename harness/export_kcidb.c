// SPDX-License-Identifier: GPL-2.0-only
/*
 * KCIDB reports, schema 5.3: one checkout, one build (the Image that was measured), a test a case
 * with the median time as its number. Ids are "origin:rest", unique within the origin.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "export.h"

#define ORIGIN "mmubench"

static bool is_hex40(const char *s)
{
	return s && strlen(s) == 40 && strspn(s, "0123456789abcdef") == 40;
}

/* "mmubench.family.variant" in the characters that a path may have. */
static char *path_of(const struct rs_case *c)
{
	char *path = xasprintf(ORIGIN ".%s.%s", *c->family ? c->family : "_",
			       *c->variant ? c->variant : "_");
	size_t dots[2] = { strlen(ORIGIN), strlen(ORIGIN) + 1 + (*c->family ? strlen(c->family) : 1) };

	for (size_t i = 0; path[i]; i++)
		if (i != dots[0] && i != dots[1] && !isalnum((unsigned char)path[i]) &&
		    path[i] != '_' && path[i] != '-')
			path[i] = '_';
	return path;
}

static json_t *test_of(const struct rs_set *set, const struct rs_case *c, const char *run, size_t at)
{
	static const char *const status[] = { "PASS", "FAIL", "SKIP", "ERROR" };
	char *name = export_case_name(c), *path = path_of(c), *why;
	char *id = xasprintf(ORIGIN ":%s/%zu/%s", run, at, name);
	char *build = xasprintf(ORIGIN ":%s", run);
	const char *reason, *accel = rs_env(set, "accel");
	enum export_status st = export_case_status(c, &reason);
	struct export_summary s;
	json_t *o = json_pack("{s:s s:s s:s s:s s:s}", "build_id", build, "id", id, "origin", ORIGIN,
			      "path", path, "status", status[st]);
	json_t *misc = json_object();

	if (*reason) {
		why = export_clean(reason, 1000);
		json_object_set_new(o, "comment", json_string(why));
		free(why);
	}
	if (st == EXPORT_PASS && export_summarise(metric_find("time"), c, &s)) {
		json_object_set_new(o, "number", json_pack("{s:f s:s s:s}", "value", s.median / 1e9,
							   "unit", "s", "prefix", "metric"));
		json_object_set_new(misc, "samples", json_integer((json_int_t)s.n));
		export_summary_free(&s);
	}
	json_object_set_new(misc, "params", export_json_params(c));
	json_object_set_new(misc, "counts", export_json_counts(c));
	json_object_set_new(o, "misc", misc);
	if (accel)
		json_object_set_new(o, "environment", json_pack("{s:o}", "misc",
				    json_pack("{s:o}", "accel", export_json_string(accel))));
	free(name);
	free(path);
	free(id);
	free(build);
	return o;
}

static json_t *checkout_of(const struct rs_set *set, const char *id)
{
	const char *commit = rs_env(set, "commit");
	json_t *o = json_pack("{s:s s:s s:b}", "id", id, "origin", ORIGIN, "valid", 1);

	if (is_hex40(commit))
		json_object_set_new(o, "git_commit_hash", json_string(commit));
	return o;
}

static json_t *build_of(const struct rs_set *set, const char *id)
{
	const char *compiler = rs_env(set, "compiler");
	json_t *o = json_pack("{s:s s:s s:s s:s s:s}", "checkout_id", id, "id", id, "origin", ORIGIN,
			      "architecture", "arm64", "status", "PASS");
	char *clean;

	if (compiler) {
		clean = export_clean(compiler, 1000);
		json_object_set_new(o, "compiler", json_string(clean));
		free(clean);
	}
	return o;
}

static void write_kcidb(FILE *out, const struct rs_set *set)
{
	json_t *root = json_object(), *tests = json_array();
	const char *commit = rs_env(set, "commit"), *started = rs_env(set, "started");
	char *label = export_clean(set->label ? set->label : "run", 200);
	char *raw = xasprintf("%s/%s/%s", commit ? commit : "none", started ? started : "none", label);
	char *run = export_clean(raw, 600), *id = xasprintf(ORIGIN ":%s", run);

	for (size_t i = 0; i < set->ncases; i++)
		if (export_case_counts(&set->cases[i]))
			json_array_append_new(tests, test_of(set, &set->cases[i], run, i));
	json_object_set_new(root, "version", json_pack("{s:i s:i}", "major", 5, "minor", 3));
	json_object_set_new(root, "checkouts", json_pack("[o]", checkout_of(set, id)));
	json_object_set_new(root, "builds", json_pack("[o]", build_of(set, id)));
	json_object_set_new(root, "tests", tests);
	json_dumpf(root, out, JSON_INDENT(2));
	putc('\n', out);
	json_decref(root);
	free(label);
	free(raw);
	free(run);
	free(id);
}

EXCHANGE_FORMAT(kcidb, .name = "kcidb", .summary = "KernelCI database, schema 5.3",
		.write = write_kcidb);
