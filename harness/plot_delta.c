// SPDX-License-Identifier: GPL-2.0-only
/* Each case against its baseline: the deltas beside the bars, the verdicts of the report. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "compare.h"
#include "error.h"
#include "noise.h"
#include "plot.h"

struct values {
	double *x;
	uint32_t *boots, *rounds;
	size_t n;
};

static struct values values_of(const struct plot_input *in, const struct rs_case *c)
{
	struct values v = { xmalloc((c->nsamples + 1) * sizeof(*v.x)),
			    xmalloc((c->nsamples + 1) * sizeof(*v.boots)),
			    xmalloc((c->nsamples + 1) * sizeof(*v.rounds)), 0 };

	v.n = metric_samples(in->metric, c, v.x, v.boots, v.rounds);
	return v;
}

static void free_values(struct values *v)
{
	free(v->x);
	free(v->boots);
	free(v->rounds);
}

/* Published figures have no samples to test: they are compared as they stand. */
static bool is_exact(const struct plot_input *in, const struct plot_entry *a, const struct plot_entry *b)
{
	return in->metric->kind == METRIC_COUNT || !a->c->nsamples || !b->c->nsamples ||
	       (metric_is_exact(in->metric, a->set) && metric_is_exact(in->metric, b->set));
}

static struct st_compare compare(const struct plot_input *in, const struct plot_entry *a,
				 const struct plot_entry *b, const struct st_options *options)
{
	struct st_options o = *options;
	struct values va, vb;
	struct st_compare r;
	double x = NAN, y = NAN, lo, hi;

	if (is_exact(in, a, b)) {
		plot_estimate(in, a, &x, &lo, &hi);
		plot_estimate(in, b, &y, &lo, &hi);
		return st_compare_exact(x, y);
	}
	va = values_of(in, a->c);
	vb = values_of(in, b->c);
	o.paired = a->set == b->set;
	r = st_compare((struct st_sample){ va.x, va.boots, va.n, va.rounds },
		       (struct st_sample){ vb.x, vb.boots, vb.n, vb.rounds }, &o);
	free_values(&va);
	free_values(&vb);
	return r;
}

/* Whether b, of the same point, is what e is compared with; e itself: it is a baseline. */
static bool is_base(const struct plot_input *in, const char *variant, const struct plot_entry *e,
		    const struct plot_entry *b)
{
	if (in->nsets > 1)
		return b->set_index == 0 && e->set_index != 0 && !strcmp(b->c->variant, e->c->variant);
	return !variant || !strcmp(b->c->variant, variant);
}

static const struct plot_entry *baseline_of(const struct plot_input *in, char *const *points, size_t i)
{
	const struct plot_entry *e = &in->entries[i];
	const char *variant = cmp_base_of(in->sets, in->nsets, in->base, e->c->family);

	for (size_t k = 0; k < in->nentries; k++) {
		const struct plot_entry *b = &in->entries[k];

		if (!strcmp(points[k], points[i]) && is_base(in, variant, e, b))
			return b == e ? NULL : b;
	}
	return NULL;
}

/* Holm over the noisy ones, which must lie side by side for it. */
static void correct(struct plot_delta *d, size_t n, const struct st_options *o)
{
	struct st_compare *noisy = xmalloc((n + 1) * sizeof(*noisy));
	size_t k = 0;

	for (size_t i = 0; i < n; i++)
		if (d[i].base && d[i].r.verdict < ST_EXACT_EQUAL)
			noisy[k++] = d[i].r;
	st_compare_holm(noisy, k, o);
	k = 0;
	for (size_t i = 0; i < n; i++)
		if (d[i].base && d[i].r.verdict < ST_EXACT_EQUAL)
			d[i].r = noisy[k++];
	free(noisy);
}

struct plot_delta *plot_deltas(const struct plot_input *in)
{
	struct st_options o = { .confidence = 0.95 };
	struct plot_delta *d = xcalloc(in->nentries + 1, sizeof(*d));
	char **points = xcalloc(in->nentries + 1, sizeof(*points));
	struct noise *noise;

	noise = noise_measure(in->sets, in->nsets, in->metric);
	for (size_t i = 0; i < in->nentries; i++)
		points[i] = rs_case_point(in->entries[i].c);
	for (size_t i = 0; i < in->nentries; i++) {
		d[i].base = baseline_of(in, points, i);
		o.noise_floor = d[i].base ? noise_at(noise, in->entries[i].c) : 0;
		if (d[i].base)
			d[i].r = compare(in, d[i].base, &in->entries[i], &o);
	}
	correct(d, in->nentries, &o);
	noise_free(noise);
	for (size_t i = 0; i < in->nentries; i++)
		free(points[i]);
	free(points);
	return d;
}

const char *plot_delta_text(const struct plot_delta *d, char *buf, size_t size)
{
	buf[0] = 0;
	if (!d->base)
		return buf;
	switch (d->r.verdict) {
	case ST_EXACT_EQUAL:
	case ST_SAME:
		snprintf(buf, size, "=");
		break;
	case ST_UNCLEAR:
	case ST_TOO_FEW:
		snprintf(buf, size, "~");
		break;
	default:
		cmp_percent(d->r.delta, buf, size);
	}
	return buf;
}
