// SPDX-License-Identifier: GPL-2.0-only
/*
 * The smallest platform (docs/adding.md): a program of the host that counts and times what needs no walker. Its
 * argument is a plan, its stdout the records. What it may not do it says, and the cases are skipped with that.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "core.h"
#include "smmu.h"

const char plat_name[] = "paper";

const struct bench_env *plat_env(void)
{
	static const struct bench_env env = {
		.features = FEAT_GRAN4K | FEAT_GRAN16K | FEAT_GRAN64K, .zva_bytes = 64, .dline_bytes = 64,
		.pa_bits = 48, .cpus = 1, .el = 1, .ram_bytes = MMUB_GIB, .clock_hz = 1000000000,
	};

	return &env;
}

u64 plat_midr(void)
{
	return 0;
}

const char *plat_build(void)
{
	return "paper-gcc-" __VERSION__;
}

u64 plat_clock(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (u64)t.tv_sec * 1000000000 + (u64)t.tv_nsec;
}

void plat_emit(const char *line, u32 len)
{
	printf("%.*s\n", (int)len, line);
}

/* ---- memory: a physical address is a pointer ---- */

void *plat_alloc(u64 bytes)
{
	void *p = aligned_alloc(64, MMUB_ALIGN_UP(bytes, 64ull));

	return p ? memset(p, 0, bytes) : NULL;
}

void plat_free(void *p, u64 bytes)
{
	(void)bytes;
	free(p);
}

u64 plat_phys_alloc(u64 bytes, u64 align)
{
	return (u64)aligned_alloc(align, MMUB_ALIGN_UP(bytes, align));
}

void plat_phys_free(u64 pa, u64 bytes)
{
	plat_free((void *)pa, bytes);
}

mmu_va_t plat_phys_va(u64 pa)
{
	return pa;
}

u64 plat_phys_read64(u64 pa)
{
	return *(u64 *)pa;
}

const u64 *plat_phys_words(u64 pa, u32 n)
{
	(void)n;
	return (const u64 *)pa;
}

void plat_phys_write64(u64 pa, u64 val)
{
	*(u64 *)pa = val;
}

void plat_phys_zero(u64 pa, u64 bytes)
{
	memset((void *)pa, 0, bytes);
}

/* ---- what is not here ---- */

#define NOTHING(type, name, args, ...) type name args { __VA_ARGS__; }
#pragma GCC diagnostic ignored "-Wunused-parameter"

NOTHING(const char *, plat_space_create, (struct mmu_space *s, enum mmu_regime r, const struct pt_geom *g),
	return plat_never("paper has no walker"))
NOTHING(void, plat_space_destroy, (struct mmu_space *s))
NOTHING(void, plat_space_reset, (struct mmu_space *s))
NOTHING(const char *, plat_fixmap_create, (struct mmu_fixmap *fm, struct mmu_space *s, u32 slots),
	return plat_never("paper has no walker"))
NOTHING(void, plat_fixmap_destroy, (struct mmu_fixmap *fm))
NOTHING(enum plat_probe_result, plat_probe_read, (mmu_va_t va, u64 *val), return PROBE_OTHER)
NOTHING(enum plat_probe_result, plat_probe_write, (mmu_va_t va, u64 val), return PROBE_OTHER)
NOTHING(enum plat_probe_result, plat_at, (mmu_va_t va, u64 *pa), return PROBE_OTHER)
NOTHING(void, plat_tlb_flush_all, (void))
NOTHING(void, plat_tlb_grow, (struct mmu_space *s, u64 pages))
NOTHING(const char *, plat_cpu_start, (u32 cpu, void (*fn)(void *arg), void *arg), return "paper has one CPU")
NOTHING(void, plat_cpu_wait, (u32 cpu))
NOTHING(void, plat_cpu_relax, (void))
NOTHING(const char *, plat_at_el, (u32 el, void (*fn)(void *arg), void *arg), return "paper has no EL2")
NOTHING(const char *, plat_smmu_attach, (struct smmu_dev *d, const struct mmu_space *s), return "paper has no SMMUv3")
NOTHING(void, plat_smmu_detach, (struct smmu_dev *d))
NOTHING(void, plat_smmu_flush, (struct smmu_dev *d))
NOTHING(enum plat_probe_result, plat_dma_read, (struct smmu_dev *d, u64 iova, u64 *val), return PROBE_OTHER)
NOTHING(const char *, plat_violation, (struct bench_case *c), return NULL)
NOTHING(const char *, plat_events_open, (const char *list), return *list ? "paper has no events" : NULL)
NOTHING(void, plat_events_read, (struct plat_events *ev), memset(ev, 0, sizeof(*ev)))
NOTHING(const char *, plat_event_name, (unsigned int slot), return NULL)
NOTHING(void, plat_sample_begin, (void))
NOTHING(void, plat_sample_end, (void))

int main(int argc, char **argv)
{
	return argc == 2 && !runner_run(argv[1], strlen(argv[1])) ? 0 : 1;
}
