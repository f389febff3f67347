// SPDX-License-Identifier: GPL-2.0-only
/* Address ranges in a sorted array: free memory, and what is mapped. */
#include "bm.h"

static void drop(struct extents *x, u32 i, u32 n)
{
	for (u32 k = i; k + n < x->n; k++)
		x->e[k] = x->e[k + n];
	x->n -= n;
}

static bool insert(struct extents *x, u32 i, u64 start, u64 end)
{
	if (x->n == EXTENTS_MAX)
		return false;
	for (u32 k = x->n; k > i; k--)
		x->e[k] = x->e[k - 1];
	x->e[i].start = start;
	x->e[i].end = end;
	x->n++;
	return true;
}

bool extents_add(struct extents *x, u64 start, u64 end)
{
	u32 i = 0, last;

	if (start >= end)
		return true;
	while (i < x->n && x->e[i].end < start)
		i++;
	if (i == x->n || x->e[i].start > end)
		return insert(x, i, start, end);
	/* overlaps or touches i and perhaps those behind it */
	for (last = i; last + 1 < x->n && x->e[last + 1].start <= end; last++)
		;
	if (x->e[i].start > start)
		x->e[i].start = start;
	x->e[i].end = x->e[last].end > end ? x->e[last].end : end;
	drop(x, i + 1, last - i);
	return true;
}

bool extents_remove(struct extents *x, u64 start, u64 end)
{
	for (u32 i = 0; i < x->n;) {
		u64 s = x->e[i].start, e = x->e[i].end;

		if (e <= start || s >= end) {
			i++;
		} else if (s < start && e > end) {
			if (!insert(x, i + 1, end, e))
				return false;
			x->e[i].end = start;
			return true;
		} else if (s < start) {
			x->e[i++].end = start;
		} else if (e > end) {
			x->e[i++].start = end;
		} else {
			drop(x, i, 1);
		}
	}
	return true;
}

u64 extents_take(struct extents *x, u64 bytes, u64 align)
{
	for (u32 i = 0; i < x->n; i++) {
		u64 at = MMUB_ALIGN_UP(x->e[i].start, align);

		if (at < x->e[i].start || at >= x->e[i].end || x->e[i].end - at < bytes)
			continue;
		if (extents_remove(x, at, at + bytes))
			return at;
	}
	return 0;
}

bool extents_has(const struct extents *x, u64 addr)
{
	for (u32 i = 0; i < x->n; i++) {
		if (addr >= x->e[i].start && addr < x->e[i].end)
			return true;
	}
	return false;
}
