/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Result sets in the formats of other tools, and back. One file a format: export_X.c registers
 * itself, nothing else is edited. Formats, and what each loses: docs/export.md.
 */
#ifndef MMUB_EXPORT_H
#define MMUB_EXPORT_H

#include <stdio.h>

#include "metric.h"
#include "resultset.h"

struct exchange_format {
	const char *name;		/* "gobench" */
	const char *summary;		/* who reads it, one line */
	/* Writes the whole set; the caller checks the stream for errors. */
	void (*write)(FILE *out, const struct rs_set *set);
	/* Reads n bytes of text (no 0 behind them); NULL with a reason in err. NULL: no import. */
	struct rs_set *(*read)(const char *text, size_t n, char err[RS_ERR_MAX]);
};

#define EXCHANGE_FORMAT(ident, ...)								\
	static const struct exchange_format exchange_##ident = { __VA_ARGS__ };			\
	static const struct exchange_format *const exchange_entry_##ident			\
		__attribute__((used, section("mmub_exchange"))) = &exchange_##ident

const struct exchange_format *exchange_find(const char *name);
const struct exchange_format *exchange_at(size_t i);	/* link order, NULL past the end */

/* ---- what every format says about a case ---- */

/* Samples that count: neither warm-up nor flagged, as metric_values() has it. */
static inline bool export_sample_counts(const struct rs_sample *s)
{
	return s->flags == 0;
}
/* A case that is a result: the second of an A/A pair is a measurement of noise. */
static inline bool export_case_counts(const struct rs_case *c)
{
	return !c->twin;
}
enum export_status { EXPORT_PASS, EXPORT_FAIL, EXPORT_SKIP, EXPORT_ERROR };
/* *why: one line, "" for a pass. */
enum export_status export_case_status(const struct rs_case *c, const char **why);

/* One metric of one case in its raw unit: from the samples, else as published. */
struct export_summary {
	size_t n;			/* samples; 0: a published figure */
	double median, mean, sd, min, max;	/* sd NaN: one value */
	double lo, hi;			/* 95 % interval as in st_interval_of(), NaN: none */
	double *values;			/* n of them; free with export_summary_free() */
};
bool export_summarise(const struct metric *m, const struct rs_case *c, struct export_summary *s);
void export_summary_free(struct export_summary *s);

/*
 * "family/variant=V/platform=P/ram=4294967296/leaf=page". Bytes outside '!'..'~' and '%', '/', '='
 * are percent-encoded, so that the name is one word and comes back exactly. Allocated.
 */
char *export_case_name(const struct rs_case *c);
/* Shortest decimal that reads back as x; "0" where x is not a number. */
const char *export_number(double x, char buf[32]);
/* XML and HTML text or attribute value; characters that XML 1.0 forbids become U+FFFD. */
void export_xml(FILE *out, const char *text);
/* A JSON string of any bytes: what is no UTF-8 becomes U+FFFD. New reference. */
json_t *export_json_string(const char *text);
/* Parameters as a JSON object; counts likewise. New reference. */
json_t *export_json_params(const struct rs_case *c);
json_t *export_json_counts(const struct rs_case *c);
/* Copy without control characters and invalid UTF-8 (each becomes U+FFFD), at most max bytes. */
char *export_clean(const char *text, size_t max);

/* Writes a whole file. EXIT_DONE, or EXIT_OUTSIDE after a complaint that begins with what. */
int export_write_file(const char *what, const char *path, const void *data, size_t n);

/* ---- reading: names to cases ---- */
struct import_index;			/* name -> case, grows with the set */
struct import_index *import_index_new(struct rs_set *set);
void import_index_free(struct import_index *ix);
/*
 * The case that a name stands for, added when new. Parts "key=value" are parameters (numbers where
 * they are), variant= and platform= themselves, other parts parameters arg0, arg1 ... The pointer
 * lives until the next call.
 */
struct rs_case *import_case(struct import_index *ix, const char *name);
#define IMPORT_VALUES_MAX 64
struct import_value {
	const char *name;	/* an operation, "insns", else it becomes extra.NAME */
	double value;
};
/* Appends a sample: time in ns and n <= IMPORT_VALUES_MAX other figures. */
void import_sample(struct rs_case *c, double ns, const struct import_value *v, size_t n);

#endif
