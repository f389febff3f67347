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

/*
 * For n boots that a and b both have, ascending: d[k] becomes the median over the boot's rounds of
 * log(b / a), or of b - a without logs. d[k] stays where the rounds are not known, are there twice, or
 * fewer than half of the values have a partner.
 */
void st_round_differences(struct st_sample a, struct st_sample b, const uint32_t *boots, size_t n, bool logs,
			  double *d);

#endif
