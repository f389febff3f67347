/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A metric over many result sets in the order of their commits, with the points where it changed. A set is
 * compared with all sets since the last change, pooled; a change is claimed at 5 % over all comparisons of
 * the output (Bonferroni: a step depends on the steps before, so Holm's order is not known), past the noise
 * floor, or exactly for exact metrics.
 */
#ifndef MMUB_HISTORY_H
#define MMUB_HISTORY_H

#include "metric.h"
#include "resultset.h"
#include "stats.h"

struct history_point {
	size_t set;
	const struct rs_case *c;
	double value;
	bool change;			/* differs from the segment before: a new one starts here */
	struct st_compare r;		/* against that segment; nothing at the first point */
};
struct history_series {
	char *name;			/* FAMILY/VARIANT POINT */
	struct history_point *points;	/* in the order of the sets */
	size_t n;
};
struct history {
	struct history_series *series;
	size_t n;
	const struct metric *m;
};

struct history *history_build(struct rs_set *const *sets, size_t nsets, const struct metric *m,
			      const char *glob);
void history_free(struct history *h);

#endif
