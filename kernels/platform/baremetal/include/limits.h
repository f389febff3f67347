/* SPDX-License-Identifier: GPL-2.0-only */
/* What libfdt needs of C's limits.h. */
#ifndef MMUB_BM_LIMITS_H
#define MMUB_BM_LIMITS_H

#define INT_MAX __INT_MAX__
#define INT_MIN (-INT_MAX - 1)
#define UINT_MAX (INT_MAX * 2u + 1)

#endif
