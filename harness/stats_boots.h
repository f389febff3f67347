/* SPDX-License-Identifier: GPL-2.0-only */
/* Private to stats*.c: values grouped by boot. */
#ifndef MMUB_STATS_BOOTS_H
#define MMUB_STATS_BOOTS_H

#include "stats.h"

/* Boots in ascending order; values of boot k are x[start[k]] .. x[start[k + 1] - 1], ascending. */
struct st_boots {
	size_t n;		/* boots */
	size_t nx;
	double *x;
	size_t *start;		/* n + 1 entries */
	uint32_t *id;
	double *median;
};

/* Values that are not finite are dropped. */
struct st_boots st_boots_of(struct st_sample s);
void st_boots_free(struct st_boots *b);
/* Difference d, of logarithms or not, from a as a part of a: what a delta is. */
double st_delta_of(double d, double a, bool logs);

/*
 * The rounds' log(b / a), or b - a without logs, by boot. Boots in which the rounds are not known, are there
 * twice, or fewer than half of the values have a partner are not in it.
 */
struct st_boots st_round_differences(struct st_sample a, struct st_sample b, bool logs);

#endif
