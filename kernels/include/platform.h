/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a platform gives to the runner and to the families' set-up, oracle and probes. None of this
 * may be called inside run(): timed code touches the waist (mmu.h) only.
 *
 * "-> NULL or why" functions return NULL when done, else one line saying what is missing.
 */
#ifndef MMUB_PLATFORM_H
#define MMUB_PLATFORM_H

#include "variant.h"

/* ---- the environment and the clocks ---- */
/*
 * Marks a reason as "never here" rather than "failed now" and returns it: a set-up that ends with it makes
 * its cases skipped, not broken. why must stay valid.
 */
const char *plat_never(const char *why);

extern const char plat_name[];			/* "baremetal", "module", "model" */
const struct bench_env *plat_env(void);
u64 plat_midr(void);				/* MIDR_EL1; 0 in the model */
const char *plat_build(void);			/* identity of this build: compiler and a build id */
u64 plat_clock(void);				/* ISB; CNTVCT_EL0 ticks; bench_env.clock_hz a second */

/* Events beside the clock. Slot 0 is always retired instructions (0 where not countable). */
#define PLAT_EVENTS_MAX 8
struct plat_events {
	u64 n[PLAT_EVENTS_MAX];
};
/* list: comma separated PMUv3 common-event names, "" for none. -> NULL or why, naming the event */
const char *plat_events_open(const char *list);
void plat_events_read(struct plat_events *ev);	/* running totals, 64 bit */
const char *plat_event_name(unsigned int slot);	/* NULL past the last */

/* Round a timed sample: interrupts, preemption, migration off and on again. */
void plat_sample_begin(void);
void plat_sample_end(void);

/* ---- memory, at set-up time only ---- */
void *plat_alloc(u64 bytes);			/* zeroed, 64-byte aligned; NULL when out of memory */
void plat_free(void *p, u64 bytes);		/* baremetal: frees in reverse order of allocation */

/*
 * Physical pages. Contiguous, aligned to `align` bytes. 0 = none left. On baremetal it is RAM above
 * the image; in the module pages of the page allocator; in the model simulated memory.
 */
u64 plat_phys_alloc(u64 bytes, u64 align);
void plat_phys_free(u64 pa, u64 bytes);
/* Where the platform itself sees a physical page (its own mapping, never under test). */
mmu_va_t plat_phys_va(u64 pa);
/* Direct access for set-up and oracles: not counted, not through the TLB under test. */
u64 plat_phys_read64(u64 pa);
/* n words from pa on, where they lie: a table's, or others that do not leave one allocation. */
const u64 *plat_phys_words(u64 pa, u32 n);
void plat_phys_write64(u64 pa, u64 val);
void plat_phys_zero(u64 pa, u64 bytes);

/* ---- address spaces ---- */
enum mmu_regime {
	MMU_REGIME_HIGH,	/* TTBR1_EL1, global */
	/*
	 * TTBR0_EL1 with an ASID; holds the runtime too on baremetal. Made at EL2 it is TTBR0_EL2's, as a VHE
	 * host has it, beside a guest whose STAGE2 space must be there already (FEAT_VHE).
	 */
	MMU_REGIME_LOW,
	MMU_REGIME_STAGE2,	/* VTTBR_EL2 with a VMID */
	MMU_REGIME_PRIVATE,	/* never installed: tables only */
};

struct mmu_space {
	enum mmu_regime regime;
	struct pt_geom g;
	u64 root;		/* PA of the top table, allocated by plat_space_create() */
	u64 va_start;		/* first VA (IPA) a family may use here, table-aligned at the top level */
	u64 va_end;		/* past the last */
	u16 asid, vmid;
	bool live;		/* the hardware walker (or the model's) uses it */
	void *plat;
};

/*
 * Makes an empty space (LOW: with the runtime's own mappings below va_start) and, for the live
 * regimes, installs it: TCR, TTBR, the TLB clean. -> NULL or why.
 */
const char *plat_space_create(struct mmu_space *s, enum mmu_regime regime, const struct pt_geom *g);
/*
 * As plat_space_create(), for a family that needs `bytes` of live translations at va_start and links its
 * own tables of `level` (that of its leaves) there. Where a platform may not install a tree (the module)
 * it lends such a range of the running one, empty; elsewhere it is the same call.
 */
const char *plat_space_lend(struct mmu_space *s, enum mmu_regime regime, const struct pt_geom *g,
			    int level, u64 bytes);
void plat_space_destroy(struct mmu_space *s);
/* Empties the top table again (but for the runtime's entries) and cleans the TLB: before each run. */
void plat_space_reset(struct mmu_space *s);

/*
 * A window of fixmap slots, as Linux's FIX_PTE..FIX_PGD (arch/arm64/mm/fixmap.c): one page each,
 * whose PTEs live in a table that is always mapped. Slots live at the top of the HIGH space, which
 * must exist; in the module in an address range that the module owns.
 */
struct mmu_fixmap {
	mmu_va_t va;		/* of slot 0; slot n at va + (n << page_shift) */
	mmu_va_t pte;		/* where the entry of slot 0 is stored; 8 bytes a slot */
	u32 slots;
	u32 page_shift;
	u64 prot;		/* descriptor bits of a mapped slot, without the address */
	struct pt_geom g;
	void *plat;
};
const char *plat_fixmap_create(struct mmu_fixmap *fm, struct mmu_space *s, u32 slots);
void plat_fixmap_destroy(struct mmu_fixmap *fm);

/* ---- probes ---- */
enum plat_probe_result {
	PROBE_OK,		/* *val holds what was read */
	PROBE_TRANSLATION,	/* translation fault, *val = its level */
	PROBE_PERMISSION,
	PROBE_OTHER,		/* *val = ESR */
};
/* One load (store) at va through the translation under test, with exception fix-up. */
enum plat_probe_result plat_probe_read(mmu_va_t va, u64 *val);
enum plat_probe_result plat_probe_write(mmu_va_t va, u64 val);
/* AT S1E1R: the walk without the access. PROBE_OK: *pa = PA of the page of va. */
enum plat_probe_result plat_at(mmu_va_t va, u64 *pa);
/* Cleans the TLB of everything (VMALLE1IS or more), with its barriers; not counted. */
void plat_tlb_flush_all(void);
/*
 * Makes this CPU's TLB large enough that `pages` neighbouring entries survive until invalidated
 * (QEMU resizes its TLB by use, facts in docs/method.md). A no-op on hardware.
 */
void plat_tlb_grow(struct mmu_space *s, u64 pages);

/* ---- other CPUs, other levels ---- */
/* Starts fn(arg) on CPU cpu (1..cpus-1), returns at once; -> NULL or why. */
const char *plat_cpu_start(u32 cpu, void (*fn)(void *arg), void *arg);
/* Waits until the CPU's fn returned (it sleeps in WFI afterwards). */
void plat_cpu_wait(u32 cpu);
void plat_cpu_relax(void);	/* in every wait loop: WFE/YIELD, see docs/method.md */
/* Calls fn(arg) at the exception level (1 or 2) and returns. -> NULL or why. */
const char *plat_at_el(u32 el, void (*fn)(void *arg), void *arg);

/* ---- a device behind an SMMUv3 (smmu.h) ---- */
struct smmu_dev;
/*
 * Lets the probe device's DMA go through the stage-1 tables and the ASID of a LOW space, as shared
 * virtual addressing does. The SMMU's TLB is clean afterwards. -> NULL or why.
 */
const char *plat_smmu_attach(struct smmu_dev *d, const struct mmu_space *s);
void plat_smmu_detach(struct smmu_dev *d);
/* Forgets every translation of the SMMU, not counted: before each run. */
void plat_smmu_flush(struct smmu_dev *d);
/*
 * The device reads 8 bytes at iova. PROBE_OK: *val holds them; PROBE_TRANSLATION, PROBE_PERMISSION: the
 * SMMU put an event into its queue instead; PROBE_OTHER: the DMA did not end. About 200 ms on QEMU.
 */
enum plat_probe_result plat_dma_read(struct smmu_dev *d, u64 iova, u64 *val);

/* ---- a guest behind stage 2 ---- */
/*
 * What a guest at EL1, stage 1 on (identity), sees of a STAGE2 space: n accesses, stride bytes apart. With
 * `walk` each IPA is used as the guest's stage-1 top table instead (plat_guest_table() made it one): where a
 * stale stage-2 entry shows although VMALLE1IS removed what combines both stages.
 */
struct plat_guest {
	struct mmu_space *s;
	u64 ipa, stride, n;
	bool write, walk, fwb;		/* fwb: HCR_EL2.FWB */
	u64 answered, faulted, other;	/* faulted: stage-2 translation faults */
	u64 at_answer, at_fault;	/* the first IPA of each (at_fault: or other) */
	u64 last;			/* what the last load that was answered read */
};
const char *plat_guest_access(struct plat_guest *g);	/* -> NULL or why */
/* One load, without questions: what mmu_guest_load() comes to on arm64. false: a stage-2 fault. */
bool plat_guest_load(u64 ipa);
/* Makes the page at pa usable as the guest's stage-1 top table. */
void plat_guest_table(u64 pa);
/* Both stages of the current VMID out of all TLBs; not counted. */
void plat_guest_flush(void);

/*
 * What the platform itself saw go wrong since the last prep() of a counted run: the model's ordering and
 * TLB rules, collected while the variant ran. Asked when run() has returned, before the check, whose probes and
 * flushes change what there is to see. NULL on platforms that cannot see.
 */
const char *plat_violation(struct bench_case *c);

/* Asked between samples: whoever runs the plan wants it to end (a killed task). Default: never. */
bool plat_should_stop(void);

/* ---- records ---- */
/* One record line without its newline, already with sequence number and CRC (core/record.c). */
void plat_emit(const char *line, u32 len);

#endif
