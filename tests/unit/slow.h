/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Under an emulator (MMUBENCH_SLOW, set by `make test-arm64`) what is proved for every size on the host is a check
 * of the build: it takes every n-th.
 */
#ifndef TEST_SLOW_H
#define TEST_SLOW_H

#include <stdlib.h>

static inline unsigned int slow_step(unsigned int n)
{
	return getenv("MMUBENCH_SLOW") ? n : 1;
}

#endif
