// SPDX-License-Identifier: GPL-2.0-only
/* Records out: one line each, with a sequence number and a CRC (docs/protocol.md). */
#include "core.h"

static struct {
	char line[RECORD_MAX];
	u32 used;
	bool cut;			/* a field was left out */
	u64 seq;
} rec;

#define TAIL 11		/* " #" + 8 hex digits + NUL */
#define CUT " cut=1"
/* What fields may fill. */
#define ROOM (RECORD_MAX - TAIL - (sizeof(CUT) - 1))

u32 record_crc32(const char *s, u64 len)
{
	u32 crc = ~0u;

	for (u64 i = 0; i < len; i++) {
		crc ^= (u8)s[i];
		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (0xedb88320u & -(crc & 1));
	}
	return ~crc;
}

static void put_char(char c)
{
	if (rec.used < ROOM)
		rec.line[rec.used++] = c;
}

static void put_text(const char *s)
{
	while (*s)
		put_char(*s++);
}

static void put_encoded(const char *s)
{
	for (; *s; s++) {
		u8 c = (u8)*s;

		if (c > ' ' && c <= '~' && c != '%' && c != '#' && c != '=') {
			put_char(*s);
		} else if (rec.used + 3 <= ROOM) {
			put_char('%');
			put_char("0123456789abcdef"[c >> 4]);
			put_char("0123456789abcdef"[c & 15]);
		}
	}
}

u64 record_seq(void)
{
	return rec.seq ? rec.seq - 1 : 0;
}

void record_reset(void)
{
	rec.seq = 0;
}

/* v's digits as text in buf, behind a prefix of at most two characters. */
static const char *number(char buf[MMUB_DIGITS_MAX + 3], const char *prefix, u64 v, u32 base)
{
	char *s = buf + MMUB_DIGITS_MAX + 2;

	*s = 0;
	s = mmub_digits(s, v, base);
	for (u64 n = strlen(prefix); n; n--)
		*--s = prefix[n - 1];
	return s;
}

/* By hand and not by mmub_snprintf(): that would be the largest piece of code that a record needs. */
void record_begin(const char *type)
{
	char text[MMUB_DIGITS_MAX + 3];

	rec.used = 0;
	rec.cut = false;
	put_text("@mmub ");
	put_text(number(text, "", rec.seq++, 10));
	put_char(' ');
	put_text(type);
}

/* A number is whole or is not there at all: half of its digits would be another number with a good CRC. */
static void put_field(const char *key, const char *text)
{
	if (rec.used + strlen(key) + strlen(text) + 2 > ROOM) {
		rec.cut = true;
		return;
	}
	put_char(' ');
	put_text(key);
	put_char('=');
	put_text(text);
}

void record_u64(const char *key, u64 val)
{
	char text[MMUB_DIGITS_MAX + 3];

	put_field(key, number(text, "", val, 10));
}

void record_hex(const char *key, u64 val)
{
	char text[MMUB_DIGITS_MAX + 3];

	put_field(key, number(text, "0x", val, 16));
}

/* Text that is too long loses its end. */
void record_str(const char *key, const char *val)
{
	put_field(key, "");
	if (!rec.cut)
		put_encoded(val);
}

void record_end(void)
{
	u32 crc;

	if (rec.cut) {
		memcpy(rec.line + rec.used, CUT, sizeof(CUT) - 1);
		rec.used += sizeof(CUT) - 1;
	}
	crc = record_crc32(rec.line, rec.used);
	rec.line[rec.used++] = ' ';
	rec.line[rec.used++] = '#';
	for (int shift = 28; shift >= 0; shift -= 4)
		rec.line[rec.used++] = "0123456789abcdef"[crc >> shift & 15];
	rec.line[rec.used] = 0;
	plat_emit(rec.line, rec.used);
}
