/* SPDX-License-Identifier: GPL-2.0-only */
/* What the parts of the bare-metal platform share with each other. Nothing outside includes this. */
#ifndef MMUB_BM_H
#define MMUB_BM_H

#include "core.h"
#include "asm.h"
#include "dt.h"

#define BM_CPUS_MAX 64

#define bm_read_sysreg(reg) ({ u64 v_; asm volatile("mrs %0, " #reg : "=r"(v_)); v_; })
#define bm_write_sysreg(reg, val) asm volatile("msr " #reg ", %x0" :: "rZ"((u64)(val)) : "memory")
#define bm_field(val, lsb) ((u32)((val) >> (lsb)) & 15)	/* of an ID register */

/* What boot.S loads when the MMU goes on; order and size known to asm.h. */
struct bm_mmu {
	u64 ttbr0, ttbr1, tcr, mair;
};

struct bm_cpu {
	struct bm_mmu mmu;
	u64 stack, exc_stack, el2_stack;	/* tops */
	u32 index;
	u32 started;
	u32 in_exception;
	u32 done;
	u32 sleeps;			/* in WFI when done; else it powers itself off */
	void (*fn)(void *arg);
	void *arg;
} __attribute__((aligned(256)));
_Static_assert(offsetof(struct bm_cpu, mmu) == BM_CPU_MMU, "asm.h");
_Static_assert(offsetof(struct bm_cpu, stack) == BM_CPU_STACK, "asm.h");
_Static_assert(offsetof(struct bm_cpu, el2_stack) == BM_CPU_EL2_STACK, "asm.h");

struct bm_frame {
	u64 x[31], elr, spsr, esr, far, pad;
};
_Static_assert(offsetof(struct bm_frame, elr) == BM_FRAME_ELR, "asm.h");
_Static_assert(offsetof(struct bm_frame, far) == BM_FRAME_FAR, "asm.h");
_Static_assert(sizeof(struct bm_frame) == BM_FRAME_SIZE, "asm.h");

extern struct bm_mmu bm_mmu;		/* what CPUs run with now */
extern struct bm_cpu bm_boot_cpu;
extern u32 bm_entry_el;
extern u64 bm_dtb;

static inline struct bm_cpu *bm_this_cpu(void)
{
	return (struct bm_cpu *)bm_read_sysreg(tpidr_el1);
}
static inline u32 bm_current_el(void)
{
	return (u32)bm_read_sysreg(CurrentEL) >> 2 & 3;
}

/* ---- extents.c: sorted, coalesced address ranges ---- */
#define EXTENTS_MAX 256
struct extents {
	struct {
		u64 start, end;
	} e[EXTENTS_MAX];
	u32 n;
};
bool extents_add(struct extents *x, u64 start, u64 end);	/* false: full, range left out */
bool extents_remove(struct extents *x, u64 start, u64 end);	/* false: full, nothing removed */
u64 extents_take(struct extents *x, u64 bytes, u64 align);	/* lowest fit; 0: none */
bool extents_has(const struct extents *x, u64 addr);

/* ---- map.c: the runtime's own translation, identity, pages only ---- */
struct bm_map {
	struct pt_geom g;
	u64 root;
	u64 next, end;			/* table pages left in the current chunk */
	u64 chunk[64];			/* every chunk but the boot one, for bm_map_destroy() */
	u32 chunks;
	bool refilling;
	u64 grown;			/* pages of plat_tlb_grow()'s window that are mapped */
};
#define BM_CHUNK_TABLES 64
extern struct bm_map bm_base;		/* 4K, 48 bits, no LPA2: always there, EL2 uses it too */
extern struct bm_map *bm_current;	/* what TTBR0_EL1 has; TTBR0_EL2 while bm_vhe() */

#define BM_PROT_DATA	PT_PROT_KERNEL
#define BM_PROT_TEXT	((PT_PROT_KERNEL | PT_AP_RDONLY) & ~(PT_PXN | PT_UXN))
#define BM_PROT_DEVICE	(PT_ATTRIDX(PT_MAIR_DEVICE) | PT_AF | PT_PXN | PT_UXN)

void bm_map_boot(u64 dtb, u64 dtb_bytes);	/* MMU off: image and device tree */
void bm_map_keep(u64 start, u64 end, u64 prot);	/* maps now, and in every map made later */
void bm_map_ram(u64 pa, u64 bytes);		/* allocated RAM: mapped now, until bm_map_forget() */
void bm_map_forget(u64 pa, u64 bytes);		/* later maps need it no more; this one keeps it */
bool bm_map_fault(u64 addr, u32 el);		/* first touch of RAM: maps 64 KiB round it */
const char *bm_map_create(struct bm_map *m, const struct pt_geom *g);
void bm_map_destroy(struct bm_map *m);
/* Address of the PTE for va, tables made as needed; 0: out of memory. */
u64 *bm_map_pte(struct bm_map *m, u64 va);

/* ---- mem.c ---- */
void bm_mem_init(void);
u64 bm_phys_take(u64 bytes, u64 align);		/* plat_phys_alloc() without mapping it */
void bm_phys_give(u64 pa, u64 bytes);
bool bm_is_ram(u64 pa);
void bm_largest_ram(u64 *start, u64 *bytes);	/* the largest piece without a hole */

/* ---- space.c ---- */
u64 bm_tcr_boot(void);
u64 bm_tcr_el2(void);
u32 bm_pa_range(void);				/* ID_AA64MMFR0_EL1.PARange */
bool bm_vhe(void);				/* at EL2 and HCR_EL2.E2H: EL2 is a host's */
#define BM_HCR_TGE (1ull << 27)
#define BM_MAIR 0x4400ffull			/* PT_MAIR_*: write-back, nGnRnE, non-cacheable */

/*
 * Stage 2 and what belongs to it (stage2.c); weak defaults in space.c say that they are missing.
 * bm_stage2_exception() sees unexpected exceptions first: true = handled, go on at frame->elr.
 */
const char *bm_stage2_create(struct mmu_space *s, const struct pt_geom *g);
void bm_stage2_destroy(struct mmu_space *s);
void bm_stage2_reset(struct mmu_space *s);
bool bm_stage2_exception(struct bm_frame *frame, u64 vector, u32 el);

/* ---- uart.c, cpu.c, env.c, exc.c, main.c ---- */
void bm_uart_init(u64 base, enum dt_uart kind, u32 reg_shift);
void bm_uart_write(const char *s, u64 len);
void bm_puts(const char *s);
s64 bm_psci(u32 fn, u64 a, u64 b, u64 c);
void bm_power_off(void) __attribute__((noreturn));
void bm_env_init(void);
void bm_el2_mmu_on(void);
void bm_early(u64 dtb, u32 el);
void bm_main(void) __attribute__((noreturn));
void bm_secondary(struct bm_cpu *cpu) __attribute__((noreturn));
void bm_exception(struct bm_frame *frame, u64 vector, u32 el);

/* Makes the CPUs that sleep in WFI take over bm_mmu: before any table that they use goes away. */
void bm_cpus_refresh(void);

/* ---- gic.c: to wake a CPU from WFI ---- */
bool bm_gic_there(void);
void bm_gic_init(void);			/* once */
bool bm_gic_cpu_init(void);		/* on each CPU that sleeps or wakes others */
void bm_gic_sleep(void);		/* until something is pending */
void bm_gic_nap(u64 ticks);		/* on a CPU after its bm_gic_cpu_init() */
void bm_gic_wake(u64 mpidr);

/* boot.S */
void bm_mmu_switch(u64 ttbr0, u64 ttbr1, u64 tcr, u64 mair);
u64 bm_probe_load(u64 va, u64 *val);
u64 bm_probe_store(u64 va, u64 val);
void bm_call_el2(void (*fn)(void *arg), void *arg);
void bm_call_el1(void (*fn)(void *arg), void *arg);
void bm_set_el2_mmu(u64 ttbr0, u64 tcr, u64 mair);
void bm_el2_switch(u64 ttbr0, u64 tcr, u64 hcr, u64 cptr);
extern const char bm_probe_load_insn[], bm_probe_store_insn[], bm_probe_fixup[];
extern const char secondary_entry[];
extern char _image[], __data_start[], __stack_guard[], __stack_guard_end[], __image_end[];

#endif
