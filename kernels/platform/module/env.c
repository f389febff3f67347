// SPDX-License-Identifier: GPL-2.0-only
/* What this CPU and this kernel have: ID registers, through the kernel's own accessors. */
#include <linux/cpumask.h>
#include <linux/pagemap.h>
#include <generated/utsrelease.h>
#include <asm/arch_timer.h>
#include <asm/cache.h>
#include <asm/cputype.h>
#include <asm/sysreg.h>

#include "module.h"

const char plat_name[] = "module";
static struct bench_env env;

static u64 field(u64 reg, unsigned int shift)
{
	return reg >> shift & 15;
}

/*
 * Arm ARM D19.2: ISAR0.TLB [59:56]; MMFR0.TGran16 [23:20], TGran64 [27:24], TGran4 [31:28];
 * MMFR2.VARange [19:16], FWB [43:40], TTL [51:48], BBM [55:52]; DFR0.PMUVer [11:8].
 */
static u64 features(void)
{
	u64 isar0 = read_sysreg(id_aa64isar0_el1), mmfr0 = read_sysreg(id_aa64mmfr0_el1);
	u64 mmfr2 = read_sysreg_s(SYS_ID_AA64MMFR2_EL1), dfr0 = read_sysreg(id_aa64dfr0_el1);
	u64 have = 0, gran4 = field(mmfr0, 28), gran16 = field(mmfr0, 20);

	have |= field(isar0, 56) >= 2 ? FEAT_TLBIRANGE : 0;
	have |= field(mmfr2, 48) ? FEAT_TTL : 0;
	have |= field(mmfr2, 40) ? FEAT_FWB : 0;
	have |= field(mmfr2, 52) >= 2 ? FEAT_BBM2 : 0;
	have |= gran4 != 15 ? FEAT_GRAN4K : 0;
	have |= gran16 ? FEAT_GRAN16K : 0;
	have |= field(mmfr0, 24) != 15 ? FEAT_GRAN64K : 0;
	have |= gran4 == 1 ? FEAT_LPA2_4K : 0;
	have |= gran16 == 2 ? FEAT_LPA2_16K : 0;
	have |= field(mmfr2, 16) ? FEAT_LVA : 0;
	have |= field(dfr0, 8) && field(dfr0, 8) != 15 ? FEAT_PMU : 0;
	have |= IS_ENABLED(CONFIG_MMU_NOTIFIER) ? FEAT_MM_NOTIFIER : 0;
	return have;
}

static u32 pa_bits(void)
{
	static const u8 range[] = { 32, 36, 40, 42, 44, 48, 52, 56 };
	u64 code = read_sysreg(id_aa64mmfr0_el1) & 15;

	return code < ARRAY_SIZE(range) ? range[code] : 48;
}

int module_env_init(void)
{
	struct sysinfo si;

	si_meminfo(&si);
	env = (struct bench_env){
		.features = features(),
		.zva_bytes = read_sysreg(dczid_el0) & 16 ? 0 : 4u << (read_sysreg(dczid_el0) & 15),
		.dline_bytes = 4u << (read_sysreg(ctr_el0) >> 16 & 15),
		.pa_bits = pa_bits(),
		.cpus = 1,		/* the others belong to Linux */
		.el = 1,
		/* The range that map_mem maps: the same as on bare metal; nothing has to be there. */
		.ram_base = 0x40000000,
		.ram_bytes = 1ull << 43,
		.clock_hz = arch_timer_get_cntfrq(),
	};
	if (!env.zva_bytes) {
		pr_err("mmubench: DC ZVA is prohibited here (DCZID_EL0.DZP): cannot zero tables\n");
		return -ENODEV;
	}
	return 0;
}

const struct bench_env *plat_env(void)
{
	return &env;
}

u64 plat_midr(void)
{
	return read_cpuid_id();
}

const char *plat_build(void)
{
	return "module-" UTS_RELEASE "-gcc-" __VERSION__;
}

u64 plat_clock(void)
{
	isb();
	return read_sysreg(cntvct_el0);
}
