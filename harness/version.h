/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MMUB_VERSION_H
#define MMUB_VERSION_H

#define MMUB_VERSION "1.0"
/* "1.0 (commit)": the commit is git's description of the tree at build time, "unknown" outside git. */
const char *mmub_version(void);
const char *mmub_commit(void);
const char *mmub_compiler(void);

#endif
