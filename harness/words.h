/* SPDX-License-Identifier: GPL-2.0-only */
/* Nearest words for usage errors, shell patterns for names, numbers as people type them. */
#ifndef MMUB_WORDS_H
#define MMUB_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Keeps the nearest of the words offered; start with .word = the typed word and .best = NULL. */
struct nearest {
	const char *word, *best;
	unsigned int distance;
};
void nearest_offer(struct nearest *n, const char *candidate);
/* "; did you mean X?" in buf when something is near enough, else "". Returns buf. */
const char *nearest_hint(const struct nearest *n, char *buf, size_t size);

/* Decimal number, whole string. */
bool parse_u64(const char *s, uint64_t *out);
/* Number with K, M, G or T (1024), optional iB or B: bytes. */
bool parse_size(const char *s, uint64_t *out);
/* Shortest exact form with a unit: 268435456 -> "256M". */
const char *format_size(uint64_t bytes, char buf[24]);

#endif
