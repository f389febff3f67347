/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Comparing result sets: cases become the cells of tables, each cell is set against its baseline, and
 * an output format (format_X.c) writes the whole. docs/compare.md tells what a reader may conclude.
 */
#ifndef MMUB_COMPARE_H
#define MMUB_COMPARE_H

#include <stdio.h>

#include "metric.h"
#include "resultset.h"
#include "stats.h"

struct cmp_cell {
	const struct rs_set *set;
	const struct rs_case *c;	/* NULL: there is no such case */
	const char *state;		/* NULL: has a value; else "fail", "skip", "-" */
	double value;			/* raw unit of the metric */
	double *x;			/* the samples behind it */
	uint32_t *boots, *rounds;
	size_t n, nboots;
	size_t warmup, disturbed;	/* samples flagged so; warm-up is never in x */
	bool disturbed_kept;		/* in x, because most are */
	bool has_delta;			/* r is filled: there is a baseline with a value */
	bool untested;			/* no samples on one side: a published figure, delta only */
	struct st_compare r;
};

struct cmp_row {
	char *label;
	const char *variant;
	size_t set;			/* index; of the cells unless columns are sets */
	size_t base;			/* row that this one is compared with; itself: a baseline */
};

struct cmp_table {
	const char *family;
	char *title;			/* parameters that all cells share */
	const struct metric *m;
	struct metric_scale scale;
	int decimals;			/* of values, whole table; -1: as each needs */
	const char *column_key;
	char **columns;
	size_t ncolumns;
	struct cmp_row *rows;
	size_t nrows;
	struct cmp_cell *cells;		/* [row * ncolumns + column] */
};

struct cmp_strings {
	char **s;
	size_t n;
};

struct cmp {
	struct rs_set **sets;
	size_t nsets;
	const struct metric *m;
	struct cmp_table *tables;
	size_t ntables;
	struct st_options options;
	bool bootstrap;			/* intervals are the two-level bootstrap's */
	size_t compared;		/* tested comparisons, the family of Holm's correction */
	size_t twins;			/* A/A pairs behind the noise floors */
	bool emulated;			/* some time in here was taken under tcg or icount */
	struct cmp_strings warnings;	/* environments differ, ambiguous cases */
	struct cmp_strings unmatched;	/* cases without a counterpart, with the reason */
};

struct cmp_options {
	const struct metric *m;		/* NULL: chosen, see cmp_default_metric() */
	const char *columns;		/* key; NULL: the parameter with most values */
	const char *by;			/* "variant", "set"; NULL: chosen */
	const char *base;		/* variant that is the baseline; NULL: the first */
	const char *glob;		/* FAMILY/VARIANT; NULL: all */
	bool bootstrap;			/* intervals by st_bootstrap(); verdicts stay st_compare()'s */
};

/* time, but insns under icount; where nothing was timed tlbi, or what was published. */
const struct metric *cmp_default_metric(struct rs_set *const *sets, size_t nsets);
struct cmp *cmp_build(struct rs_set **sets, size_t nsets, const struct cmp_options *o);
void cmp_free(struct cmp *c);
/*
 * The variant of a family that is the baseline: base where some set has it for that family (a point without it has no
 * deltas, not those against another), else NULL: the first.
 */
const char *cmp_base_of(struct rs_set *const *sets, size_t nsets, const char *base, const char *family);
/* A base (NULL: fine) that no family has is an error of the words: says so, EXIT_USAGE_ERROR. */
int cmp_check_base(const char *command, struct rs_set *const *sets, size_t nsets, const char *base);
/* Second half of cmp_build() (compare_judge.c): tests, Holm, scales, warnings; drops tables without a value. */
void cmp_judge(struct cmp *c);
void cmp_table_free(struct cmp_table *t);
/* Whether a case takes part: no twin, and FAMILY/VARIANT (or FAMILY) matches glob (NULL: all). */
bool cmp_selects(const struct rs_case *c, const char *glob);
__attribute__((format(printf, 2, 3))) void cmp_say(struct cmp_strings *list, const char *fmt, ...);

/* ---- what all formats say alike (compare_words.c) ---- */
static inline struct cmp_cell *cmp_cell(const struct cmp_table *t, size_t row, size_t column)
{
	return &t->cells[row * t->ncolumns + column];
}
/* "10.9", "524288", or the state. */
const char *cmp_value_text(const struct cmp_table *t, const struct cmp_cell *c, char *buf, size_t size);
/* "-33%", "-1.6%", "~" (nothing can be claimed), "=" (equal within the noise floor), "" (baseline). */
const char *cmp_delta_text(const struct cmp_cell *c, char *buf, size_t size);
/* Whole percents where a tenth would say nothing more; past tenfold, how many fold: "x16.5". */
void cmp_percent(double delta, char *buf, size_t size);
/* Ends of the delta's interval, "-34%" and "-32%"; false: there is none. */
bool cmp_ci(const struct cmp_cell *c, char *lo, char *hi, size_t size);
/* "map_mem/fixmap_once ram=1G"; where the family has more tables, which of them. Allocated. */
char *cmp_cell_name(const struct cmp *k, const struct cmp_table *t, size_t row, size_t column);
const char *cmp_verdict_name(const struct cmp_cell *c);	/* "faster", "slower", "same", "unclear" ... */
/* "map_mem: time (ms), lower is better"; allocated */
char *cmp_heading(const struct cmp_table *t);
/* No parameter varies: the one column needs no name. */
bool cmp_one_column(const struct cmp_table *t);
/* One plain sentence about a column; allocated. */
char *cmp_sentence(const struct cmp *c, const struct cmp_table *t, size_t column);
/* Samples, boots, method, noise floor, emulation: the footer's lines. */
void cmp_footer(const struct cmp *c, const struct cmp_table *t, struct cmp_strings *lines);
double cmp_noise(const struct cmp_table *t);	/* largest noise floor among the deltas of a table */
/* Geometric mean of value/baseline over the columns that both have (how many); NaN with fewer than two. */
double cmp_geomean(const struct cmp_table *t, size_t row, size_t *columns);
void cmp_strings_free(struct cmp_strings *s);

/* ---- below a table (compare_below.c) ---- */
/* 95 % intervals of the deltas: a line a row, or one line where there is one column. */
void cmp_intervals(const struct cmp_table *t, struct cmp_strings *lines);
char *cmp_geomeans(const struct cmp_table *t);	/* "fixmap_once -19.9%, ..."; allocated, or NULL */
/*
 * The lines below a table of a format with lists: footer, sentences, intervals, means, each by item(). nest: where
 * there are several intervals they are a list (depth 1) of their own.
 */
typedef void (*cmp_item)(FILE *out, int depth, const char *title, const char *text);
void cmp_below(FILE *out, const struct cmp *k, const struct cmp_table *t, bool nest, cmp_item item);
/*
 * The counts that differ from the baseline's, at one column, as a table to draw like any other. Its heading,
 * allocated, and the table for cmp_table_free(); NULL: nothing differs.
 */
char *cmp_operations_table(const struct cmp_table *t, struct cmp_table *operations);
/* "tlbi 131330 -> 65665 (-50%), dsb ...": what differs between a cell and its baseline; allocated, or NULL. */
char *cmp_operations(const struct cmp_table *t, size_t row, size_t column);

/* ---- formats: one file each ---- */
struct cmp_format {
	const char *name;
	void (*write)(FILE *out, const struct cmp *c);
};
#define CMP_FORMAT(ident, ...)									\
	static const struct cmp_format cmp_format_##ident = { __VA_ARGS__ };			\
	static const struct cmp_format *const cmp_format_entry_##ident				\
		__attribute__((used, section("mmub_formats"))) = &cmp_format_##ident
const struct cmp_format *cmp_format_find(const char *name);
const struct cmp_format *cmp_format_at(size_t i);

/* ---- the gate (gate.c) ---- */
struct gate {
	const char *text;
	const struct metric *m;
	bool above;			/* fails on delta > limit, else on delta < limit */
	double limit;			/* 0.05 for 5% */
};
/* "time>+5%", "tlbi>0%", "time<-5%". NULL, or why it is no gate: one line. */
const char *gate_parse(const char *text, struct gate *g);
/*
 * Compares by the gate's metric; each failing cell is a line in failures. Returns how many comparisons
 * were judged: 0 means that the gate could never have failed, which is an error of its own.
 */
size_t gate_judge(const struct gate *g, struct rs_set **sets, size_t nsets, const struct cmp_options *o,
		  struct cmp_strings *failures);

#endif
