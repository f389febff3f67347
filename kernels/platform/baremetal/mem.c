// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory: all RAM of the device tree but the image, the device tree, the initrd and what is
 * reserved. plat_phys_alloc() takes the lowest range that fits, so that a runtime with little to do
 * stays below any LOW space's half; plat_alloc() carves small pieces out of 256 KiB blocks.
 */
#include "bm.h"

#define PAGE 4096ull
#define HEAP_BLOCK (256 * MMUB_KIB)
#define HEAP_ALIGN 64ull
#define MAP_AT_ONCE (4 * MMUB_GIB)	/* more than that is mapped on first touch */

static struct extents ram, free_ram, heap;

bool bm_is_ram(u64 pa)
{
	return extents_has(&ram, pa);
}

/* RAM may have holes: what is in one piece, neighbouring memory nodes taken together. */
void bm_largest_ram(u64 *start, u64 *bytes)
{
	*start = *bytes = 0;
	for (u32 i = 0; i < ram.n; i++) {
		if (ram.e[i].end - ram.e[i].start > *bytes) {
			*start = ram.e[i].start;
			*bytes = ram.e[i].end - ram.e[i].start;
		}
	}
}

static void take_away(u64 start, u64 end)
{
	/* 64 KiB, so that no page of any granule is half ours */
	extents_remove(&free_ram, MMUB_ALIGN_DOWN(start, 65536ull), MMUB_ALIGN_UP(end, 65536ull));
}

void bm_mem_init(void)
{
	for (u32 i = 0; i < dt.rams; i++) {
		u64 start = MMUB_ALIGN_UP(dt.ram[i].start, PAGE);
		u64 end = MMUB_ALIGN_DOWN(dt.ram[i].start + dt.ram[i].bytes, PAGE);

		extents_add(&ram, start, end);
		extents_add(&free_ram, start ? start : PAGE, end);
	}
	take_away((u64)_image, (u64)__image_end);
	take_away(bm_dtb, bm_dtb + 2 * MMUB_MIB);
	take_away(dt.initrd, dt.initrd_end);
	for (u32 i = 0; i < dt.reserveds; i++)
		take_away(dt.reserved[i].start, dt.reserved[i].start + dt.reserved[i].bytes);
}

u64 bm_phys_take(u64 bytes, u64 align)
{
	return extents_take(&free_ram, bytes, align < PAGE ? PAGE : align);
}

void bm_phys_give(u64 pa, u64 bytes)
{
	extents_add(&free_ram, pa, pa + bytes);
}

u64 plat_phys_alloc(u64 bytes, u64 align)
{
	u64 pa;

	if (!bytes || bytes > 1ull << 52 || align & (align - 1))
		return 0;
	bytes = MMUB_ALIGN_UP(bytes, PAGE);
	pa = bm_phys_take(bytes, align);
	if (pa && bytes <= MAP_AT_ONCE)
		bm_map_ram(pa, bytes);
	return pa;
}

void plat_phys_free(u64 pa, u64 bytes)
{
	if (!pa)
		return;
	bytes = MMUB_ALIGN_UP(bytes, PAGE);
	bm_map_forget(pa, bytes);
	bm_phys_give(pa, bytes);
}

mmu_va_t plat_phys_va(u64 pa)
{
	return pa;
}

u64 plat_phys_read64(u64 pa)
{
	return *(volatile u64 *)pa;
}

const u64 *plat_phys_words(u64 pa, u32 n)
{
	(void)n;
	return (const u64 *)pa;
}

void plat_phys_write64(u64 pa, u64 val)
{
	*(volatile u64 *)pa = val;
}

void plat_phys_zero(u64 pa, u64 bytes)
{
	u64 zva = mmu_arch_zva_bytes();

	if (!zva || (pa | bytes) & (zva - 1)) {
		memset((void *)pa, 0, bytes);
		return;
	}
	for (u64 end = pa + bytes; pa < end; pa += zva)
		asm volatile("dc zva, %0" :: "r"(pa) : "memory");
}

static u64 rounded(u64 bytes)
{
	return MMUB_ALIGN_UP(bytes ? bytes : 1, HEAP_ALIGN);
}

void *plat_alloc(u64 bytes)
{
	u64 at, need = rounded(bytes);

	if (bytes > 1ull << 48)
		return NULL;
	if (need >= HEAP_BLOCK) {
		at = plat_phys_alloc(need, PAGE);
	} else {
		at = extents_take(&heap, need, HEAP_ALIGN);
		if (!at) {
			u64 block = plat_phys_alloc(HEAP_BLOCK, PAGE);

			if (!block)
				return NULL;
			extents_add(&heap, block, block + HEAP_BLOCK);
			at = extents_take(&heap, need, HEAP_ALIGN);
		}
	}
	return at ? memset((void *)at, 0, need) : NULL;
}

void plat_free(void *p, u64 bytes)
{
	u64 need = rounded(bytes), at = (u64)p;

	if (!p)
		return;
	if (need >= HEAP_BLOCK)
		plat_phys_free(at, need);
	else
		extents_add(&heap, at, at + need);
}
