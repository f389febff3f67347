// SPDX-License-Identifier: GPL-2.0-only
/* Host counters: libpfm4 turns names into perf_event_attr, one counter an event and thread. */
#include "events.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "error.h"
#include "host_sys.h"
#include "pfm.h"
#include "resultset.h"

struct watched {		/* a thread, and what it was at the last look */
	pid_t tid;
	uint64_t preempted;
	int migrations_fd;
	uint64_t migrations;
};

struct events {
	unsigned int n;		/* events */
	unsigned int threads;
	char *name[EVENTS_MAX];
	int *fd;		/* [event * threads + thread], -1 none */
	struct watched *watched;
};

unsigned int events_pmus(void)
{
	const struct pfm *lib = pfm_library();
	unsigned int n = 0;
	pfm_pmu_t pmu;

	if (!lib)
		return 0;
	for (pmu = PFM_PMU_NONE; pmu < PFM_PMU_MAX; pmu++) {
		pfm_pmu_info_t info = { .size = sizeof(info) };

		if (lib->get_pmu_info(pmu, &info) != PFM_SUCCESS || !info.is_present)
			continue;
		n += pmu != PFM_PMU_PERF_EVENT && pmu != PFM_PMU_PERF_EVENT_RAW;
	}
	return n;
}

/* 0, or -1 with why. */
static int encode(const char *name, struct perf_event_attr *attr, char why[160])
{
	pfm_perf_encode_arg_t arg = { .attr = attr, .size = sizeof(arg) };
	const struct pfm *lib = pfm_library();
	int status;

	memset(attr, 0, sizeof(*attr));
	if (!lib) {
		snprintf(why, 160, "libpfm4 is not installed, or does not start on this machine");
		return -1;
	}
	status = lib->get_os_event_encoding(name, PFM_PLM0 | PFM_PLM3, PFM_OS_PERF_EVENT, &arg);
	if (status != PFM_SUCCESS) {
		snprintf(why, 160, "host event %.60s: %.40s: `perf list` has the names", name,
			 lib->strerror(status));
		return -1;
	}
	attr->size = sizeof(*attr);
	attr->read_format = PERF_FORMAT_TOTAL_TIME_ENABLED | PERF_FORMAT_TOTAL_TIME_RUNNING;
	attr->disabled = 0;
	return 0;
}

/* Kernel time is left out where only that is forbidden (perf_event_paranoid 2). */
static int open_on(struct perf_event_attr *attr, pid_t tid)
{
	int fd = perf_event_open(attr, tid, -1, -1, PERF_FLAG_FD_CLOEXEC);

	if (fd < 0 && (errno == EACCES || errno == EPERM) && !attr->exclude_kernel) {
		attr->exclude_kernel = 1;
		fd = perf_event_open(attr, tid, -1, -1, PERF_FLAG_FD_CLOEXEC);
	}
	return fd;
}

static const char *open_error(int error)
{
	switch (error) {
	case EACCES:
	case EPERM:
		return "not permitted: sysctl kernel.perf_event_paranoid=1, or run as root";
	case ENOENT:
	case EOPNOTSUPP:
	case ENODEV:
		return "this machine does not count it (mmubench doctor: perf hardware)";
	case ENOSYS:
		return "the kernel has no perf events";
	case EMFILE:
		return "too many open files: ulimit -n";
	default:
		return strerror(error);
	}
}

bool events_probe(const char *name, char why[160])
{
	struct perf_event_attr attr;
	int fd;

	if (encode(name, &attr, why))
		return false;
	fd = open_on(&attr, 0);
	if (fd < 0) {
		snprintf(why, 160, "%s: %s", name, open_error(errno));
		return false;
	}
	close(fd);
	return true;
}

/* Involuntary switches: the kernel's own count, which needs no perf and no rights. */
static uint64_t preemptions(pid_t tid)
{
	char path[64], text[32];

	snprintf(path, sizeof(path), "/proc/%d/status", (int)tid);
	if (!host_read_key(path, "nonvoluntary_ctxt_switches", text, sizeof(text)))
		return 0;
	return strtoull(text, NULL, 10);
}

static uint64_t read_plain(int fd)
{
	uint64_t v[3];

	return fd >= 0 && read(fd, v, sizeof(v)) == sizeof(v) ? v[0] : 0;
}

static void watch(struct watched *w, pid_t tid)
{
	/* as encode() would fill it; every run watches this one, and libpfm4 takes 1 ms to start */
	struct perf_event_attr attr = {
		.type = PERF_TYPE_SOFTWARE, .config = PERF_COUNT_SW_CPU_MIGRATIONS, .size = sizeof(attr),
		.read_format = PERF_FORMAT_TOTAL_TIME_ENABLED | PERF_FORMAT_TOTAL_TIME_RUNNING,
	};

	*w = (struct watched){ .tid = tid, .preempted = preemptions(tid) };
	w->migrations_fd = open_on(&attr, tid);
	w->migrations = read_plain(w->migrations_fd);
}

static int add_event(struct events *e, const char *name, char err[EVENTS_ERR_MAX])
{
	struct perf_event_attr attr;
	char why[160];

	if (e->n == EVENTS_MAX) {
		snprintf(err, EVENTS_ERR_MAX, "more than %d host events", EVENTS_MAX);
		return -1;
	}
	if (encode(name, &attr, why)) {
		snprintf(err, EVENTS_ERR_MAX, "%s", why);
		return -1;
	}
	e->fd = xrealloc(e->fd, (e->n + 1ul) * e->threads * sizeof(*e->fd));
	for (unsigned int t = 0; t < e->threads; t++)
		e->fd[e->n * e->threads + t] = -1;
	e->name[e->n++] = xstrdup(name);
	for (unsigned int t = 0; t < e->threads; t++) {
		int fd = open_on(&attr, e->watched[t].tid);

		if (fd < 0) {
			snprintf(err, EVENTS_ERR_MAX, "host event %.60s: %s", name, open_error(errno));
			return -1;
		}
		e->fd[(e->n - 1) * e->threads + t] = fd;
	}
	return 0;
}

int events_check(const char *list, char err[EVENTS_ERR_MAX])
{
	char *copy = xstrdup(list), *save = NULL, why[160];
	struct perf_event_attr attr;
	int status = 0;

	for (char *name = strtok_r(copy, ",", &save); name && !status; name = strtok_r(NULL, ",", &save)) {
		status = encode(name, &attr, why);
		if (status)
			snprintf(err, EVENTS_ERR_MAX, "%s", why);
	}
	free(copy);
	return status;
}

struct events *events_open(const char *list, const pid_t *tids, unsigned int n,
			   char err[EVENTS_ERR_MAX])
{
	char *copy, *save = NULL;
	struct events *e;

	if (events_check(list, err))
		return NULL;
	e = xcalloc(1, sizeof(*e));
	copy = xstrdup(list);
	e->threads = n;
	e->watched = xcalloc(n ? n : 1, sizeof(*e->watched));
	for (unsigned int t = 0; t < n; t++)
		watch(&e->watched[t], tids[t]);
	for (char *name = strtok_r(copy, ",", &save); name; name = strtok_r(NULL, ",", &save)) {
		if (!add_event(e, name, err))
			continue;
		events_close(e);
		e = NULL;
		break;
	}
	free(copy);
	return e;
}

void events_close(struct events *e)
{
	if (!e)
		return;
	for (unsigned int i = 0; i < e->n * e->threads; i++)
		if (e->fd[i] >= 0)
			close(e->fd[i]);
	for (unsigned int t = 0; t < e->threads; t++)
		if (e->watched[t].migrations_fd >= 0)
			close(e->watched[t].migrations_fd);
	for (unsigned int i = 0; i < e->n; i++)
		free(e->name[i]);
	free(e->fd);
	free(e->watched);
	free(e);
}

uint32_t events_disturbed(struct events *e)
{
	uint32_t flags = 0;

	for (unsigned int t = 0; t < e->threads; t++) {
		struct watched *w = &e->watched[t];
		uint64_t p = preemptions(w->tid), m = read_plain(w->migrations_fd);

		flags |= p > w->preempted ? RS_SAMPLE_PREEMPTED : 0;
		flags |= m > w->migrations ? RS_SAMPLE_MIGRATED : 0;
		w->preempted = p;
		w->migrations = m;
	}
	return flags;
}

/*
 * Counts extrapolated to the whole time where counters took turns (perf_event_open(2)). A thread that ran and
 * was never counted leaves the total unknown.
 */
json_t *events_total(const uint64_t (*reads)[3], size_t n)
{
	double value = 0, enabled = 0, running = 0;
	json_t *o;

	for (size_t t = 0; t < n; t++) {
		const uint64_t *v = reads[t];

		if (v[1] && !v[2])
			return json_null();
		enabled += (double)v[1];
		running += (double)v[2];
		if (v[2])
			value += (double)v[0] * ((double)v[1] / (double)v[2]);
	}
	o = json_object();
	json_object_set_new(o, "value", json_real(value));
	if (running < enabled) {
		json_object_set_new(o, "scaled", json_true());
		json_object_set_new(o, "running", json_real(running / enabled));
	}
	return o;
}

static json_t *total_json(const struct events *e, unsigned int event)
{
	uint64_t (*reads)[3] = xcalloc(e->threads + 1, sizeof(*reads));
	size_t n = 0;
	json_t *o;

	for (unsigned int t = 0; t < e->threads; t++) {
		int fd = e->fd[event * e->threads + t];

		if (fd >= 0 && read(fd, reads[n], sizeof(*reads)) == sizeof(*reads))
			n++;
	}
	o = events_total((const uint64_t (*)[3])reads, n);
	free(reads);
	return o;
}

json_t *events_json(struct events *e)
{
	json_t *o = json_object();

	for (unsigned int i = 0; i < e->n; i++)
		json_object_set_new(o, e->name[i], total_json(e, i));
	return o;
}
