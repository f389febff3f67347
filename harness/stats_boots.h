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

#endif
