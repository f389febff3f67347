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
struct model_shadow {
	u32 epoch;		/* model_order.epoch of a variant's last store; 0: set-up's, long ago */
	u16 cached;		/* TLB entries, of any CPU or device, that were made of it */
	bool walked;		/* a walk has read it since the last store */
};
#define MODEL_GARBAGE	(~0u)	/* epoch of a slot that was handed out and never stored */
struct model_shadow *model_mem_shadow(u64 pa);
void model_mem_forget_epochs(void);

/* For each 4 KiB; a larger table has the same in each of its pages, but for the counts. */
struct model_page {
	u64 parents;		/* PAs of the slots that link it, XORed: of the only one where links is 1 */
	u32 cached_from;	/* TLB entries made of its slots */
	u32 cached_to;		/* cached table entries that lead to it */
	u16 links;		/* valid table entries that lead to it from the root of an installed space */
	signed char level;	/* of the table, where links is not 0 */
	u8 regime;
	u8 fresh;		/* log2 of its bytes: handed out, not linked yet; 0: not so */
};
struct model_page *model_mem_page(u64 pa);

/* All three of a slot in one look-up. */
struct model_ref {
	u64 *data;
	struct model_shadow *shadow;
	struct model_page *page;
};
struct model_ref model_mem_ref(u64 pa);

/* ---- tlb.c ---- */
/* MODEL_GROUP: one entry for a whole contiguous group, beside those of its pages */
enum model_kind { MODEL_LEAF, MODEL_TABLE, MODEL_GROUP };

struct model_entry {
	u64 base;		/* first VA (IPA) covered */
	u64 pa;			/* of base; for MODEL_TABLE of the next table */
	u64 desc, slot;		/* descriptor and where it was read; of a group: the first page's */
	u32 checked;		/* model_order.changes when it was last seen to be fresh */
	u16 asid, vmid;
	u16 n;			/* slots that it stands for: 1, or those of a group */
	signed char level;
	u8 regime, kind;
	bool global, used, condemned;
};

struct model_tlb {
	struct model_entry *e;	/* open addressing, power of two */
	u64 size, live, filled;	/* filled counts tombstones too */
	u64 groups;
	u16 asid;		/* of the first entry that has one */
	u64 *waiting;		/* indices of condemned entries */
	u64 nwaiting, waiting_size;
	bool mixed;		/* entries of several ASIDs: address searches must scan */
};

struct model_entry *model_tlb_find(struct model_tlb *t, const struct mmu_space *s, u64 va, int level,
				   enum model_kind kind);
u64 model_tlb_bytes(const struct mmu_space *s, int level, enum model_kind kind);
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
	u64 desc, slot;
};
/* The tables as they are now, no TLB. */
enum model_fault model_walk_tables(const struct mmu_space *s, u64 va, struct model_walk *w);
/* As an access does it: TLB first, then cached tables, then memory; fills the TLB. */
enum model_fault model_translate(u64 va, bool write, u64 *pa, int *level);
/* Would a walk from the root make this entry, as the tables are now? */
bool model_entry_is_fresh(struct model_entry *e);
/* The same, but for a group: would a walk of any of its pages? */
bool model_entry_comes_back(struct model_entry *e);
/* What the entry says that slot (one of its own) holds. */
u64 model_entry_says(const struct model_entry *e, u64 slot);
/* This CPU's walker reads the slot, and what it leads to, just before it changes. */
void model_speculate(u64 slot);
/* PA of the entry of `level` for va, by the tables as they are; 0: no walk comes there. */
u64 model_slot_of(const struct mmu_space *s, u64 va, int level);

/* ---- tree.c: which memory is a table of an installed space ---- */
void model_tree_root(const struct mmu_space *s, bool there);
/* An entry changed; judged: by a variant, so what a new link leads to must be ordered before it. */
void model_tree_changed(u64 pa, const struct model_page *p, u64 old, u64 val, bool judged);
/* Which translation the slot of a table is for; false: none, or several. */
bool model_tree_where(u64 slot, const struct mmu_space **s, u64 *va, int *level);
/* n TLB entries more (less) that were made of the slot. */
void model_tree_cached(u64 slot, int n);
void model_tree_cached_to(u64 table, int n);
/* The entries of a group do not agree: the index of the first that differs, else -1. */
int model_group_bad(const struct mmu_space *s, u64 slot, u64 desc, u32 n, int level);
u64 model_group_kept(u64 desc);
u32 model_group_size(const struct pt_geom *g, int level);

/* ---- order.c ---- */
struct model_order {
	u32 epoch;		/* one more at each DSB that orders stores */
	u32 published;		/* stores of older epochs are visible to this CPU's kernel mappings */
	u32 changes;		/* of valid entries in tables of installed spaces */
	u32 inval_epoch;	/* of the last store over a walked, valid entry */
	u64 inval_slot;
	bool inval_nsh;		/* ordered since then, for this CPU alone */
	u32 store_epoch;	/* of the last PTE store into a table that a walker may use */
	u64 store_slot;
	u32 high_epoch;		/* of the last one into a kernel mapping's table */
	u64 condemned;		/* entries that wait for the DSB of their TLBI */
	bool local_only;	/* all of them by local TLBIs: DSB NSH is enough */
};
extern struct model_order model_order;
void model_order_reset(void);

/* ---- stage2.c, cache.c: told by order.c ---- */
void model_tlbi_stage2(enum mmu_op op, u64 operand);
void model_tlbi_combined(bool local);		/* a stage-1 invalidation of the whole VMID */
void model_hcr_judge(void);
void model_stage2_complete(void);		/* DSB ISH: what was invalidated is gone */
void model_stage2_judge(void);			/* the call returned: violations */
void model_stage2_reset(void);
/* NULL, or a TLB entry's descriptor that a new one at the slot must not stand beside. */
const u64 *model_stage2_conflict(u64 slot, u64 val);
const u64 *model_smmu_conflict(u64 slot, u64 val);
bool model_replaceable(u64 old, u64 val);	/* no break needed between the two */
bool model_stage2_reaches(u64 pa);		/* some entry still leads there */
void model_stage2_speculate(u64 ipa, int level, u64 slot, u64 desc);
void model_cache_dirty(u64 pa);
void model_cache_clean(u64 pa);
void model_cache_complete(void);
void model_cache_judge(void);
void model_cache_reset(void);

const char *model_smmu_owes(void);	/* smmu.c */
void model_smmu_judge(void);

void model_store_slot(u64 pa, u64 val);	/* a variant's PTE store, with its rules */
__printf(1, 2) void model_violation(const char *fmt, ...);
/* Probes look for stale entries; they do not break rules by finding them. */
extern bool model_probing;

/* ---- platform.c ---- */
struct model_machine {
	struct model_tlb tlb[MODEL_CPUS];
	u32 cpu;				/* that runs now */
	struct mmu_space *high, *low, *stage2;	/* installed spaces, NULL: none */
	/*
	 * Stage-1 TLBIs act on the guest's translations: always where there is a stage 2 and nothing else, and with
	 * HCR_EL2.TGE clear in the host (VHE) of one.
	 */
	bool guest_regime, hcr_unsynced;	/* ...: it was written, and no ISB since */
};
extern struct model_machine model;
struct mmu_space *model_space_of(u64 va);
void model_regime_reset(void);

/* plat_phys_va(): VAs that no translation regime has. */
#define MODEL_ALIAS		(0x5a5aull << 48)
#define MODEL_IS_ALIAS(va)	((va) >> 48 == 0x5a5a)

/* ---- for the tests ---- */
const char *model_violation_first(void);	/* NULL: none yet */
void model_violation_forget(void);
void plat_model_features(u64 features);		/* what the simulated CPU has */
void plat_model_emit(void (*fn)(const char *line, u32 len, void *arg), void *arg);
void plat_model_reset(void);			/* everything as at the start */

#endif
