/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reads a result set: results/schema/mmubench-1.json said in code, and as strict (the tests hold both
 * against each other). The file is untrusted: its size, nesting, strings and numbers are bounded.
 */
#include "resultset.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "error.h"
#include "file.h"
#include "json_reader.h"

#define CASES_MAX 1000000
#define SAMPLES_MAX 20000000	/* of all cases: 1.6 GB of struct rs_sample would be the ceiling */
#define VALUES_MAX 40000000	/* doubles of all samples' events and extras: 320 MB */
#define NAMES_MAX 64		/* events and extras of one case */

struct loader {
	struct json_reader r;
	struct rs_set *set;
	struct rs_case *c;
	size_t samples, values;		/* allocated so far */
};

static bool fail(struct loader *l, const char *why)
{
	return jr_fail(&l->r, why);
}

/* A string into *slot; the second time is an error. */
static bool take_string(struct loader *l, char **slot)
{
	if (*slot)
		return fail(l, "the key stands twice");
	if (!jr_string(&l->r))
		return false;
	*slot = xstrdup(l->r.text);
	return true;
}

static bool take_name(struct loader *l, char **slot)
{
	return take_string(l, slot) && (**slot || fail(l, "an empty name"));
}

static bool once(struct loader *l, unsigned int *seen, unsigned int bit)
{
	if (*seen & 1u << bit)
		return fail(l, "the key stands twice");
	*seen |= 1u << bit;
	return true;
}

static bool read_params(struct loader *l)
{
	bool first = true;
	uint64_t num;

	if (!jr_enter(&l->r, '{'))
		return false;
	while (jr_key(&l->r, &first)) {
		char *key;

		for (size_t i = 0; i < l->c->nparams; i++)
			if (!strcmp(l->c->params[i].key, l->r.text))
				return fail(l, "the parameter stands twice");
		if (l->c->nparams >= NAMES_MAX)
			return fail(l, "too many parameters");
		key = xstrdup(l->r.text);
		if (jr_peek(&l->r) == '"') {
			if (jr_string(&l->r))
				rs_case_param_str(l->c, key, l->r.text);
		} else if (jr_u64(&l->r, UINT64_MAX, &num)) {
			rs_case_param_num(l->c, key, num);
		}
		free(key);
	}
	return !l->r.error;
}

static bool read_counts(struct loader *l)
{
	bool first = true;
	uint64_t num;

	l->c->has_counts = true;
	if (!jr_enter(&l->r, '{'))
		return false;
	while (jr_key(&l->r, &first)) {
		char *key;

		for (size_t i = 0; i < l->c->ncounts; i++)
			if (!strcmp(l->c->counts[i].name, l->r.text))
				return fail(l, "the operation stands twice");
		if (l->c->ncounts >= 4 * NAMES_MAX)
			return fail(l, "too many operations");
		key = xstrdup(l->r.text);
		if (jr_u64(&l->r, UINT64_MAX, &num))
			rs_case_count(l->c, key, num);
		free(key);
	}
	return !l->r.error;
}

/* "events": {...} or "extra": {...} of a sample, as values named "events.x" and "extra.x". */
static bool read_values(struct loader *l, struct rs_sample *s, const char *prefix)
{
	char name[160];
	bool first = true;
	size_t i, before;
	double v;

	if (!jr_enter(&l->r, '{'))
		return false;
	while (jr_key(&l->r, &first)) {
		if (snprintf(name, sizeof(name), "%s.%s", prefix, l->r.text) >= (int)sizeof(name))
			return fail(l, "the name is too long");
		if (l->c->nvalues >= NAMES_MAX)
			return fail(l, "too many events");
		if (!jr_double(&l->r, &v))
			return false;
		before = l->c->nvalues;
		l->values += l->c->nsamples;
		if (l->values > VALUES_MAX)
			return fail(l, "too many values");
		i = rs_case_value_index(l->c, name);
		if (l->c->nvalues == before)
			l->values -= l->c->nsamples;
		if (!isnan(s->values[i]))
			return fail(l, "the key stands twice");
		s->values[i] = v;
	}
	return !l->r.error;
}

static bool read_flag(struct loader *l, struct rs_sample *s, uint32_t flag)
{
	bool on;

	if (!jr_bool(&l->r, &on))
		return false;
	s->flags |= on ? flag : 0;
	return true;
}

static bool read_u32(struct loader *l, uint32_t *out)
{
	uint64_t v;

	if (!jr_u64(&l->r, UINT32_MAX, &v))
		return false;
	*out = (uint32_t)v;
	return true;
}

enum { S_BOOT, S_ROUND, S_ORDER, S_NS, S_INSNS, S_EVENTS, S_EXTRA, S_WARMUP, S_PREEMPTED, S_MIGRATED,
       S_KEYS };

static int sample_key(const char *k)
{
	static const char *const names[S_KEYS] = { "boot", "round", "order", "ns", "insns", "events",
		"extra", "warmup", "preempted", "migrated" };

	for (int i = 0; i < S_KEYS; i++)
		if (!strcmp(k, names[i]))
			return i;
	return -1;
}

static bool sample_value(struct loader *l, struct rs_sample *s, int key)
{
	switch (key) {
	case S_BOOT: return read_u32(l, &s->boot);
	case S_ROUND: return read_u32(l, &s->round);
	case S_ORDER: return read_u32(l, &s->order);
	case S_NS: return jr_double(&l->r, &s->ns) &&
			(s->ns >= 0 || fail(l, "a negative time"));
	case S_INSNS: return jr_double(&l->r, &s->insns) &&
			(s->insns >= 0 || fail(l, "a negative count"));
	case S_EVENTS: return read_values(l, s, "events");
	case S_EXTRA: return read_values(l, s, "extra");
	case S_WARMUP: return read_flag(l, s, RS_SAMPLE_WARMUP);
	case S_PREEMPTED: return read_flag(l, s, RS_SAMPLE_PREEMPTED);
	case S_MIGRATED: return read_flag(l, s, RS_SAMPLE_MIGRATED);
	default: return fail(l, "an unknown key of a sample");
	}
}

static bool read_sample(struct loader *l)
{
	struct rs_sample *s;
	unsigned int seen = 0;
	bool first = true;
	int key;

	l->values += l->c->nvalues;
	if (++l->samples > SAMPLES_MAX || l->values > VALUES_MAX)
		return fail(l, "too many samples");
	if (!jr_enter(&l->r, '{'))
		return false;
	s = rs_case_sample(l->c);
	while (jr_key(&l->r, &first)) {
		key = sample_key(l->r.text);
		if (key >= 0 && !once(l, &seen, (unsigned int)key))
			return false;
		if (!sample_value(l, s, key))
			return false;
	}
	if (!l->r.error && (~seen & (1 << S_BOOT | 1 << S_ROUND | 1 << S_NS)))
		return fail(l, "a sample needs boot, round and ns");
	return !l->r.error;
}

static bool read_published(struct loader *l)
{
	struct rs_published p = { .sd = NAN, .value = NAN };
	struct rs_case *c = l->c;
	bool first = true;

	if (!jr_enter(&l->r, '{'))
		return false;
	while (jr_key(&l->r, &first)) {
		const char *k = l->r.text;

		if (!strcmp(k, "metric"))
			take_name(l, &p.metric);
		else if (!strcmp(k, "value"))
			jr_double(&l->r, &p.value);
		else if (!strcmp(k, "sd"))
			jr_double(&l->r, &p.sd);
		else if (!strcmp(k, "n"))
			jr_u64(&l->r, UINT64_MAX, &p.n);
		else
			fail(l, "an unknown key of a published figure");
	}
	if (!l->r.error && (!p.metric || isnan(p.value)))
		fail(l, "a published figure needs metric and value");
	if (!l->r.error && c->npublished >= NAMES_MAX)
		fail(l, "too many published figures");
	if (l->r.error) {
		free(p.metric);
		return false;
	}
	c->published = xrealloc(c->published, (c->npublished + 1) * sizeof(p));
	c->published[c->npublished++] = p;
	return true;
}

static bool read_list(struct loader *l, bool (*item)(struct loader *l))
{
	bool first = true;

	if (!jr_enter(&l->r, '['))
		return false;
	while (jr_item(&l->r, &first))
		item(l);
	return !l->r.error;
}

static bool read_check(struct loader *l)
{
	return take_string(l, &l->c->check) &&
	       (!strcmp(l->c->check, "pass") || !strcmp(l->c->check, "fail") ||
		fail(l, "check is \"pass\" or \"fail\""));
}

enum { C_FAMILY, C_VARIANT, C_PLATFORM, C_PARAMS, C_COUNTS, C_SAMPLES, C_PUBLISHED, C_CHECK, C_WHY,
       C_SKIP, C_FAIL, C_TWIN, C_KEYS };

static bool case_value(struct loader *l, int key)
{
	struct rs_case *c = l->c;

	switch (key) {
	case C_FAMILY: return take_name(l, &c->family);
	case C_VARIANT: return take_name(l, &c->variant);
	case C_PLATFORM: return take_name(l, &c->platform);
	case C_PARAMS: return read_params(l);
	case C_COUNTS: return read_counts(l);
	case C_SAMPLES: return read_list(l, read_sample);
	case C_PUBLISHED: return read_list(l, read_published);
	case C_CHECK: return read_check(l);
	case C_WHY: return take_string(l, &c->why);
	case C_SKIP: return take_string(l, &c->skip);
	case C_FAIL: return take_string(l, &c->fail);
	case C_TWIN: return jr_bool(&l->r, &c->twin);
	default: return fail(l, "an unknown key of a case");
	}
}

static bool read_case(struct loader *l)
{
	static const char *const names[C_KEYS] = { "family", "variant", "platform", "params", "counts",
		"samples", "published", "check", "why", "skip", "fail", "twin" };
	unsigned int seen = 0;
	bool first = true;
	int key;

	if (l->set->ncases >= CASES_MAX)
		return fail(l, "too many cases");
	if (!jr_enter(&l->r, '{'))
		return false;
	l->c = rs_add_case(l->set, "", "", "");
	free(l->c->family);
	free(l->c->variant);
	free(l->c->platform);
	l->c->family = l->c->variant = l->c->platform = NULL;
	while (jr_key(&l->r, &first)) {
		for (key = 0; key < C_KEYS && strcmp(names[key], l->r.text); key++)
			;
		if (key < C_KEYS && !once(l, &seen, (unsigned int)key))
			return false;
		if (!case_value(l, key))
			return false;
	}
	if (!l->r.error &&
	    (~seen & (1 << C_FAMILY | 1 << C_VARIANT | 1 << C_PLATFORM | 1 << C_PARAMS)))
		return fail(l, "a case needs family, variant, platform and params");
	return !l->r.error;
}

static bool read_environment(struct loader *l)
{
	const char *from;
	json_t *env;

	if (jr_peek(&l->r) != '{')
		return fail(l, "environment must be an object");
	from = l->r.at;
	if (!jr_skip(&l->r))
		return false;
	env = json_loadb(from, (size_t)(l->r.at - from), JSON_REJECT_DUPLICATES, NULL);
	if (!env)
		return fail(l, "environment holds a number out of range or a key twice");
	json_decref(l->set->environment);
	l->set->environment = env;
	return true;
}

static bool read_schema(struct loader *l)
{
	return jr_string(&l->r) && (!strcmp(l->r.text, RS_SCHEMA) ||
				      fail(l, "schema is not " RS_SCHEMA " (another kind of file?)"));
}

static bool read_set(struct loader *l)
{
	static const char *const names[] = { "schema", "environment", "cases" };
	unsigned int seen = 0, key;
	bool first = true;

	if (!jr_enter(&l->r, '{'))
		return false;
	while (jr_key(&l->r, &first)) {
		for (key = 0; key < 3 && strcmp(names[key], l->r.text); key++)
			;
		if (key == 3)
			return fail(l, "an unknown key of a result set");
		if (!once(l, &seen, key) || !(key == 0 ? read_schema(l) :
					      key == 1 ? read_environment(l) : read_list(l, read_case)))
			return false;
	}
	if (!l->r.error && seen != 7)
		return fail(l, "a result set needs schema, environment and cases");
	return jr_at_end(&l->r);
}

static char *stem(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *s = xstrdup(slash ? slash + 1 : path), *dot = strrchr(s, '.');

	if (dot && dot != s)
		*dot = 0;
	return s;
}

struct rs_set *rs_load(const char *path, char err[RS_ERR_MAX])
{
	struct loader l = { 0 };
	size_t len;
	char *text = file_read(path, RS_FILE_MAX, &len, err, RS_ERR_MAX);
	const char *label;

	if (!text)
		return NULL;
	l.set = rs_new();
	jr_open(&l.r, text, len);
	if (!read_set(&l)) {
		snprintf(err, RS_ERR_MAX, "%s: line %zu: %s", path, jr_error_line(&l.r), l.r.error);
		rs_free(l.set);
		l.set = NULL;
	}
	jr_close(&l.r);
	file_release(text, len);
	if (!l.set)
		return NULL;
	l.set->path = xstrdup(path);
	label = rs_env(l.set, "label");
	l.set->label = label && *label ? xstrdup(label) : stem(path);
	return l.set;
}
