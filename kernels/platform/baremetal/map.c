// SPDX-License-Identifier: GPL-2.0-only
/*
 * The runtime's own translation: identity, in the lower half of TTBR0, of what it uses and no more.
 *
 * Pages only. One block larger than a page anywhere in the address space makes an emulated TLB (and
 * may make a real one) drop far more than a TLBI names, and a probe would see nothing stale.
 *
 * bm_base is there from boot: 4K, 48 bits. A LOW space, or TCR_EL1.DS, needs the runtime mapped in
 * another geometry: a further struct bm_map, made from the same list of what is mapped. RAM that is
 * in no list (an oracle reads a page that nobody allocated) is mapped at the first touch.
 */
#include "bm.h"

#define BOOT_TABLES 64
#define RESERVE 16		/* tables that a refill itself may need, twice over */
#define KEEP_MAX 16
#define CHUNK_64K 65536ull

static u8 boot_tables[BOOT_TABLES][4096] __attribute__((aligned(4096), section(".noinit")));
static struct {
	u64 start, end, prot;
} keep[KEEP_MAX];
static u32 keeps;
static struct extents mapped;		/* allocated RAM */
static u32 lock_owner;			/* CPU index + 1 */

struct bm_map bm_base, *bm_current = &bm_base;
static struct bm_map *building;

static void map_range(struct bm_map *m, u64 start, u64 end, u64 prot, bool only_new);

/* One CPU's set-up and another's first touch may meet here. Returns false if we hold it already. */
static bool lock(void)
{
	u32 me = bm_this_cpu()->index + 1, old;

	if (__atomic_load_n(&lock_owner, __ATOMIC_RELAXED) == me)
		return false;
	for (;;) {
		old = 0;
		if (__atomic_compare_exchange_n(&lock_owner, &old, me, false, __ATOMIC_ACQUIRE,
						__ATOMIC_RELAXED))
			return true;
		plat_cpu_relax();
	}
}

static void unlock(bool taken)
{
	if (taken)
		__atomic_store_n(&lock_owner, 0, __ATOMIC_RELEASE);
}

static void map_everywhere(u64 start, u64 end, u64 prot)
{
	map_range(&bm_base, start, end, prot, false);
	if (bm_current != &bm_base)
		map_range(bm_current, start, end, prot, false);
	if (building)
		map_range(building, start, end, prot, false);
}

static bool add_chunk(struct bm_map *m)
{
	u64 bytes = BM_CHUNK_TABLES * pt_page(&m->g), pa;

	if (m->chunks == MMUB_ARRAY_SIZE(m->chunk))
		return false;
	pa = bm_phys_take(bytes, pt_page(&m->g));
	if (!pa)
		return false;
	m->chunk[m->chunks++] = pa;
	extents_add(&mapped, pa, pa + bytes);
	map_everywhere(pa, pa + bytes, BM_PROT_DATA);
	/* the rest of the old chunk is given up: at most RESERVE tables */
	m->next = pa;
	m->end = pa + bytes;
	return true;
}

static u64 table_alloc(struct bm_map *m)
{
	u64 pa;

	if (m->end - m->next < RESERVE * pt_page(&m->g) && !m->refilling && m != building) {
		m->refilling = true;
		add_chunk(m);
		m->refilling = false;
	} else if (m == building && m->next == m->end) {
		building = NULL;	/* not walked by anyone: its new chunk is mapped in the others */
		add_chunk(m);
		building = m;
	}
	if (m->next == m->end)
		return 0;
	pa = m->next;
	m->next += pt_page(&m->g);
	memset((void *)pa, 0, pt_page(&m->g));
	return pa;
}

u64 *bm_map_pte(struct bm_map *m, u64 va)
{
	u64 table = m->root;

	for (int level = (int)m->g.start_level; level < 3; level++) {
		volatile u64 *e = (u64 *)table + pt_index(&m->g, level, va);

		if (!(*e & PT_VALID)) {
			u64 next = table_alloc(m);

			/* a refill may have come by and filled the entry */
			if (!(*e & PT_VALID)) {
				if (!next)
					return NULL;
				asm volatile("dsb ishst" ::: "memory");
				*e = pt_table(&m->g, next);
			}
		}
		table = pt_desc_pa(&m->g, *e);
	}
	return (u64 *)table + pt_index(&m->g, 3, va);
}

static void map_range(struct bm_map *m, u64 start, u64 end, u64 prot, bool only_new)
{
	u64 page = pt_page(&m->g), *pte = NULL;

	start = MMUB_ALIGN_DOWN(start, page);
	end = MMUB_ALIGN_UP(end, page);
	for (u64 va = start; va < end; va += page, pte++) {
		if (!pte || !pt_index(&m->g, 3, va)) {
			pte = bm_map_pte(m, va);
			if (!pte)
				return;	/* touching it will say so */
		}
		if (!only_new || !(*pte & PT_VALID))
			*(volatile u64 *)pte = pt_leaf(&m->g, va, 3, prot);
	}
	asm volatile("dsb ishst\n	isb" ::: "memory");
}

void bm_map_keep(u64 start, u64 end, u64 prot)
{
	bool taken = lock();

	if (keeps < KEEP_MAX) {
		keep[keeps].start = start;
		keep[keeps].end = end;
		keep[keeps++].prot = prot;
	}
	map_everywhere(start, end, prot);
	unlock(taken);
}

void bm_map_ram(u64 pa, u64 bytes)
{
	bool taken = lock();

	extents_add(&mapped, pa, pa + bytes);
	map_everywhere(pa, pa + bytes, BM_PROT_DATA);
	unlock(taken);
}

void bm_map_forget(u64 pa, u64 bytes)
{
	bool taken = lock();

	extents_remove(&mapped, pa, pa + bytes);
	unlock(taken);
}

/* MMU off, one CPU, nothing but the boot tables: no lock, no refill. */
void bm_map_boot(u64 dtb, u64 dtb_bytes)
{
	pt_geom_init(&bm_base.g, 4096, 48, false);
	bm_base.next = (u64)boot_tables;
	bm_base.end = (u64)boot_tables + sizeof(boot_tables);
	bm_base.refilling = true;
	bm_base.root = table_alloc(&bm_base);
	keep[0].start = (u64)_image;
	keep[0].end = (u64)__data_start;
	keep[0].prot = BM_PROT_TEXT;
	keep[1].start = (u64)__data_start;
	keep[1].end = (u64)__stack_guard;
	keep[1].prot = BM_PROT_DATA;
	keep[2].start = (u64)__stack_guard_end;
	keep[2].end = (u64)__image_end;
	keep[2].prot = BM_PROT_DATA;
	keep[3].start = MMUB_ALIGN_DOWN(dtb, 4096ull);
	keep[3].end = MMUB_ALIGN_UP(dtb + dtb_bytes, 4096ull);
	keep[3].prot = BM_PROT_DATA;
	keeps = 4;
	for (u32 i = 0; i < keeps; i++)
		map_range(&bm_base, keep[i].start, keep[i].end, keep[i].prot, false);
	bm_base.refilling = false;
}

bool bm_map_fault(u64 addr, u32 el)
{
	struct bm_map *m = el == 2 && !bm_vhe() ? &bm_base : bm_current;
	u64 start = MMUB_ALIGN_DOWN(addr, CHUNK_64K), end = start + CHUNK_64K;
	bool taken;

	if (addr >> (m->g.va_bits - 1) || !bm_is_ram(addr))
		return false;
	if (start < (u64)__stack_guard_end && end > (u64)__stack_guard)
		return false;
	taken = lock();
	if (taken)
		map_range(m, start, end, BM_PROT_DATA, true);
	unlock(taken);
	return taken && (*bm_map_pte(m, addr) & PT_VALID);
}

const char *bm_map_create(struct bm_map *m, const struct pt_geom *g)
{
	const char *why = NULL;
	bool taken = lock();

	memset(m, 0, sizeof(*m));
	m->g = *g;
	if (!add_chunk(m)) {
		why = "out of memory for the runtime's own tables";
		goto out;
	}
	building = m;
	m->root = table_alloc(m);
	for (u32 i = 0; i < keeps; i++)
		map_range(m, keep[i].start, keep[i].end, keep[i].prot, false);
	/* by address, because a new chunk of tables changes the list under way */
	for (u64 at = 0; !why;) {
		u32 i = 0;

		while (i < mapped.n && mapped.e[i].end <= at)
			i++;
		if (i == mapped.n)
			break;
		if (mapped.e[i].end > 1ull << (g->va_bits - 1))
			why = "memory in use lies above the lower half of this VA size";
		at = mapped.e[i].end;
		map_range(m, mapped.e[i].start, at, BM_PROT_DATA, true);
	}
	for (u32 i = 0; i < m->chunks; i++)
		map_range(m, m->chunk[i], m->chunk[i] + BM_CHUNK_TABLES * pt_page(g), BM_PROT_DATA,
			  true);
	if (!why && m->next == m->end)
		why = "out of memory for the runtime's own tables";
	building = NULL;
out:
	unlock(taken);
	if (why)
		bm_map_destroy(m);
	return why;
}

void bm_map_destroy(struct bm_map *m)
{
	while (m->chunks)
		plat_phys_free(m->chunk[--m->chunks], BM_CHUNK_TABLES * pt_page(&m->g));
}
