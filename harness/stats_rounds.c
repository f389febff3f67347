// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a boot says when a and b took turns in it: the median over its rounds of log(b / a). Load that
 * comes or goes within the boot is in both sides of a round and cancels there, where it shifts the two
 * medians of the boot by as much as their values happen to fall before and after it. On noise that is
 * independent from sample to sample both have the same variance (the median of n differences of normal
 * values is as wide as the difference of their medians), so nothing is paid for it.
 */
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

/* Sorted by boot and round. *n becomes 0 when a round is there twice: then it names no turn. */
static struct turn *turns_of(struct st_sample s, size_t *n)
{
	struct turn *t = xmalloc((s.n + 1) * sizeof(*t));

	*n = 0;
	for (size_t i = 0; s.round && i < s.n; i++)
		if (isfinite(s.x[i]))
			t[(*n)++] = (struct turn){ s.boot ? s.boot[i] : 0, s.round[i], s.x[i] };
	qsort(t, *n, sizeof(*t), by_turn);
	for (size_t i = 1; i < *n; i++)
		if (!by_turn(&t[i - 1], &t[i]))
			*n = 0;
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

struct st_boots st_round_differences(struct st_sample a, struct st_sample b, bool logs)
{
	size_t na, nb, at_a = 0, at_b = 0, n = 0;
	struct turn *ta = turns_of(a, &na), *tb = turns_of(b, &nb);
	double *d = xmalloc((na + 1) * sizeof(*d));
	uint32_t *boot = xmalloc((na + 1) * sizeof(*boot));
	struct st_boots by_boot;

	while (at_a < na) {
		const struct turn *in_a, *in_b;
		uint32_t id = ta[at_a].boot;
		size_t of_a = turns_in(ta, na, &at_a, id, &in_a);
		size_t of_b = turns_in(tb, nb, &at_b, id, &in_b);
		size_t pairs = differences(in_a, of_a, in_b, of_b, logs, d + n);

		if (2 * pairs < (of_a < of_b ? of_a : of_b))
			continue;
		for (size_t i = 0; i < pairs; i++)
			boot[n++] = id;
	}
	by_boot = st_boots_of((struct st_sample){ d, boot, n, NULL });
	free(ta);
	free(tb);
	free(d);
	free(boot);
	return by_boot;
}
