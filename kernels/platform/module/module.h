/* SPDX-License-Identifier: GPL-2.0-only */
/* Shared by the files of the module platform only. */
#ifndef MMUB_MODULE_H
#define MMUB_MODULE_H

#include <linux/mm.h>
#include <linux/printk.h>
#include <asm/barrier.h>

#include "core.h"

#define MODULE_PLAN_MAX (1u << 20)

/* env.c */
int module_env_init(void);

/* mem.c: what is handed out is counted, so that unload can tell a leak. */
void module_mem_init(u64 limit_bytes);
u64 module_mem_used(void);
u64 module_mem_limit(void);
void module_mem_release_all(void);	/* at unload: whatever a killed run left */

/* space.c: the kernel's own tables, read through TTBR1_EL1 */
const char *module_kernel_geom(struct pt_geom *g);
u64 module_kernel_root(void);		/* PA of the top table */
/* The entry of a level on the way to va; NULL: the walk ends above. */
u64 *module_kernel_entry(const struct pt_geom *g, mmu_va_t va, int level);
u64 *module_kernel_pte(mmu_va_t va);	/* entry of level 3 that maps va; NULL: no page there */
const char *module_regime_why_not(enum mmu_regime regime, const struct pt_geom *g);

/* lend.c */
void module_lend_end(struct mmu_space *s);

/* events.c */
void module_events_close(void);

/* slices.c: how long a stretch may hold interrupts off */
void module_slices_init(void);
void module_slices_reset(void);
void module_slices_in_kernel(bool yes);	/* round code of the kernel's inside a timed stretch */
u64 module_slices_preempted(void);	/* timed stretches that lost the CPU */

/* records.c: what plat_emit() collects, for debugfs */
int module_records_init(void);
void module_records_exit(void);
void module_records_reset(void);
void module_records_finish(void);
ssize_t module_records_read(char __user *to, size_t len, loff_t *pos, bool wait);

#endif
