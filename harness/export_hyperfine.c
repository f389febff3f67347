// SPDX-License-Identifier: GPL-2.0-only
/*
 * hyperfine's --export-json: an entry a case, times in seconds. user and system are not measured
 * here and stand as 0; what hyperfine calls the command is the case.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "export.h"

static json_t *number_or_null(double ns)
{
	return isnan(ns) ? json_null() : json_real(ns / 1e9);
}

/* hyperfine's parameters are strings, all of them. */
static json_t *parameters_of(const struct rs_case *c)
{
	json_t *o = json_object();

	json_object_set_new(o, "family", export_json_string(c->family));
	json_object_set_new(o, "variant", export_json_string(c->variant));
	json_object_set_new(o, "platform", export_json_string(c->platform));
	for (size_t i = 0; i < c->nparams; i++) {
		char *num = xasprintf("%llu", (unsigned long long)c->params[i].num);

		json_object_set_new(o, c->params[i].key,
				    export_json_string(c->params[i].str ? c->params[i].str : num));
		free(num);
	}
	return o;
}

static json_t *result_of(const struct rs_case *c, const struct export_summary *s)
{
	json_t *o = json_object(), *times = json_array(), *codes = json_array();
	char *name = export_case_name(c);
	const char *why;
	int code = export_case_status(c, &why) == EXPORT_PASS ? 0 : 1;

	for (size_t i = 0; i < (s->n ? s->n : 1); i++) {
		json_array_append_new(times, json_real((s->n ? s->values[i] : s->median) / 1e9));
		json_array_append_new(codes, json_integer(code));
	}
	json_object_set_new(o, "command", export_json_string(name));
	json_object_set_new(o, "mean", json_real(s->mean / 1e9));
	json_object_set_new(o, "stddev", number_or_null(s->sd));
	json_object_set_new(o, "median", json_real(s->median / 1e9));
	json_object_set_new(o, "user", json_real(0));
	json_object_set_new(o, "system", json_real(0));
	json_object_set_new(o, "min", json_real(s->min / 1e9));
	json_object_set_new(o, "max", json_real(s->max / 1e9));
	json_object_set_new(o, "times", times);
	json_object_set_new(o, "exit_codes", codes);
	json_object_set_new(o, "parameters", parameters_of(c));
	free(name);
	return o;
}

static void write_hyperfine(FILE *out, const struct rs_set *set)
{
	json_t *root = json_object(), *list = json_array();
	struct export_summary s;

	for (size_t i = 0; i < set->ncases; i++) {
		const struct rs_case *c = &set->cases[i];

		if (!export_case_counts(c) || !export_summarise(metric_find("time"), c, &s))
			continue;
		json_array_append_new(list, result_of(c, &s));
		export_summary_free(&s);
	}
	json_object_set_new(root, "results", list);
	json_dumpf(root, out, JSON_INDENT(2));
	putc('\n', out);
	json_decref(root);
}

EXCHANGE_FORMAT(hyperfine, .name = "hyperfine", .summary = "hyperfine --export-json: its scripts",
		.write = write_hyperfine);
