// SPDX-License-Identifier: GPL-2.0-only
/* From the first C with the MMU off to the plan and the power-off. */
#include <libfdt.h>
#include "bm.h"

#define DTB_MAX (2 * MMUB_MIB)	/* booting.rst */
#define FDT_BE_MAGIC 0xedfe0dd0u

u32 bm_entry_el;
u64 bm_dtb;

/* For tests: what to do instead of emitting record number `at` (docs/platform-baremetal.md). */
static struct {
	enum { TEST_NONE, TEST_CRASH, TEST_STACK, TEST_CRASH_EL2, TEST_HANG, TEST_GARBLE,
	       TEST_CUT } kind;
	u64 at, records;
} test;

/* MMU off: aligned accesses only, nothing but the device tree's header is read. */
void bm_early(u64 dtb, u32 el)
{
	const u32 *header = (const u32 *)dtb;
	u64 bytes = 4096;

	bm_entry_el = el;
	bm_dtb = dtb;
	if (!(dtb & 7) && dtb && header[0] == FDT_BE_MAGIC)
		bytes = __builtin_bswap32(header[1]);
	bm_map_boot(dtb, bytes < DTB_MAX ? bytes : DTB_MAX);
	bm_mmu.ttbr0 = bm_base.root;
	bm_mmu.ttbr1 = 0;
	bm_mmu.tcr = bm_tcr_boot();
	bm_mmu.mair = BM_MAIR;
}

static void crash(void *unused)
{
	(void)unused;
	(void)*(volatile u64 *)16;
}

/* The frame's address goes to the assembler, so that no compiler makes a loop of the recursion. */
static __attribute__((__noinline__)) u64 overflow(u64 depth)
{
	u64 frame[64];

	asm volatile("" :: "r"(frame) : "memory");
	if (depth == ~0ull)
		return 0;
	depth = overflow(depth + 1);
	asm volatile("" :: "r"(frame) : "memory");
	return depth;
}

static bool test_now(void)
{
	if (test.kind == TEST_NONE || test.records++ != test.at)
		return false;
	switch (test.kind) {
	case TEST_CRASH: crash(NULL); break;
	case TEST_CRASH_EL2: plat_at_el(2, crash, NULL); break;
	case TEST_STACK: overflow(0); break;
	case TEST_HANG:
		for (;;)
			asm volatile("wfi");
	default: break;
	}
	return true;
}

void plat_emit(const char *line, u32 len)
{
	if (test.kind && !bm_this_cpu()->in_exception && test_now())
		len /= 2;	/* TEST_GARBLE, TEST_CUT */
	bm_uart_write(line, len);
	if (test.kind == TEST_CUT && test.records == test.at + 1)
		for (;;)
			asm volatile("wfi");
	bm_uart_write("\n", 1);
}

const char *plat_violation(struct bench_case *c)
{
	(void)c;
	return NULL;
}

/* The value of `name=` in bootargs up to the next blank; NULL: not there. */
static const char *argument(const char *name)
{
	u64 n = strlen(name);

	for (const char *s = dt.bootargs; *s; s++) {
		if ((s == dt.bootargs || s[-1] == ' ') && !strncmp(s, name, n) && s[n] == '=')
			return s + n + 1;
	}
	return NULL;
}

static void test_init(void)
{
	static const char *const kinds[] = { "", "crash", "stack", "crash-el2", "hang", "garble", "cut" };
	const char *s = argument("mmub.test");

	for (u32 k = 1; s && k < MMUB_ARRAY_SIZE(kinds); k++) {
		u64 n = strlen(kinds[k]);

		if (strncmp(s, kinds[k], n) || s[n] != '@')
			continue;
		test.kind = k;
		for (s += n + 1; *s >= '0' && *s <= '9'; s++)
			test.at = test.at * 10 + (u64)(*s - '0');
	}
}

void bm_main(void)
{
	const char *why = dt_init((const void *)bm_dtb), *plan;

	if (dt.uart) {
		bm_map_keep(dt.uart, dt.uart + 4096, BM_PROT_DEVICE);
		bm_uart_init(dt.uart, dt.uart_kind, dt.uart_shift);
	}
	if (!why && !mmu_arch_zva_bytes())
		why = "DC ZVA is prohibited here (DCZID_EL0.DZP): cannot zero tables";
	if (why) {
		bm_puts("mmubench: ");
		bm_puts(why);
		bm_puts("\n");
		bm_power_off();
	}
	bm_mem_init();
	bm_el2_mmu_on();
	bm_env_init();
	test_init();
	plan = argument("mmub.plan");
	bm_puts("\n");		/* a loader's last words may have had no end */
	if (dt.initrd)
		runner_run((const char *)dt.initrd, dt.initrd_end - dt.initrd);
	else
		runner_run(plan ? plan : "", plan ? strlen(plan) : 0);
	bm_power_off();
}
