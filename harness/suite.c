/* SPDX-License-Identifier: GPL-2.0-only */
/* Suites (bench/suites/NAME.json, docs/formats.md): which cases, at which points, how often. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "file.h"
#include "words.h"
#include "work.h"

#define SUITE_BYTES_MAX (1ul << 20)
#define PATTERNS_MAX 64

static bool known_key(json_t *object, const char *const *keys, const char **odd)
{
	const char *key;
	json_t *value;

	json_object_foreach(object, key, value) {
		size_t i = 0;

		while (keys[i] && strcmp(keys[i], key))
			i++;
		if (!keys[i]) {
			*odd = key;
			return false;
		}
	}
	return true;
}

static int add_entry(struct work *w, json_t *entry, const struct work_options *o, char *err)
{
	static const char *const keys[] = { "family", "variants", "params", NULL };
	const char *family = json_string_value(json_object_get(entry, "family")), *odd;
	json_t *list = json_object_get(entry, "variants"), *params = json_object_get(entry, "params");
	const char *patterns[PATTERNS_MAX] = { "*" };
	const struct bench_family *f;
	size_t n = 1;

	if (!json_is_object(entry) || !family) {
		snprintf(err, WORK_ERR_MAX, "a case needs a family");
		return -1;
	}
	if (!known_key(entry, keys, &odd)) {
		snprintf(err, WORK_ERR_MAX, "a case has no key '%.60s'", odd);
		return -1;
	}
	f = bench_family_find(family);
	if (!f) {
		snprintf(err, WORK_ERR_MAX, "unknown family '%.60s' (mmubench list families)", family);
		return -1;
	}
	if (list) {
		n = json_array_size(list);
		if (!json_is_array(list) || !n || n > PATTERNS_MAX) {
			snprintf(err, WORK_ERR_MAX, "variants is a list of 1 to %d names", PATTERNS_MAX);
			return -1;
		}
		for (size_t i = 0; i < n; i++) {
			patterns[i] = json_string_value(json_array_get(list, i));
			if (!patterns[i]) {
				snprintf(err, WORK_ERR_MAX, "variants holds something that is no name");
				return -1;
			}
		}
	}
	if (params && !json_is_object(params)) {
		snprintf(err, WORK_ERR_MAX, "params is not an object");
		return -1;
	}
	return work_add_cross(w, f, patterns, n, params, o, err);
}

static bool take_count(json_t *suite, const char *key, uint32_t least, uint32_t *out, char *err)
{
	json_t *v = json_object_get(suite, key);

	if (!v)
		return true;
	if (!json_is_integer(v) || json_integer_value(v) < least || json_integer_value(v) > 100000) {
		snprintf(err, WORK_ERR_MAX, "%s is not a number from %u to 100000", key, least);
		return false;
	}
	if ((uint32_t)json_integer_value(v) > *out)
		*out = (uint32_t)json_integer_value(v);
	return true;
}

static int read_suite(struct work *w, json_t *suite, const struct work_options *o, char *err)
{
	static const char *const keys[] = { "schema", "title", "cases", "rounds", "warmup", "boots",
					    "description", NULL };
	const char *schema = json_string_value(json_object_get(suite, "schema")), *odd;
	json_t *cases = json_object_get(suite, "cases"), *entry;
	const char *title = json_string_value(json_object_get(suite, "title"));
	size_t i;

	if (!json_is_object(suite) || !schema || strcmp(schema, "mmubench-suite/1")) {
		snprintf(err, WORK_ERR_MAX, "not a suite: schema is not mmubench-suite/1");
		return -1;
	}
	if (!known_key(suite, keys, &odd)) {
		snprintf(err, WORK_ERR_MAX, "a suite has no key '%.60s'", odd);
		return -1;
	}
	if (!json_is_array(cases) || !json_array_size(cases)) {
		snprintf(err, WORK_ERR_MAX, "cases is not a list, or empty");
		return -1;
	}
	if (!take_count(suite, "rounds", 1, &w->rounds, err) ||
	    !take_count(suite, "warmup", 0, &w->warmup, err) ||
	    !take_count(suite, "boots", 1, &w->boots, err))
		return -1;
	if (json_object_get(suite, "warmup"))
		w->warmup_said = true;
	if (title && !w->title)
		w->title = xstrdup(title);
	json_array_foreach(cases, i, entry) {
		char why[WORK_ERR_MAX];

		if (add_entry(w, entry, o, why)) {
			snprintf(err, WORK_ERR_MAX, "case %zu: %.400s", i + 1, why);
			return -1;
		}
	}
	return 0;
}

int suite_add(struct work *w, const char *path, const struct work_options *o, char *err, bool *outside)
{
	char why[WORK_ERR_MAX], *text;
	json_error_t e;
	json_t *suite;
	size_t len;
	int r;

	*outside = true;
	text = file_read(path, SUITE_BYTES_MAX, &len, err, WORK_ERR_MAX);
	if (!text)
		return -1;
	suite = json_loadb(text, len, JSON_REJECT_DUPLICATES, &e);
	file_release(text, len);
	if (!suite) {
		snprintf(err, WORK_ERR_MAX, "%.200s: line %d: %s", path, e.line, e.text);
		return -1;
	}
	r = read_suite(w, suite, o, why);
	if (r)
		snprintf(err, WORK_ERR_MAX, "%.150s: %.350s", path, why);
	json_decref(suite);
	return r;
}
