/* SPDX-License-Identifier: GPL-2.0-only */
#include "work.h"

#include <fnmatch.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "paths.h"
#include "words.h"

#define POINTS_MAX 100000	/* crossed, before what stands twice is left out */
#define RAM_LEAST (1ull << 20)
#define RAM_MOST (1ull << 40)
#define RUNTIME_RAM (128ull << 20)	/* Image, stacks, heap, where the family says nothing */

static bool counted_variant(const struct bench_variant *v, const struct bench_family *f)
{
	return v->pass == MMU_PASS_COUNTED && !strcmp(v->family, f->name);
}

/* A number (sizes with K, M, G), or an enumerated parameter's name. */
static bool param_value(uint32_t index, json_t *v, uint64_t *out)
{
	const char *s = json_string_value(v);

	if (json_is_boolean(v)) {
		*out = json_is_true(v);
		return true;
	}
	if (json_is_integer(v)) {
		*out = (uint64_t)json_integer_value(v);
		return json_integer_value(v) >= 0 && !bench_param_value_name(index, 0);
	}
	if (!s)
		return false;
	return bench_param_parse(index, s, strlen(s), out) ||
	       (bench_param_is_size(index) && parse_size(s, out)) ||
	       (!bench_param_value_name(index, 0) && parse_size(s, out));
}

static int param_index(const struct bench_family *f, const char *name, char *err)
{
	struct nearest near = { .word = name };
	char hint[80];

	for (uint32_t i = 0; bench_param_name(i); i++) {
		if (!(f->params & 1ull << i))
			continue;
		if (!strcmp(bench_param_name(i), name))
			return (int)i;
		nearest_offer(&near, bench_param_name(i));
	}
	snprintf(err, WORK_ERR_MAX, "family %s has no parameter '%.60s'%s", f->name, name,
		 nearest_hint(&near, hint, sizeof(hint)));
	return -1;
}

static const char *bad_point(const struct bench_family *f, const struct bench_params *p)
{
	if (!(f->params & BENCH_USES(ram)))
		return NULL;
	if (p->ram < RAM_LEAST || p->ram > RAM_MOST)
		return "is not between 1M and 1T";
	if (p->granule && p->ram % p->granule)
		return "is not a multiple of the granule";
	return NULL;
}

static bool same_case(const struct work_case *c, const struct bench_family *f, const char *variant,
		      const struct bench_params *p)
{
	return c->f == f && !strcmp(c->variant, variant) && !memcmp(&c->p, p, sizeof(*p));
}

static int add_case(struct work *w, const struct bench_family *f, const char *variant,
		    const struct bench_params *p, char *err)
{
	const char *bad = bad_point(f, p);
	char size[24];

	if (bad) {
		snprintf(err, WORK_ERR_MAX, "%s: ram=%s %s: use 256M, 16G ...", f->name,
			 format_size(p->ram, size), bad);
		return -1;
	}
	for (size_t i = 0; i < w->ncases; i++)
		if (same_case(&w->cases[i], f, variant, p))
			return 0;
	if (w->ncases >= PLAN_CASES_MAX) {
		snprintf(err, WORK_ERR_MAX, "more than %d cases: split the suite", PLAN_CASES_MAX);
		return -1;
	}
	w->cases = xrealloc(w->cases, (w->ncases + 1) * sizeof(*w->cases));
	w->cases[w->ncases++] = (struct work_case){ .f = f, .variant = variant, .p = *p };
	return 0;
}

static int add_point(struct work *w, const struct bench_family *f, const char *const *patterns,
		     size_t npatterns, const struct bench_params *p, char *err)
{
	const struct bench_variant *v;

	for (size_t k = 0; k < npatterns; k++) {
		struct nearest near = { .word = patterns[k] };
		bool any = false;
		char hint[80];

		for (unsigned int i = 0; (v = bench_variant_at(i)); i++) {
			if (!counted_variant(v, f))
				continue;
			nearest_offer(&near, v->name);
			if (fnmatch(patterns[k], v->name, 0))
				continue;
			any = true;
			if (add_case(w, f, v->name, p, err))
				return -1;
		}
		if (!any) {
			snprintf(err, WORK_ERR_MAX, "family %s has no variant '%.60s'%s (mmubench list variants)",
				 f->name, patterns[k], nearest_hint(&near, hint, sizeof(hint)));
			return -1;
		}
	}
	return 0;
}

struct cross {
	struct work *w;
	const struct bench_family *f;
	const char *const *patterns;
	size_t npatterns;
	const struct work_options *o;
	char *err;
};

/* Sets the parameters from `at` on, each array value in turn; the RAM list comes from --ram if given. */
static int cross(const struct cross *x, json_t *params, void *at, struct bench_params p)
{
	const char *key;
	json_t *value;
	void *next;
	int i;

	if (!at) {
		if (++x->w->points > POINTS_MAX) {
			snprintf(x->err, WORK_ERR_MAX, "more than %d points: shorten the lists", POINTS_MAX);
			return -1;
		}
		if (!(x->f->params & BENCH_USES(ram)) || !x->o->nram)
			return add_point(x->w, x->f, x->patterns, x->npatterns, &p, x->err);
		for (size_t k = 0; k < x->o->nram; k++) {
			p.ram = x->o->ram[k];
			if (add_point(x->w, x->f, x->patterns, x->npatterns, &p, x->err))
				return -1;
		}
		return 0;
	}
	key = json_object_iter_key(at);
	value = json_object_iter_value(at);
	next = json_object_iter_next(params, at);
	i = param_index(x->f, key, x->err);
	if (i < 0)
		return -1;
	for (size_t k = 0; k < (json_is_array(value) ? json_array_size(value) : 1); k++) {
		json_t *v = json_is_array(value) ? json_array_get(value, k) : value;

		if (!param_value((uint32_t)i, v, bench_param_slot(&p, (uint32_t)i))) {
			char *text = json_dumps(v, JSON_ENCODE_ANY);

			snprintf(x->err, WORK_ERR_MAX, "%s: parameter %s cannot be %.80s", x->f->name, key,
				 text ? text : "?");
			free(text);
			return -1;
		}
		if (cross(x, params, next, p))
			return -1;
	}
	return 0;
}

int work_add_cross(struct work *w, const struct bench_family *f, const char *const *patterns,
		   size_t npatterns, json_t *params, const struct work_options *o, char *err)
{
	struct cross x = { w, f, patterns, npatterns, o, err };
	struct bench_params p;

	memset(&p, 0, sizeof(p));
	bench_params_default(&p, f);
	return cross(&x, params, json_object_iter(params), p);
}

static int add_pattern(struct work *w, const char *word, const struct work_options *o, char *err)
{
	const char *slash = strchr(word, '/'), *pattern = slash ? slash + 1 : "*";
	struct nearest near = { .word = word };
	const struct bench_family *f;
	char family[64], hint[80];
	bool any = false;

	snprintf(family, sizeof(family), "%.*s", slash ? (int)(slash - word) : 60, word);
	near.word = family;
	for (unsigned int i = 0; (f = bench_family_at(i)); i++) {
		nearest_offer(&near, f->name);
		if (fnmatch(family, f->name, 0))
			continue;
		any = true;
		if (work_add_cross(w, f, &pattern, 1, NULL, o, err))
			return -1;
	}
	if (any)
		return 0;
	snprintf(err, WORK_ERR_MAX, "no suite or family '%s'%s (mmubench list suites, list families)",
		 family, nearest_hint(&near, hint, sizeof(hint)));
	return -1;
}

int work_add(struct work *w, const char *word, const struct work_options *o, char *err, bool *outside)
{
	size_t len = strlen(word);
	char *name, *path;
	int r;

	*outside = false;
	if (len > 5 && !strcmp(word + len - 5, ".json"))
		return suite_add(w, word, o, err, outside);
	/* A family has the suite of its name; its plain word means the suite; with a slash it is a pattern. */
	if (!strpbrk(word, "/*?[")) {
		name = xasprintf("bench/suites/%s.json", word);
		path = path_data(name);
		free(name);
		if (path) {
			r = suite_add(w, path, o, err, outside);
			free(path);
			return r;
		}
	}
	return add_pattern(w, word, o, err);
}

int work_ram(struct work_options *o, const char *list, char *err)
{
	uint64_t *ram = NULL, v;
	char word[32];

	free((void *)o->ram);
	o->ram = NULL;
	o->nram = 0;
	while (*list) {
		size_t len = strcspn(list, ",");

		snprintf(word, sizeof(word), "%.*s", len > 30 ? 30 : (int)len, list);
		if (!parse_size(word, &v) || v < 1 << 20) {
			snprintf(err, WORK_ERR_MAX, "'%s' is no RAM size: use 256M, 16G ...", word);
			free(ram);
			return -1;
		}
		ram = xrealloc(ram, (o->nram + 1) * sizeof(*ram));
		ram[o->nram++] = v;
		list += len + (list[len] == ',');
	}
	o->ram = ram;
	if (!ram)
		snprintf(err, WORK_ERR_MAX, "no size: 256M,1G");
	return ram ? 0 : -1;
}

static bool same_point(const struct work_case *a, const struct work_case *b)
{
	return a->f == b->f && !memcmp(&a->p, &b->p, sizeof(a->p));
}

/* Operations of a counted run by the closed form; UINT64_MAX where it has none here. */
static uint64_t expected_operations(const struct work_case *c)
{
	const struct bench_variant *v = bench_variant_find(c->f->name, c->variant, MMU_PASS_COUNTED);
	struct bench_case probe = { .f = c->f, .v = v, .p = &c->p, .e = plat_env() };
	struct mmu_counts want = { 0 };
	uint64_t sum = 0;

	if (!v || v->flags & BENCH_COUNT_ONLY || (c->f->skip && c->f->skip(&probe)) || (v->skip && v->skip(&probe)))
		return UINT64_MAX;
	v->expect(&c->p, probe.e, &want);
	for (int op = 0; op < MMU_OP_MAX; op++)
		sum += want.n[op];
	return sum;
}

/*
 * The twin is of the variant with the fewest operations: it adds the least time, and the shortest run is the
 * hardest to time, so the floor that it gives is a floor for the others too.
 */
static const struct work_case *lightest(const struct work_case *c, size_t n)
{
	const struct work_case *best = c;

	for (size_t i = 1; i < n; i++)
		if (expected_operations(&c[i]) < expected_operations(best))
			best = &c[i];
	return best;
}

/* Brings the cases of a point together, at the place of its first one, with its twin last. */
static void gather(struct work *w, bool twins)
{
	struct work_case *out = xmalloc((2 * w->ncases + 1) * sizeof(*out));
	bool *taken = xcalloc(w->ncases, sizeof(*taken));
	size_t n = 0;

	for (size_t i = 0; i < w->ncases; i++) {
		size_t first = n, in_group = 0;

		if (taken[i])
			continue;
		for (size_t j = i; j < w->ncases && in_group < PLAN_GROUP_MAX - 1; j++) {
			if (taken[j] || !same_point(&w->cases[i], &w->cases[j]))
				continue;
			taken[j] = true;
			out[n] = w->cases[j];
			out[n].group = w->groups;
			n++;
			in_group++;
		}
		if (twins && in_group > 1) {
			out[n] = *lightest(out + first, in_group);
			out[n].twin = true;
			n++;
		}
		w->groups++;
	}
	free(taken);
	free(w->cases);
	w->cases = out;
	w->ncases = n;
	for (size_t i = 0; i < n; i++)
		out[i].id = (uint32_t)i;
}

static uint32_t find_machine(struct work *w, const struct bench_machine *m)
{
	struct bench_machine *h;

	for (size_t i = 0; i < w->nmachines; i++) {
		h = &w->machines[i];
		if (h->cpus == m->cpus && h->el2 == m->el2 && h->smmuv3 == m->smmuv3) {
			if (m->ram_bytes > h->ram_bytes)
				h->ram_bytes = m->ram_bytes;
			return (uint32_t)i;
		}
	}
	w->machines = xrealloc(w->machines, (w->nmachines + 1) * sizeof(*w->machines));
	w->machines[w->nmachines] = *m;
	return (uint32_t)w->nmachines++;
}

static bool any_uses_ram(const struct work *w)
{
	for (size_t i = 0; i < w->ncases; i++)
		if (w->cases[i].f->params & BENCH_USES(ram))
			return true;
	return false;
}

int work_arrange(struct work *w, const struct work_options *o, char *err)
{
	if (!w->ncases) {
		snprintf(err, WORK_ERR_MAX, "nothing to run: no case matches");
		return -1;
	}
	if (o->nram && !any_uses_ram(w)) {
		snprintf(err, WORK_ERR_MAX, "--ram: none of these families maps RAM: leave it out");
		return -1;
	}
	gather(w, o->twins);
	for (size_t i = 0; i < w->ncases; i++) {
		struct work_case *c = &w->cases[i];
		struct bench_machine m = { .ram_bytes = RUNTIME_RAM, .cpus = 1 };

		if (c->f->params & BENCH_USES(cpus))
			m.cpus = c->p.cpus > 512 ? 512 : (uint32_t)c->p.cpus;
		if (c->f->machine)
			c->f->machine(&c->p, &m);
		if (m.cpus < o->smp)
			m.cpus = o->smp;
		if (!m.cpus)
			m.cpus = 1;
		if (m.ram_bytes < RUNTIME_RAM)
			m.ram_bytes = RUNTIME_RAM;
		m.ram_bytes = MMUB_ALIGN_UP(m.ram_bytes, MMUB_MIB);
		c->machine = find_machine(w, &m);
	}
	return 0;
}

void work_free(struct work *w)
{
	free(w->cases);
	free(w->machines);
	free(w->title);
	memset(w, 0, sizeof(*w));
}
