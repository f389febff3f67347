// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a boot says when a and b took turns in it: the median over its rounds of log(b / a). Load that
 * comes or goes within the boot is in both sides of a round and cancels there, where it shifts the two
 * medians of the boot by as much as their values happen to fall before and after it. On noise that is
 * independent from sample to sample both have the same variance (the median of n differences of normal
 * values is as wide as the difference of their medians), so nothing is paid for it.
 */
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdlib.h>

#include "error.h"
#include "stats_boots.h"

struct turn {
	uint32_t boot, round;
	double x;
};

static int by_turn(const void *a, const void *b)
{
	const struct turn *p = a, *q = b;

	if (p->boot != q->boot)
		return p->boot < q->boot ? -1 : 1;
	return (p->round > q->round) - (p->round < q->round);
}

/* Sorted by boot and round. NULL when a round is there twice: then it names no turn. */
static struct turn *turns_of(struct st_sample s, size_t *n)
{
	struct turn *t = xmalloc((s.n + 1) * sizeof(*t));

	*n = 0;
	for (size_t i = 0; i < s.n; i++)
		if (isfinite(s.x[i]))
			t[(*n)++] = (struct turn){ s.boot ? s.boot[i] : 0, s.round[i], s.x[i] };
	qsort(t, *n, sizeof(*t), by_turn);
	for (size_t i = 1; i < *n; i++) {
		if (by_turn(&t[i - 1], &t[i]))
			continue;
		free(t);
		return NULL;
	}
	return t;
}

/* The run of a boot's turns from *at on, which moves to its end. */
static size_t turns_in(const struct turn *t, size_t n, size_t *at, uint32_t boot, const struct turn **first)
{
	while (*at < n && t[*at].boot < boot)
		++*at;
	*first = &t[*at];
	while (*at < n && t[*at].boot == boot)
		++*at;
	return (size_t)(&t[*at] - *first);
}

static size_t differences(const struct turn *a, size_t na, const struct turn *b, size_t nb, bool logs,
			  double *d)
{
	size_t n = 0;

	for (size_t i = 0, j = 0; i < na && j < nb;) {
		if (a[i].round == b[j].round) {
			/* x > 0 is not given where only the medians are */
			if (!logs || (a[i].x > 0 && b[j].x > 0))
				d[n++] = logs ? log(b[j].x / a[i].x) : b[j].x - a[i].x;
			i++;
			j++;
		} else if (a[i].round < b[j].round) {
			i++;
		} else {
			j++;
		}
	}
	return n;
}

void st_round_differences(struct st_sample a, struct st_sample b, const uint32_t *boots, size_t n, bool logs,
			  double *d)
{
	struct turn *ta = NULL, *tb = NULL;
	const struct turn *in_a, *in_b;
	size_t na = 0, nb = 0, at_a = 0, at_b = 0;
	double *work;

	if (!a.round || !b.round)
		return;
	ta = turns_of(a, &na);
	tb = turns_of(b, &nb);
	work = xmalloc(((na < nb ? na : nb) + 1) * sizeof(*work));
	for (size_t k = 0; ta && tb && k < n; k++) {
		size_t of_a = turns_in(ta, na, &at_a, boots[k], &in_a);
		size_t of_b = turns_in(tb, nb, &at_b, boots[k], &in_b);
		size_t pairs = differences(in_a, of_a, in_b, of_b, logs, work);

		if (pairs && 2 * pairs >= (of_a < of_b ? of_a : of_b))
			d[k] = gsl_stats_median(work, 1, pairs);
	}
	free(work);
	free(ta);
	free(tb);
}
