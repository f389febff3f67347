// SPDX-License-Identifier: GPL-2.0-only
/* SMMUv3 commands and the model's SMMU: ranges decoded again here, and random sequences by brute force. */
#include "model_run.h"
#include "smmu.h"

#define PAGES 1200u
#define OLD_OF(i) (0x1000u + (i))
#define NEW_OF(i) (0x2000u + (i))

struct fixture {
	struct mmu_space s;
	struct smmu_dev d;
	u64 tables, data[2];
};

static u64 va_of(const struct fixture *f, u64 i)
{
	return f->s.va_start + (i << f->s.g.page_shift);
}

static void map_page(struct fixture *f, u64 i, u32 which)
{
	plat_phys_write64(f->tables + 8 * i, pt_leaf(&f->s.g, f->data[which] + (i << 12), 3, PT_PROT_USER));
}

/* A space with nothing mapped. */
static void open_empty(struct fixture *f, u64 granule)
{
	struct pt_geom g;

	memset(f, 0, sizeof(*f));
	assert_null(pt_geom_init(&g, granule, 48, false));
	assert_null(plat_space_create(&f->s, MMU_REGIME_LOW, &g));
	assert_null(plat_smmu_attach(&f->d, &f->s));
}

static void open_fixture(struct fixture *f)
{
	u64 table, next, va;

	open_empty(f, 4096);
	table = f->s.root;
	va = f->s.va_start;
	for (int level = 0; level < 2; level++, table = next) {
		next = plat_phys_alloc(4096, 4096);
		plat_phys_write64(table + 8ull * pt_index(&f->s.g, level, va), pt_table(&f->s.g, next));
	}
	f->tables = plat_phys_alloc(4 * 4096, 4096);
	for (u64 i = 0; i < 4; i++)
		plat_phys_write64(table + 8 * i, pt_table(&f->s.g, f->tables + 4096 * i));
	for (u32 which = 0; which < 2; which++) {
		f->data[which] = plat_phys_alloc((u64)PAGES << 12, 4096);
		for (u64 i = 0; i < PAGES; i++)
			plat_phys_write64(f->data[which] + (i << 12), which ? NEW_OF(i) : OLD_OF(i));
	}
}

/* What a test leaks of simulated memory it leaks for one process. */
static void close_fixture(struct fixture *f)
{
	plat_smmu_detach(&f->d);
	plat_space_destroy(&f->s);
}

static struct smmu_cmd command_at(const struct smmu_dev *d, u32 index)
{
	mmu_va_t at = d->queue + 16ull * (index & ((1u << d->shift) - 1));

	return (struct smmu_cmd){ { mmu_arch_read64(at), mmu_arch_read64(at + 8) } };
}

/* The commands between two values of PROD cover exactly [0, pages), in ascending order. -> how many */
static u32 judge(const struct fixture *f, u32 from, u64 pages)
{
	u64 covered = 0;
	u32 n = 0;

	for (u32 i = from; i != f->d.prod; i = (i + 1) & smmu_queue_mask(&f->d)) {
		struct smmu_cmd c = command_at(&f->d, i);
		u64 num = (c.w[0] >> 12 & 31) + 1, scale = c.w[0] >> 20 & 31;

		if ((c.w[0] & 0xff) == 0x46)
			break;
		assert_int_equal(c.w[0] & 0xff, 0x12);
		assert_int_equal(c.w[0] >> 48, f->s.asid);
		assert_int_equal(c.w[1] & ~0xfffull, va_of(f, covered));
		assert_int_equal(c.w[1] >> 10 & 3, f->s.g.page_shift / 2 - 5);	/* 4K 1, 16K 2, 64K 3 */
		assert_int_equal(c.w[1] >> 8 & 3, 3);
		assert_int_equal(c.w[1] & 1, 1);
		/* the trailing zeros of what was left, and five bits */
		assert_true((pages - covered) % (1ull << scale) == 0 && (pages - covered) >> scale & 1);
		covered += num << scale;
		n++;
	}
	assert_int_equal(covered, pages);
	return n;
}

static void test_ranges(void **state)
{
	struct fixture f;

	(void)state;
	for (u64 granule = 4096; granule <= 65536; granule *= 4) {
		open_empty(&f, granule);
		for (u64 pages = 1; pages < 5000; pages++) {
			u32 from = f.d.prod, n;

			smmu_inv_range(&f.d, &f.s.g, va_of(&f, 0), pages);
			n = judge(&f, from, pages);
			if (pages == 511)
				assert_int_equal(n, 2);
			if (!(pages & (pages - 1)))
				assert_int_equal(n, 1);
		}
		assert_false(f.d.broken);
		close_fixture(&f);
	}
}

static u64 op_count(enum mmu_op op)
{
	return mmu_counter.counts.n[op];
}

/* Without range commands: one a page in batches of 64; from 512 pages on one for the ASID. */
static void test_no_ril(void **state)
{
	u64 all = plat_env()->features;
	struct fixture f;

	(void)state;
	plat_model_features(all & ~(u64)FEAT_SMMU_RIL);
	open_fixture(&f);
	memset(&mmu_counter, 0, sizeof(mmu_counter));
	smmu_inv_range(&f.d, &f.s.g, va_of(&f, 0), 511);
	assert_int_equal(op_count(MMU_SMMU_TLBI_NH_VA), 511);
	assert_int_equal(op_count(MMU_SMMU_TLBI_NH_ASID), 0);
	assert_int_equal(op_count(MMU_SMMU_SYNC), 1);
	assert_int_equal(op_count(MMU_DSB_SY), 8);
	memset(&mmu_counter, 0, sizeof(mmu_counter));
	smmu_inv_range(&f.d, &f.s.g, va_of(&f, 0), 512);
	assert_int_equal(op_count(MMU_SMMU_TLBI_NH_VA), 0);
	assert_int_equal(op_count(MMU_SMMU_TLBI_NH_ASID), 1);
	assert_int_equal(op_count(MMU_SMMU_SYNC), 1);
	memset(&mmu_counter, 0, sizeof(mmu_counter));
	smmu_inv_range(&f.d, &f.s.g, va_of(&f, 0), 0);
	assert_int_equal(op_count(MMU_SMMU_SYNC), 0);
	close_fixture(&f);
	plat_model_features(all);
}

/*
 * Brute force: some pages are read by the device, every entry then changes, a range is invalidated. A page
 * shows the old data exactly when the device had read it and the range leaves it out.
 */
static void one_round(struct fixture *f, unsigned int *seed, bool whole_asid)
{
	static bool read[PAGES];
	u64 start = (u64)rand_r(seed) % PAGES, pages = 1 + (u64)rand_r(seed) % (PAGES - start), val;

	plat_smmu_flush(&f->d);
	for (u64 i = 0; i < PAGES; i++) {
		map_page(f, i, 0);
		read[i] = rand_r(seed) & 1;
		if (read[i])
			assert_int_equal(plat_dma_read(&f->d, va_of(f, i), &val), PROBE_OK);
	}
	for (u64 i = 0; i < PAGES; i++)
		map_page(f, i, 1);
	smmu_inv_range(&f->d, &f->s.g, va_of(f, start), pages);
	whole_asid = whole_asid && pages >= 512;
	for (u64 i = 0; i < PAGES; i++) {
		bool covered = whole_asid || (i >= start && i < start + pages);

		assert_int_equal(plat_dma_read(&f->d, va_of(f, i), &val), PROBE_OK);
		if (val != (read[i] && !covered ? OLD_OF(i) : NEW_OF(i)))
			fail_msg("page %lu of [%lu, %lu): 0x%lx", (unsigned long)i, (unsigned long)start,
				 (unsigned long)(start + pages), (unsigned long)val);
	}
}

static void test_brute(void **state)
{
	u64 all = plat_env()->features;
	unsigned int seed = 4711;
	struct fixture f;

	(void)state;
	for (int ril = 0; ril < 2; ril++) {
		plat_model_features(ril ? all : all & ~(u64)FEAT_SMMU_RIL);
		open_fixture(&f);
		for (int i = 0; i < 60; i++)
			one_round(&f, &seed, !ril);
		close_fixture(&f);
	}
	plat_model_features(all);
}

static bool violated(const char *words)
{
	static struct bench_case c;
	const char *why = plat_violation(&c);

	if (!why)
		return false;
	if (!strstr(why, words))
		fail_msg("%s", why);
	return true;
}

/* Put but not pushed, pushed but not synced, pushed without a DSB, another ASID: none forgets in time. */
static void test_rules(void **state)
{
	struct fixture f;
	u64 val;

	(void)state;
	open_fixture(&f);
	map_page(&f, 0, 0);
	plat_dma_read(&f.d, va_of(&f, 0), &val);
	map_page(&f, 0, 1);
	smmu_put(&f.d, MMU_SMMU_TLBI_NH_VA, smmu_tlbi_va(&f.s.g, f.d.asid, va_of(&f, 0), true, 1, 0));
	plat_dma_read(&f.d, va_of(&f, 0), &val);
	assert_int_equal(val, OLD_OF(0));
	smmu_push(&f.d);
	plat_dma_read(&f.d, va_of(&f, 0), &val);
	assert_int_equal(val, OLD_OF(0));
	assert_true(violated("CMD_SYNC"));
	smmu_finish(&f.d);
	plat_dma_read(&f.d, va_of(&f, 0), &val);
	assert_int_equal(val, NEW_OF(0));
	assert_false(violated(""));
	map_page(&f, 0, 0);
	f.d.asid++;
	smmu_inv_range(&f.d, &f.s.g, va_of(&f, 0), 1);
	plat_dma_read(&f.d, va_of(&f, 0), &val);
	assert_int_equal(val, NEW_OF(0));
	smmu_put(&f.d, MMU_SMMU_SYNC, smmu_sync());
	mmu_arch_mmio_write32(f.d.regs + SMMU_CMDQ_PROD, f.d.prod);
	assert_true(violated("DSB is missing"));
	smmu_put(&f.d, MMU_SMMU_SYNC, (struct smmu_cmd){ { 0xee, 0 } });
	smmu_push(&f.d);
	assert_true(violated("CERROR_ILL"));
	map_page(&f, 1, 0);
	plat_phys_write64(f.tables + 8, 0);
	assert_int_equal(plat_dma_read(&f.d, va_of(&f, 1), &val), PROBE_TRANSLATION);
	close_fixture(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ranges),
		cmocka_unit_test(test_no_ril),
		cmocka_unit_test(test_brute),
		cmocka_unit_test(test_rules),
	};

	return cmocka_run_group_tests_name("smmu", tests, NULL, NULL);
}
