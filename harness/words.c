/* SPDX-License-Identifier: GPL-2.0-only */
#include "words.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WORD_MAX 48

/* Levenshtein distance with swaps of neighbours counted once (optimal string alignment). */
static unsigned int distance(const char *a, const char *b)
{
	size_t na = strnlen(a, WORD_MAX), nb = strnlen(b, WORD_MAX);
	unsigned int d[WORD_MAX + 1][WORD_MAX + 1];

	for (size_t i = 0; i <= na; i++)
		d[i][0] = (unsigned int)i;
	for (size_t j = 0; j <= nb; j++)
		d[0][j] = (unsigned int)j;
	for (size_t i = 1; i <= na; i++)
		for (size_t j = 1; j <= nb; j++) {
			unsigned int best = d[i - 1][j - 1] + (a[i - 1] != b[j - 1]);

			if (d[i - 1][j] + 1 < best)
				best = d[i - 1][j] + 1;
			if (d[i][j - 1] + 1 < best)
				best = d[i][j - 1] + 1;
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
			    d[i - 2][j - 2] + 1 < best)
				best = d[i - 2][j - 2] + 1;
			d[i][j] = best;
		}
	return d[na][nb];
}

void nearest_offer(struct nearest *n, const char *candidate)
{
	unsigned int d = distance(n->word, candidate);
	size_t len = strlen(n->word);

	/* "fixmap" for fixmap_once: a prefix is near whatever is missing. */
	if (len >= 3 && !strncmp(n->word, candidate, len))
		d = 1;
	if (d > 1 + len / 3)
		return;
	if (!n->best || d < n->distance) {
		n->best = candidate;
		n->distance = d;
	}
}

const char *nearest_hint(const struct nearest *n, char *buf, size_t size)
{
	buf[0] = 0;
	if (n->best)
		snprintf(buf, size, "; did you mean %s?", n->best);
	return buf;
}

static bool number(const char *s, uint64_t *out, char **end)
{
	unsigned long long v;

	if (*s < '0' || *s > '9')
		return false;
	errno = 0;
	v = strtoull(s, end, 10);
	*out = v;
	return !errno;
}

bool parse_u64(const char *s, uint64_t *out)
{
	char *end;

	return number(s, out, &end) && !*end;
}

bool parse_size(const char *s, uint64_t *out)
{
	static const char units[] = "KMGT";
	const char *u;
	char *end;
	unsigned int shift;

	if (!number(s, out, &end))
		return false;
	if (!*end)
		return true;
	u = strchr(units, *end & ~0x20);
	if (!u || !*u)
		return false;
	shift = 10 * (unsigned int)(u - units + 1);
	if (end[1] && strcmp(end + 1, "iB") && strcmp(end + 1, "B"))
		return false;
	if (*out > UINT64_MAX >> shift)
		return false;
	*out <<= shift;
	return true;
}

const char *format_size(uint64_t bytes, char buf[24])
{
	static const char units[] = "\0KMGT";
	unsigned int i = 0;

	while (i < 4 && bytes && !(bytes & 1023)) {
		bytes >>= 10;
		i++;
	}
	snprintf(buf, 24, "%llu%.1s", (unsigned long long)bytes, units + i);
	return buf;
}
