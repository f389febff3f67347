/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The metric table: one row a metric drives compare, plot, report, export, sort and the gate alike.
 * Adding a metric is one row in metric.c.
 */
#ifndef MMUB_METRIC_H
#define MMUB_METRIC_H

#include "resultset.h"

enum metric_kind {
	METRIC_SAMPLE,		/* one value a sample: noisy unless exact */
	METRIC_COUNT,		/* one value a case, from the counts: always exact */
};
enum metric_unit { UNIT_NS, UNIT_COUNT, UNIT_INSNS, UNIT_BYTES };

struct metric {
	const char *name;		/* "time", "insns", "tlbi", "tlbi.vaale1is" */
	const char *aliases;		/* blank separated, may be "" */
	const char *title;		/* axis and heading: "time", "TLB invalidations" */
	enum metric_unit unit;
	enum metric_kind kind;
	bool exact;			/* compared without a test (icount instructions, counts) */
	bool higher_is_better;
	/* Fills *out; false when this case (sample) has no such value. s == NULL for METRIC_COUNT. */
	bool (*get)(const struct metric *m, const struct rs_case *c, const struct rs_sample *s,
		    double *out);
	const char *arg;		/* of get: a count's name or group */
	const char *beside;		/* the metric whose tables tell this one too: what it hides */
};

/* By name or alias; any operation's name and any "events.x"/"extra.x" is a metric too. NULL: unknown. */
const struct metric *metric_find(const char *name);
const struct metric *metric_at(size_t i);	/* rows of the table, NULL past the end */
/* Whether the metric is exact for this set's cases: time, cycles and insns are under accel=icount. */
bool metric_is_exact(const struct metric *m, const struct rs_set *set);
/*
 * Which flags leave a sample out. A disturbed one goes as long as most samples are undisturbed; where
 * most are (samples longer than a time slice, an overloaded machine), picking the few that are not
 * would compare luck, so all are kept.
 */
uint32_t metric_flags_out(const struct rs_case *c);
/*
 * All values of a case but those that metric_flags_out() leaves out. Returns how many; boots[] (may be NULL) gets each
 * value's boot. out and boots hold c->nsamples (at least 1). A case without samples gives
 * its published figure, if it has one, as one value (its sd is in c->published).
 */
size_t metric_values(const struct metric *m, const struct rs_case *c, double *out, uint32_t *boots);
/* The same with each value's round in rounds[] (may be NULL). */
size_t metric_samples(const struct metric *m, const struct rs_case *c, double *out, uint32_t *boots,
		      uint32_t *rounds);
/* Warm-up and disturbed samples of a case; *kept: most are disturbed, so metric_values() has them. */
void metric_flagged(const struct rs_case *c, size_t *warmup, size_t *disturbed, bool *kept);
/* Samples that metric_values() would give; 0 for counts and published figures. */
size_t metric_count(const struct metric *m, const struct rs_case *c);
/* Human form with unit: 10.9 ms, 1.66 us, 524288. A scale can be forced so that a column agrees. */
void metric_format(const struct metric *m, double value, char *buf, size_t size);
struct metric_scale {
	double divide;
	const char *suffix;		/* "ms" */
};
struct metric_scale metric_scale_for(const struct metric *m, double largest);

#endif
