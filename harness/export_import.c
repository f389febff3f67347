// SPDX-License-Identifier: GPL-2.0-only
/* Names of other tools' benchmarks to cases: "Family/variant=v/key=value/arg". */
#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "export.h"

/* A file with more parts or longer words than this is not a list of benchmarks. */
#define NAME_MAX_BYTES 4096
#define NAME_PARTS_MAX 64

struct import_entry {
	char *name;
	size_t at;
};
struct import_index {
	struct rs_set *set;
	void *root;
};

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct import_entry *)a)->name, ((const struct import_entry *)b)->name);
}

struct import_index *import_index_new(struct rs_set *set)
{
	struct import_index *ix = xcalloc(1, sizeof(*ix));

	ix->set = set;
	return ix;
}

static void free_entry(void *p)
{
	struct import_entry *e = p;

	free(e->name);
	free(e);
}

void import_index_free(struct import_index *ix)
{
	tdestroy(ix->root, free_entry);
	free(ix);
}

/* %XX back to bytes; what is no UTF-8 then, which a result set may not hold, becomes U+FFFD. */
static char *decode(const char *word)
{
	char *raw = xstrdup(word), *to = raw, *clean;
	json_t *valid;

	for (const char *p = word; *p; p++) {
		unsigned int byte = 0;

		if (*p == '%' && isxdigit((unsigned char)p[1]) && isxdigit((unsigned char)p[2]) &&
		    sscanf(p + 1, "%2x", &byte) == 1 && byte) {
			*to++ = (char)byte;
			p += 2;
		} else {
			*to++ = *p;
		}
	}
	*to = 0;
	valid = json_string(raw);
	if (valid) {
		json_decref(valid);
		return raw;
	}
	clean = export_clean(raw, 3 * strlen(raw) + 1);
	free(raw);
	return clean;
}

static bool whole_number(const char *s, uint64_t *n)
{
	char *end;

	if (!isdigit((unsigned char)*s) || (s[0] == '0' && s[1]))
		return false;
	errno = 0;
	*n = strtoull(s, &end, 10);
	return !*end && !errno && *n <= INT64_MAX;
}

static void add_param(struct rs_case *c, const char *key, const char *value)
{
	uint64_t n;

	for (size_t i = 0; i < c->nparams; i++)
		if (!strcmp(c->params[i].key, key))
			return;
	if (whole_number(value, &n))
		rs_case_param_num(c, key, n);
	else
		rs_case_param_str(c, key, value);
}

/* A parameter's key as the schema has it: letters, digits, '_', '.', led by a letter. */
static char *param_key(const char *word)
{
	char *key = xasprintf("%s%s", isalpha((unsigned char)*word) ? "" : "p", word);

	for (char *p = key; *p; p++)
		*p = isalnum((unsigned char)*p) ? (char)tolower((unsigned char)*p) : '_';
	return key;
}

static struct rs_case *add_case(struct rs_set *set, const char *name)
{
	char *parts[NAME_PARTS_MAX], *copy = xstrdup(name), *save = NULL;
	char *variant = NULL, *platform = NULL, *family;
	struct rs_case *c;
	int n = 0, args = 0;

	for (char *p = strtok_r(copy, "/", &save); p && n < NAME_PARTS_MAX; p = strtok_r(NULL, "/", &save))
		parts[n++] = p;
	family = decode(n ? parts[0] : "benchmark");
	for (int i = 1; i < n; i++) {
		if (!variant && !strncmp(parts[i], "variant=", 8))
			variant = decode(parts[i] + 8);
		else if (!platform && !strncmp(parts[i], "platform=", 9))
			platform = decode(parts[i] + 9);
	}
	c = rs_add_case(set, family, variant ? variant : "base", platform ? platform : "imported");
	for (int i = 1; i < n; i++) {
		char *eq = strpbrk(parts[i], "=:"), *key, *value;

		if (!strncmp(parts[i], "variant=", 8) || !strncmp(parts[i], "platform=", 9))
			continue;
		value = decode(eq ? eq + 1 : parts[i]);
		if (eq)
			*eq = 0;
		key = eq && eq != parts[i] ? param_key(parts[i]) : xasprintf("arg%d", args++);
		add_param(c, key, value);
		free(key);
		free(value);
	}
	free(family);
	free(variant);
	free(platform);
	free(copy);
	return c;
}

struct rs_case *import_case(struct import_index *ix, const char *name)
{
	struct import_entry *e = xmalloc(sizeof(*e)), **found;
	struct rs_case *c;

	e->name = xasprintf("%.*s", NAME_MAX_BYTES, name);
	e->at = ix->set->ncases;
	found = tsearch(e, &ix->root, by_name);
	if (!found)
		exit(complain(EXIT_OUTSIDE, "import: out of memory"));
	if (*found != e) {
		c = &ix->set->cases[(*found)->at];
		free_entry(e);
		return c;
	}
	return add_case(ix->set, e->name);
}

/* Group sums ("tlbi") are not operations: they would count twice. */
static bool is_operation(const char *name, double value)
{
	const struct metric *m = strchr(name, '.') || !strcmp(name, "isb") ? metric_find(name) : NULL;

	return m && m->kind == METRIC_COUNT && value >= 0 && value <= 9e15 && value == floor(value);
}

static void add_count(struct rs_case *c, const char *name, double value)
{
	for (size_t i = 0; i < c->ncounts; i++)
		if (!strcmp(c->counts[i].name, name))
			return;
	rs_case_count(c, name, (uint64_t)value);
}

void import_sample(struct rs_case *c, double ns, const struct import_value *v, size_t n)
{
	size_t at[IMPORT_VALUES_MAX];
	struct rs_sample *s;

	/* All names first: a sample's array is as long as the names known when it is made. */
	for (size_t i = 0; i < n; i++) {
		char *key;

		at[i] = SIZE_MAX;
		if (is_operation(v[i].name, v[i].value)) {
			add_count(c, v[i].name, v[i].value);
		} else if (strcmp(v[i].name, "insns")) {
			key = !strncmp(v[i].name, "extra.", 6) || !strncmp(v[i].name, "events.", 7) ?
			      xstrdup(v[i].name) : xasprintf("extra.%s", v[i].name);
			at[i] = rs_case_value_index(c, key);
			free(key);
		}
	}
	s = rs_case_sample(c);
	s->boot = (uint32_t)(c->nsamples - 1);	/* each run stands alone: independent, as boots are */
	s->ns = ns;
	for (size_t i = 0; i < n; i++) {
		if (at[i] != SIZE_MAX)
			s->values[at[i]] = v[i].value;
		else if (!strcmp(v[i].name, "insns"))
			s->insns = v[i].value;
	}
}
