// SPDX-License-Identifier: GPL-2.0-only
/*
 * map_mem's closed forms against a count by enumeration: every table and every entry of the map is visited, one by
 * one, and what each costs is added operation by operation. Written from what the kernels do (Linux v6.9 and
 * v6.10, arch/arm64/mm/mmu.c and fixmap.c; lore 20240404143308.2224141-1), not from kernels/map_mem: nothing of
 * that folder is included, the geometry is worked out here, and the only meeting point is the registry.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "core/core.h"
#include "slow.h"

/* How a table is reached while it is made and filled. */
enum reach { GROUPWISE, TWICE, ONCE, LAZY, LINEAR, YARDSTICK };

static const struct kind {
	const char *name;
	enum reach reach;
	bool pte_sync;			/* DSB ISHST and ISB behind each PTE */
} kinds[] = {
	{ "remap_cont", GROUPWISE, true },	{ "no_cont_remap", TWICE, true },
	{ "fixmap_twice", TWICE, false },	{ "fixmap_once", ONCE, false },
	{ "pgtable_ops", ONCE, false },		{ "pgtable_ops_late", LINEAR, false },
	{ "lazy_unmap", LAZY, false },		{ "direct", YARDSTICK, false },
};

struct tally {
	const struct kind *k;
	u64 ram, granule, leaf, zva;
	int top;			/* architecture's level of the top table */
	u32 lazy;			/* slots in use */
	struct mmu_counts n;
};

#define ADD(t, op) ((t)->n.n[MMU_##op]++)

static void publish(struct tally *t)
{
	ADD(t, DSB_ISHST);
	ADD(t, ISB);
}

static void slot_set(struct tally *t)
{
	ADD(t, FIXMAP_SET);
	ADD(t, PTE_STORE);
	publish(t);
}

static void slot_clear(struct tally *t)
{
	ADD(t, FIXMAP_CLEAR);
	ADD(t, PTE_STORE);
	ADD(t, DSB_ISHST);
	ADD(t, TLBI_VAALE1IS);
	ADD(t, DSB_ISH);
	ADD(t, ISB);
}

/* Sixteen slots (or what is left at the end): the stores, one DSB, the TLBIs, one DSB and ISB. */
static void lazy_clear(struct tally *t)
{
	for (u32 i = 0; i < t->lazy; i++) {
		ADD(t, FIXMAP_CLEAR);
		ADD(t, PTE_STORE);
		ADD(t, TLBI_VAALE1IS);
	}
	if (t->lazy) {
		ADD(t, DSB_ISHST);
		ADD(t, DSB_ISH);
		ADD(t, ISB);
	}
	t->lazy = 0;
}

static void zero_page(struct tally *t)
{
	for (u64 at = 0; at < t->granule; at += t->zva)
		ADD(t, DC_ZVA);
}

/* A table comes to be at an empty entry of its parent; on return ONCE and LAZY have it mapped. */
static void table_make(struct tally *t)
{
	ADD(t, TABLE_ALLOC);
	switch (t->k->reach) {
	case GROUPWISE:
	case TWICE:
		slot_set(t);
		zero_page(t);
		slot_clear(t);
		break;
	case ONCE:
	case LAZY:
		slot_set(t);
		zero_page(t);
		ADD(t, DSB_ISHST);
		break;
	case LINEAR:
		zero_page(t);
		ADD(t, DSB_ISHST);
		break;
	case YARDSTICK:
		ADD(t, PTE_STORE);	/* the link; zeroes and barriers are elsewhere */
		return;
	}
	ADD(t, PTE_STORE);		/* set_pmd() and its kin */
	publish(t);
}

static void table_done(struct tally *t, int level)
{
	switch (t->k->reach) {
	case GROUPWISE:			/* a table above the PMDs: one mapping for all of it */
	case TWICE:
		slot_set(t);
		slot_clear(t);
		break;
	case ONCE:
		slot_clear(t);
		break;
	case LAZY:
		if (level != 3)
			slot_clear(t);
		else if (++t->lazy == 16)
			lazy_clear(t);
		break;
	case LINEAR:
	case YARDSTICK:
		break;
	}
}

static u64 entry_bytes(const struct tally *t, int level)
{
	u64 bytes = t->granule;

	for (; level < 3; level++)
		bytes *= t->granule / 8;
	return bytes;
}

/* Entries that one contiguous block spans: CONT_PTES and CONT_PMDS. */
static u64 group_entries(const struct tally *t, int level)
{
	if (t->granule == 4096)
		return 16;
	return t->granule == 65536 || level == 2 ? 32 : 128;
}

/* [from, to) of the map, all of it below one table of this level. */
static void fill(struct tally *t, int level, u64 from, u64 to)
{
	u64 step = entry_bytes(t, level), group = step * group_entries(t, level), entries = 0;
	bool groupwise = t->k->reach == GROUPWISE && level >= 2 && level != t->top;

	for (u64 at = from; at < to; at += step, entries++) {
		u64 end = at + step < to ? at + step : to;

		if (groupwise && (at - from) % group == 0) {
			ADD(t, PTE_LOAD);	/* the parent's entry, to find the table again */
			slot_set(t);
			slot_clear(t);
		}
		if (level == 3) {
			ADD(t, PTE_STORE);
			if (t->k->pte_sync)
				publish(t);
			continue;
		}
		if (level == 2 && t->leaf == LEAF_BLOCK && end - at == step) {
			ADD(t, PTE_STORE);
			if (t->k->reach != YARDSTICK)
				publish(t);
			continue;
		}
		if (t->k->reach != YARDSTICK)
			ADD(t, PTE_LOAD);	/* is there a table already? */
		else if (level == t->top)
			ADD(t, DSB_ISHST);	/* all that hangs below, before a walker can come there */
		table_make(t);
		fill(t, level + 1, at, end);
		if (t->k->reach != GROUPWISE || level + 1 < 2)
			table_done(t, level + 1);
	}
	if (t->k->reach == YARDSTICK && level != t->top) {
		/* what stays empty: single stores up to the next ZVA block, then blocks */
		for (; entries < t->granule / 8 && entries * 8 % t->zva; entries++)
			ADD(t, PTE_STORE);
		for (; entries < t->granule / 8; entries += t->zva / 8)
			ADD(t, DC_ZVA);
	}
}

/* Levels that the VA needs: each resolves log2(granule / 8) bits above the page offset. */
static int top_level(u64 granule, u32 va_bits)
{
	int shift = __builtin_ctzll(granule), level = 4;

	for (int bits = (int)va_bits - shift; bits > 0; bits -= shift - 3)
		level--;
	return level;
}

static void enumerate(struct tally *t)
{
	fill(t, t->top, 0, t->ram);
	lazy_clear(t);
	if (t->k->reach == LINEAR || t->k->reach == YARDSTICK)
		publish(t);
}

static const struct kind *kind_of(const char *name)
{
	for (size_t i = 0; i < MMUB_ARRAY_SIZE(kinds); i++)
		if (!strcmp(kinds[i].name, name))
			return &kinds[i];
	return NULL;
}

static u64 compared;

/* Every variant that the registry has, at one point. */
static void compare(u64 ram, u64 granule, u32 va_bits, u64 leaf, u64 zva)
{
	const struct bench_family *f = bench_family_find("map_mem");
	struct bench_env e = { .zva_bytes = (u32)zva };
	struct bench_params p;
	const struct bench_variant *v;

	bench_params_default(&p, f);
	p.ram = ram;
	p.granule = granule;
	p.va_bits = va_bits;
	p.leaf = leaf;
	for (u32 i = 0; (v = bench_variant_at(i)); i++) {
		struct mmu_counts want = { 0 };
		struct tally t = { .k = NULL, .ram = ram, .granule = granule, .leaf = leaf, .zva = zva,
				   .top = top_level(granule, va_bits) };

		if (strcmp(v->family, "map_mem"))
			continue;
		t.k = kind_of(v->name);
		if (!t.k)
			fail_msg("map_mem/%s: no enumeration; add what it does to this test", v->name);
		enumerate(&t);
		v->expect(&p, &e, &want);
		for (u32 op = 0; op < MMU_OP_MAX; op++)
			if (want.n[op] != t.n.n[op])
				fail_msg("%s ram=%llu granule=%llu va_bits=%u leaf=%llu zva=%llu: %s: enumerated %llu, "
					 "closed form %llu", v->name, (unsigned long long)ram,
					 (unsigned long long)granule, va_bits, (unsigned long long)leaf,
					 (unsigned long long)zva, mmu_op_name(op), (unsigned long long)t.n.n[op],
					 (unsigned long long)want.n[op]);
		compared++;
	}
}

static const u64 granules[] = { 4096, 16384, 65536 };
static const u32 va_sizes[][5] = { { 39, 48, 52 }, { 36, 47, 48, 52 }, { 42, 48, 52 } };

static void at_every_geometry(u64 g, u64 ram)
{
	for (const u32 *va = va_sizes[g]; va < va_sizes[g] + 5 && *va; va++)
		for (u64 leaf = LEAF_PAGE; leaf <= LEAF_BLOCK; leaf++)
			if (ram < 1ull << (*va - 1))
				compare(ram, granules[g], *va, leaf, 64);
}

/* Each count of pages up to beyond two tables at 4K: every edge of a group and of a table. */
static void every_small_size(void **state)
{
	(void)state;
	for (u64 pages = 1; pages <= 1100; pages += slow_step(17))
		at_every_geometry(0, pages * 4096);
	for (u64 g = 1; g < 3; g++)
		for (u64 pages = 1; pages <= 300; pages += slow_step(17))
			at_every_geometry(g, pages * granules[g]);
	assert_true(compared > 1100 * 3 * 3 * 8 / slow_step(17));
}

/* A page more, a page less, a group more and a half round each power of two up to 4 GiB. */
static void round_the_edges(void **state)
{
	(void)state;
	for (u64 g = 0; g < 3; g++)
		for (u64 ram = granules[g]; ram <= 4ull << 30; ram *= 4) {
			at_every_geometry(g, ram);
			at_every_geometry(g, ram + granules[g]);
			at_every_geometry(g, ram + 17 * granules[g]);
			if (ram == granules[g])
				continue;
			at_every_geometry(g, ram + ram / 2);
			at_every_geometry(g, ram - granules[g]);
		}
}

static void odd_sizes_at_random(void **state)
{
	struct mmub_rng rng;

	(void)state;
	mmub_rng_seed(&rng, 20240412);
	for (u32 i = 0; i < 60; i += slow_step(20)) {
		u64 g = mmub_rng_below(&rng, 3), pages = 1 + mmub_rng_below(&rng, (1ull << 31) / granules[g]);

		at_every_geometry(g, pages * granules[g]);
	}
}

/* The published sizes, PTE by PTE: 134,217,728 of them at 512 GiB. And sizes that end anywhere. */
static void published_sizes(void **state)
{
	(void)state;
	for (u64 leaf = LEAF_PAGE; leaf <= LEAF_BLOCK; leaf += LEAF_BLOCK) {
		compare(16ull << 30, 4096, 48, leaf, 64);
		if (slow_step(2) > 1)
			return;
		compare(512ull << 30, 4096, 48, leaf, 64);
	}
	compare((512ull << 30) - 4096 * 12345, 4096, 48, LEAF_BLOCK, 64);
	compare((256ull << 30) + 16384 * 77, 16384, 47, LEAF_CONT, 64);
	compare((512ull << 30) - 65536 * 3, 65536, 48, LEAF_CONT, 64);
}

/* ZVA blocks differ between CPUs: up to 2 KiB. */
static void every_zva_block(void **state)
{
	(void)state;
	for (u64 zva = 16; zva <= 2048; zva *= 2)
		for (u64 pages = 1; pages < 700; pages += 13 * slow_step(7))
			for (u64 g = 0; g < 3; g++)
				compare(pages * granules[g], granules[g], 48, LEAF_PAGE, zva);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_small_size),
		cmocka_unit_test(round_the_edges),
		cmocka_unit_test(odd_sizes_at_random),
		cmocka_unit_test(published_sizes),
		cmocka_unit_test(every_zva_block),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
