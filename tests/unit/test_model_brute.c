// SPDX-License-Identifier: GPL-2.0-only
/*
 * The model's TLB against brute force: random touches, stores, invalidations and barriers on three CPUs and
 * two regimes, and beside it a reference that keeps one cell for every translation there can be. The
 * reference knows an invalidation by what it was meant to cover, not by its operand; operands are put
 * together here from the Arm ARM's fields.
 */
#include "model_brute.h"

#define CPUS	3
#define TABLES	4		/* leaf tables a regime; one more slot holds a block */
#define USED	64		/* pages used of each */
#define STEPS	60000

enum cell { GONE, LIVE, CONDEMNED };	/* condemned: its TLBI was issued, its DSB not */

struct cached {
	unsigned char cell, value;
};
static struct reference {
	unsigned char pte[2][TABLES][USED], table[2][TABLES], block[2];	/* memory; value 0: invalid */
	struct cached leaf[CPUS][2][TABLES][USED], link[CPUS][2][TABLES], blk[CPUS][2];
	bool local_only;
} ref;

static struct mmu_space space[2];	/* 0: LOW with an ASID, 1: HIGH */
static struct pt_geom g;
static u64 base[2], level2[2], table_pa[2][TABLES], data_pa[3], block_pa;

static bool is_global(u32 r, u64 i)
{
	return r == 1 || i % 4 == 0;
}

static u64 page_va(u32 r, u64 t, u64 i)
{
	return base[r] + t * pt_size(&g, 2) + i * pt_page(&g);
}

static void set_pte(u32 r, u64 t, u64 i, unsigned char value)
{
	u64 ng = is_global(r, i) ? 0 : PT_NG;

	ref.pte[r][t][i] = value;
	plat_phys_write64(table_pa[r][t] + 8 * i,
			  value ? pt_leaf(&g, data_pa[value], 3, PT_PROT_KERNEL | ng) : 0);
}

static void set_table(u32 r, u64 t, bool there)
{
	ref.table[r][t] = there;
	plat_phys_write64(level2[r] + 8 * t, there ? pt_table(&g, table_pa[r][t]) : 0);
}

static void set_block(u32 r, bool there)
{
	ref.block[r] = there;
	plat_phys_write64(level2[r] + 8 * TABLES,
			  there ? pt_leaf(&g, block_pa, 2, PT_PROT_KERNEL | (r ? 0 : PT_NG)) : 0);
}

static void build(u64 granule, bool lpa2)
{
	memset(&ref, 0, sizeof(ref));
	assert_null(pt_geom_init(&g, granule, lpa2 ? 52 : 48, lpa2));
	for (u32 v = 1; v < 3; v++) {
		data_pa[v] = plat_phys_alloc(granule, granule);
		plat_phys_write64(data_pa[v], v);
	}
	block_pa = plat_phys_alloc(pt_size(&g, 2), pt_size(&g, 2));
	plat_phys_write64(block_pa, 9);
	for (u32 r = 0; r < 2; r++) {
		assert_null(plat_space_create(&space[r], r ? MMU_REGIME_HIGH : MMU_REGIME_LOW, &g));
		base[r] = space[r].va_start;
		level2[r] = path(&space[r], base[r]);
		for (u64 t = 0; t < TABLES; t++) {
			table_pa[r][t] = empty_table(&g);
			set_table(r, t, true);
			for (u64 i = 0; i < USED; i++)
				set_pte(r, t, i, (unsigned char)any(3));
		}
		set_block(r, true);
	}
}

/* ---- touching ---- */

static void compare(u32 cpu, u64 va, unsigned char want)
{
	enum plat_probe_result got;
	u64 val = 0;

	model.cpu = cpu;
	got = plat_probe_read(va, &val);
	model.cpu = 0;
	if (want ? got != PROBE_OK || val != want : got != PROBE_TRANSLATION)
		fail_msg("CPU %u, VA 0x%lx: expected %u, got %lu (result %d)", cpu, (unsigned long)va, want,
			 (unsigned long)val, got);
}

static void touch(u32 cpu, u32 r, u64 t, u64 i)
{
	struct cached *leaf = &ref.leaf[cpu][r][t][i], *link = &ref.link[cpu][r][t];

	if (leaf->cell == GONE) {
		if (link->cell == GONE && ref.table[r][t])
			link->cell = LIVE;
		if (link->cell != GONE && ref.pte[r][t][i])
			*leaf = (struct cached){ LIVE, ref.pte[r][t][i] };
	}
	compare(cpu, page_va(r, t, i), leaf->cell == GONE ? 0 : leaf->value);
}

static void touch_block(u32 cpu, u32 r)
{
	struct cached *b = &ref.blk[cpu][r];

	if (b->cell == GONE && ref.block[r])
		*b = (struct cached){ LIVE, 9 };
	compare(cpu, page_va(r, TABLES, 0), b->cell == GONE ? 0 : 9);
}

/* ---- invalidating ---- */

struct meant {
	bool all, whole_asid, any_asid, last, local;
	u32 asid;
	int ttl;
	u64 start, end;
};

static void hit(struct cached *c, const struct meant *m, bool global, bool table, int level, u64 va, u64 bytes)
{
	bool mine = m->asid == space[0].asid;

	if (c->cell != LIVE)
		return;
	if (m->all || (m->whole_asid && !global && mine)) {
		c->cell = CONDEMNED;
		return;
	}
	if (m->whole_asid || !(m->any_asid || global || mine))
		return;
	if (table ? m->last || m->ttl >= 0 : m->ttl >= 0 && m->ttl != level)
		return;
	if (va <= m->end - 1 && va + bytes - 1 >= m->start)
		c->cell = CONDEMNED;
}

static bool pending(void)
{
	const struct cached *c = &ref.leaf[0][0][0][0];
	size_t n = (sizeof(ref.leaf) + sizeof(ref.link) + sizeof(ref.blk)) / sizeof(*c);

	for (size_t i = 0; i < n; i++)
		if (c[i].cell == CONDEMNED)
			return true;
	return false;
}

static void reference_tlbi(const struct meant *m, u32 on)
{
	u64 page = pt_page(&g), big = pt_size(&g, 2);

	ref.local_only = pending() ? ref.local_only && m->local : m->local;
	for (u32 cpu = 0; cpu < CPUS; cpu++)
		for (u32 r = 0; r < 2 && (!m->local || cpu == on); r++) {
			for (u64 t = 0; t < TABLES; t++) {
				hit(&ref.link[cpu][r][t], m, r == 1, true, 2, page_va(r, t, 0), big);
				for (u64 i = 0; i < USED; i++)
					hit(&ref.leaf[cpu][r][t][i], m, is_global(r, i), false, 3,
					    page_va(r, t, i), page);
			}
			hit(&ref.blk[cpu][r], m, r == 1, false, 2, page_va(r, TABLES, 0), big);
		}
}

/* One random invalidation; [63:48] ASID and the fields of C5.5 put together by hand. */
static void invalidate(void)
{
	static const struct { enum mmu_op op; bool range, any_asid, last, local; } forms[] = {
		{ MMU_TLBI_VAE1IS, 0, 0, 0, 0 },	{ MMU_TLBI_VALE1IS, 0, 0, 1, 0 },
		{ MMU_TLBI_VAAE1IS, 0, 1, 0, 0 },	{ MMU_TLBI_VAALE1IS, 0, 1, 1, 0 },
		{ MMU_TLBI_VAE1, 0, 0, 0, 1 },		{ MMU_TLBI_RVAE1IS, 1, 0, 0, 0 },
		{ MMU_TLBI_RVALE1IS, 1, 0, 1, 0 },	{ MMU_TLBI_RVAAE1IS, 1, 1, 0, 0 },
		{ MMU_TLBI_RVAALE1IS, 1, 1, 1, 0 },
	};
	u64 f = any(MMUB_ARRAY_SIZE(forms)), tg = g.page_shift == 12 ? 1 : g.page_shift == 14 ? 2 : 3;
	u64 va = page_va((u32)any(2), any(TABLES + 1), any(USED)), x, ttl = any(3) ? 0 : 2 + any(2);
	struct meant m = { .any_asid = forms[f].any_asid, .last = forms[f].last, .local = forms[f].local,
		.asid = any(4) ? space[0].asid : 0x2bu, .ttl = ttl ? (int)ttl : -1, .start = va };

	x = (u64)m.asid << 48;
	if (forms[f].range) {
		u64 num = any(32), scale = any(20) ? 0 : any(3);
		u32 unit = g.lpa2 ? 16 : g.page_shift;	/* BADDR's: TCR_ELx.DS */

		m.start = va = va >> unit << unit;
		x |= tg << 46 | scale << 44 | num << 39 | ttl << 37 | (va >> unit & 0x1fffffffff);
		m.end = va + ((num + 1) << (5 * scale + 1)) * pt_page(&g);
	} else {
		x |= (ttl ? tg << 2 | ttl : 0) << 44 | (va >> 12 & 0xfffffffffff);
		m.end = va + pt_page(&g);
	}
	model.cpu = (u32)any(CPUS);
	reference_tlbi(&m, model.cpu);
	mmu_arch_tlbi(forms[f].op, x);
	model.cpu = 0;
}

static void invalidate_more(void)
{
	struct meant m = { .asid = any(2) ? space[0].asid : 0x2bu };

	model.cpu = (u32)any(CPUS);
	switch (any(3)) {
	case 0:
		m.whole_asid = true;
		reference_tlbi(&m, model.cpu);
		mmu_arch_tlbi(MMU_TLBI_ASIDE1IS, (u64)m.asid << 48);
		break;
	case 1:
		m.all = true;
		reference_tlbi(&m, model.cpu);
		mmu_arch_tlbi(MMU_TLBI_VMALLE1IS, 0);
		break;
	default:
		m.all = m.local = true;
		reference_tlbi(&m, model.cpu);
		mmu_arch_tlbi(MMU_TLBI_VMALLE1, 0);
	}
	model.cpu = 0;
}

/* The walker brings back at once what memory still says. */
static void settle(struct cached *c, bool still)
{
	if (c->cell == CONDEMNED)
		c->cell = still ? LIVE : GONE;
}

static void barrier(void)
{
	static const enum mmu_op ops[] = { MMU_DSB_ISH, MMU_DSB_SY, MMU_DSB_NSH, MMU_DSB_ISHST, MMU_ISB };
	enum mmu_op op = ops[any(5)];

	mmu_arch_barrier(op);
	if (op == MMU_DSB_ISHST || op == MMU_ISB || (op == MMU_DSB_NSH && !ref.local_only))
		return;
	for (u32 cpu = 0; cpu < CPUS; cpu++)
		for (u32 r = 0; r < 2; r++) {
			for (u64 t = 0; t < TABLES; t++) {
				settle(&ref.link[cpu][r][t], ref.table[r][t]);
				for (u64 i = 0; i < USED; i++) {
					struct cached *c = &ref.leaf[cpu][r][t][i];

					settle(c, ref.table[r][t] && ref.pte[r][t][i] == c->value);
				}
			}
			settle(&ref.blk[cpu][r], ref.block[r]);
		}
}

static void step(void)
{
	u32 cpu = (u32)any(CPUS), r = (u32)any(2);
	u64 t = any(TABLES), i = any(USED);

	switch (any(100)) {
	case 0 ... 64:
		touch(cpu, r, t, i);
		break;
	case 65 ... 69:
		touch_block(cpu, r);
		break;
	case 70 ... 79:
		set_pte(r, t, i, (unsigned char)any(3));
		break;
	case 80 ... 81:
		set_table(r, t, !ref.table[r][t]);
		break;
	case 82:
		set_block(r, !ref.block[r]);
		break;
	case 83 ... 91:
		invalidate();
		break;
	case 92:
		if (any(8) == 0)
			invalidate_more();
		break;
	default:
		barrier();
	}
}

static void run(u64 granule, bool lpa2)
{
	mmub_rng_seed(&rng, granule + lpa2);
	build(granule, lpa2);
	for (int n = 0; n < STEPS; n++)
		step();
	plat_space_destroy(&space[1]);
	plat_space_destroy(&space[0]);
	plat_model_reset();
}

static void test_4k(void **state)
{
	(void)state;
	run(4096, false);
	run(4096, true);
}

static void test_16k(void **state)
{
	(void)state;
	run(16384, false);
	run(16384, true);
}

static void test_64k(void **state)
{
	(void)state;
	run(65536, false);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_4k),
		cmocka_unit_test(test_16k),
		cmocka_unit_test(test_64k),
	};

	return cmocka_run_group_tests_name("model_brute", tests, NULL, NULL);
}
