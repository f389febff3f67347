/* SPDX-License-Identifier: GPL-2.0-only */
#include "record.h"

#include <string.h>

#include "core.h"

static bool hex_digits(const char *s, size_t n, uint64_t *out)
{
	*out = 0;
	if (!n || n > 16)
		return false;
	for (size_t i = 0; i < n; i++) {
		char c = s[i];
		unsigned int d = c >= '0' && c <= '9' ? (unsigned int)(c - '0') :
				 c >= 'a' && c <= 'f' ? (unsigned int)(c - 'a' + 10) : 16;

		if (d == 16)
			return false;
		*out = *out << 4 | d;
	}
	return true;
}

static bool decimal(const char *s, size_t n, uint64_t *out)
{
	*out = 0;
	if (!n || n > 20)
		return false;
	for (size_t i = 0; i < n; i++) {
		if (s[i] < '0' || s[i] > '9' ||
		    __builtin_mul_overflow(*out, 10u, out) ||
		    __builtin_add_overflow(*out, (uint64_t)(s[i] - '0'), out))
			return false;
	}
	return true;
}

/* Percent-decodes in place. false: a % without two hex digits, or an encoded NUL. */
static bool decode(char *s)
{
	char *out = s;
	uint64_t v;

	for (; *s; s++) {
		if (*s == '%') {
			if (strnlen(s, 3) < 3 || !hex_digits(s + 1, 2, &v) || !v)
				return false;
			*out++ = (char)v;
			s += 2;
		} else {
			*out++ = *s;
		}
	}
	*out = 0;
	return true;
}

static bool split_fields(struct rec *r, char *at)
{
	while (at && *at) {
		char *key = at, *blank = strchr(at, ' '), *eq;

		if (blank)
			*blank = 0;
		eq = strchr(key, '=');
		if (!eq || eq == key || r->nfields == REC_FIELDS_MAX)
			return false;
		*eq = 0;
		if (!decode(eq + 1))
			return false;
		r->fields[r->nfields++] = (struct rec_field){ key, eq + 1 };
		at = blank ? blank + 1 : NULL;
	}
	return true;
}

enum rec_verdict rec_parse(struct rec *r, const char *line, size_t len, const char **why)
{
	static const char head[] = "@mmub ";
	uint64_t crc;
	char *at;

	if (len && line[len - 1] == '\r')
		len--;
	if (len < sizeof(head) - 1 || memcmp(line, head, sizeof(head) - 1))
		return REC_CHATTER;
	*why = "the line is too long";
	if (len > REC_LINE_MAX)
		return REC_BAD;
	*why = "the line is damaged or cut (no CRC)";
	if (len < 20 || memcmp(line + len - 10, " #", 2) || !hex_digits(line + len - 8, 8, &crc))
		return REC_BAD;
	*why = "the CRC is wrong";
	if (record_crc32(line, len - 10) != crc)
		return REC_BAD;
	*why = "the line is not made as a record is";
	if (memchr(line, 0, len))
		return REC_BAD;
	memcpy(r->text, line, len - 10);
	r->text[len - 10] = 0;
	r->nfields = 0;
	at = strchr(r->text + sizeof(head) - 1, ' ');
	if (!at || !decimal(r->text + sizeof(head) - 1,
			    (size_t)(at - r->text) - (sizeof(head) - 1), &r->seq))
		return REC_BAD;
	r->type = at + 1;
	at = strchr(at + 1, ' ');
	if (at)
		*at++ = 0;
	if (!*r->type || !split_fields(r, at))
		return REC_BAD;
	*why = "the record had no room for all that it must say";
	return rec_get(r, "cut") ? REC_BAD : REC_OK;
}

const char *rec_get(const struct rec *r, const char *key)
{
	for (size_t i = 0; i < r->nfields; i++)
		if (!strcmp(r->fields[i].key, key))
			return r->fields[i].val;
	return NULL;
}

bool rec_u64(const struct rec *r, const char *key, uint64_t *out)
{
	const char *v = rec_get(r, key);

	if (!v)
		return false;
	if (!strncmp(v, "0x", 2))
		return hex_digits(v + 2, strlen(v + 2), out);
	return decimal(v, strlen(v), out);
}

void rec_feed(struct rec_lines *l, const char *data, size_t len)
{
	while (len) {
		const char *nl = memchr(data, '\n', len);
		size_t n = nl ? (size_t)(nl - data) : len, room = sizeof(l->buf) - l->used;

		memcpy(l->buf + l->used, data, n < room ? n : room);
		l->used += n < room ? n : room;
		if (nl) {
			l->line(l->arg, l->buf, l->used);
			l->used = 0;
			n++;
		}
		data += n;
		len -= n;
	}
}

void rec_flush(struct rec_lines *l)
{
	if (l->used)
		l->line(l->arg, l->buf, l->used);
	l->used = 0;
}
