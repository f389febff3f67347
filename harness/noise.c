// SPDX-License-Identifier: GPL-2.0-only
#include "noise.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "stats.h"

struct pair {
	char *point;
	const char *family;
	double floor;
};

struct noise {
	struct pair *pairs;		/* sorted by point; several sets may have one at the same point */
	size_t n;
};

/* A case that is not a twin, findable by its point and variant. */
struct single {
	char *point;
	const struct rs_case *c;
};

static int by_point(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static int by_point_and_variant(const void *a, const void *b)
{
	const struct single *x = a, *y = b;
	int d = strcmp(x->point, y->point);

	return d ? d : strcmp(x->c->variant, y->c->variant);
}

static double floor_of(const struct metric *m, const struct rs_case *a, const struct rs_case *b)
{
	struct st_options o = { .paired = true };
	double *x = xmalloc((a->nsamples + b->nsamples + 2) * sizeof(*x)), *y, floor = NAN;
	uint32_t *bx = xmalloc((a->nsamples + b->nsamples + 2) * sizeof(*bx)), *by;
	uint32_t *rx = xmalloc((a->nsamples + b->nsamples + 2) * sizeof(*rx)), *ry;
	size_t na, nb;

	y = x + a->nsamples + 1;
	by = bx + a->nsamples + 1;
	ry = rx + a->nsamples + 1;
	na = metric_samples(m, a, x, bx, rx);
	nb = metric_samples(m, b, y, by, ry);
	if (na && nb)
		floor = st_noise_floor((struct st_sample){ x, bx, na, rx }, (struct st_sample){ y, by, nb, ry }, &o);
	free(x);
	free(bx);
	free(rx);
	return floor;
}

static void measure_set(struct noise *n, const struct rs_set *set, const struct metric *m)
{
	struct single *all = xcalloc(set->ncases + 1, sizeof(*all));
	size_t singles = 0;

	for (size_t i = 0; i < set->ncases; i++)
		if (!set->cases[i].twin)
			all[singles++] = (struct single){ rs_case_point(&set->cases[i]), &set->cases[i] };
	qsort(all, singles, sizeof(*all), by_point_and_variant);
	for (size_t i = 0; i < set->ncases; i++) {
		const struct rs_case *t = &set->cases[i];
		struct single key = { t->twin ? rs_case_point(t) : NULL, t }, *found;
		double floor;

		if (!t->twin)
			continue;
		found = bsearch(&key, all, singles, sizeof(*all), by_point_and_variant);
		floor = found ? floor_of(m, found->c, t) : NAN;
		if (!isfinite(floor)) {
			free(key.point);
			continue;
		}
		n->pairs = xrealloc(n->pairs, (n->n + 1) * sizeof(*n->pairs));
		n->pairs[n->n++] = (struct pair){ key.point, t->family, floor };
	}
	for (size_t i = 0; i < singles; i++)
		free(all[i].point);
	free(all);
}

static bool has_twins(const struct rs_set *set)
{
	for (size_t i = 0; i < set->ncases; i++)
		if (set->cases[i].twin)
			return true;
	return false;
}

struct noise *noise_measure(struct rs_set *const *sets, size_t nsets, const struct metric *m)
{
	struct noise *n = xcalloc(1, sizeof(*n));

	for (size_t s = 0; s < nsets && m->kind == METRIC_SAMPLE; s++)
		if (has_twins(sets[s]))
			measure_set(n, sets[s], m);
	if (n->n)
		qsort(n->pairs, n->n, sizeof(*n->pairs), by_point);
	return n;
}

double noise_at(const struct noise *n, const struct rs_case *c)
{
	char *point = n->n ? rs_case_point(c) : NULL;
	struct pair key = { .point = point };
	const struct pair *at = n->n ? bsearch(&key, n->pairs, n->n, sizeof(*n->pairs), by_point) : NULL;
	double floor = 0;

	if (at) {
		while (at > n->pairs && !strcmp(at[-1].point, point))
			at--;
		for (; at < n->pairs + n->n && !strcmp(at->point, point); at++)
			floor = fmax(floor, at->floor);
	} else {
		for (size_t i = 0; i < n->n; i++)
			if (!strcmp(n->pairs[i].family, c->family))
				floor = fmax(floor, n->pairs[i].floor);
	}
	free(point);
	return floor;
}

size_t noise_pairs(const struct noise *n)
{
	return n->n;
}

void noise_free(struct noise *n)
{
	for (size_t i = 0; i < n->n; i++)
		free(n->pairs[i].point);
	free(n->pairs);
	free(n);
}
