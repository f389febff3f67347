/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A result set in memory: what results/schema/mmubench-1.json describes. Sizes in bytes, times in
 * ns, all raw; formatting is the output's business.
 */
#ifndef MMUB_RESULTSET_H
#define MMUB_RESULTSET_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RS_SCHEMA "mmubench/1"

/* One parameter, count or named figure. Text parameters (leaf=page) have str, numbers str == NULL. */
struct rs_param {
	char *key;
	char *str;
	uint64_t num;
};
struct rs_count {
	char *name;			/* "tlbi.vaale1is" */
	uint64_t n;
};
/* A figure that somebody published: metric name, value in the metric's raw unit, sd (NaN: none). */
struct rs_published {
	char *metric;
	double value, sd;
	uint64_t n;			/* measurements behind it, 0 = not said */
};

struct rs_sample {
	uint32_t boot, round;
	uint32_t order;			/* place in the round's drawn order */
	uint32_t flags;			/* RS_SAMPLE_* */
	double ns;
	double insns;			/* NaN: not counted */
	double *values;			/* one for each rs_case.value_names; NULL when there are none */
};
#define RS_SAMPLE_WARMUP	1	/* kept and shown, not in the statistics */
#define RS_SAMPLE_PREEMPTED	2	/* the vCPU thread lost its CPU meanwhile */
#define RS_SAMPLE_MIGRATED	4

struct rs_case {
	char *family, *variant, *platform;
	struct rs_param *params;
	size_t nparams;
	struct rs_count *counts;	/* operations that occurred; absent = 0 if has_counts */
	size_t ncounts;
	bool has_counts;
	struct rs_sample *samples;
	size_t nsamples;
	char **value_names;		/* events ("events.l1d_tlb_refill") and extras ("extra.collateral_ns") */
	size_t nvalues;
	struct rs_published *published;
	size_t npublished;
	char *check;			/* "pass", "fail" or NULL (not run) */
	char *why;			/* of a failed check, a skip or a failure */
	char *skip;			/* reason, or NULL */
	char *fail;			/* reason, or NULL: crashed, hung, bad records */
	bool twin;			/* the second of the A/A pair: a noise measurement, not a result */
};

struct rs_set {
	char *path;			/* as given on the command line */
	char *label;			/* short name for columns: environment.label, else the file's stem */
	json_t *environment;		/* kept as it is; rs_env() reads it */
	struct rs_case *cases;
	size_t ncases;
};

/*
 * Loads and checks a file ("-": stdin). NULL on error, with one line in err: file, place, reason.
 * Bounded: files past RS_FILE_MAX bytes, nesting past jansson's limit and numbers out of range are
 * refused before memory grows.
 */
#define RS_FILE_MAX (512ull << 20)
#define RS_ERR_MAX 512
struct rs_set *rs_load(const char *path, char err[RS_ERR_MAX]);
/* Written whole to a temporary file in the same folder, synced, renamed. 0, or -1 with err. */
int rs_save(const struct rs_set *set, const char *path, char err[RS_ERR_MAX]);
void rs_free(struct rs_set *set);

struct rs_set *rs_new(void);
struct rs_case *rs_add_case(struct rs_set *set, const char *family, const char *variant,
			    const char *platform);
void rs_case_param_num(struct rs_case *c, const char *key, uint64_t num);
void rs_case_param_str(struct rs_case *c, const char *key, const char *str);
void rs_case_count(struct rs_case *c, const char *name, uint64_t n);
struct rs_sample *rs_case_sample(struct rs_case *c);	/* appended, zeroed, insns = NaN */
size_t rs_case_value_index(struct rs_case *c, const char *name); /* adds the name when new */

/* A string for the environment; bytes that make it no UTF-8 (guests and command lines hold any) become '?'. */
json_t *rs_text(const char *s);
/* What is not printable ASCII becomes '?', in place: JSON is UTF-8, and a terminal is no place for the rest. */
void rs_ascii(char *s);
/* environment.a.b ("qemu.version"), borrowed; NULL when absent. */
json_t *rs_env_value(const struct rs_set *set, const char *dotted);
/* Its text; NULL when absent or not a string. */
const char *rs_env(const struct rs_set *set, const char *dotted);
/* Value of a key as text in buf: family, variant, platform, a parameter, "set", or an environment key. */
const char *rs_case_key(const struct rs_set *set, const struct rs_case *c, const char *key,
			char *buf, size_t size);
/* The identity of a case for matching: family, platform and parameters (not variant), one string. */
char *rs_case_point(const struct rs_case *c);

#endif
