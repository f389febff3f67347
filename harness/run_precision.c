/* SPDX-License-Identifier: GPL-2.0-only */
/* --precision: how wide is the widest confidence interval of a delta that the table will show? */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "error.h"
#include "metric.h"
#include "run.h"
#include "stats.h"

struct values {
	double *x;
	uint32_t *boot, *round;
	size_t n;
};

static struct values values_of(const struct metric *m, const struct rs_case *c)
{
	struct values v = { xmalloc((c->nsamples + 1) * sizeof(double)),
			    xmalloc((c->nsamples + 1) * sizeof(uint32_t)),
			    xmalloc((c->nsamples + 1) * sizeof(uint32_t)), 0 };

	v.n = metric_samples(m, c, v.x, v.boot, v.round);
	return v;
}

static void values_free(struct values *v)
{
	free(v->x);
	free(v->boot);
	free(v->round);
}

/* Half width of the interval of b against a; negative: no samples, nothing to tell. */
static double half_width(const struct metric *m, const struct rs_case *a, const struct rs_case *b)
{
	struct values va = values_of(m, a), vb = values_of(m, b);
	double half = -1;

	if (va.n && vb.n) {
		struct st_options o = { .paired = true };
		struct st_interval ci = st_compare((struct st_sample){ va.x, va.boot, va.n, va.round },
						   (struct st_sample){ vb.x, vb.boot, vb.n, vb.round }, &o).ci;

		half = (ci.hi - ci.lo) / 2;
		if (!isfinite(half))
			half = INFINITY;
	}
	values_free(&va);
	values_free(&vb);
	return half;
}

double run_widest(const struct run *r, char *where, size_t size)
{
	const struct metric *m = metric_find("time");
	double widest = -1, half;
	size_t first = 0;

	where[0] = 0;
	for (size_t i = 0; m && i < r->w.ncases; i++) {
		if (!i || r->w.cases[i].group != r->w.cases[i - 1].group)
			first = i;
		if (i == first || r->w.cases[i].twin || r->w.cases[i].state == WORK_GONE)
			continue;
		half = half_width(m, &r->set->cases[first], &r->set->cases[i]);
		if (half > widest) {
			widest = half;
			collect_name(&r->c, (uint32_t)i, where, size);
		}
	}
	return widest;
}
