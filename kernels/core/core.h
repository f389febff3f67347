/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The portable core that all platforms share: it reads a plan, runs groups of cases and writes
 * records. Both formats are in docs/protocol.md. Nothing here knows a family or a platform.
 */
#ifndef MMUB_CORE_H
#define MMUB_CORE_H

#include "lib.h"
#include "platform.h"

#define MMUB_PROTOCOL 1
#define PLAN_CASES_MAX 4096
#define PLAN_GROUP_MAX 32		/* cases interleaved with each other */
#define RECORD_MAX 1024			/* bytes of a record line, newline not counted */

/* ---- plan.c ---- */
struct plan_case {
	u32 id;				/* the host's number */
	const struct bench_family *f;
	const struct bench_variant *timed, *counted;
	struct bench_params p;
};
struct plan_settings {			/* the numbers: u64, as plan.c's table has them */
	u64 seed;
	u64 rounds, warmup;		/* timed runs of each case; warm-up rounds come first */
	u64 min_ns;			/* a sample is looped until it is at least this long */
	u64 ops_log;			/* operations logged a case, 0: none */
	u64 timed;			/* 0: counted pass only */
	char events[256];
};
struct plan {
	struct plan_settings set;
	const char *text, *at, *end;	/* cursor: cases are parsed group by group, nothing is stored */
};
/* Checks the header and the settings. -> NULL or why, with the line number. */
const char *plan_open(struct plan *plan, const char *text, u64 len);
/*
 * Parses the next group into cases[PLAN_GROUP_MAX]; *n = 0 at the end. -> NULL or why. An unknown
 * family, variant or parameter is an error record of that case, and the case is left out.
 */
const char *plan_next_group(struct plan *plan, struct plan_case *cases, u32 *n);

/* ---- record.c ---- */
void record_begin(const char *type);
void record_u64(const char *key, u64 val);
void record_hex(const char *key, u64 val);
void record_str(const char *key, const char *val);	/* percent-encodes what is not printable */
void record_end(void);				/* adds sequence number and CRC, hands it to plat_emit() */
u64 record_seq(void);				/* number of the record begun last */
void record_reset(void);			/* sequence starts at 0 again */
u32 record_crc32(const char *s, u64 len);	/* CRC-32 (IEEE 802.3), as zlib's crc32() */

/* ---- runner.c ---- */
/* Runs a whole plan: hello record first, end record last. Returns the number of failed cases. */
u32 runner_run(const char *plan_text, u64 len);
/* The case being run, for an exception record; id = ~0u when none. */
u32 runner_current_case(void);

/* ---- names of ops, features, params ---- */
const char *mmu_op_name(enum mmu_op op);
int mmu_op_find(const char *name);		/* enum mmu_op or -1 */
const char *mmu_feature_name(u32 bit);		/* NULL past the last */
const char *mmu_feature_where(u32 bit);		/* the ID register field it is read from */
u64 *bench_param_slot(struct bench_params *p, u32 index);
const char *bench_param_name(u32 index);	/* NULL past the last */
const char *bench_param_doc(u32 index);
bool bench_param_is_size(u32 index);		/* unit SIZE: bytes */
/* Enumerated parameter: the name of a value; NULL for numbers and values out of range. */
const char *bench_param_value_name(u32 index, u64 val);
/* Parses "4096" or an enum's name (no K/M/G: the host expands those). false: not understood. */
bool bench_param_parse(u32 index, const char *s, u64 len, u64 *val);

#endif
