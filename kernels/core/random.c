// SPDX-License-Identifier: GPL-2.0-only
/* xoshiro256** 1.0 seeded by splitmix64, after Blackman and Vigna's published definitions. */
#include "core.h"

static u64 rotl(u64 x, int k)
{
	return x << k | x >> (64 - k);
}

void mmub_rng_seed(struct mmub_rng *r, u64 seed)
{
	for (int i = 0; i < 4; i++) {
		u64 z = seed += 0x9e3779b97f4a7c15ull;

		z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ull;
		z = (z ^ z >> 27) * 0x94d049bb133111ebull;
		r->s[i] = z ^ z >> 31;
	}
}

u64 mmub_rng_next(struct mmub_rng *r)
{
	u64 *s = r->s, result = rotl(s[1] * 5, 7) * 9, t = s[1] << 17;

	s[2] ^= s[0];
	s[3] ^= s[1];
	s[1] ^= s[2];
	s[0] ^= s[3];
	s[2] ^= t;
	s[3] = rotl(s[3], 45);
	return result;
}

u64 mmub_rng_below(struct mmub_rng *r, u64 n)
{
	u64 x, threshold = -n % n;	/* 2^64 mod n: values below it would bias */

	do {
		x = mmub_rng_next(r);
	} while (x < threshold);
	return x % n;
}
