// SPDX-License-Identifier: GPL-2.0-only
/*
 * The model's stage 2 against brute force: a guest's accesses and walks, a hypervisor's stores, TLBIs by IPA, by VMID
 * and of the combined entries, barriers, and a VHE host beside that flips HCR_EL2.TGE, most of it in some wrong
 * order. The reference keeps two cells for each entry that there can be and plain flags, knows an invalidation by
 * what it was meant to cover, and must come to the same data and the same verdict after every step.
 */
#include "model_brute.h"

#define TABLES	2		/* leaf tables; behind them one slot holds a block */
#define USED	64		/* pages used of each */
#define N	(TABLES * USED + 1)
#define BLOCK	(N - 1)
#define HOST	4		/* pages of the host's */
#define VALUES	3		/* 0: invalid; 1, 2: two pages (blocks) of memory */
#define STEPS	60000

enum cell { GONE, LIVE, CONDEMNED };
enum verdict { FINE, BREAK, NO_DSB, NOT_PUBLISHED, TOO_EARLY, STALE, NO_ISB };
static const char *const words[] = { NULL, "break-before-make", "without DSB ISHST between", "used before the store",
	"used after the TLBI", "through a stale", "before the ISB" };

struct slot {
	u64 desc, pa, ipa;
	u32 level;
	bool unordered;
	int waits;			/* over a valid entry: 1 ordered nowhere, 2 on this CPU */
	enum cell by_ipa, combined;
	u64 cached;			/* the descriptor that both were made of */
};
static struct {
	struct slot s[N];
	struct { u64 desc, cached; enum cell cell; } host[HOST];
	bool guest, unsynced, local_only;
} ref;

static struct mmu_space stage2, low;
static struct pt_geom g, hg;
static u64 data[2][VALUES], host_table;		/* [is a block] */

static u64 some_entry(const struct slot *s)
{
	u64 v = any(VALUES), attrs = PT_S2_MEMATTR(15) | PT_SH_INNER | PT_AF | PT_S2_READ | (any(2) ? PT_S2_WRITE : 0);

	return v ? pt_leaf(&g, data[s->level == 2][v], (int)s->level, attrs) : 0;
}

/* ---- the guest ---- */

static u64 content(u64 desc)
{
	return desc ? plat_phys_read64(pt_desc_pa(&g, desc)) : 0;
}

static bool cached(const struct slot *s)
{
	return s->by_ipa != GONE || s->combined != GONE;
}

static void fill(struct slot *s)
{
	s->by_ipa = s->combined = LIVE;
	s->cached = s->desc;
}

static void guest_loads(struct slot *s)
{
	bool answers;

	if (cached(s)) {
		if (s->by_ipa == CONDEMNED || s->combined == CONDEMNED)
			say(TOO_EARLY);
		else if (s->cached != s->desc)
			say(STALE);
	} else if (s->desc) {
		if (s->unordered)
			say(NOT_PUBLISHED);
		fill(s);
	}
	answers = mmu_arch_guest_load(s->ipa);
	agree("guest's load");
	if (answers != cached(s))
		fail_msg("IPA 0x%lx: expected %s", (unsigned long)s->ipa, cached(s) ? "an answer" : "a fault");
}

/* Not judged: what is read, and with `walk` whether the entry by IPA is there. */
static void probe(struct slot *s, bool walk)
{
	struct plat_guest a = { .s = &stage2, .ipa = s->ipa, .stride = pt_page(&g), .n = 1, .walk = walk };

	if (!cached(s) && s->desc)
		fill(s);
	assert_null(plat_guest_access(&a));
	if (a.answered != (walk ? s->by_ipa != GONE : cached(s)))
		fail_msg("IPA 0x%lx%s: expected %s", (unsigned long)s->ipa, walk ? " as a table" : "",
			 a.answered ? "a fault" : "an answer");
	if (a.answered && a.last != content(s->cached))
		fail_msg("IPA 0x%lx: expected 0x%lx, read 0x%lx", (unsigned long)s->ipa,
			 (unsigned long)content(s->cached), (unsigned long)a.last);
	agree("probe");
}

/* ---- the hypervisor ---- */

static bool may_replace(u64 old, u64 val)
{
	return !((old ^ val) & ~(PT_S2_READ | PT_S2_WRITE | PT_AF));
}

static void store(struct slot *s, u64 val)
{
	if (s->desc && s->desc != val) {
		if (!cached(s))
			fill(s);	/* a walk may have come by just before */
		s->waits = 1;
		if (val && !may_replace(s->desc, val))
			say(BREAK);
	}
	if (val && val != s->desc && cached(s) && !may_replace(s->cached, val))
		say(BREAK);
	s->desc = val;
	s->unordered = true;
	mmu_arch_pte_store(plat_phys_va(s->pa), val);
	agree("store");
}

static bool pending(void)
{
	bool any_is = false;

	for (u32 i = 0; i < N; i++)
		any_is |= ref.s[i].by_ipa == CONDEMNED || ref.s[i].combined == CONDEMNED;
	for (u32 i = 0; i < HOST; i++)
		any_is |= ref.host[i].cell == CONDEMNED;
	return any_is;
}

static bool disorder(void)
{
	bool is = false;

	for (u32 i = 0; i < N; i++)
		is |= ref.s[i].unordered || ref.s[i].waits;
	return is;
}

static void judge_order(bool local)
{
	for (u32 i = 0; i < N; i++)
		if (ref.s[i].waits == 1 || (ref.s[i].waits && !local))
			say(NO_DSB);
}

static void condemn(enum cell *c)
{
	if (*c == LIVE)
		*c = CONDEMNED;
}

static void by_ipa(void)
{
	static const struct { enum mmu_op op; bool range; } forms[] = {
		{ MMU_TLBI_IPAS2E1IS, 0 }, { MMU_TLBI_IPAS2LE1IS, 0 },
		{ MMU_TLBI_RIPAS2E1IS, 1 }, { MMU_TLBI_RIPAS2LE1IS, 1 },
	};
	u64 f = any(MMUB_ARRAY_SIZE(forms)), tg = g.page_shift == 12 ? 1 : g.page_shift == 14 ? 2 : 3;
	u64 start = ref.s[any(N)].ipa, ttl = any(3) ? 0 : 2 + any(2), num = any(8), end, x;

	if (forms[f].range) {
		u32 unit = g.lpa2 ? 16 : g.page_shift;

		start = start >> unit << unit;
		end = start + (num + 1) * 2 * pt_page(&g);
		x = tg << 46 | num << 39 | ttl << 37 | start >> unit;
	} else {
		end = start + pt_page(&g);
		x = (ttl ? tg << 2 | ttl : 0) << 44 | start >> 12;
	}
	judge_order(false);
	ref.local_only = false;
	for (u32 i = 0; i < N; i++) {
		struct slot *s = &ref.s[i];

		if (s->ipa < end && s->ipa + pt_size(&g, (int)s->level) > start && (!ttl || ttl == s->level))
			condemn(&s->by_ipa);
	}
	mmu_arch_tlbi(forms[f].op, x);
	agree("TLBI by IPA");
}

static void by_vmid(void)
{
	judge_order(false);
	ref.local_only = false;
	for (u32 i = 0; i < N; i++) {
		condemn(&ref.s[i].by_ipa);
		condemn(&ref.s[i].combined);
	}
	mmu_arch_tlbi(MMU_TLBI_VMALLS12E1IS, 0);
	agree("TLBI by VMID");
}

/* VMALLE1(IS): the combined entries that no entry by IPA makes again, or the host's. */
static void whole_stage1(bool local)
{
	bool idle = !pending();

	judge_order(local);
	if (ref.unsynced)
		say(NO_ISB);
	for (u32 i = 0; i < N && ref.guest && !local; i++)
		if (ref.s[i].by_ipa == GONE)
			condemn(&ref.s[i].combined);
	for (u32 i = 0; i < HOST && !ref.guest; i++)
		condemn(&ref.host[i].cell);
	ref.local_only = idle ? local : ref.local_only && local;
	mmu_arch_tlbi(local ? MMU_TLBI_VMALLE1 : MMU_TLBI_VMALLE1IS, 0);
	agree("VMALLE1");
}

static void regime(void)
{
	ref.guest = any(2);
	ref.unsynced = true;
	mmu_arch_guest_regime(ref.guest);
	agree("HCR_EL2");
}

static void barrier(void)
{
	static const enum mmu_op ops[] = { MMU_DSB_ISH, MMU_DSB_ISH, MMU_DSB_ISHST, MMU_DSB_SY, MMU_DSB_NSH,
					   MMU_DSB_NSHST, MMU_ISB };
	enum mmu_op op = ops[any(MMUB_ARRAY_SIZE(ops))];
	bool everywhere = op == MMU_DSB_ISH || op == MMU_DSB_ISHST || op == MMU_DSB_SY;
	bool completes = op == MMU_DSB_ISH || op == MMU_DSB_SY || (op == MMU_DSB_NSH && ref.local_only);

	ref.unsynced &= op != MMU_ISB;
	for (u32 i = 0; i < N && op != MMU_ISB; i++) {
		struct slot *s = &ref.s[i];
		enum cell then = s->cached == s->desc ? LIVE : GONE;

		if (s->waits)
			s->waits = everywhere ? 0 : 2;
		s->unordered &= !everywhere;
		if (completes && s->by_ipa == CONDEMNED)
			s->by_ipa = then;
		if (completes && s->combined == CONDEMNED)
			s->combined = then;
	}
	for (u32 i = 0; i < HOST && completes; i++)
		if (ref.host[i].cell == CONDEMNED)
			ref.host[i].cell = ref.host[i].cached == ref.host[i].desc ? LIVE : GONE;
	mmu_arch_barrier(op);
	agree("barrier");
}

/* ---- the host's own pages: changed behind everybody's back, read by a probe ---- */

static u64 host_va(u32 i)
{
	return low.va_start + i * pt_page(&hg);
}

static void host(u32 i)
{
	u64 val = 0;

	if (!any(3)) {
		ref.host[i].desc = pt_leaf(&hg, data[0][1 + any(2)], 3, PT_PROT_KERNEL | PT_NG);
		plat_phys_write64(host_table + 8 * i, ref.host[i].desc);
		return;
	}
	if (ref.host[i].cell == GONE) {
		ref.host[i].cell = LIVE;
		ref.host[i].cached = ref.host[i].desc;
	}
	assert_int_equal(plat_probe_read(host_va(i), &val), PROBE_OK);
	assert_int_equal(val, content(ref.host[i].cached));
}

static void end_of_run(void)
{
	bool bad = ref.unsynced || ref.guest || pending();

	for (u32 i = 0; i < N; i++)
		bad |= ref.s[i].unordered || (cached(&ref.s[i]) && ref.s[i].cached != ref.s[i].desc);
	for (u32 i = 0; i < HOST; i++)
		bad |= ref.host[i].cell == LIVE && ref.host[i].cached != ref.host[i].desc;
	agree_at_end(bad);
}

/* ---- the run ---- */

static u64 leaf_table(const struct mmu_space *s, u64 link)
{
	u64 table = empty_table(&s->g);

	plat_phys_write64(link, pt_table(&s->g, table));
	return table;
}

static void build(u64 granule, bool lpa2)
{
	u64 link;

	memset(&ref, 0, sizeof(ref));
	memset(&verdicts, 0, sizeof(verdicts));
	verdicts.words = words;
	assert_null(pt_geom_init(&g, granule, lpa2 ? 52 : 48, lpa2));
	assert_null(pt_geom_init(&hg, 4096, 48, false));
	assert_null(plat_space_create(&stage2, MMU_REGIME_STAGE2, &g));
	assert_null(plat_space_create(&low, MMU_REGIME_LOW, &hg));
	for (u32 block = 0; block < 2; block++)
		for (u32 v = 1; v < VALUES; v++) {
			u64 bytes = block ? pt_size(&g, 2) : granule;

			data[block][v] = plat_phys_alloc(bytes, bytes);
			plat_phys_write64(data[block][v], 100 * block + v);
		}
	link = path(&stage2, stage2.va_start);
	for (u32 t = 0; t < TABLES; t++) {
		u64 table = leaf_table(&stage2, link + 8 * t);

		for (u32 i = 0; i < USED; i++)
			ref.s[t * USED + i] = (struct slot){ .pa = table + 8 * i, .level = 3,
				.ipa = stage2.va_start + t * pt_size(&g, 2) + i * granule };
	}
	ref.s[BLOCK] = (struct slot){ .pa = link + 8 * TABLES, .level = 2,
				      .ipa = stage2.va_start + TABLES * pt_size(&g, 2) };
	host_table = leaf_table(&low, path(&low, low.va_start));
	for (u32 i = 0; i < HOST; i++) {
		ref.host[i].desc = pt_leaf(&hg, data[0][1], 3, PT_PROT_KERNEL | PT_NG);
		plat_phys_write64(host_table + 8 * i, ref.host[i].desc);
	}
}

static void step(void)
{
	struct slot *s = &ref.s[any(8) ? any(N) : BLOCK];

	switch (any(100)) {
	case 0 ... 29:
		guest_loads(s);
		break;
	case 30 ... 39:
		probe(s, any(2));
		break;
	case 40 ... 54:
		store(s, any(3) ? some_entry(s) : 0);
		break;
	case 55 ... 66:
		by_ipa();
		break;
	case 67:
		by_vmid();
		break;
	case 68 ... 72:
		whole_stage1(!any(4));
		break;
	case 73 ... 76:
		regime();
		break;
	case 77 ... 82:
		host((u32)any(HOST));
		break;
	case 83 ... 84:
		end_of_run();
		break;
	default:
		barrier();
	}
}

/* Random steps leave all in disorder: now and then it is put right, so that an end may be a good one. */
static void put_right(void)
{
	ref.guest = false;
	ref.unsynced = true;
	mmu_arch_guest_regime(false);
	for (u32 k = 0; k < 2; k++) {
		do
			barrier();
		while (ref.unsynced || pending() || disorder());
		by_vmid();
		whole_stage1(false);
	}
	do
		barrier();
	while (pending());
}

static void run(u64 granule, bool lpa2)
{
	mmub_rng_seed(&rng, granule + lpa2);
	build(granule, lpa2);
	for (int n = 0; n < STEPS; n++) {
		step();
		if (n % 1000 == 999) {
			put_right();
			end_of_run();
		}
	}
	expect_each_came(NO_ISB);
	plat_space_destroy(&low);
	plat_space_destroy(&stage2);
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

	return cmocka_run_group_tests_name("model_stage2_brute", tests, NULL, NULL);
}
