// SPDX-License-Identifier: GPL-2.0-only
/* For platforms that run no guest: each of these is replaced by one that does. */
#include "core.h"

__attribute__((weak)) const char *plat_guest_access(struct plat_guest *g)
{
	(void)g;
	return "this platform runs no guest";
}

__attribute__((weak)) void plat_guest_table(u64 pa)
{
	(void)pa;
}

__attribute__((weak)) bool plat_guest_load(u64 ipa)
{
	(void)ipa;
	return false;
}

__attribute__((weak)) void plat_guest_flush(void)
{
}
