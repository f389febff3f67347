/* SPDX-License-Identifier: GPL-2.0-only */
/* What a family may use beside the waist, on every platform: text and random numbers (kernels/core/). */
#ifndef MMUB_LIB_H
#define MMUB_LIB_H

#include "types.h"

/* Writes v's digits (base 10 or 16) in front of end, at most MMUB_DIGITS_MAX. -> the first of them (print.c). */
#define MMUB_DIGITS_MAX 20
char *mmub_digits(char *end, u64 v, u32 base);
/* A small snprintf for places without libc (print.c). */
int mmub_vsnprintf(char *buf, u64 size, const char *fmt, __builtin_va_list ap);
int mmub_snprintf(char *buf, u64 size, const char *fmt, ...) __printf(3, 4);

/* xoshiro256**, so that an order can be drawn again anywhere (random.c). */
struct mmub_rng {
	u64 s[4];
};
void mmub_rng_seed(struct mmub_rng *r, u64 seed);	/* by splitmix64 */
u64 mmub_rng_next(struct mmub_rng *r);
u64 mmub_rng_below(struct mmub_rng *r, u64 n);		/* uniform, unbiased; n > 0 */

#endif
