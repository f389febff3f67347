/* SPDX-License-Identifier: GPL-2.0-only */
#include "json_reader.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "text.h"

void jr_open(struct json_reader *r, const char *buf, size_t len)
{
	memset(r, 0, sizeof(*r));
	r->start = r->at = buf;
	r->end = buf + len;
	r->text = xmalloc(JSON_STRING_MAX);
	r->text[0] = 0;
}

void jr_close(struct json_reader *r)
{
	free(r->text);
	r->text = NULL;
}

bool jr_fail(struct json_reader *r, const char *why)
{
	if (!r->error) {
		r->error = why;
		r->error_at = r->at;
		r->at = r->end;
	}
	return false;
}

size_t jr_error_line(const struct json_reader *r)
{
	size_t line = 1;

	for (const char *p = r->start; p < r->error_at; p++)
		line += *p == '\n';
	return line;
}

static void blanks(struct json_reader *r)
{
	while (r->at < r->end && (*r->at == ' ' || *r->at == '\n' || *r->at == '\t' || *r->at == '\r'))
		r->at++;
}

char jr_peek(struct json_reader *r)
{
	blanks(r);
	return r->at < r->end ? *r->at : 0;
}

bool jr_at_end(struct json_reader *r)
{
	if (r->error)
		return false;
	blanks(r);
	return r->at == r->end || jr_fail(r, "something follows the end of the document");
}

static const char *expected(struct json_reader *r, const char *what)
{
	return jr_peek(r) || r->at < r->end ? what : "the document is cut off here";
}

bool jr_enter(struct json_reader *r, char open)
{
	if (jr_peek(r) != open)
		return jr_fail(r, expected(r, open == '{' ? "an object is expected" :
							      "an array is expected"));
	if (++r->depth > JSON_DEPTH_MAX)
		return jr_fail(r, "nested too deep");
	r->at++;
	return true;
}

/* True: a member follows. False: the container was closed, or an error. */
static bool next_member(struct json_reader *r, bool *first, char close)
{
	char c;

	if (r->error)
		return false;
	c = jr_peek(r);
	if (c == close) {
		r->at++;
		r->depth--;
		return false;
	}
	if (!*first) {
		if (c != ',')
			return jr_fail(r, expected(r, "a comma or the closing bracket is expected"));
		r->at++;
	}
	*first = false;
	return true;
}

bool jr_item(struct json_reader *r, bool *first)
{
	return next_member(r, first, ']');
}

bool jr_key(struct json_reader *r, bool *first)
{
	if (!next_member(r, first, '}') || !jr_string(r))
		return false;
	if (jr_peek(r) != ':')
		return jr_fail(r, expected(r, "a colon is expected after the key"));
	r->at++;
	return true;
}

static int hex4(struct json_reader *r)
{
	int v = 0;

	if (r->end - r->at < 4)
		return -1;
	for (int i = 0; i < 4; i++) {
		int c = (unsigned char)r->at[i];
		int digit = c >= '0' && c <= '9' ? c - '0' :
			    (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1;

		if (digit < 0)
			return -1;
		v = v << 4 | digit;
	}
	r->at += 4;
	return v;
}

static size_t put_utf8(char *out, int c)
{
	if (c < 0x80) {
		out[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		out[0] = (char)(0xc0 | c >> 6);
		out[1] = (char)(0x80 | (c & 63));
		return 2;
	}
	if (c < 0x10000) {
		out[0] = (char)(0xe0 | c >> 12);
		out[1] = (char)(0x80 | (c >> 6 & 63));
		out[2] = (char)(0x80 | (c & 63));
		return 3;
	}
	out[0] = (char)(0xf0 | c >> 18);
	out[1] = (char)(0x80 | (c >> 12 & 63));
	out[2] = (char)(0x80 | (c >> 6 & 63));
	out[3] = (char)(0x80 | (c & 63));
	return 4;
}

/* After the backslash. Returns bytes written, 0 = error. */
static size_t escape(struct json_reader *r, char *out)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	const char *p;
	int c, low;

	if (r->at == r->end)
		return 0;
	if (*r->at != 'u') {
		p = *r->at ? strchr(from, *r->at) : NULL;
		if (!p)
			return 0;
		r->at++;
		*out = to[p - from];
		return 1;
	}
	r->at++;
	c = hex4(r);
	if (c <= 0 || (c >= 0xdc00 && c < 0xe000))
		return 0;
	if (c >= 0xd800 && c < 0xdc00) {
		if (r->end - r->at < 6 || r->at[0] != '\\' || r->at[1] != 'u')
			return 0;
		r->at += 2;
		low = hex4(r);
		if (low < 0xdc00 || low > 0xdfff)
			return 0;
		c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
	}
	return put_utf8(out, c);
}

bool jr_string(struct json_reader *r)
{
	size_t n = 0, k;

	if (r->error)
		return false;
	if (jr_peek(r) != '"')
		return jr_fail(r, expected(r, "a string is expected"));
	r->at++;
	while (r->at < r->end) {
		unsigned char c = (unsigned char)*r->at;

		if (n + 5 > JSON_STRING_MAX)
			return jr_fail(r, "a string is too long");
		if (c == '"') {
			r->at++;
			r->text[n] = 0;
			return true;
		}
		if (c < ' ')
			return jr_fail(r, "a control character in a string");
		if (c == '\\') {
			r->at++;
			k = escape(r, r->text + n);
			if (!k)
				return jr_fail(r, "a bad escape in a string");
			n += k;
		} else if (c < 0x80) {
			r->text[n++] = (char)c;
			r->at++;
		} else {
			k = text_utf8(r->at, (size_t)(r->end - r->at));
			if (!k)
				return jr_fail(r, "not UTF-8");
			memcpy(r->text + n, r->at, k);
			n += k;
			r->at += k;
		}
	}
	return jr_fail(r, "the document is cut off in a string");
}

struct decimal {
	uint64_t mantissa;	/* first 19 digits */
	int digits, exponent;
	bool negative, whole;	/* whole: written without '.' and exponent */
};

static bool digit(const struct json_reader *r)
{
	return r->at < r->end && *r->at >= '0' && *r->at <= '9';
}

static void take_digits(struct json_reader *r, struct decimal *d, int scale)
{
	for (; digit(r); r->at++) {
		if (d->digits < 19) {
			d->mantissa = d->mantissa * 10 + (uint64_t)(*r->at - '0');
			d->digits += d->mantissa > 0;
			d->exponent -= scale;
		} else {
			d->digits++;
			d->exponent += 1 - scale;
		}
	}
}

/* The number grammar of RFC 8259: no leading zero, no bare point. */
static bool scan_number(struct json_reader *r, struct decimal *d)
{
	bool minus = false;
	int e = 0;

	memset(d, 0, sizeof(*d));
	if (jr_peek(r) == '-') {
		d->negative = true;
		r->at++;
	}
	if (!digit(r))
		return jr_fail(r, expected(r, "a number is expected"));
	if (*r->at == '0' && r->end - r->at > 1 && r->at[1] >= '0' && r->at[1] <= '9')
		return jr_fail(r, "a number with a leading zero");
	take_digits(r, d, 0);
	d->whole = true;
	if (r->at < r->end && *r->at == '.') {
		d->whole = false;
		r->at++;
		if (!digit(r))
			return jr_fail(r, "digits are expected after the point");
		take_digits(r, d, 1);
	}
	if (r->at < r->end && (*r->at | 32) == 'e') {
		d->whole = false;
		r->at++;
		if (r->at < r->end && (*r->at == '+' || *r->at == '-'))
			minus = *r->at++ == '-';
		if (!digit(r))
			return jr_fail(r, "digits are expected in the exponent");
		for (; digit(r); r->at++)
			e = e < 100000 ? e * 10 + (*r->at - '0') : e;
		d->exponent += minus ? -e : e;
	}
	return true;
}

bool jr_u64(struct json_reader *r, uint64_t max, uint64_t *out)
{
	struct decimal d;
	const char *at;

	if (r->error)
		return false;
	jr_peek(r);
	at = r->at;
	if (!scan_number(r, &d))
		return false;
	/* 20-digit numbers up to 2^64 - 1 come out of take_digits() short of the last digit. */
	if (d.digits == 20 && d.exponent == 1 && d.mantissa <= 1844674407370955161ull) {
		uint64_t last = (uint64_t)(r->at[-1] - '0');

		if (d.mantissa < 1844674407370955161ull || last <= 5) {
			d.mantissa = d.mantissa * 10 + last;
			d.digits = 19;
		}
	}
	if (d.negative || !d.whole || d.digits > 19 || d.mantissa > max) {
		r->at = at;
		return jr_fail(r, "a whole number in range is expected");
	}
	*out = d.mantissa;
	return true;
}

bool jr_double(struct json_reader *r, double *out)
{
	static const double ten[] = { 1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11,
		1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22 };
	struct decimal d;
	const char *at;
	char copy[400];
	double v;

	if (r->error)
		return false;
	jr_peek(r);
	at = r->at;
	if (!scan_number(r, &d))
		return false;
	/* Both factors are exact doubles here, so one rounding: the result is the nearest double. */
	if (d.mantissa <= 1ull << 53 && d.digits <= 16 && d.exponent >= -22 && d.exponent <= 22) {
		v = (double)d.mantissa;
		v = d.exponent < 0 ? v / ten[-d.exponent] : v * ten[d.exponent];
		*out = d.negative ? -v : v;
		return true;
	}
	if ((size_t)(r->at - at) >= sizeof(copy)) {
		r->at = at;
		return jr_fail(r, "a number with too many digits");
	}
	memcpy(copy, at, (size_t)(r->at - at));
	copy[r->at - at] = 0;
	v = strtod(copy, NULL);
	if (!isfinite(v)) {
		r->at = at;
		return jr_fail(r, "a number out of range");
	}
	*out = v;
	return true;
}

static bool literal(struct json_reader *r, const char *word)
{
	size_t n = strlen(word);

	if ((size_t)(r->end - r->at) < n || memcmp(r->at, word, n))
		return false;
	r->at += n;
	return true;
}

bool jr_bool(struct json_reader *r, bool *out)
{
	if (r->error)
		return false;
	jr_peek(r);
	*out = literal(r, "true");
	return *out || literal(r, "false") || jr_fail(r, expected(r, "true or false is expected"));
}

bool jr_skip(struct json_reader *r)
{
	struct decimal d;
	bool first = true;

	if (r->error)
		return false;
	switch (jr_peek(r)) {
	case '{':
		if (!jr_enter(r, '{'))
			return false;
		while (jr_key(r, &first))
			jr_skip(r);
		return !r->error;
	case '[':
		if (!jr_enter(r, '['))
			return false;
		while (jr_item(r, &first))
			jr_skip(r);
		return !r->error;
	case '"':
		return jr_string(r);
	case 't':
		return literal(r, "true") || jr_fail(r, "an unknown word");
	case 'f':
		return literal(r, "false") || jr_fail(r, "an unknown word");
	case 'n':
		return literal(r, "null") || jr_fail(r, "an unknown word");
	default:
		return scan_number(r, &d);
	}
}
