// SPDX-License-Identifier: GPL-2.0-only
/*
 * Dirty lines: what a guest stored and memory (the point of coherency) does not have yet. A line that is
 * cleaned while some translation can still reach it may be dirtied again at once, so such a clean counts
 * for nothing; a clean is done when a DSB ISH or stronger follows.
 */
#include <stdlib.h>

#include "model.h"

#define CHUNK_BYTES	(2 * MMUB_MIB)
#define CHUNKS		(MODEL_RAM_BYTES / CHUNK_BYTES)
#define LINES		(CHUNK_BYTES / MODEL_DLINE_BYTES)

static u8 *lines[CHUNKS];	/* a bit a line */
static u64 dirty, waiting;

static u8 *line_of(u64 pa, u8 *bit, bool make)
{
	u64 off = (pa - MODEL_RAM_BASE) % MODEL_RAM_BYTES, line = off % CHUNK_BYTES / MODEL_DLINE_BYTES;
	u8 **chunk = &lines[off / CHUNK_BYTES];

	*bit = (u8)(1u << (line & 7));
	if (!*chunk && make) {
		*chunk = calloc(1, LINES / 8);
		if (!*chunk)
			abort();
	}
	return *chunk ? *chunk + line / 8 : NULL;
}

void model_cache_dirty(u64 pa)
{
	u8 bit, *at = line_of(pa, &bit, true);

	dirty += !(*at & bit);
	*at |= bit;
}

void model_cache_clean(u64 pa)
{
	u8 bit, *at = line_of(pa, &bit, false);

	if (!at || !(*at & bit))
		return;
	if (model_stage2_reaches(pa))
		return;
	*at &= (u8)~bit;
	dirty--;
	waiting++;
}

void model_cache_complete(void)
{
	waiting = 0;
}

void model_cache_judge(void)
{
	if (dirty)
		model_violation("%llu lines that the guest stored have not reached memory: DC CIVAC is missing, or "
				"came while a translation still led there", (unsigned long long)dirty);
	else if (waiting)
		model_violation("DC CIVAC of %llu lines was not completed by a DSB", (unsigned long long)waiting);
}

void model_cache_reset(void)
{
	if (!dirty && !waiting)
		return;
	for (u64 i = 0; i < CHUNKS; i++) {
		free(lines[i]);
		lines[i] = NULL;
	}
	dirty = waiting = 0;
}
