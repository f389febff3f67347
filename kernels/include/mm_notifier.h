/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A process's memory under a registered mmu_notifier: only a kernel has that (kernels/platform/module), elsewhere
 * FEAT_MM_NOTIFIER is missing. Beside the process stands a secondary MMU that holds a translation for each page until
 * a callback covers it. One range at a time, of the process that runs the plan.
 */
#ifndef MMUB_MM_NOTIFIER_H
#define MMUB_MM_NOTIFIER_H

#include "platform.h"

/* A private anonymous range of so many pages, and the notifier on its mm. NULL, or why not; close it in any case. */
const char *plat_mm_open(u64 pages);
void plat_mm_close(void);
/* The range anew: each page read once, so that it maps the shared zero page, and the secondary does so too. */
void plat_mm_share(void);
/* Writes page i: the kernel breaks its copy on write. */
void plat_mm_write(u64 i);
/* Invalidations of the secondary that this kernel makes for one page whose copy on write is broken. */
u32 plat_mm_per_break(void);
/* Every page holds what was written, and the secondary no translation of before. */
const char *plat_mm_check(struct bench_case *c);

#endif
