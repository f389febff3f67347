/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A strict pull reader for JSON (RFC 8259) over one buffer. A result set of 300,000 samples takes
 * jansson (a hash table a sample) over a second; this reader walks it without building anything.
 * Strict: UTF-8 is checked, \u0000 and repeated keys of known fields are the caller's errors, nesting is
 * bounded. After the first error every call fails at once, so that callers check once.
 */
#ifndef MMUB_JSON_READER_H
#define MMUB_JSON_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define JSON_DEPTH_MAX 64
#define JSON_STRING_MAX 65536

struct json_reader {
	const char *start, *at, *end;
	unsigned int depth;
	const char *error;		/* first error, NULL so far */
	const char *error_at;
	char *text;			/* last string, decoded; JSON_STRING_MAX bytes */
};

void jr_open(struct json_reader *r, const char *buf, size_t len);
void jr_close(struct json_reader *r);
/* Records an error at the current place; returns false. */
bool jr_fail(struct json_reader *r, const char *why);
/* Line (from 1) of the error. */
size_t jr_error_line(const struct json_reader *r);

char jr_peek(struct json_reader *r);	/* first byte of the next token, 0 at the end */
/*
 * Object: jr_enter(r, '{'), then while (jr_key(r, &first)) read the value; the key is r->text.
 * Array: jr_enter(r, '['), then while (jr_item(r, &first)) read the value. Both leave at the end.
 */
bool jr_enter(struct json_reader *r, char open);
bool jr_key(struct json_reader *r, bool *first);
bool jr_item(struct json_reader *r, bool *first);
bool jr_string(struct json_reader *r);			/* decoded in r->text */
bool jr_u64(struct json_reader *r, uint64_t max, uint64_t *out);	/* a whole number, 0..max */
bool jr_double(struct json_reader *r, double *out);		/* finite */
bool jr_bool(struct json_reader *r, bool *out);
bool jr_skip(struct json_reader *r);				/* any value, checked */
bool jr_at_end(struct json_reader *r);			/* nothing but blanks is left */

#endif
