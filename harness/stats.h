/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Statistics, one module. Shapes: x[n] with boot[n] (each value's boot number, any order); NULL boot
 * = all of one boot. Delta is new/old - 1 everywhere; of a pair that took turns it is estimated from the
 * rounds, so it may differ from that of the two values shown. Methods and sources: docs/method.md.
 *
 * The boot is the unit of a claim: values of one boot share that boot's luck (physical pages, address
 * layout, the thread's placement), so they count as one observation, their median. Data of repeated
 * independent runs (imports) give every run a boot number of its own.
 */
#ifndef MMUB_STATS_H
#define MMUB_STATS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct st_sample {
	const double *x;
	const uint32_t *boot;
	size_t n;
	const uint32_t *round;		/* in which a value was taken, NULL: not known. A round of a boot once */
};

double st_median(const double *x, size_t n);		/* NaN for n == 0 */
double st_mad(const double *x, size_t n);		/* unscaled median absolute deviation */
double st_quantile(const double *x, size_t n, double q); /* type 7, as numpy's default */
double st_geomean(const double *x, size_t n);		/* NaN unless all are > 0 */

struct st_interval {
	double lo, hi;
};
/*
 * Value and interval of one sample, as st_compare() shows them: the geometric mean over boots of each
 * boot's median, and Student's t over the boots; with one boot the median and its order-statistic
 * interval (which says nothing about other boots).
 */
struct st_interval st_interval_of(struct st_sample a, double confidence, double *value);
/* Mann-Whitney U, two-sided: exact where one side has at most 8 values and no ties, else normal with
 * ties and continuity corrected (as scipy's mannwhitneyu "auto"). *u may be NULL. */
double st_mann_whitney(const double *a, size_t na, const double *b, size_t nb, double *u);
/* Holm's step-down adjustment, in place; NaN entries are left out of the family. */
void st_holm(double *p, size_t n);

enum st_verdict {
	ST_FASTER,		/* lower, significantly and by more than the noise floor */
	ST_SLOWER,
	ST_SAME,		/* the whole interval is inside the noise floor: equal for all purposes */
	ST_UNCLEAR,		/* nothing can be claimed: "~" */
	ST_TOO_FEW,		/* too little data for any claim: fewer than two boots */
	ST_EXACT_EQUAL, ST_EXACT_LESS, ST_EXACT_MORE,	/* exact metrics: no test */
};
struct st_compare {
	double a, b, delta;		/* values as in st_interval_of(); b/a - 1 */
	struct st_interval ci;		/* of delta */
	double p, p_holm;		/* of the boots; p_holm = p until st_compare_holm() */
	double p_rank;			/* Mann-Whitney over all samples, boots ignored: to look at only */
	size_t na, nb;
	uint32_t boots_a, boots_b;
	bool paired;			/* boot by boot: a and b were interleaved in the same boots */
	enum st_verdict verdict;
	uint32_t more_boots;		/* power hint: boots still missing to tell power_delta, 0 = none */
	double power_delta;
	double noise_floor;		/* that the verdict was drawn with */
	double se, df;			/* of log(b/a), and the degrees of freedom; se NaN: one boot */
};
struct st_options {
	double confidence;		/* 0 = 0.95 */
	double noise_floor;		/* |delta| below this is never a claim; from the A/A pair */
	bool paired;			/* same boot number in a and b = the same boot (one result set) */
	double power_delta;		/* change the hint is for; 0 = 1 % */
};
struct st_compare st_compare(struct st_sample a, struct st_sample b, const struct st_options *o);
struct st_compare st_compare_exact(double a, double b);
/*
 * The delta's interval by a two-level bootstrap (boots, then values or rounds within), its percentiles
 * widened for few boots. To set beside st_compare()'s: it draws no verdict (docs/method.md has why).
 */
struct st_interval st_bootstrap(struct st_sample a, struct st_sample b, const struct st_options *o);
/* Corrects the p values over a table and draws the verdicts anew, each with its own noise floor. */
void st_compare_holm(struct st_compare *c, size_t n, const struct st_options *o);
/* Noise floor of an A/A pair (paired): the half-width that covers the pair's delta at the confidence. */
double st_noise_floor(struct st_sample a, struct st_sample a2, const struct st_options *o);

#endif
