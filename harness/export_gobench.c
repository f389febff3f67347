// SPDX-License-Identifier: GPL-2.0-only
/*
 * Go's benchmark data format (design document 14313; unit metadata: issue 43744): configuration lines
 * "key: value", then a line a sample: name, iterations, value and unit pairs. benchstat reads it:
 * benchstat -col /variant FILE compares variants, benchstat OLD NEW result sets.
 */
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "export.h"

/* Who wrote it and what the time means; benchstat shows these keys above its tables. */
#define PACKAGE "mmubench"

static void put_config(FILE *out, const char *key, const char *value)
{
	char *clean = value ? export_clean(value, 1000) : NULL;

	if (clean && *clean)
		fprintf(out, "%s: %s\n", key, clean);
	free(clean);
}

static void put_units(FILE *out, const struct rs_set *set)
{
	const struct metric *insns = metric_find("insns");

	fputs("Unit ns/op better=lower\n", out);
	if (insns && metric_is_exact(insns, set))
		fputs("Unit insns/op better=lower assume=exact\n", out);
	for (size_t i = 0; i < set->ncases; i++) {
		const struct rs_case *c = &set->cases[i];

		for (size_t k = 0; k < c->ncounts; k++) {
			bool seen = false;

			/* Once a name: the names are few, so looking back over one case is enough. */
			if (i > 0)
				for (size_t l = 0; l < set->cases[i - 1].ncounts; l++)
					seen |= !strcmp(set->cases[i - 1].counts[l].name, c->counts[k].name);
			if (!seen)
				fprintf(out, "Unit %s/op better=lower assume=exact\n", c->counts[k].name);
		}
	}
}

/* Units may hold no blank. */
static void put_unit(FILE *out, const char *name)
{
	for (const char *p = name; *p; p++)
		putc(*p > ' ' && *p < 127 ? *p : '_', out);
	fputs("/op", out);
}

static void put_sample(FILE *out, const char *name, const struct rs_case *c, const struct rs_sample *s)
{
	char num[32];

	/* "-1": the place of GOMAXPROCS. Without it readers would cut a value that ends in "-8". */
	fprintf(out, "Benchmark%c%s-1\t1\t%s ns/op", toupper((unsigned char)name[0]), name + 1,
		export_number(s->ns, num));
	if (!isnan(s->insns))
		fprintf(out, "\t%s insns/op", export_number(s->insns, num));
	for (size_t i = 0; i < c->ncounts; i++)
		fprintf(out, "\t%llu %s/op", (unsigned long long)c->counts[i].n, c->counts[i].name);
	for (size_t i = 0; s->values && i < c->nvalues; i++) {
		if (isnan(s->values[i]))
			continue;
		fprintf(out, "\t%s ", export_number(s->values[i], num));
		put_unit(out, c->value_names[i]);
	}
	putc('\n', out);
}

static void put_case(FILE *out, const struct rs_case *c)
{
	char *name = export_case_name(c);
	const struct metric *time = metric_find("time");
	struct export_summary sum;
	bool any = false;

	for (size_t i = 0; i < c->nsamples; i++) {
		if (!export_sample_counts(&c->samples[i]))
			continue;
		put_sample(out, name, c, &c->samples[i]);
		any = true;
	}
	if (!any && time && export_summarise(time, c, &sum)) {
		struct rs_sample s = { .ns = sum.median, .insns = NAN };

		put_sample(out, name, c, &s);
		export_summary_free(&sum);
	}
	free(name);
}

static void write_gobench(FILE *out, const struct rs_set *set)
{
	const char *family = NULL;

	put_config(out, "goarch", "arm64");
	put_config(out, "cpu", rs_env(set, "cpu"));
	put_config(out, "accel", rs_env(set, "accel"));
	put_units(out, set);
	for (size_t i = 0; i < set->ncases; i++) {
		const struct rs_case *c = &set->cases[i];

		if (!export_case_counts(c) || (!c->nsamples && !c->npublished))
			continue;
		if (!family || strcmp(family, c->family)) {
			char *pkg = xasprintf(PACKAGE "/%s", c->family);

			family = c->family;
			put_config(out, "pkg", pkg);
			free(pkg);
		}
		put_case(out, c);
	}
}

/* ---- reading ---- */

struct gobench_reader {
	struct rs_set *set;
	struct import_index *ix;
	bool ours;			/* pkg: mmubench/...: the family's first letter was a small one */
	size_t line;
};

/* "BenchmarkX/y-8" -> "X/y": prefix and GOMAXPROCS off. False: no benchmark line. */
static bool strip_name(struct gobench_reader *r, char *word, char **name)
{
	char *dash, *end;

	if (strncmp(word, "Benchmark", 9) || islower((unsigned char)word[9]))
		return false;
	*name = word + 9;
	if (r->ours)
		**name = (char)tolower((unsigned char)**name);
	dash = strrchr(*name, '-');
	if (dash && isdigit((unsigned char)dash[1])) {
		strtoul(dash + 1, &end, 10);
		if (!*end)
			*dash = 0;
	}
	return true;
}

/* Value and unit pairs after the iteration count; ns is NaN where the line has none. */
static bool read_pairs(char *save, double *ns, struct import_value *v, size_t *n)
{
	char *num, *unit, *end;

	*ns = NAN;
	*n = 0;
	while ((num = strtok_r(NULL, " \t\r", &save)) && (unit = strtok_r(NULL, " \t\r", &save))) {
		double value = strtod(num, &end);
		size_t len = strlen(unit);

		if (*end || !isfinite(value))
			return false;
		if (!strcmp(unit, "ns/op")) {
			*ns = value;
			continue;
		}
		if (len > 3 && !strcmp(unit + len - 3, "/op"))
			unit[len - 3] = 0;
		if (*n < IMPORT_VALUES_MAX)
			v[(*n)++] = (struct import_value){ unit, value };
	}
	return true;
}

static int read_line(struct gobench_reader *r, char *line, char err[RS_ERR_MAX])
{
	struct import_value v[IMPORT_VALUES_MAX];
	char *save = NULL, *word, *name, *iterations;
	double ns;
	size_t n;

	if (!strncmp(line, "pkg: ", 5))
		r->ours = !strncmp(line + 5, PACKAGE "/", strlen(PACKAGE "/"));
	word = strtok_r(line, " \t\r", &save);
	if (!word || !strip_name(r, word, &name))
		return 0;
	iterations = strtok_r(NULL, " \t\r", &save);
	if (!iterations)
		return 0;	/* the name alone: go test prints it before the benchmark's own output */
	if (!isdigit((unsigned char)*iterations) || !read_pairs(save, &ns, v, &n) || !(ns >= 0)) {
		snprintf(err, RS_ERR_MAX, "line %zu: benchmark %.80s: no iterations and ns/op follow the name",
			 r->line, name);
		return -1;
	}
	import_sample(import_case(r->ix, *name ? name : "Benchmark"), ns, v, n);
	return 0;
}

static bool is_utf8(const char *line)
{
	json_t *valid = json_string(line);

	json_decref(valid);
	return valid != NULL;
}

static struct rs_set *read_gobench(const char *text, size_t size, char err[RS_ERR_MAX])
{
	struct gobench_reader r = { .set = rs_new() };
	const char *end = text + size;
	int status = 0;

	r.ix = import_index_new(r.set);
	json_object_set_new(r.set->environment, "accel", json_string("imported"));
	for (const char *p = text; p < end && !status;) {
		const char *nl = memchr(p, '\n', (size_t)(end - p));
		size_t len = (size_t)((nl ? nl : end) - p);
		char *line = xmalloc(len + 1);

		memcpy(line, p, len);
		line[len] = 0;
		r.line++;
		if (is_utf8(line)) {
			status = read_line(&r, line, err);
		} else {
			snprintf(err, RS_ERR_MAX, "line %zu: not UTF-8: is it text?", r.line);
			status = -1;
		}
		free(line);
		p += len + 1;
	}
	if (!status && !r.set->ncases) {
		snprintf(err, RS_ERR_MAX, "no benchmark line in it: is it the output of go test -bench?");
		status = -1;
	}
	import_index_free(r.ix);
	if (status) {
		rs_free(r.set);
		return NULL;
	}
	return r.set;
}

EXCHANGE_FORMAT(gobench, .name = "gobench", .summary = "Go benchmark format: benchstat",
		.write = write_gobench, .read = read_gobench);
