/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * libpfm4, loaded when an event is first asked for by name: its tables are 280 page faults of relocations,
 * 0.8 ms of every start (`perf stat -e page-faults`), and most runs name none.
 */
#ifndef MMUB_PFM_H
#define MMUB_PFM_H

#include <perfmon/pfmlib_perf_event.h>

#define PFM_FUNCTIONS(X) X(initialize) X(get_version) X(get_pmu_info) X(get_event_encoding) \
	X(get_os_event_encoding) X(strerror)

struct pfm {
#define PFM_MEMBER(f) typeof(&pfm_##f) f;
	PFM_FUNCTIONS(PFM_MEMBER)
#undef PFM_MEMBER
};
/* Loaded and initialized; NULL: it is not installed, or does not start on this machine. */
const struct pfm *pfm_library(void);

#endif
