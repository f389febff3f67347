/* SPDX-License-Identifier: GPL-2.0-only */
/* Writes a result set: one line a sample, so that a diff of two files can be read. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "file.h"
#include "resultset.h"

static void put_string(FILE *f, const char *s)
{
	fputc('"', f);
	for (; *s; s++) {
		unsigned char c = (unsigned char)*s;

		if (c == '"' || c == '\\')
			fprintf(f, "\\%c", c);
		else if (c < ' ')
			fprintf(f, "\\u%04x", c);
		else
			fputc(c, f);
	}
	fputc('"', f);
}

/* The shortest decimal that reads back as the same double. */
static void put_double(FILE *f, double v)
{
	char buf[40];

	if (v >= 0 && v < 1e15 && v == (double)(uint64_t)v) {
		fprintf(f, "%" PRIu64, (uint64_t)v);
		return;
	}
	for (int digits = 15; digits <= 17; digits++) {
		snprintf(buf, sizeof(buf), "%.*g", digits, v);
		if (strtod(buf, NULL) == v)
			break;
	}
	fputs(buf, f);
}

static void put_field(FILE *f, const char *key, const char *value)
{
	if (!value)
		return;
	fprintf(f, ",\n    \"%s\": ", key);
	put_string(f, value);
}

/* The values whose name starts with the prefix and a dot, as one object. */
static void put_values(FILE *f, const struct rs_case *c, const struct rs_sample *s, const char *prefix)
{
	size_t len = strlen(prefix);
	bool open = false;

	for (size_t i = 0; i < c->nvalues; i++) {
		const char *name = c->value_names[i];

		if (strncmp(name, prefix, len) || name[len] != '.' || isnan(s->values[i]))
			continue;
		if (!open)
			fprintf(f, ", \"%s\": {", prefix);
		else
			fputs(", ", f);
		open = true;
		put_string(f, name + len + 1);
		fputs(": ", f);
		put_double(f, s->values[i]);
	}
	if (open)
		fputc('}', f);
}

static void put_sample(FILE *f, const struct rs_case *c, const struct rs_sample *s)
{
	fprintf(f, "{\"boot\": %u, \"round\": %u, \"order\": %u, \"ns\": ", s->boot, s->round, s->order);
	put_double(f, s->ns);
	if (!isnan(s->insns)) {
		fputs(", \"insns\": ", f);
		put_double(f, s->insns);
	}
	if (s->values) {
		put_values(f, c, s, "events");
		put_values(f, c, s, "extra");
	}
	if (s->flags & RS_SAMPLE_WARMUP)
		fputs(", \"warmup\": true", f);
	if (s->flags & RS_SAMPLE_PREEMPTED)
		fputs(", \"preempted\": true", f);
	if (s->flags & RS_SAMPLE_MIGRATED)
		fputs(", \"migrated\": true", f);
	fputc('}', f);
}

static void put_published(FILE *f, const struct rs_case *c)
{
	fputs(",\n    \"published\": [", f);
	for (size_t i = 0; i < c->npublished; i++) {
		const struct rs_published *p = &c->published[i];

		fprintf(f, "%s{\"metric\": ", i ? ", " : "");
		put_string(f, p->metric);
		fputs(", \"value\": ", f);
		put_double(f, p->value);
		if (!isnan(p->sd)) {
			fputs(", \"sd\": ", f);
			put_double(f, p->sd);
		}
		if (p->n)
			fprintf(f, ", \"n\": %" PRIu64, p->n);
		fputc('}', f);
	}
	fputc(']', f);
}

static void put_case(FILE *f, const struct rs_case *c)
{
	fputs("   {\"family\": ", f);
	put_string(f, c->family);
	fputs(", \"variant\": ", f);
	put_string(f, c->variant);
	fputs(", \"platform\": ", f);
	put_string(f, c->platform);
	if (c->twin)
		fputs(", \"twin\": true", f);
	fputs(",\n    \"params\": {", f);
	for (size_t i = 0; i < c->nparams; i++) {
		fputs(i ? ", " : "", f);
		put_string(f, c->params[i].key);
		fputs(": ", f);
		if (c->params[i].str)
			put_string(f, c->params[i].str);
		else
			fprintf(f, "%" PRIu64, c->params[i].num);
	}
	fputc('}', f);
	if (c->has_counts) {
		fputs(",\n    \"counts\": {", f);
		for (size_t i = 0; i < c->ncounts; i++) {
			fputs(i ? ", " : "", f);
			put_string(f, c->counts[i].name);
			fprintf(f, ": %" PRIu64, c->counts[i].n);
		}
		fputc('}', f);
	}
	put_field(f, "check", c->check);
	put_field(f, "why", c->why);
	put_field(f, "skip", c->skip);
	put_field(f, "fail", c->fail);
	if (c->npublished)
		put_published(f, c);
	if (c->nsamples || (!c->skip && !c->fail && !c->npublished)) {
		fputs(",\n    \"samples\": [", f);
		for (size_t i = 0; i < c->nsamples; i++) {
			fputs(i ? ",\n     " : "\n     ", f);
			put_sample(f, c, &c->samples[i]);
		}
		fputc(']', f);
	}
	fputc('}', f);
}

int rs_save(const struct rs_set *set, const char *path, char err[RS_ERR_MAX])
{
	struct file_writer w;
	char *env;

	if (file_create(&w, path, err, RS_ERR_MAX))
		return -1;
	fputs("{\"schema\": \"" RS_SCHEMA "\",\n \"environment\": ", w.f);
	env = json_dumps(set->environment, JSON_INDENT(2) | JSON_PRESERVE_ORDER);
	fputs(env ? env : "{}", w.f);
	free(env);
	fputs(",\n \"cases\": [", w.f);
	for (size_t i = 0; i < set->ncases; i++) {
		fputs(i ? ",\n" : "\n", w.f);
		put_case(w.f, &set->cases[i]);
	}
	fputs("]}\n", w.f);
	return file_commit(&w, err, RS_ERR_MAX);
}
