// SPDX-License-Identifier: GPL-2.0-only
/* A small snprintf for places without libc: %s %c %d %u %x %lx %lu %ld %llx %llu %lld %%, 0-padding. */
#include "core.h"

struct out {
	char *buf;
	u64 size, used;
};

static void put(struct out *o, char c)
{
	if (o->used + 1 < o->size)
		o->buf[o->used] = c;
	o->used++;
}

char *mmub_digits(char *end, u64 v, u32 base)
{
	do {
		*--end = "0123456789abcdef"[v % base];
		v /= base;
	} while (v);
	return end;
}

static void put_number(struct out *o, u64 v, u32 base, u32 width, char pad)
{
	char text[MMUB_DIGITS_MAX], *end = text + sizeof(text);
	const char *s = mmub_digits(end, v, base);

	for (; width > (u32)(end - s); width--)
		put(o, pad);
	while (s < end)
		put(o, *s++);
}

static void put_signed(struct out *o, s64 v, u32 width, char pad)
{
	if (v < 0)
		put(o, '-');
	put_number(o, v < 0 ? -(u64)v : (u64)v, 10, width, pad);
}

int mmub_vsnprintf(char *buf, u64 size, const char *fmt, __builtin_va_list ap)
{
	struct out o = { buf, size, 0 };

	for (; *fmt; fmt++) {
		u32 width = 0, longs = 0;
		char pad = ' ';

		if (*fmt != '%') {
			put(&o, *fmt);
			continue;
		}
		fmt++;
		if (*fmt == '0')
			pad = *fmt++;
		while (*fmt >= '0' && *fmt <= '9')
			width = width * 10 + (u32)(*fmt++ - '0');
		while (*fmt == 'l') {
			longs++;
			fmt++;
		}
		switch (*fmt) {
		case 's': {
			const char *s = __builtin_va_arg(ap, const char *);

			for (s = s ? s : "(null)"; *s; s++)
				put(&o, *s);
			break;
		}
		case 'c':
			put(&o, (char)__builtin_va_arg(ap, int));
			break;
		case 'd':
			put_signed(&o, longs ? __builtin_va_arg(ap, long) : __builtin_va_arg(ap, int), width,
				   pad);
			break;
		case 'u':
		case 'x': {
			u64 v = longs ? __builtin_va_arg(ap, unsigned long) :
					__builtin_va_arg(ap, unsigned int);

			put_number(&o, v, *fmt == 'x' ? 16 : 10, width, pad);
			break;
		}
		case '\0':
			fmt--;
			break;
		default:
			put(&o, *fmt);
		}
	}
	if (size)
		buf[o.used < size ? o.used : size - 1] = 0;
	return (int)o.used;
}

int mmub_snprintf(char *buf, u64 size, const char *fmt, ...)
{
	__builtin_va_list ap;
	int n;

	__builtin_va_start(ap, fmt);
	n = mmub_vsnprintf(buf, size, fmt, ap);
	__builtin_va_end(ap);
	return n;
}

const char *bench_fail(struct bench_case *c, const char *fmt, ...)
{
	__builtin_va_list ap;

	__builtin_va_start(ap, fmt);
	mmub_vsnprintf(c->why, sizeof(c->why), fmt, ap);
	__builtin_va_end(ap);
	return c->why;
}
