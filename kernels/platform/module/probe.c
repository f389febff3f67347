// SPDX-License-Identifier: GPL-2.0-only
/* Probes through the kernel's own exception fix-up, address translation, other CPUs. */
#include <linux/smp.h>
#include <linux/uaccess.h>
#include <asm/sysreg.h>
#include <asm/tlbflush.h>

#include "module.h"

/* PAR_EL1.F [0], FST [6:1]: 0b0001LL is a translation fault at level LL (D19.2.114). */
static enum plat_probe_result at(mmu_va_t va, u64 *pa)
{
	unsigned long flags;
	u64 par;

	local_irq_save(flags);
	asm volatile("at s1e1r, %0" ::"r"(va));
	isb();
	par = read_sysreg_par();
	local_irq_restore(flags);
	if (!(par & 1)) {
		*pa = (par & GENMASK_ULL(51, 12)) | (va & ~PAGE_MASK);
		return PROBE_OK;
	}
	*pa = par >> 1 & 3;
	return (par >> 1 & 0x3c) == 4 ? PROBE_TRANSLATION :
	       (par >> 1 & 0x3c) == 12 ? PROBE_PERMISSION : PROBE_OTHER;
}

enum plat_probe_result plat_at(mmu_va_t va, u64 *pa)
{
	return at(va, pa);
}

enum plat_probe_result plat_probe_read(mmu_va_t va, u64 *val)
{
	if (!copy_from_kernel_nofault(val, (void *)(unsigned long)va, sizeof(*val)))
		return PROBE_OK;
	return at(va, val) == PROBE_OK ? PROBE_OTHER : PROBE_TRANSLATION;
}

enum plat_probe_result plat_probe_write(mmu_va_t va, u64 val)
{
	enum plat_probe_result can = at(va, &val);

	/* The kernel exports a fixed-up load but not a store: store only where the walk allows it. */
	if (can != PROBE_OK)
		return can;
	WRITE_ONCE(*(u64 *)(unsigned long)va, val);
	return PROBE_OK;
}

void plat_tlb_flush_all(void)
{
	dsb(ishst);
	asm volatile("tlbi vmalle1is");
	dsb(ish);
	isb();
}

void plat_tlb_grow(struct mmu_space *s, u64 pages)
{
	(void)s;
	(void)pages;
}

const char *plat_cpu_start(u32 cpu, void (*fn)(void *arg), void *arg)
{
	(void)cpu;
	(void)fn;
	(void)arg;
	return "the module runs on one CPU: the others belong to Linux";
}

void plat_cpu_wait(u32 cpu)
{
	(void)cpu;
}

void plat_cpu_relax(void)
{
	cpu_relax();
}

const char *plat_at_el(u32 el, void (*fn)(void *arg), void *arg)
{
	(void)fn;
	(void)arg;
	return el == 2 ? "EL2 belongs to the hypervisor: not from a module" : "no such exception level";
}

const char *plat_violation(struct bench_case *c)
{
	(void)c;
	return NULL;
}
