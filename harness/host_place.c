// SPDX-License-Identifier: GPL-2.0-only
/* Where vCPU threads go: one a core, no SMT sibling shared, all on one NUMA node where it has room. */
#include <errno.h>
#include <hwloc.h>
#include <sched.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "host.h"
#include "host_topology.h"

static hwloc_topology_t topology;

static bool load_topology(void)
{
	topology = host_topology();
	return topology;
}

/*
 * Runs that go on at once must not share a core. A bound abstract socket is the mark: the kernel takes
 * it back when the process ends, however it ends.
 */
static bool take_cpu(int cpu)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	int len, fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return true;
	len = snprintf(a.sun_path + 1, sizeof(a.sun_path) - 1, "mmubench-cpu-%d", cpu);
	if (bind(fd, (struct sockaddr *)&a, (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 +
						       (size_t)len)) && errno == EADDRINUSE) {
		close(fd);
		return false;
	}
	return true;	/* kept open on purpose until the process ends */
}

static bool took[CPU_SETSIZE];

static bool free_cpu(int cpu)
{
	if (cpu < 0 || cpu >= CPU_SETSIZE)
		return false;
	if (!took[cpu])
		took[cpu] = take_cpu(cpu);
	return took[cpu];
}

static int node_of(hwloc_obj_t core)
{
	int bit = core->nodeset ? hwloc_bitmap_first(core->nodeset) : -1;

	return bit;
}

/* First hardware threads of the cores of a node (-1: of all), CPU 0's core last: interrupts go there. */
static unsigned int cores_of(int node, int *cpus, unsigned int room)
{
	int n = hwloc_get_nbobjs_by_type(topology, HWLOC_OBJ_CORE), last = -1;
	hwloc_obj_type_t type = n > 0 ? HWLOC_OBJ_CORE : HWLOC_OBJ_PU;
	hwloc_obj_t core = NULL;
	unsigned int found = 0;

	while ((core = hwloc_get_next_obj_by_type(topology, type, core)) && found < room) {
		int cpu = hwloc_bitmap_first(core->cpuset);

		if (node >= 0 && node_of(core) != node)
			continue;
		if (cpu == 0)
			last = cpu;
		else if (cpu > 0)
			cpus[found++] = cpu;
	}
	if (last >= 0 && found < room)
		cpus[found++] = last;
	return found;
}

/* The first node with enough cores; -1 when there is only one node, or none has room. */
static int roomy_node(unsigned int n)
{
	int nodes = hwloc_get_nbobjs_by_type(topology, HWLOC_OBJ_NUMANODE), cpus[CPU_SETSIZE];

	for (int i = 0; nodes > 1 && i < nodes; i++) {
		hwloc_obj_t node = hwloc_get_obj_by_type(topology, HWLOC_OBJ_NUMANODE, (unsigned int)i);

		if (cores_of((int)node->os_index, cpus, CPU_SETSIZE) >= n)
			return (int)node->os_index;
	}
	return -1;
}

/* "CPU 3" or "CPUs 3,1,2": of vCPU 0, 1, ... As many as the note has room for. */
static void name_cpus(struct host_placement *p)
{
	size_t used = strlen(p->note);

	for (unsigned int i = 0; i < p->n && used < sizeof(p->note); i++)
		used += (size_t)snprintf(p->note + used, sizeof(p->note) - used, "%s%d",
					 i ? "," : p->n == 1 ? ": CPU " : ": CPUs ", p->cpu[i]);
}

static int place_auto(unsigned int n, struct host_placement *p)
{
	int cpus[CPU_SETSIZE];
	unsigned int cores;

	if (!load_topology()) {
		snprintf(p->note, sizeof(p->note), "not pinned: hwloc finds no topology");
		return 0;
	}
	p->node = roomy_node(n);
	cores = cores_of(p->node, cpus, CPU_SETSIZE);
	if (n > cores) {
		snprintf(p->note, sizeof(p->note), "not pinned: %u vCPUs, %u core%s: the machine is too small "
			 "for one a core", n, cores, cores == 1 ? "" : "s");
		return 0;
	}
	for (unsigned int i = 0; i < cores && p->n < n; i++)
		if (free_cpu(cpus[i]))
			p->cpu[p->n++] = cpus[i];
	if (p->n < n) {
		snprintf(p->note, sizeof(p->note), "not pinned: another run has taken the cores");
		p->n = 0;
		p->node = -1;
		return 0;
	}
	p->pinned = true;
	snprintf(p->note, sizeof(p->note), "%u vCPU%s pinned, one a core%s", n, n == 1 ? "" : "s",
		 n == cores ? "; no core is left for QEMU itself: the machine is small" : "");
	name_cpus(p);
	return 0;
}

static int place_list(const char *list, unsigned int n, struct host_placement *p)
{
	const char *s = list;

	while (p->n < HOST_VCPUS_MAX) {
		char *end;
		long first = strtol(s, &end, 10), last = first;

		if (end == s || first < 0)
			goto bad;
		if (*end == '-') {
			s = end + 1;
			last = strtol(s, &end, 10);
			if (end == s || last < first)
				goto bad;
		}
		if (last >= CPU_SETSIZE)
			goto bad;
		for (long c = first; c <= last && p->n < HOST_VCPUS_MAX; c++)
			p->cpu[p->n++] = (int)c;
		if (*end == '\0')
			break;
		if (*end != ',')
			goto bad;
		s = end + 1;
	}
	for (unsigned int i = 0; i < p->n; i++) {
		for (unsigned int k = 0; k < i; k++) {
			if (p->cpu[k] != p->cpu[i])
				continue;
			snprintf(p->note, sizeof(p->note), "--pin names CPU %d twice: one vCPU a CPU", p->cpu[i]);
			return -1;
		}
	}
	if (p->n < n) {
		snprintf(p->note, sizeof(p->note), "--pin names %u CPUs, the guest has %u", p->n, n);
		return -1;
	}
	if (load_topology()) {
		for (unsigned int i = 0; i < n; i++) {
			if (hwloc_get_pu_obj_by_os_index(topology, (unsigned int)p->cpu[i]))
				continue;
			snprintf(p->note, sizeof(p->note), "--pin: CPU %d is not there or not ours",
				 p->cpu[i]);
			return -1;
		}
	}
	p->n = n;
	p->pinned = true;
	snprintf(p->note, sizeof(p->note), "pinned as --pin says");
	name_cpus(p);
	return 0;
bad:
	snprintf(p->note, sizeof(p->note), "--pin takes auto, off or a list like 2,4-7, not '%.60s'", list);
	return -1;
}

int host_place(const char *pin, unsigned int n, struct host_placement *p)
{
	*p = (struct host_placement){ .node = -1 };
	if (n > HOST_VCPUS_MAX) {
		snprintf(p->note, sizeof(p->note), "not pinned: more than %d vCPUs", HOST_VCPUS_MAX);
		return 0;
	}
	if (!strcmp(pin, "off")) {
		snprintf(p->note, sizeof(p->note), "not pinned: --pin off");
		return 0;
	}
	return strcmp(pin, "auto") ? place_list(pin, n, p) : place_auto(n, p);
}

int host_pin(const struct host_placement *p, unsigned int i, pid_t tid)
{
	cpu_set_t set;

	if (!p->pinned)
		return 0;
	if (i >= p->n) {
		errno = EINVAL;
		return -1;
	}
	CPU_ZERO(&set);
	CPU_SET(p->cpu[i], &set);
	return sched_setaffinity(tid, sizeof(set), &set);
}

static bool bound;

int host_bind_memory(const struct host_placement *p)
{
	hwloc_bitmap_t nodes;
	int status;

	if (!p->pinned || p->node < 0 || !load_topology())
		return 0;
	nodes = hwloc_bitmap_alloc();
	if (!nodes)
		return -1;
	hwloc_bitmap_only(nodes, (unsigned int)p->node);
	status = hwloc_set_membind(topology, nodes, HWLOC_MEMBIND_BIND,
				   HWLOC_MEMBIND_THREAD | HWLOC_MEMBIND_BYNODESET);
	hwloc_bitmap_free(nodes);
	bound = !status;
	return status;
}

void host_unbind_memory(void)
{
	if (bound)
		hwloc_set_membind(topology, hwloc_topology_get_topology_nodeset(topology),
				  HWLOC_MEMBIND_DEFAULT, HWLOC_MEMBIND_THREAD | HWLOC_MEMBIND_BYNODESET);
	bound = false;
}
