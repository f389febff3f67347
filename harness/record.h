/* SPDX-License-Identifier: GPL-2.0-only */
/* The host's side of the record format (docs/protocol.md): bytes in, checked records out. */
#ifndef MMUB_HOST_RECORD_H
#define MMUB_HOST_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define REC_LINE_MAX 1024
#define REC_FIELDS_MAX 96

struct rec_field {
	const char *key, *val;		/* decoded */
};
struct rec {
	uint64_t seq;
	const char *type;
	struct rec_field fields[REC_FIELDS_MAX];
	size_t nfields;
	char text[REC_LINE_MAX + 1];	/* holds what the pointers point to */
};

/*
 * Parses one line (no newline). REC_OK; REC_CHATTER: not a record; REC_BAD: it starts as a record but is
 * damaged, *why says how.
 */
enum rec_verdict { REC_OK, REC_CHATTER, REC_BAD };
enum rec_verdict rec_parse(struct rec *r, const char *line, size_t len, const char **why);
const char *rec_get(const struct rec *r, const char *key);	/* NULL when absent */
/* A number, decimal or 0x. false: absent or not a number. */
bool rec_u64(const struct rec *r, const char *key, uint64_t *out);

/* Cuts a byte stream into lines; lines past REC_LINE_MAX are cut and reported as such. */
struct rec_lines {
	char buf[REC_LINE_MAX + 2];
	size_t used;
	void (*line)(void *arg, const char *line, size_t len);
	void *arg;
};
void rec_feed(struct rec_lines *l, const char *data, size_t len);
/* The stream ended: a last line without newline is handed on, too. */
void rec_flush(struct rec_lines *l);

#endif
