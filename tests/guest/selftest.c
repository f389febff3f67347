/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The bare-metal platform tested from inside: linked into an Image of its own in the runner's place
 * (mk/guest.mk), it prints TAP on the console. What cannot run on this machine is a TAP skip.
 */
#include "core.h"
#include "fixmap.h"
#include "platform/baremetal/dt.h"

static u32 number, failed;

static void line(const char *fmt, const char *a, const char *b)
{
	char text[200];

	plat_emit(text, (u32)mmub_snprintf(text, sizeof(text), fmt, a, b));
}

static void ok(bool good, const char *what)
{
	char head[32];

	number++;
	failed += !good;
	mmub_snprintf(head, sizeof(head), good ? "ok %u -" : "not ok %u -", number);
	line("%s %s", head, what);
}

static void skip(const char *what, const char *why)
{
	char head[32];

	mmub_snprintf(head, sizeof(head), "ok %u -", ++number);
	line("%s %s", head, what);
	(void)why;
}

u32 runner_current_case(void)
{
	return 7;
}

/* Entry of va at level 3, tables made as needed. */
static u64 entry(struct mmu_space *s, u64 va)
{
	u64 table = s->root;

	for (int level = (int)s->g.start_level; level < 3; level++) {
		u64 at = table + 8ull * pt_index(&s->g, level, va), desc = plat_phys_read64(at);

		if (!(desc & PT_VALID)) {
			u64 next = plat_phys_alloc(pt_page(&s->g), pt_page(&s->g));

			plat_phys_zero(next, pt_page(&s->g));
			desc = pt_table(&s->g, next);
			asm volatile("dsb ishst" ::: "memory");
			plat_phys_write64(at, desc);
		}
		table = pt_desc_pa(&s->g, desc);
	}
	return table + 8ull * pt_index(&s->g, 3, va);
}

static void set(struct mmu_space *s, u64 va, u64 pa, u64 prot)
{
	plat_phys_write64(entry(s, va), pa ? pt_leaf(&s->g, pa, 3, prot) : 0);
	asm volatile("dsb ishst\n	isb" ::: "memory");
}

/* Walk, permission, staleness and flush at one VA. NULL or what went wrong. */
static const char *probe_page(struct mmu_space *s, u64 va, u64 prot)
{
	u64 pa = plat_phys_alloc(2 * pt_page(&s->g), pt_page(&s->g)), other = pa + pt_page(&s->g);
	u64 val = 0, at = 0;

	plat_phys_write64(pa + 8, 0x1111);
	plat_phys_write64(other + 8, 0x2222);
	if (plat_probe_read(va + 8, &val) != PROBE_TRANSLATION)
		return "an empty space translates";
	set(s, va, pa, prot);
	if (plat_probe_read(va + 8, &val) != PROBE_OK || val != 0x1111)
		return "a mapped page does not read";
	if (plat_at(va + pt_page(&s->g) - 8, &at) != PROBE_OK || at != pa)
		return "AT finds another page";
	if (plat_probe_write(va + 8, 0x3333) != PROBE_OK || plat_phys_read64(pa + 8) != 0x3333)
		return "a mapped page does not write";
	set(s, va, other, prot);
	asm volatile("dsb ish" ::: "memory");
	if (plat_probe_read(va + 8, &val) != PROBE_OK || val != 0x3333)
		return "a stale translation does not show";
	plat_tlb_flush_all();
	if (plat_probe_read(va + 8, &val) != PROBE_OK || val != 0x2222)
		return "a flush left the old page";
	set(s, va, other, prot | PT_AP_RDONLY);
	plat_tlb_flush_all();
	if (plat_probe_write(va + 8, 1) != PROBE_PERMISSION)
		return "a read-only page is written";
	set(s, va, 0, 0);
	plat_tlb_flush_all();
	if (plat_probe_read(va + 8, &val) != PROBE_TRANSLATION || val != 3)
		return "an unmapped page translates, or the level is not 3";
	if (plat_at(va, &at) != PROBE_TRANSLATION)
		return "AT of an unmapped page";
	return NULL;
}

static const char *probe_fixmap(struct mmu_space *s)
{
	struct mmu_fixmap fm;
	const char *why = plat_fixmap_create(&fm, s, 4);
	u64 pa = plat_phys_alloc(pt_page(&s->g), pt_page(&s->g)), val;

	if (why)
		return why;
	plat_phys_write64(pa + 16, 0x4444);
	for (u32 slot = 0; slot < 4; slot++) {
		u64 va = mmu_fixmap_set(&fm, slot, pa + 16);

		if (plat_probe_read(va, &val) != PROBE_OK || val != 0x4444)
			return "a fixmap slot does not read";
		mmu_fixmap_clear(&fm, slot);
		if (plat_probe_read(va, &val) != PROBE_TRANSLATION)
			return "a cleared fixmap slot translates";
	}
	plat_space_reset(s);
	val = mmu_fixmap_set(&fm, 0, pa);
	if (plat_probe_read(val, &val) != PROBE_OK)
		return "the fixmap is gone after a reset";
	plat_fixmap_destroy(&fm);
	return NULL;
}

static const struct {
	const char *name;
	u64 granule;
	u32 va_bits;
	bool lpa2;
} geoms[] = {
	{ "4K 39", 4096, 39, false }, { "4K 48", 4096, 48, false }, { "4K 48 LPA2", 4096, 48, true },
	{ "4K 52 LPA2", 4096, 52, true }, { "16K 36", 16384, 36, false },
	{ "16K 47", 16384, 47, false }, { "16K 48", 16384, 48, false },
	{ "16K 52 LPA2", 16384, 52, true }, { "64K 42", 65536, 42, false },
	{ "64K 48", 65536, 48, false }, { "64K 52", 65536, 52, false },
};

static void test_space(enum mmu_regime regime, u32 i)
{
	struct mmu_space s;
	struct pt_geom g;
	char what[100];
	const char *why = pt_geom_init(&g, geoms[i].granule, geoms[i].va_bits, geoms[i].lpa2);

	if (!why) {
		why = plat_space_create(&s, regime, &g);
		if (why && !strncmp(why, "this CPU lacks", 14)) {
			mmub_snprintf(what, sizeof(what), "%s %s # SKIP %s", geoms[i].name,
				      regime == MMU_REGIME_HIGH ? "HIGH" : "LOW", why);
			skip(what, why);
			return;
		}
	}
	if (!why)
		why = probe_page(&s, s.va_start, PT_PROT_KERNEL);
	if (!why)
		why = probe_page(&s, s.va_end - pt_page(&g), PT_PROT_KERNEL | PT_NG);
	if (!why && regime == MMU_REGIME_HIGH)
		why = probe_fixmap(&s);
	if (!why) {
		plat_tlb_grow(&s, 64);
		plat_space_destroy(&s);
	}
	mmub_snprintf(what, sizeof(what), "%s %s%s%s", geoms[i].name,
		      regime == MMU_REGIME_HIGH ? "HIGH" : "LOW", why ? ": " : "", why ? why : "");
	ok(!why, what);
}

/* Another granule in each half at once. */
static void test_both(void)
{
	struct mmu_space h, l;
	struct pt_geom gh, gl;
	const char *why;

	pt_geom_init(&gh, 65536, 48, false);
	pt_geom_init(&gl, 4096, 39, false);
	why = plat_space_create(&h, MMU_REGIME_HIGH, &gh);
	if (!why)
		why = plat_space_create(&l, MMU_REGIME_LOW, &gl);
	if (!why)
		why = probe_page(&l, l.va_start, PT_PROT_USER & ~PT_AP_EL0);
	if (!why)
		why = probe_page(&h, h.va_start, PT_PROT_KERNEL);
	if (!why) {
		plat_space_destroy(&l);
		plat_space_destroy(&h);
	}
	ok(!why, why ? why : "4K LOW and 64K HIGH together");
}

static void test_memory(void)
{
	const struct bench_env *e = plat_env();
	u64 big = e->ram_bytes > 8 * MMUB_GIB ? 1228 * MMUB_MIB : 64 * MMUB_MIB;
	u64 a = plat_phys_alloc(big, 65536), b = plat_phys_alloc(4096, 4096), last;
	u64 *p = plat_alloc(100), *q = plat_alloc(5 * MMUB_MIB);

	ok(a && b && !(a & 65535) && (b < a || b >= a + big), "large physical allocation");
	for (u64 pa = a; pa < a + big; pa += 4096)
		plat_phys_write64(pa, pa);
	for (last = a; last < a + big && plat_phys_read64(last) == last; last += 4096)
		;
	ok(last >= a + big && dt.bootargs && *dt.bootargs,
	   "every page of it holds what was written, and the device tree is whole");
	ok(p && q && !((u64)p & 63) && !p[0] && !q[0] && !q[5 * MMUB_MIB / 8 - 1],
	   "plat_alloc zeroes and aligns");
	plat_free(q, 5 * MMUB_MIB);
	plat_free(p, 100);
	plat_phys_free(a, big);
	ok(plat_phys_alloc(big, 65536) == a, "freed memory is used again");
	plat_phys_free(a, big);
	ok(!plat_phys_alloc(e->ram_bytes, 4096), "more than there is: refused");
	last = e->ram_base + e->ram_bytes - 8;
	plat_phys_write64(last, 0x5555);
	ok(plat_phys_read64(last) == 0x5555, "the last word of RAM, mapped at first touch");
}

static volatile u64 seen[8];
static void mark(void *arg)
{
	u64 el, x;

	asm volatile("mrs %0, CurrentEL" : "=r"(el));
	seen[(u64)arg] = el >> 2;
	plat_probe_read(16, &x);
}
static void nested(void *arg)
{
	plat_at_el(1, mark, arg);
	seen[0] = plat_probe_read(16, (u64 *)&seen[3]) == PROBE_TRANSLATION;
	mark((void *)2);
	plat_phys_read64(plat_env()->ram_base + plat_env()->ram_bytes / 2 + 0x100000);
}

static void test_levels(void)
{
	const char *why = plat_at_el(2, nested, (void *)1);

	if (!(plat_env()->features & FEAT_EL2)) {
		ok(why != NULL, "EL2 is refused where it is not ours");
		return;
	}
	ok(!why && seen[1] == 1 && seen[2] == 2 && seen[0], "EL2, from there EL1, and back, with probes");
}

static void touch_alone(void *arg)
{
	u64 x;

	seen[(u64)arg] += plat_probe_read(16, &x) == PROBE_TRANSLATION;
	plat_phys_read64(plat_env()->ram_base + plat_env()->ram_bytes / 4 * 3);
}

static void test_cpus(void)
{
	u32 n = plat_env()->cpus < 8 ? plat_env()->cpus : 8;
	bool good = true;

	memset((void *)seen, 0, sizeof(seen));
	for (u32 round = 0; round < 2; round++) {
		for (u32 cpu = 1; cpu < n; cpu++)
			good &= !plat_cpu_start(cpu, touch_alone, (void *)(u64)cpu);
		for (u32 cpu = 1; cpu < n; cpu++)
			plat_cpu_wait(cpu);
	}
	for (u32 cpu = 1; cpu < n; cpu++)
		good &= seen[cpu] == 2;
	ok(good, "every other CPU ran twice");
	ok(plat_cpu_start(n, touch_alone, NULL) != NULL, "a CPU that is not there is refused");
}

static void remote_probe(void *arg)
{
	u64 *p = arg;

	p[1] = plat_probe_read(p[0], &p[2]);
}

/* Another CPU's TLB is its own: a local TLBI leaves it stale, a broadcast does not. */
static void test_remote(void)
{
	struct mmu_space s;
	struct pt_geom g;
	u64 pa = plat_phys_alloc(4096, 4096), p[3];
	bool stale, gone;

	if (plat_env()->cpus < 2 || !dt.gicr.start) {
		skip("a local TLBI leaves another CPU stale # SKIP needs two CPUs and a GICv3", NULL);
		return;
	}
	pt_geom_init(&g, 4096, 48, false);
	if (plat_space_create(&s, MMU_REGIME_HIGH, &g)) {
		ok(false, "space for the remote test");
		return;
	}
	p[0] = s.va_start;
	set(&s, p[0], pa, PT_PROT_KERNEL);
	plat_cpu_start(1, remote_probe, p);
	plat_cpu_wait(1);
	ok(p[1] == PROBE_OK, "another CPU sees the space");
	set(&s, p[0], 0, 0);
	asm volatile("dsb ish\n	tlbi vmalle1\n	dsb ish\n	isb" ::: "memory");
	plat_cpu_start(1, remote_probe, p);
	plat_cpu_wait(1);
	stale = p[1] == PROBE_OK;
	plat_tlb_flush_all();
	plat_cpu_start(1, remote_probe, p);
	plat_cpu_wait(1);
	gone = p[1] == PROBE_TRANSLATION;
	ok(stale && gone, "a local TLBI leaves another CPU stale, a broadcast does not");
	plat_space_destroy(&s);
}

/* A range invalidation that leaves out the last page is seen only by a TLB that was grown. */
static void test_grow(void)
{
	enum { N = 192 };
	struct mmu_space s;
	struct pt_geom g;
	u64 pa = plat_phys_alloc(4096, 4096), val, ranged, stale = 0;

	if (!(plat_env()->features & FEAT_TLBIRANGE)) {
		skip("range TLBI is exact after plat_tlb_grow() # SKIP no range TLBI", NULL);
		return;
	}
	pt_geom_init(&g, 4096, 48, false);
	if (plat_space_create(&s, MMU_REGIME_HIGH, &g)) {
		ok(false, "space for the range test");
		return;
	}
	for (u64 i = 0; i < N; i++)
		set(&s, s.va_start + i * 4096, pa, PT_PROT_KERNEL);
	plat_tlb_grow(&s, N);
	for (u64 i = 0; i < N; i++)
		plat_probe_read(s.va_start + i * 4096, &val);
	for (u64 i = 0; i < N; i++)
		set(&s, s.va_start + i * 4096, 0, 0);
	/* NUM 2, SCALE 1: 192 pages; of them all but the first two are named */
	ranged = s.va_start + 2 * 4096;
	mmu_dsb(ISHST);
	mmu_tlbi(RVAAE1IS, pt_tlbi_tg(&g) << 46 | 1ull << 44 | 1ull << 39 |
		 (ranged >> 12 & 0x1fffffffffull));
	mmu_dsb(ISH);
	mmu_isb();
	for (u64 i = 0; i < N; i++)
		stale += plat_probe_read(s.va_start + i * 4096, &val) == PROBE_OK;
	ok(stale == N - 128, "range TLBI is exact after plat_tlb_grow()");
	plat_space_destroy(&s);
}

static void test_events(void)
{
	struct plat_events a, b;
	u64 t0 = plat_clock();

	ok(plat_events_open("NO_SUCH_EVENT") != NULL, "an event that is not there is refused");
	if (plat_env()->features & FEAT_PMU)
		ok(!plat_events_open("CPU_CYCLES") && plat_event_name(1) &&
		   !strcmp(plat_event_name(1), "CPU_CYCLES"), "CPU_CYCLES opens");
	else
		ok(!plat_events_open("") && !plat_event_name(1), "no events without a PMU");
	plat_events_read(&a);
	for (volatile u32 i = 0; i < 1000; i++)
		;
	plat_events_read(&b);
	ok(!(plat_env()->features & FEAT_PMU) || b.n[1] > a.n[1], "cycles go on");
	ok(!(plat_env()->features & FEAT_PMU_INSNS) || b.n[0] - a.n[0] > 4000,
	   "instructions are counted");
	ok(plat_clock() > t0, "the clock goes on");
}

u32 runner_run(const char *text, u64 len)
{
	(void)text;
	(void)len;
	test_memory();
	for (u32 i = 0; i < MMUB_ARRAY_SIZE(geoms); i++)
		test_space(MMU_REGIME_HIGH, i);
	for (u32 i = 0; i < MMUB_ARRAY_SIZE(geoms); i++)
		test_space(MMU_REGIME_LOW, i);
	test_both();
	test_levels();
	test_cpus();
	test_remote();
	test_grow();
	test_events();
	ok(plat_at_el(1, mark, (void *)4) == NULL && seen[4] == 1, "EL1 from EL1");
	line("# %s%s", failed ? "failed" : "all passed", "");
	return failed;
}
