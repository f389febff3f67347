// SPDX-License-Identifier: GPL-2.0-only
/* What the machine is: hwloc for topology, /proc and /sys for the rest. */
#include "host.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "error.h"
#include "host_sys.h"
#include "host_topology.h"

static void set_text(json_t *o, const char *key, const char *text)
{
	/* a file that is not UTF-8 gives NULL, which json_object_set_new refuses: the key stays out */
	if (*text)
		json_object_set_new(o, key, json_string(text));
}

static hwloc_topology_t load(void)
{
	hwloc_bitmap_t mine;
	hwloc_topology_t t;

	if (*host_sysroot())
		setenv("HWLOC_FSROOT", host_sysroot(), 1);
	else
		unsetenv("HWLOC_FSROOT");
	if (hwloc_topology_init(&t))
		return NULL;
	/*
	 * Caches are not asked for: a third of the time, at each start. Groups are, where they matter: a NUMA
	 * node that is a part of a package hangs on one, else all cores of the package are said to be on it.
	 */
	hwloc_topology_set_cache_types_filter(t, HWLOC_TYPE_FILTER_KEEP_NONE);
	hwloc_topology_set_type_filter(t, HWLOC_OBJ_GROUP, HWLOC_TYPE_FILTER_KEEP_STRUCTURE);
	/* it asks each CPU in turn by moving there, in the way of the guest; Linux's sysfs knows as much */
	hwloc_topology_set_components(t, HWLOC_TOPOLOGY_COMPONENTS_FLAG_BLACKLIST, "x86");
	if (hwloc_topology_load(t)) {
		hwloc_topology_destroy(t);
		return NULL;
	}
	mine = hwloc_bitmap_alloc();
	if (mine && !*host_sysroot() && !hwloc_get_cpubind(t, mine, HWLOC_CPUBIND_PROCESS))
		hwloc_topology_restrict(t, mine, 0);
	hwloc_bitmap_free(mine);
	return t;
}

hwloc_topology_t host_topology(void)
{
	static hwloc_topology_t topology;
	static char *loaded_from;

	/* a sysroot that changes is a test's */
	if (topology && !strcmp(loaded_from, host_sysroot()))
		return topology;
	if (topology)
		hwloc_topology_destroy(topology);
	free(loaded_from);
	loaded_from = xstrdup(host_sysroot());
	topology = load();
	return topology;
}

void host_counts(unsigned int *cores, unsigned int *threads, unsigned int *nodes)
{
	hwloc_topology_t t = host_topology();
	int c = t ? hwloc_get_nbobjs_by_type(t, HWLOC_OBJ_CORE) : 0;
	int p = t ? hwloc_get_nbobjs_by_type(t, HWLOC_OBJ_PU) : 0;
	int n = t ? hwloc_get_nbobjs_by_type(t, HWLOC_OBJ_NUMANODE) : 0;

	*threads = p > 0 ? (unsigned int)p : 1;
	*cores = c > 0 ? (unsigned int)c : *threads;
	*nodes = n > 0 ? (unsigned int)n : 1;
}

/* arm64 has no "model name": the MIDR's implementer and part stand for it. */
static void cpu_model(char *buf, size_t size)
{
	char implementer[32], part[32];

	if (host_read_key("/proc/cpuinfo", "model name", buf, size))
		return;
	if (host_read_key("/proc/cpuinfo", "CPU implementer", implementer, sizeof(implementer)) &&
	    host_read_key("/proc/cpuinfo", "CPU part", part, sizeof(part)))
		snprintf(buf, size, "implementer %s part %s", implementer, part);
}

static uint64_t hash(uint64_t h, const char *s)	/* FNV-1a: names a machine, protects nothing */
{
	for (; *s; s++)
		h = (h ^ (unsigned char)*s) * 0x100000001b3ull;
	return (h ^ 0xff) * 0x100000001b3ull;
}

static void set_fingerprint(json_t *o)
{
	static const char *const keys[] = { "machine", "cpu", "kernel", "cores", "threads", "numa_nodes",
					    "memory_bytes", "smt", "hypervisor" };
	uint64_t h = 0xcbf29ce484222325ull;
	char text[32];

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		json_t *v = json_object_get(o, keys[i]);

		if (json_is_string(v)) {
			h = hash(h, json_string_value(v));
		} else {
			snprintf(text, sizeof(text), "%lld", (long long)json_integer_value(v));
			h = hash(h, text);
		}
	}
	snprintf(text, sizeof(text), "%016llx", (unsigned long long)h);
	set_text(o, "fingerprint", text);
}

static void set_frequency(json_t *o)
{
	char text[64];
	int turbo = host_turbo(NULL);

	if (host_governor(text, sizeof(text)))
		set_text(o, "governor", text);
	if (turbo >= 0)
		json_object_set_new(o, "turbo", json_boolean(turbo));
}

json_t *host_environment(void)
{
	unsigned int cores, threads, nodes;
	json_t *o = json_object();
	static char text[8192];
	struct utsname u;
	long long n;

	if (!uname(&u)) {
		set_text(o, "machine", u.machine);
		snprintf(text, sizeof(text), "%s %s", u.sysname, u.release);
		set_text(o, "kernel", text);
	}
	text[0] = '\0';
	cpu_model(text, sizeof(text));
	set_text(o, "cpu", text);
	host_counts(&cores, &threads, &nodes);
	json_object_set_new(o, "cores", json_integer(cores));
	json_object_set_new(o, "threads", json_integer(threads));
	json_object_set_new(o, "numa_nodes", json_integer(nodes));
	if (host_read_key("/proc/meminfo", "MemTotal", text, sizeof(text)) &&
	    sscanf(text, "%lld", &n) == 1 && n > 0)
		json_object_set_new(o, "memory_bytes", json_integer(n * 1024));
	if (host_read("/sys/devices/system/cpu/smt/control", text, sizeof(text)))
		set_text(o, "smt", text);
	if (host_read("/sys/class/dmi/id/sys_vendor", text, sizeof(text)))
		set_text(o, "vendor", text);
	if (host_read_key("/proc/cpuinfo", "flags", text, sizeof(text)))
		json_object_set_new(o, "hypervisor", json_string(
			host_exists("/sys/hypervisor/type") || strstr(text, " hypervisor") ? "yes" : "no"));
	set_frequency(o);
	set_fingerprint(o);
	return o;
}
