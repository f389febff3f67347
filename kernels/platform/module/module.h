/* SPDX-License-Identifier: GPL-2.0-only */
/* Shared by the files of the module platform only. */
#ifndef MMUB_MODULE_H
#define MMUB_MODULE_H

#include <linux/mm.h>
#include <linux/printk.h>

#include "core.h"

#define MODULE_PLAN_MAX (1u << 20)

/* env.c */
int module_env_init(void);

/* mem.c: what is handed out is counted, so that unload can tell a leak. */
void module_mem_init(u64 limit_bytes);
u64 module_mem_used(void);
void module_mem_release_all(void);	/* at unload: whatever a killed run left */

/* space.c: the kernel's own tables, read through TTBR1_EL1 */
u64 *module_kernel_pte(mmu_va_t va);	/* entry of level 3 that maps va; NULL: no page there */

/* events.c */
void module_events_close(void);

/* slices.c: how long a stretch may hold interrupts off */
void module_slices_reset(void);
u64 module_slices_preempted(void);	/* timed stretches that lost the CPU */

/* records.c: what plat_emit() collects, for debugfs */
int module_records_init(void);
void module_records_exit(void);
void module_records_reset(void);
void module_records_finish(void);
ssize_t module_records_read(char __user *to, size_t len, loff_t *pos, bool wait);

#endif
