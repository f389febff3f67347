// SPDX-License-Identifier: GPL-2.0-only
/* Order statistics, Mann-Whitney U and Holm. Comparison is in stats_compare.c. */
#include "stats.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "error.h"

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double *sorted_copy(const double *x, size_t n)
{
	double *copy = xmalloc((n ? n : 1) * sizeof(*copy));

	memcpy(copy, x, n * sizeof(*copy));
	qsort(copy, n, sizeof(*copy), by_value);
	return copy;
}

double st_quantile(const double *x, size_t n, double q)
{
	double *sorted, value;

	if (!n)
		return NAN;
	sorted = sorted_copy(x, n);
	value = gsl_stats_quantile_from_sorted_data(sorted, 1, n, q);
	free(sorted);
	return value;
}

double st_median(const double *x, size_t n)
{
	return st_quantile(x, n, 0.5);
}

double st_mad(const double *x, size_t n)
{
	double *work, mad;

	if (!n)
		return NAN;
	work = xmalloc(n * sizeof(*work));
	mad = gsl_stats_mad0(x, 1, n, work);
	free(work);
	return mad;
}

double st_geomean(const double *x, size_t n)
{
	double sum = 0;

	for (size_t i = 0; i < n; i++) {
		if (!(x[i] > 0))
			return NAN;
		sum += log(x[i]);
	}
	return n ? exp(sum / (double)n) : NAN;
}

struct ranked {
	double value;
	bool of_a;
};

static int by_rank(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;

	return (x->value > y->value) - (x->value < y->value);
}

/* Sum of a's ranks, ties at their mean; *ties gets the sum of t^3 - t over groups of equal values. */
static double rank_sum(const double *a, size_t na, const double *b, size_t nb, double *ties)
{
	size_t n = na + nb, i, j;
	struct ranked *r = xmalloc(n * sizeof(*r));
	double sum = 0;

	for (i = 0; i < n; i++)
		r[i] = i < na ? (struct ranked){ a[i], true } : (struct ranked){ b[i - na], false };
	qsort(r, n, sizeof(*r), by_rank);
	*ties = 0;
	for (i = 0; i < n; i = j) {
		double t;

		for (j = i + 1; j < n && r[j].value == r[i].value; j++)
			;
		t = (double)(j - i);
		*ties += t * t * t - t;
		for (size_t k = i; k < j; k++)
			sum += r[k].of_a ? (double)(i + 1 + j) / 2 : 0;
	}
	free(r);
	return sum;
}

/*
 * P(U >= u) without ties, m <= 8: the recursion over whose the largest value is (Mann and Whitney
 * 1947), in probabilities so that nothing overflows. f[k] is the distribution for k values of the
 * smaller side; it grows by one value of the larger side at a time.
 */
static double exact_upper_tail(size_t m, size_t n, double u)
{
	size_t width = m * n + 1;
	double *f = xcalloc((m + 1) * width, sizeof(*f)), *next = xcalloc(width, sizeof(*next));
	double tail = 0;

	for (size_t k = 0; k <= m; k++)
		f[k * width] = 1;
	for (size_t j = 1; j <= n; j++) {
		for (size_t k = 1; k <= m; k++) {
			double of_k = (double)k / (double)(k + j), of_j = 1 - of_k;

			for (size_t v = 0; v <= k * j; v++)
				next[v] = of_j * f[k * width + v] +
					  (v >= j ? of_k * f[(k - 1) * width + v - j] : 0);
			memcpy(&f[k * width], next, (k * j + 1) * sizeof(*f));
		}
	}
	for (size_t v = (size_t)ceil(u); v < width; v++)
		tail += f[m * width + v];
	free(next);
	free(f);
	return tail;
}

#define EXACT_CELLS_MAX 20000	/* m * n of the exact distribution: past it the normal one is as good */

double st_mann_whitney(const double *a, size_t na, const double *b, size_t nb, double *u)
{
	double ties, u_a, u_max, mean = (double)na * (double)nb / 2, n = (double)(na + nb), sd, p;
	size_t small = na < nb ? na : nb, large = na < nb ? nb : na;

	if (!na || !nb) {
		if (u)
			*u = NAN;
		return NAN;
	}
	u_a = rank_sum(a, na, b, nb, &ties) - (double)na * ((double)na + 1) / 2;
	u_max = fmax(u_a, 2 * mean - u_a);
	if (u)
		*u = u_a;
	if (small <= 8 && ties == 0 && small * large <= EXACT_CELLS_MAX)
		return fmin(1, 2 * exact_upper_tail(small, large, u_max));
	sd = sqrt(mean / 6 * (n + 1 - ties / (n * (n - 1))));
	if (!(sd > 0))
		return 1;
	p = 2 * gsl_cdf_ugaussian_Q((u_max - mean - 0.5) / sd);
	return fmin(1, p);
}

struct indexed_p {
	double p;
	size_t at;
};

static int by_p(const void *a, const void *b)
{
	const struct indexed_p *x = a, *y = b;

	return (x->p > y->p) - (x->p < y->p);
}

void st_holm(double *p, size_t n)
{
	struct indexed_p *order = xmalloc((n ? n : 1) * sizeof(*order));
	double highest = 0;
	size_t m = 0;

	for (size_t i = 0; i < n; i++)
		if (!isnan(p[i]))
			order[m++] = (struct indexed_p){ p[i], i };
	qsort(order, m, sizeof(*order), by_p);
	for (size_t i = 0; i < m; i++) {
		highest = fmax(highest, fmin(1, order[i].p * (double)(m - i)));
		p[order[i].at] = highest;
	}
	free(order);
}
