// SPDX-License-Identifier: GPL-2.0-only
/*
 * google/benchmark's JSON (docs/user_guide.md there, "Output Formats"): one entry a sample with
 * run_type "iteration"; repetitions carry the same name, which is what compare.py's U test needs.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "export.h"

static json_t *context_of(const struct rs_set *set)
{
	const char *date = rs_env(set, "started"), *host = rs_env(set, "host.name");
	json_t *o = json_object();
	const char *const keys[] = { "accel", "cpu", "machine", "commit" };

	json_object_set_new(o, "date", export_json_string(date ? date : ""));
	json_object_set_new(o, "host_name", export_json_string(host ? host : ""));
	json_object_set_new(o, "executable", json_string("mmubench"));
	json_object_set_new(o, "num_cpus", json_integer(1));
	json_object_set_new(o, "mhz_per_cpu", json_integer(0));
	json_object_set_new(o, "cpu_scaling_enabled", json_false());
	json_object_set_new(o, "caches", json_array());
	json_object_set_new(o, "load_avg", json_array());
	json_object_set_new(o, "library_build_type", json_string("release"));
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (rs_env(set, keys[i]))
			json_object_set_new(o, keys[i], export_json_string(rs_env(set, keys[i])));
	return o;
}

static json_t *entry_of(const char *name, size_t family, size_t repetition, size_t repetitions,
			double ns)
{
	return json_pack("{s:s s:I s:i s:s s:s s:I s:I s:i s:i s:f s:f s:s}",
			 "name", name, "family_index", (json_int_t)family,
			 "per_family_instance_index", 0, "run_name", name, "run_type", "iteration",
			 "repetitions", (json_int_t)repetitions,
			 "repetition_index", (json_int_t)repetition, "threads", 1, "iterations", 1,
			 "real_time", ns, "cpu_time", ns, "time_unit", "ns");
}

static void add_counters(json_t *entry, const struct rs_case *c, const struct rs_sample *s)
{
	if (s && !isnan(s->insns))
		json_object_set_new(entry, "insns", json_real(s->insns));
	for (size_t i = 0; i < c->ncounts; i++)
		json_object_set_new(entry, c->counts[i].name, json_real((double)c->counts[i].n));
	for (size_t i = 0; s && s->values && i < c->nvalues; i++)
		if (isfinite(s->values[i]))
			json_object_set_new(entry, c->value_names[i], json_real(s->values[i]));
}

static void add_case(json_t *list, const struct rs_case *c, size_t index)
{
	char *name = export_case_name(c);
	size_t n = 0, k = 0;
	struct export_summary sum;
	json_t *e;

	for (size_t i = 0; i < c->nsamples; i++)
		n += export_sample_counts(&c->samples[i]);
	for (size_t i = 0; i < c->nsamples; i++) {
		if (!export_sample_counts(&c->samples[i]))
			continue;
		e = entry_of(name, index, k++, n, c->samples[i].ns);
		add_counters(e, c, &c->samples[i]);
		json_array_append_new(list, e);
	}
	if (!n && export_summarise(metric_find("time"), c, &sum)) {
		e = entry_of(name, index, 0, 1, sum.median);
		add_counters(e, c, NULL);
		json_array_append_new(list, e);
		export_summary_free(&sum);
	}
	free(name);
}

static void write_gbench(FILE *out, const struct rs_set *set)
{
	json_t *root = json_object(), *list = json_array();

	for (size_t i = 0; i < set->ncases; i++)
		if (export_case_counts(&set->cases[i]))
			add_case(list, &set->cases[i], i);
	json_object_set_new(root, "context", context_of(set));
	json_object_set_new(root, "benchmarks", list);
	json_dumpf(root, out, JSON_INDENT(1));
	putc('\n', out);
	json_decref(root);
}

/* ---- reading ---- */

static double unit_ns(const char *unit)
{
	if (!unit || !strcmp(unit, "ns"))
		return 1;
	return !strcmp(unit, "us") ? 1e3 : !strcmp(unit, "ms") ? 1e6 : !strcmp(unit, "s") ? 1e9 : NAN;
}

/* Keys of an entry that are the format's own; every other number is a user counter. */
static bool is_own_key(const char *key)
{
	static const char *const own[] = {
		"family_index", "per_family_instance_index", "repetitions", "repetition_index",
		"threads", "iterations", "real_time", "cpu_time",
	};

	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
		if (!strcmp(key, own[i]))
			return true;
	return false;
}

static int read_entry(struct import_index *ix, json_t *e, size_t i, char err[RS_ERR_MAX])
{
	const char *name = json_string_value(json_object_get(e, "name")), *key, *what;
	const char *type = json_string_value(json_object_get(e, "run_type"));
	double scale = unit_ns(json_string_value(json_object_get(e, "time_unit")));
	json_t *real = json_object_get(e, "real_time"), *value;
	struct import_value v[IMPORT_VALUES_MAX];
	struct rs_case *c;
	size_t n = 0;

	if (type && !strcmp(type, "aggregate"))
		return 0;
	if (!name || !*name) {
		snprintf(err, RS_ERR_MAX, "benchmarks[%zu]: it has no name", i);
		return -1;
	}
	if (json_is_true(json_object_get(e, "error_occurred"))) {
		what = json_string_value(json_object_get(e, "error_message"));
		c = import_case(ix, name);
		if (!c->fail)
			c->fail = export_clean(what && *what ? what : "error", 1000);
		return 0;
	}
	if (!json_is_number(real) || json_number_value(real) < 0 || isnan(scale)) {
		snprintf(err, RS_ERR_MAX, "benchmarks[%zu] (%.80s): real_time or time_unit is wrong", i, name);
		return -1;
	}
	json_object_foreach(e, key, value)
		if (json_is_number(value) && !is_own_key(key) && n < IMPORT_VALUES_MAX)
			v[n++] = (struct import_value){ key, json_number_value(value) };
	c = import_case(ix, name);
	if (!c->fail)
		import_sample(c, json_number_value(real) * scale, v, n);
	return 0;
}

static struct rs_set *read_gbench(const char *text, size_t size, char err[RS_ERR_MAX])
{
	json_error_t je;
	json_t *root = json_loadb(text, size, 0, &je), *list, *e;
	struct import_index *ix;
	struct rs_set *set;
	int status = 0;
	size_t i;

	if (!root) {
		snprintf(err, RS_ERR_MAX, "line %d: %s", je.line, je.text);
		return NULL;
	}
	list = json_object_get(root, "benchmarks");
	set = rs_new();
	ix = import_index_new(set);
	json_object_set_new(set->environment, "accel", json_string("imported"));
	json_array_foreach(list, i, e)
		if ((status = read_entry(ix, e, i, err)))
			break;
	if (!status && !set->ncases) {
		snprintf(err, RS_ERR_MAX, "no benchmarks in it: was it written with --benchmark_format=json?");
		status = -1;
	}
	import_index_free(ix);
	json_decref(root);
	if (status) {
		rs_free(set);
		return NULL;
	}
	return set;
}

EXCHANGE_FORMAT(gbench, .name = "gbench", .summary = "google/benchmark JSON: compare.py",
		.write = write_gbench, .read = read_gbench);
