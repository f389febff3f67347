/* SPDX-License-Identifier: GPL-2.0-only */
/* Result sets in memory: building, freeing, looking up. Reading is resultset_read.c, writing _write.c. */
#include "resultset.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "error.h"

struct rs_set *rs_new(void)
{
	struct rs_set *set = xcalloc(1, sizeof(*set));

	set->environment = json_object();
	return set;
}

static void case_free(struct rs_case *c)
{
	free(c->family);
	free(c->variant);
	free(c->platform);
	for (size_t i = 0; i < c->nparams; i++) {
		free(c->params[i].key);
		free(c->params[i].str);
	}
	free(c->params);
	for (size_t i = 0; i < c->ncounts; i++)
		free(c->counts[i].name);
	free(c->counts);
	for (size_t i = 0; i < c->nsamples; i++)
		free(c->samples[i].values);
	free(c->samples);
	for (size_t i = 0; i < c->nvalues; i++)
		free(c->value_names[i]);
	free(c->value_names);
	for (size_t i = 0; i < c->npublished; i++)
		free(c->published[i].metric);
	free(c->published);
	free(c->check);
	free(c->why);
	free(c->skip);
	free(c->fail);
}

void rs_free(struct rs_set *set)
{
	if (!set)
		return;
	for (size_t i = 0; i < set->ncases; i++)
		case_free(&set->cases[i]);
	free(set->cases);
	free(set->path);
	free(set->label);
	json_decref(set->environment);
	free(set);
}

/* Arrays grow at powers of two; n is the length before the new element (0: of one that was emptied, too). */
static void *grow(void *array, size_t n, size_t size)
{
	return n & (n - 1) ? array : xrealloc(array, (n ? 2 * n : 1) * size);
}

struct rs_case *rs_add_case(struct rs_set *set, const char *family, const char *variant,
			    const char *platform)
{
	struct rs_case *c;

	set->cases = grow(set->cases, set->ncases, sizeof(*set->cases));
	c = &set->cases[set->ncases++];
	memset(c, 0, sizeof(*c));
	c->family = xstrdup(family);
	c->variant = xstrdup(variant);
	c->platform = xstrdup(platform);
	return c;
}

static struct rs_param *add_param(struct rs_case *c, const char *key)
{
	struct rs_param *p;

	c->params = grow(c->params, c->nparams, sizeof(*c->params));
	p = &c->params[c->nparams++];
	*p = (struct rs_param){ .key = xstrdup(key) };
	return p;
}

void rs_case_param_num(struct rs_case *c, const char *key, uint64_t num)
{
	add_param(c, key)->num = num;
}

void rs_case_param_str(struct rs_case *c, const char *key, const char *str)
{
	add_param(c, key)->str = xstrdup(str);
}

void rs_case_count(struct rs_case *c, const char *name, uint64_t n)
{
	c->has_counts = true;
	c->counts = grow(c->counts, c->ncounts, sizeof(*c->counts));
	c->counts[c->ncounts++] = (struct rs_count){ xstrdup(name), n };
}

struct rs_sample *rs_case_sample(struct rs_case *c)
{
	struct rs_sample *s;

	c->samples = grow(c->samples, c->nsamples, sizeof(*c->samples));
	s = &c->samples[c->nsamples++];
	memset(s, 0, sizeof(*s));
	s->insns = NAN;
	if (c->nvalues) {
		s->values = xmalloc(c->nvalues * sizeof(double));
		for (size_t i = 0; i < c->nvalues; i++)
			s->values[i] = NAN;
	}
	return s;
}

size_t rs_case_value_index(struct rs_case *c, const char *name)
{
	size_t n = c->nvalues;

	for (size_t i = 0; i < n; i++)
		if (!strcmp(c->value_names[i], name))
			return i;
	c->value_names = grow(c->value_names, n, sizeof(*c->value_names));
	c->value_names[c->nvalues++] = xstrdup(name);
	for (size_t i = 0; i < c->nsamples; i++) {
		struct rs_sample *s = &c->samples[i];

		s->values = xrealloc(s->values, (n + 1) * sizeof(double));
		s->values[n] = NAN;
	}
	return n;
}

void rs_ascii(char *s)
{
	for (; *s; s++)
		if ((unsigned char)*s >= 0x7f || (unsigned char)*s < ' ')
			*s = '?';
}

json_t *rs_text(const char *s)
{
	json_t *text = json_string(s);
	char *copy;

	if (text)
		return text;
	copy = xstrdup(s);
	rs_ascii(copy);
	text = json_string(copy);
	free(copy);
	return text;
}

json_t *rs_env_value(const struct rs_set *set, const char *dotted)
{
	json_t *at = set->environment;
	char key[64];

	while (at && *dotted) {
		size_t len = strcspn(dotted, ".");

		snprintf(key, sizeof(key), "%.*s", (int)len, dotted);
		at = json_object_get(at, key);
		dotted += len + (dotted[len] == '.');
	}
	return at;
}

const char *rs_env(const struct rs_set *set, const char *dotted)
{
	return json_string_value(rs_env_value(set, dotted));
}

const char *rs_case_key(const struct rs_set *set, const struct rs_case *c, const char *key,
			char *buf, size_t size)
{
	const char *s = NULL;

	if (!strcmp(key, "family"))
		s = c->family;
	else if (!strcmp(key, "variant"))
		s = c->variant;
	else if (!strcmp(key, "platform"))
		s = c->platform;
	else if (!strcmp(key, "set"))
		s = set->label;
	for (size_t i = 0; !s && i < c->nparams; i++) {
		if (strcmp(c->params[i].key, key))
			continue;
		if (!c->params[i].str) {
			snprintf(buf, size, "%" PRIu64, c->params[i].num);
			return buf;
		}
		s = c->params[i].str;
	}
	if (!s)
		s = rs_env(set, key);
	if (!s)
		return NULL;
	snprintf(buf, size, "%s", s);
	return buf;
}

static int by_key(const void *a, const void *b)
{
	const struct rs_param *const *x = a, *const *y = b;

	return strcmp((*x)->key, (*y)->key);
}

char *rs_case_point(const struct rs_case *c)
{
	const struct rs_param **sorted = xmalloc((c->nparams + 1) * sizeof(*sorted));
	size_t len = 0;
	char *text = NULL;
	FILE *f = open_memstream(&text, &len);

	if (!f)
		exit(complain(EXIT_OUTSIDE, "out of memory"));
	for (size_t i = 0; i < c->nparams; i++)
		sorted[i] = &c->params[i];
	qsort(sorted, c->nparams, sizeof(*sorted), by_key);
	fprintf(f, "%s %s", c->family, c->platform);
	for (size_t i = 0; i < c->nparams; i++) {
		if (sorted[i]->str)
			fprintf(f, " %s=%s", sorted[i]->key, sorted[i]->str);
		else
			fprintf(f, " %s=%" PRIu64, sorted[i]->key, sorted[i]->num);
	}
	free(sorted);
	if (fclose(f) || !text)
		exit(complain(EXIT_OUTSIDE, "out of memory"));
	return text;
}
