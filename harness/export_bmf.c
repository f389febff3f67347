// SPDX-License-Identifier: GPL-2.0-only
/*
 * Bencher Metric Format: benchmark -> measure -> value with bounds. The bounds are the 95 % interval
 * of the median. "latency" is Bencher's own measure in ns; the others go by slugs of their names.
 */
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "export.h"

/* Bencher's limits: 1024 characters a benchmark's name, 64 a measure's. */
#define BENCHMARK_MAX 1024
#define MEASURE_MAX 64

static json_t *metric_of(const struct export_summary *s)
{
	json_t *o = json_object();

	json_object_set_new(o, "value", json_real(s->median));
	if (!isnan(s->lo) && !isnan(s->hi)) {
		json_object_set_new(o, "lower_value", json_real(s->lo));
		json_object_set_new(o, "upper_value", json_real(s->hi));
	}
	return o;
}

static void add_measure(json_t *measures, const char *name, const struct rs_case *c,
			const struct metric *m)
{
	struct export_summary s;

	if (!m || !export_summarise(m, c, &s))
		return;
	json_object_set_new(measures, name, metric_of(&s));
	export_summary_free(&s);
}

static json_t *measures_of(const struct rs_case *c)
{
	json_t *o = json_object();

	add_measure(o, "latency", c, metric_find("time"));
	add_measure(o, "instructions", c, metric_find("insns"));
	for (size_t i = 0; i < c->ncounts; i++) {
		char slug[MEASURE_MAX + 1];

		snprintf(slug, sizeof(slug), "%s", c->counts[i].name);
		for (char *p = slug; *p; p++)
			if (!isalnum((unsigned char)*p))
				*p = '-';
		json_object_set_new(o, slug, json_pack("{s:f}", "value", (double)c->counts[i].n));
	}
	return o;
}

static void write_bmf(FILE *out, const struct rs_set *set)
{
	json_t *root = json_object();

	for (size_t i = 0; i < set->ncases; i++) {
		const struct rs_case *c = &set->cases[i];
		char *name, *cut;
		json_t *m;

		if (!export_case_counts(c))
			continue;
		m = measures_of(c);
		name = export_case_name(c);
		cut = xasprintf("%.*s", BENCHMARK_MAX, name);
		if (json_object_size(m))
			json_object_set(root, cut, m);
		json_decref(m);
		free(name);
		free(cut);
	}
	json_dumpf(root, out, JSON_INDENT(2));
	putc('\n', out);
	json_decref(root);
}

EXCHANGE_FORMAT(bmf, .name = "bmf", .summary = "Bencher Metric Format", .write = write_bmf);
