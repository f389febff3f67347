// SPDX-License-Identifier: GPL-2.0-only
/*
 * Other CPUs and other exception levels. PSCI: Arm DEN 0022.
 *
 * A secondary CPU stays online behind its function, asleep in WFI with its TLB as it is: a stale entry
 * in there is what a probe wants to find, and a broadcast TLBI has to reach it. bm_cpus_refresh() keeps
 * its translation registers those of the others. Without a GICv3 there is nothing to wake it: then it
 * powers itself off, and starts with an empty TLB the next time.
 */
#include "bm.h"

#define PSCI_CPU_OFF		0x84000002u
#define PSCI_CPU_ON		0xc4000003u
#define PSCI_AFFINITY_INFO	0xc4000004u
#define PSCI_SYSTEM_OFF		0x84000008u
#define AFFINITY_OFF		1

#define STACK_BYTES	16384u
#define EXC_STACK_BYTES	8192u
#define EL2_STACK_BYTES	8192u

struct bm_cpu bm_boot_cpu = { .started = 1 };
static struct bm_cpu *cpus[BM_CPUS_MAX];

s64 bm_psci(u32 fn, u64 a, u64 b, u64 c)
{
	register u64 x0 asm("x0") = fn;
	register u64 x1 asm("x1") = a;
	register u64 x2 asm("x2") = b;
	register u64 x3 asm("x3") = c;
	bool smc = dt.psci ? dt.psci_smc : bm_entry_el == 2;

#define CLOBBERS "x4", "x5", "x6", "x7", "x8", "x9", "x10", "x11", "x12", "x13", "x14", "x15", \
	"x16", "x17", "memory"
	if (smc)
		asm volatile("smc #0" : "+r"(x0), "+r"(x1), "+r"(x2), "+r"(x3) :: CLOBBERS);
	else
		asm volatile("hvc #0" : "+r"(x0), "+r"(x1), "+r"(x2), "+r"(x3) :: CLOBBERS);
	return (s64)x0;
}

void bm_power_off(void)
{
	bm_psci(PSCI_SYSTEM_OFF, 0, 0, 0);
	for (;;)
		asm volatile("wfi");
}

static void clean_to_poc(const void *p, u64 bytes)
{
	u64 line = mmu_arch_dline_bytes();

	for (u64 a = MMUB_ALIGN_DOWN((u64)p, line); a < (u64)p + bytes; a += line)
		asm volatile("dc civac, %0" :: "r"(a) : "memory");
	asm volatile("dsb sy" ::: "memory");
}

static struct bm_cpu *cpu_new(u32 index)
{
	u64 bytes = STACK_BYTES + EXC_STACK_BYTES + EL2_STACK_BYTES;
	struct bm_cpu *cpu = plat_alloc(2 * sizeof(*cpu));
	u64 stacks = plat_phys_alloc(bytes, 4096);

	if (!cpu || !stacks)
		return NULL;
	cpu = (struct bm_cpu *)MMUB_ALIGN_UP((u64)cpu, sizeof(*cpu));
	cpu->index = index;
	cpu->stack = stacks + STACK_BYTES;
	cpu->exc_stack = cpu->stack + EXC_STACK_BYTES;
	cpu->el2_stack = cpu->exc_stack + EL2_STACK_BYTES;
	clean_to_poc((void *)stacks, bytes);
	return cpu;
}

void bm_el2_mmu_on(void)
{
	if (bm_entry_el == 2)
		bm_set_el2_mmu(bm_base.root, bm_tcr_el2(), BM_MAIR);
}

static bool gic;

static void run(struct bm_cpu *cpu)
{
	cpu->fn(cpu->arg);
	__atomic_store_n(&cpu->done, 1, __ATOMIC_RELEASE);
}

void bm_secondary(struct bm_cpu *cpu)
{
	bool wakes;

	bm_el2_mmu_on();
	wakes = gic && bm_gic_cpu_init();
	cpu->sleeps = wakes;
	run(cpu);
	while (wakes) {
		while (__atomic_load_n(&cpu->done, __ATOMIC_ACQUIRE))
			bm_gic_sleep();
		run(cpu);
	}
	bm_psci(PSCI_CPU_OFF, 0, 0, 0);
	for (;;)
		asm volatile("wfi");
}

static void give(struct bm_cpu *cpu, void (*fn)(void *arg), void *arg)
{
	cpu->fn = fn;
	cpu->arg = arg;
	__atomic_store_n(&cpu->done, 0, __ATOMIC_RELEASE);
}

static void take_over_mmu(void *unused)
{
	(void)unused;
	bm_mmu_switch(bm_mmu.ttbr0, bm_mmu.ttbr1, bm_mmu.tcr, bm_mmu.mair);
}

void bm_cpus_refresh(void)
{
	for (u32 i = 1; i < dt.cpus; i++) {
		if (!cpus[i] || !cpus[i]->started || !cpus[i]->sleeps)
			continue;
		plat_cpu_wait(i);
		give(cpus[i], take_over_mmu, NULL);
		bm_gic_wake(dt.cpu[i]);
		plat_cpu_wait(i);
	}
}

static const char *power_on(struct bm_cpu *cpu)
{
	cpu->mmu = bm_mmu;
	cpu->started = 1;
	clean_to_poc(cpu, sizeof(*cpu));
	if (bm_psci(PSCI_CPU_ON, dt.cpu[cpu->index], (u64)secondary_entry, (u64)cpu)) {
		cpu->started = 0;
		return "PSCI CPU_ON failed";
	}
	return NULL;
}

const char *plat_cpu_start(u32 index, void (*fn)(void *arg), void *arg)
{
	struct bm_cpu *cpu;

	if (!index || index >= dt.cpus)
		return "no such CPU in the device tree";
	if (!cpus[index])
		cpus[index] = cpu_new(index);
	cpu = cpus[index];
	if (!cpu)
		return "out of memory for a CPU's stacks";
	if (!gic && bm_gic_there()) {
		bm_gic_init();
		gic = bm_gic_cpu_init();
	}
	if (cpu->started && !__atomic_load_n(&cpu->done, __ATOMIC_ACQUIRE))
		return "the CPU still runs what it was given before";
	if (cpu->started && cpu->sleeps) {
		give(cpu, fn, arg);
		bm_gic_wake(dt.cpu[index]);
		return NULL;
	}
	while (cpu->started && bm_psci(PSCI_AFFINITY_INFO, dt.cpu[index], 0, 0) != AFFINITY_OFF)
		plat_cpu_relax();
	give(cpu, fn, arg);
	return power_on(cpu);
}

void plat_cpu_wait(u32 index)
{
	struct bm_cpu *cpu = index < BM_CPUS_MAX ? cpus[index] : NULL;

	if (!cpu || !cpu->started)
		return;
	while (!__atomic_load_n(&cpu->done, __ATOMIC_ACQUIRE))
		plat_cpu_relax();
}

void plat_cpu_relax(void)
{
	asm volatile("yield" ::: "memory");
}

const char *plat_at_el(u32 el, void (*fn)(void *arg), void *arg)
{
	u32 here = bm_current_el();

	if (el == here)
		fn(arg);
	else if (el == 1)
		bm_call_el1(fn, arg);
	else if (el == 2 && bm_entry_el == 2)
		bm_call_el2(fn, arg);
	else
		return "EL2 is not ours: the Image was entered at EL1";
	return NULL;
}
