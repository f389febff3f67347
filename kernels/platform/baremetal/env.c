// SPDX-License-Identifier: GPL-2.0-only
/* What this machine is: ID registers (Arm ARM D19.2), device tree, generic timer. */
#include "bm.h"
#include "smmu.h"

#define GRAN_NONE 15

const char plat_name[] = "baremetal";
static struct bench_env env;

const struct bench_env *plat_env(void)
{
	return &env;
}

u64 plat_midr(void)
{
	return bm_read_sysreg(midr_el1);
}

u64 plat_clock(void)
{
	u64 t;

	asm volatile("isb\n	mrs %0, cntvct_el0" : "=r"(t) :: "memory");
	return t;
}

/* Nothing can come between: one CPU a thread, interrupts are masked from entry on. */
void plat_sample_begin(void)
{
}

void plat_sample_end(void)
{
}

static u64 translation_features(void)
{
	u64 mmfr0 = bm_read_sysreg(id_aa64mmfr0_el1), mmfr2 = bm_read_sysreg(id_aa64mmfr2_el1);
	u64 f = 0;

	if (bm_field(bm_read_sysreg(id_aa64isar0_el1), 56) >= 2)
		f |= FEAT_TLBIRANGE;
	if (bm_field(mmfr2, 48))
		f |= FEAT_TTL;
	if (bm_field(mmfr2, 40))
		f |= FEAT_FWB;
	if (bm_field(mmfr2, 52) >= 2)
		f |= FEAT_BBM2;
	if (bm_field(mmfr2, 16))
		f |= FEAT_LVA;
	if (bm_field(mmfr0, 28) != GRAN_NONE)
		f |= FEAT_GRAN4K;
	if (bm_field(mmfr0, 28) == 1)
		f |= FEAT_LPA2_4K;
	if (bm_field(mmfr0, 20))
		f |= FEAT_GRAN16K;
	if (bm_field(mmfr0, 20) == 2)
		f |= FEAT_LPA2_16K;
	if (bm_field(mmfr0, 24) != GRAN_NONE)
		f |= FEAT_GRAN64K;
	/* TGran4_2: 0 says "as stage 1" */
	if (bm_field(mmfr0, 40) == 3 || (!bm_field(mmfr0, 40) && bm_field(mmfr0, 28) == 1))
		f |= FEAT_LPA2_S2;
	return f;
}

/* SMMU_IDR3.RIL [10]; SMMU_IDR5.GRAN4K [4], GRAN16K [5], GRAN64K [6] (IHI 0070, 6.3.4, 6.3.6) */
static u64 smmu_features(void)
{
	u32 idr3, idr5;

	if (!dt.smmu.start)
		return 0;
	bm_map_keep(dt.smmu.start, dt.smmu.start + dt.smmu.bytes, BM_PROT_DEVICE);
	idr3 = *(volatile u32 *)(dt.smmu.start + SMMU_IDR3);
	idr5 = *(volatile u32 *)(dt.smmu.start + SMMU_IDR5);
	return FEAT_SMMUV3 | (idr3 & 1 << 10 ? FEAT_SMMU_RIL : 0) | (idr5 & 1 << 4 ? FEAT_SMMU_GRAN4K : 0) |
	       (idr5 & 1 << 5 ? FEAT_SMMU_GRAN16K : 0) | (idr5 & 1 << 6 ? FEAT_SMMU_GRAN64K : 0);
}

static u64 pmu_features(void)
{
	u32 version = bm_field(bm_read_sysreg(id_aa64dfr0_el1), 8);

	if (!version || version == 15)
		return 0;
	env.pmceid[0] = bm_read_sysreg(pmceid0_el0);
	env.pmceid[1] = bm_read_sysreg(pmceid1_el0);
	return FEAT_PMU | (env.pmceid[0] & 1 << 8 ? FEAT_PMU_INSNS : 0);
}

void bm_env_init(void)
{
	static const u8 pa_bits[] = { 32, 36, 40, 42, 44, 48, 52 };
	u32 range = bm_pa_range();

	env.features = translation_features() | smmu_features() | pmu_features() | FEAT_LIVE;
	if (bm_entry_el == 2)
		env.features |= FEAT_EL2;
	if (bm_entry_el == 2 && bm_field(bm_read_sysreg(id_aa64mmfr1_el1), 8))
		env.features |= FEAT_VHE;
	if (bm_field(bm_read_sysreg(id_aa64pfr0_el1), 16) != 15)
		env.features |= FEAT_FP;
	env.zva_bytes = mmu_arch_zva_bytes();
	env.dline_bytes = mmu_arch_dline_bytes();
	env.pa_bits = pa_bits[range < sizeof(pa_bits) ? range : sizeof(pa_bits) - 1];
	env.cpus = dt.cpus ? dt.cpus : 1;
	env.el = 1;
	bm_largest_ram(&env.ram_base, &env.ram_bytes);	/* a linear map over a hole would reach what is no memory */
	env.clock_hz = bm_read_sysreg(cntfrq_el0);
}

/* Compiler and GNU build id (the linker's note: name "GNU", type 3), as hex. */
extern const u8 __build_id[], __build_id_end[];
const char *plat_build(void)
{
	static const char compiler[] = "gcc-" __VERSION__, hex[] = "0123456789abcdef";
	static char text[96];
	u32 used = sizeof(compiler) - 1 < 40 ? sizeof(compiler) - 1 : 40;

	memcpy(text, compiler, used);
	text[used++] = '-';
	for (const u8 *p = __build_id + 16; p < __build_id_end && used + 3 < sizeof(text); p++) {
		text[used++] = hex[*p >> 4];
		text[used++] = hex[*p & 15];
	}
	text[used] = 0;
	return text;
}
