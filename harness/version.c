/* SPDX-License-Identifier: GPL-2.0-only */
/* Rebuilt when the commit changes (mk/version.mk), so that a result set names what measured it. */
#include "version.h"

#ifndef MMUB_COMMIT
#define MMUB_COMMIT "unknown"
#endif

const char *mmub_version(void)
{
	return MMUB_VERSION " (" MMUB_COMMIT ")";
}

const char *mmub_commit(void)
{
	return MMUB_COMMIT;
}

const char *mmub_compiler(void)
{
#ifdef __clang__
	return "clang " __clang_version__;
#else
	return "gcc " __VERSION__;
#endif
}
