// SPDX-License-Identifier: GPL-2.0-only
/* For platforms that are no kernel: each of these is replaced by one that is. */
#include "mm_notifier.h"

__attribute__((weak)) const char *plat_mm_open(u64 pages)
{
	(void)pages;
	return "this platform is no kernel";
}

__attribute__((weak)) void plat_mm_close(void)
{
}

__attribute__((weak)) void plat_mm_share(void)
{
}

__attribute__((weak)) void plat_mm_write(u64 i)
{
	(void)i;
}

__attribute__((weak)) u32 plat_mm_per_break(void)
{
	return 0;
}

__attribute__((weak)) const char *plat_mm_check(struct bench_case *c)
{
	return bench_fail(c, "this platform is no kernel");
}
