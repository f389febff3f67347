/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The simulated MMU, shared by the files of the model platform. docs/model.md tells the rules; each rule
 * is the least that the architecture promises: a translation is cached for ever until an operation
 * covers it, an invalidation counts only when its DSB is done, a store is seen only after its barriers.
 */
#ifndef MMUB_MODEL_H
#define MMUB_MODEL_H

#include "core.h"

#define MODEL_RAM_BASE	0x40000000ull
#define MODEL_RAM_BYTES	(1ull << 40)
#define MODEL_CPUS	8

/* ---- mem.c: sparse physical memory, and a shadow word for each 8 bytes ---- */
u64 model_mem_read(u64 pa);
void model_mem_write(u64 pa, u64 val);
/*
 * Shadow of a slot. epoch: model_order.epoch when it was last stored by a variant (0: by set-up, long
 * ago). walked: a walk has read it since then, so a TLB may hold what it says.
 */
#define SHADOW_WALKED	(1u << 31)
u32 *model_mem_shadow(u64 pa);

/* ---- tlb.c ---- */
enum model_kind { MODEL_LEAF, MODEL_TABLE };

struct model_entry {
	u64 base;		/* first VA (IPA) covered */
	u64 pa;			/* of base; for MODEL_TABLE of the next table */
	u64 desc, slot;		/* descriptor and where it was read */
	u16 asid, vmid;
	signed char level;
	u8 regime, kind;
	bool global, used, condemned;
};

struct model_tlb {
	struct model_entry *e;	/* open addressing, power of two */
	u64 size, live, filled;	/* filled counts tombstones too */
	u16 asid;		/* of the first entry that has one */
	u64 *waiting;		/* indices of condemned entries */
	u64 nwaiting, waiting_size;
	bool mixed;		/* entries of several ASIDs: address searches must scan */
};

struct model_entry *model_tlb_find(struct model_tlb *t, const struct mmu_space *s, u64 va, int level,
				   enum model_kind kind);
void model_tlb_insert(struct model_tlb *t, const struct model_entry *e);
void model_tlb_remove(struct model_tlb *t, struct model_entry *e);
void model_tlb_clear(struct model_tlb *t);
/* Invalidated, but not before its DSB; model_tlb_condemned() calls fn for each and forgets them. */
void model_tlb_condemn(struct model_tlb *t, struct model_entry *e);
void model_tlb_condemned(struct model_tlb *t,
			 void (*fn)(struct model_tlb *t, struct model_entry *e, void *arg), void *arg);
/* Calls fn for each entry that overlaps [start, start + bytes) of the space. fn may remove it. */
void model_tlb_overlap(struct model_tlb *t, const struct mmu_space *s, u64 start, u64 bytes,
		       void (*fn)(struct model_tlb *t, struct model_entry *e, void *arg), void *arg);
void model_tlb_all(struct model_tlb *t,
		   void (*fn)(struct model_tlb *t, struct model_entry *e, void *arg), void *arg);

/* ---- walk.c ---- */
enum model_fault { MODEL_OK, MODEL_TRANSLATION, MODEL_PERMISSION, MODEL_NO_SPACE };
struct model_walk {
	u64 pa;
	int level;		/* of the leaf, or of the fault */
	u64 desc;
};
/* The tables as they are now, no TLB. */
enum model_fault model_walk_tables(const struct mmu_space *s, u64 va, struct model_walk *w);
/* As an access does it: TLB first, then cached tables, then memory; fills the TLB. */
enum model_fault model_translate(u64 va, bool write, u64 *pa, int *level);
bool model_desc_is_stale(const struct model_entry *e);

/* ---- order.c ---- */
struct model_order {
	u32 epoch;		/* one more at each DSB that orders stores */
	u32 published;		/* stores of older epochs are visible to this CPU's kernel mappings */
	u32 inval_epoch;	/* of the last store over a walked, valid entry */
	u64 inval_slot;
	u32 store_epoch;	/* of the last PTE store */
	u64 store_slot;
	u64 condemned;		/* entries that wait for the DSB of their TLBI */
	bool local_only;	/* all of them by local TLBIs: DSB NSH is enough */
};
extern struct model_order model_order;
void model_order_reset(void);

/* ---- stage2.c, cache.c: told by order.c ---- */
void model_tlbi_stage2(enum mmu_op op, u64 operand);
void model_tlbi_combined(bool local);		/* a stage-1 invalidation of the whole VMID */
void model_stage2_complete(void);		/* DSB ISH: what was invalidated is gone */
void model_stage2_judge(void);			/* the call returned: violations */
void model_stage2_reset(void);
bool model_stage2_reaches(u64 pa);		/* some entry still leads there */
void model_cache_dirty(u64 pa);
void model_cache_clean(u64 pa);
void model_cache_complete(void);
void model_cache_judge(void);
void model_cache_reset(void);

const char *model_smmu_owes(void);	/* smmu.c */

void model_store_slot(u64 pa, u64 val);	/* a variant's PTE store, with its rules */
__printf(1, 2) void model_violation(const char *fmt, ...);
/* Probes look for stale entries; they do not break rules by finding them. */
extern bool model_probing;

/* ---- platform.c ---- */
struct model_machine {
	struct model_tlb tlb[MODEL_CPUS];
	u32 cpu;				/* that runs now */
	struct mmu_space *high, *low, *stage2;	/* installed spaces, NULL: none */
};
extern struct model_machine model;
struct mmu_space *model_space_of(u64 va);

/* plat_phys_va(): VAs that no translation regime has. */
#define MODEL_ALIAS		(0x5a5aull << 48)
#define MODEL_IS_ALIAS(va)	((va) >> 48 == 0x5a5a)

/* ---- for the tests ---- */
void plat_model_features(u64 features);		/* what the simulated CPU has */
void plat_model_emit(void (*fn)(const char *line, u32 len, void *arg), void *arg);
void plat_model_reset(void);			/* everything as at the start */

#endif
