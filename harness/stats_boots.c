// SPDX-License-Identifier: GPL-2.0-only
/* Groups values by boot. */
#include "stats_boots.h"

#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdlib.h>

#include "error.h"

struct value {
	uint32_t boot;
	double x;
};

static int by_boot_and_value(const void *a, const void *b)
{
	const struct value *p = a, *q = b;

	if (p->boot != q->boot)
		return p->boot < q->boot ? -1 : 1;
	return (p->x > q->x) - (p->x < q->x);
}

struct st_boots st_boots_of(struct st_sample s)
{
	struct value *v = xmalloc((s.n + 1) * sizeof(*v));
	struct st_boots b = {
		.x = xmalloc((s.n + 1) * sizeof(*b.x)),
		.start = xmalloc((s.n + 1) * sizeof(*b.start)),
		.id = xmalloc((s.n + 1) * sizeof(*b.id)),
		.median = xmalloc((s.n + 1) * sizeof(*b.median)),
	};

	for (size_t i = 0; i < s.n; i++)
		if (isfinite(s.x[i]))
			v[b.nx++] = (struct value){ s.boot ? s.boot[i] : 0, s.x[i] };
	qsort(v, b.nx, sizeof(*v), by_boot_and_value);
	for (size_t i = 0; i < b.nx; i++) {
		b.x[i] = v[i].x;
		if (!b.n || b.id[b.n - 1] != v[i].boot) {
			b.id[b.n] = v[i].boot;
			b.start[b.n++] = i;
		}
	}
	b.start[b.n] = b.nx;
	for (size_t k = 0; k < b.n; k++)
		b.median[k] = gsl_stats_median_from_sorted_data(b.x + b.start[k], 1,
								b.start[k + 1] - b.start[k]);
	free(v);
	return b;
}

void st_boots_free(struct st_boots *b)
{
	free(b->x);
	free(b->start);
	free(b->id);
	free(b->median);
}

double st_delta_of(double d, double a, bool logs)
{
	if (logs)
		return expm1(d);
	if (d == 0)
		return 0;
	return a != 0 ? d / fabs(a) : copysign(INFINITY, d);
}
