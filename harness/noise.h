/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The noise floor of each point of a comparison, from the A/A pairs (a case and its twin) at that very
 * point: a pair of one CPU says nothing about four that touch the range meanwhile. Where a point has no
 * pair, the noisiest of its family stands in.
 */
#ifndef MMUB_NOISE_H
#define MMUB_NOISE_H

#include "metric.h"
#include "resultset.h"

struct noise;
struct noise *noise_measure(struct rs_set *const *sets, size_t nsets, const struct metric *m);
/* Relative half-width (0.01 = 1 %) below which a delta at this case's point is never a claim. */
double noise_at(const struct noise *n, const struct rs_case *c);
size_t noise_pairs(const struct noise *n);	/* A/A pairs that were found */
void noise_free(struct noise *n);

#endif
