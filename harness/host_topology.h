/* SPDX-License-Identifier: GPL-2.0-only */
/* Private to host*.c: the machine's topology, loaded once. */
#ifndef MMUB_HOST_TOPOLOGY_H
#define MMUB_HOST_TOPOLOGY_H

#include <hwloc.h>

/* Without the CPUs outside our cgroup or affinity mask. NULL: hwloc finds none. Never freed. */
hwloc_topology_t host_topology(void);

#endif
