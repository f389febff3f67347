// SPDX-License-Identifier: GPL-2.0-only
/* What disturbs a run: looked at before and after. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "host.h"
#include "host_sys.h"

#define CPUS_MAX 4096

static int64_t throttle_events(void)
{
	static const char *const kinds[] = { "core", "package" };
	int64_t sum = -1;
	long long n;

	for (int cpu = 0; cpu < CPUS_MAX; cpu++) {
		char path[128];
		bool any = false;

		snprintf(path, sizeof(path), "/sys/devices/system/cpu/cpu%d", cpu);
		if (!host_exists(path))
			break;
		for (int k = 0; k < 2; k++) {
			snprintf(path, sizeof(path),
				 "/sys/devices/system/cpu/cpu%d/thermal_throttle/%s_throttle_count", cpu,
				 kinds[k]);
			if (!host_read_number(path, &n))
				continue;
			sum = (sum < 0 ? 0 : sum) + n;
			any = true;
		}
		if (!any && !cpu)
			break;	/* no CPU has it when the first has not */
	}
	return sum;
}

void host_moment(struct host_moment *m)
{
	unsigned long long v[8] = { 0 };
	char buf[256];
	long long khz;

	*m = (struct host_moment){ .load = NAN, .khz = -1, .throttled = throttle_events() };
	if (host_read("/proc/loadavg", buf, sizeof(buf)) && sscanf(buf, "%lf", &m->load) != 1)
		m->load = NAN;
	if (host_read("/proc/stat", buf, sizeof(buf)) &&
	    sscanf(buf, "cpu %llu %llu %llu %llu %llu %llu %llu %llu", &v[0], &v[1], &v[2], &v[3], &v[4],
		   &v[5], &v[6], &v[7]) == 8) {
		for (int i = 0; i < 8; i++)
			m->total += v[i];
		m->steal = v[7];
	}
	if (host_read_number("/sys/devices/system/cpu/cpu0/cpufreq/scaling_cur_freq", &khz))
		m->khz = khz;
	host_governor(m->governor, sizeof(m->governor));
	m->turbo = host_turbo(NULL);
}

static void add_warning(json_t *list, const char *fmt, double v)
{
	char line[160];

	snprintf(line, sizeof(line), fmt, v);
	json_array_append_new(list, json_string(line));
}

/* The clock's policy was another one at the end: the run has samples of both. */
static void policy_changed(json_t *o, json_t *warnings, const struct host_moment *before,
			   const struct host_moment *after)
{
	char line[160];

	if (strcmp(before->governor, after->governor)) {
		json_object_set_new(o, "governor_after", json_string(after->governor));
		snprintf(line, sizeof(line), "the frequency governor changed during the run: from %s to %s",
			 *before->governor ? before->governor : "none", *after->governor ? after->governor : "none");
		json_array_append_new(warnings, json_string(line));
	}
	if (before->turbo >= 0 && after->turbo >= 0 && before->turbo != after->turbo) {
		json_object_set_new(o, "turbo_after", json_boolean(after->turbo));
		json_array_append_new(warnings, json_string(after->turbo ? "turbo was switched on during the run" :
							    "turbo was switched off during the run"));
	}
}

json_t *host_disturbance(const struct host_moment *before, const struct host_moment *after)
{
	json_t *o = json_object(), *warnings = json_array();
	unsigned int cores, threads, nodes;

	host_counts(&cores, &threads, &nodes);
	if (isfinite(before->load) && isfinite(after->load)) {
		json_object_set_new(o, "load_before", json_real(before->load));
		json_object_set_new(o, "load_after", json_real(after->load));
		if (before->load > 0.5 * threads)
			add_warning(warnings, "load was %.1f before the run: other work competes for the CPUs",
				    before->load);
	}
	if (after->total > before->total) {
		double steal = 100.0 * (double)(after->steal - before->steal) /
			       (double)(after->total - before->total);

		json_object_set_new(o, "steal_pct", json_real(steal));
		if (steal > 0.5)
			add_warning(warnings, "the hypervisor took %.1f %% of the CPU time during the run",
				    steal);
	}
	if (before->throttled >= 0 && after->throttled >= before->throttled) {
		int64_t n = after->throttled - before->throttled;

		json_object_set_new(o, "throttled", json_integer(n));
		if (n)
			add_warning(warnings, "the CPU throttled %.0f times for heat during the run",
				    (double)n);
	}
	if (before->khz > 0 && after->khz > 0) {
		json_object_set_new(o, "khz_before", json_integer(before->khz));
		json_object_set_new(o, "khz_after", json_integer(after->khz));
	}
	policy_changed(o, warnings, before, after);
	json_object_set_new(o, "warnings", warnings);
	return o;
}
