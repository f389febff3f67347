/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * mem* and str* for the guest and for libfdt's objects. Built so that the compiler does not turn the
 * loops into calls to themselves (mk/guest.mk); usable with the MMU off: aligned accesses only.
 */
#include <stdint.h>
#include <string.h>

void *memset(void *to, int c, size_t n)
{
	unsigned char *p = to;
	uint64_t v = 0x0101010101010101ull * (unsigned char)c;

	for (; n && ((uintptr_t)p & 7); n--)
		*p++ = (unsigned char)c;
	for (; n >= 32; n -= 32, p += 32) {
		uint64_t *q = (uint64_t *)p;

		q[0] = v;
		q[1] = v;
		q[2] = v;
		q[3] = v;
	}
	for (; n; n--)
		*p++ = (unsigned char)c;
	return to;
}

void *memcpy(void *to, const void *from, size_t n)
{
	unsigned char *d = to;
	const unsigned char *s = from;

	if ((((uintptr_t)d | (uintptr_t)s) & 7) == 0) {
		for (; n >= 32; n -= 32, d += 32, s += 32) {
			const uint64_t *x = (const uint64_t *)s;
			uint64_t *y = (uint64_t *)d, a = x[0], b = x[1], e = x[2], f = x[3];

			y[0] = a;
			y[1] = b;
			y[2] = e;
			y[3] = f;
		}
		for (; n >= 8; n -= 8, d += 8, s += 8)
			*(uint64_t *)d = *(const uint64_t *)s;
	}
	for (; n; n--)
		*d++ = *s++;
	return to;
}

void *memmove(void *to, const void *from, size_t n)
{
	unsigned char *d = to;
	const unsigned char *s = from;

	if (d <= s || d >= s + n)
		return memcpy(to, from, n);
	while (n--)
		d[n] = s[n];
	return to;
}

int memcmp(const void *a, const void *b, size_t n)
{
	const unsigned char *x = a, *y = b;

	for (; n; n--, x++, y++) {
		if (*x != *y)
			return *x - *y;
	}
	return 0;
}

void *memchr(const void *s, int c, size_t n)
{
	const unsigned char *p = s;

	for (; n; n--, p++) {
		if (*p == (unsigned char)c)
			return (void *)(uintptr_t)p;
	}
	return NULL;
}

size_t strlen(const char *s)
{
	const char *p = s;

	while (*p)
		p++;
	return (size_t)(p - s);
}

size_t strnlen(const char *s, size_t max)
{
	size_t n = 0;

	while (n < max && s[n])
		n++;
	return n;
}

char *strchr(const char *s, int c)
{
	for (;; s++) {
		if (*s == (char)c)
			return (char *)(uintptr_t)s;
		if (!*s)
			return NULL;
	}
}

char *strrchr(const char *s, int c)
{
	const char *last = NULL;

	for (;; s++) {
		if (*s == (char)c)
			last = s;
		if (!*s)
			return (char *)(uintptr_t)last;
	}
}

int strncmp(const char *a, const char *b, size_t n)
{
	for (; n; n--, a++, b++) {
		if (*a != *b || !*a)
			return (unsigned char)*a - (unsigned char)*b;
	}
	return 0;
}

int strcmp(const char *a, const char *b)
{
	return strncmp(a, b, SIZE_MAX);
}

/* Debian builds libfdt with -fstack-protector-strong. */
uintptr_t __stack_chk_guard = 0x6d6d75622d676f6fu;
void __stack_chk_fail(void);
void __stack_chk_fail(void)
{
	__builtin_trap();		/* BRK: an exc record and power-off */
}
