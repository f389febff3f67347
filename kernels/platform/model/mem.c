// SPDX-License-Identifier: GPL-2.0-only
/*
 * Physical memory, 1 TiB of it, of which only what is written exists. Allocation is first fit over a
 * sorted list of free extents, so that any order of freeing works.
 */
#include <stdlib.h>

#include "model.h"

#define CHUNK_BYTES	(2 * MMUB_MIB)
#define CHUNKS		(MODEL_RAM_BYTES / CHUNK_BYTES)
#define SLOTS		(CHUNK_BYTES / 8)
#define PAGES		(CHUNK_BYTES / 4096)

static struct {
	u64 *data;
	struct model_shadow *shadow;
	struct model_page *page;
} chunk[CHUNKS];

static void *get(u64 bytes)
{
	void *p = calloc(1, bytes);

	if (!p)
		abort();	/* the host program runs the model in a child of its own */
	return p;
}

/* RAM wraps: a PA outside it is a bus error on a machine, here a bug of the family. */
static u64 slot_of(u64 pa, u64 *c)
{
	u64 off = (pa - MODEL_RAM_BASE) % MODEL_RAM_BYTES;

	*c = off / CHUNK_BYTES;
	return off % CHUNK_BYTES / 8;
}

u64 model_mem_read(u64 pa)
{
	u64 c, slot = slot_of(pa, &c);

	return chunk[c].data ? chunk[c].data[slot] : 0;
}

void model_mem_write(u64 pa, u64 val)
{
	u64 c, slot = slot_of(pa, &c);

	if (!chunk[c].data) {
		if (!val)
			return;
		chunk[c].data = get(CHUNK_BYTES);
	}
	chunk[c].data[slot] = val;
}

struct model_shadow *model_mem_shadow(u64 pa)
{
	u64 c, slot = slot_of(pa, &c);

	if (!chunk[c].shadow)
		chunk[c].shadow = get(SLOTS * sizeof(struct model_shadow));
	return &chunk[c].shadow[slot];
}

struct model_page *model_mem_page(u64 pa)
{
	u64 c, slot = slot_of(pa, &c);

	if (!chunk[c].page)
		chunk[c].page = get(PAGES * sizeof(struct model_page));
	return &chunk[c].page[slot / (4096 / 8)];
}

struct model_ref model_mem_ref(u64 pa)
{
	u64 c, slot = slot_of(pa, &c);

	if (!chunk[c].data)
		chunk[c].data = get(CHUNK_BYTES);
	if (!chunk[c].shadow)
		chunk[c].shadow = get(SLOTS * sizeof(struct model_shadow));
	if (!chunk[c].page)
		chunk[c].page = get(PAGES * sizeof(struct model_page));
	return (struct model_ref){ &chunk[c].data[slot], &chunk[c].shadow[slot],
				   &chunk[c].page[slot / (4096 / 8)] };
}

void model_mem_forget_epochs(void)
{
	for (u64 c = 0; c < CHUNKS; c++)
		for (u64 i = 0; chunk[c].shadow && i < SLOTS; i++)
			chunk[c].shadow[i].epoch = 0;
}

void *plat_alloc(u64 bytes)
{
	return calloc(1, bytes);
}

void plat_free(void *p, u64 bytes)
{
	(void)bytes;
	free(p);
}

struct extent {
	u64 start, end;
};
static struct extent *free_list;
static u64 extents, extents_size;

static void extent_insert(u64 i, struct extent x)
{
	if (extents == extents_size) {
		extents_size = extents_size ? 2 * extents_size : 64;
		free_list = realloc(free_list, extents_size * sizeof(*free_list));
		if (!free_list)
			abort();
	}
	memmove(free_list + i + 1, free_list + i, (extents - i) * sizeof(*free_list));
	free_list[i] = x;
	extents++;
}

static void extent_remove(u64 i)
{
	extents--;
	memmove(free_list + i, free_list + i + 1, (extents - i) * sizeof(*free_list));
}

u64 plat_phys_alloc(u64 bytes, u64 align)
{
	if (!free_list)
		extent_insert(0, (struct extent){ MODEL_RAM_BASE + 16 * MMUB_MIB,
						  MODEL_RAM_BASE + MODEL_RAM_BYTES });
	for (u64 i = 0; i < extents; i++) {
		struct extent x = free_list[i];
		u64 start = MMUB_ALIGN_UP(x.start, align), end = start + bytes;

		if (start < x.start || end < start || end > x.end)
			continue;
		extent_remove(i);
		if (end < x.end)
			extent_insert(i, (struct extent){ end, x.end });
		if (x.start < start)
			extent_insert(i, (struct extent){ x.start, start });
		return start;
	}
	return 0;
}

void plat_phys_free(u64 pa, u64 bytes)
{
	u64 i = 0;

	while (i < extents && free_list[i].start < pa)
		i++;
	extent_insert(i, (struct extent){ pa, pa + bytes });
	if (i + 1 < extents && free_list[i].end == free_list[i + 1].start) {
		free_list[i].end = free_list[i + 1].end;
		extent_remove(i + 1);
	}
	if (i && free_list[i - 1].end == free_list[i].start) {
		free_list[i - 1].end = free_list[i].end;
		extent_remove(i);
	}
}

mmu_va_t plat_phys_va(u64 pa)
{
	return MODEL_ALIAS | pa;
}

u64 plat_phys_read64(u64 pa)
{
	return model_mem_read(pa);
}

const u64 *plat_phys_words(u64 pa, u32 n)
{
	u64 c, slot = slot_of(pa, &c);

	if (!chunk[c].data)
		chunk[c].data = get(CHUNK_BYTES);
	if (slot + n > CHUNK_BYTES / 8)
		abort();	/* no table lies in two chunks */
	return &chunk[c].data[slot];
}

/* Set-up is not the variant's: its stores are ordered, published and not judged. */
void plat_phys_write64(u64 pa, u64 val)
{
	u64 c, slot = slot_of(pa, &c), old = model_mem_read(pa);

	model_mem_write(pa, val);
	if (chunk[c].shadow) {
		chunk[c].shadow[slot].epoch = 0;
		chunk[c].shadow[slot].walked = false;
	}
	if (chunk[c].page && old != val)
		model_tree_changed(pa, &chunk[c].page[slot / (4096 / 8)], old, val, false);
}

void plat_phys_zero(u64 pa, u64 bytes)
{
	for (u64 i = 0; i < bytes; i += 8)
		plat_phys_write64(pa + i, 0);
}
