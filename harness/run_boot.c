/* SPDX-License-Identifier: GPL-2.0-only */
/* One boot: start, collect, and when the guest crashes or hangs name the case and boot what is left. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "error.h"
#include "module_local.h"
#include "progress.h"
#include "run.h"
#include "run_host.h"

#define GUESTS_LOST_MOST 8	/* of one boot: a hang costs its time-out each time */

double run_clock(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + 1e-9 * (double)ts.tv_nsec;
}

static void on_line(void *arg, const char *line, size_t len)
{
	struct run *r = arg;

	if (len && line[len - 1] == '\r')
		len--;
	/* Chatter is not journaled; damaged records are: a replay comes to the same verdict. */
	if (len > 5 && !memcmp(line, "@mmub", 5))
		journal_line(&r->j, line, len);
	if (r->platform == PLATFORM_MODULE && !r->c.why[0] && (len < 6 || memcmp(line, "@mmub ", 6)) &&
	    module_guest_chatter(line, len, r->c.why, sizeof(r->c.why)))
		return;
	if (module_guest_last_word(line, len))
		r->init_ended = true;
	collect_line(&r->c, line, len);
}

/* Chatter is no sign of life, a guest may print the same for ever; the first record may take a Linux to boot. */
static bool on_data(void *arg, const char *bytes, size_t n)
{
	struct run *r = arg;
	uint64_t before = r->c.records;

	rec_feed(&r->lines, bytes, n);
	run_host_samples(r);
	journal_sync(&r->j, false);
	return r->c.records != before;
}

static void on_cpus(void *arg, const int *tids, size_t n)
{
	run_host_threads(arg, tids, n);
}

/* A guest Linux has more to say after the last record: whether the module unloads, what the kernel warned of. */
static bool has_init(const struct run *r)
{
	return r->platform == PLATFORM_MODULE && r->accel != ACCEL_NATIVE;
}

static bool finished(void *arg)
{
	struct run *r = arg;

	return r->c.why[0] || (r->c.ended && (!has_init(r) || r->init_ended));
}

static void on_tick(void *arg)
{
	struct run *r = arg;
	char name[160];

	if (r->c.current != UINT32_MAX)
		snprintf(r->note, sizeof(r->note), "%.79s",
			 collect_name(&r->c, r->c.current, name, sizeof(name)));
	progress_update(r->c.done_work, r->note);
}

/* A hang is silence. The longest honest silence is a round of the largest case: it grows with RAM. */
static double silence(const struct run *r, const struct bench_machine *m)
{
	return r->timeout > 0 ? r->timeout : 60 + 1.0 * (double)(m->ram_bytes >> 30);
}

static int start(struct run *r, uint32_t machine, struct guest *g, const char *plan, char *err)
{
	struct qemu_config q = { .program = r->qemu, .image = r->image, .cpu = r->cpu, .accel = r->accel,
				 .linux_kernel = r->linux_guest.kernel,
				 .machine = r->w.machines[machine] };
	json_t *command = NULL;
	int status;

	if (r->platform == PLATFORM_MODEL)
		return model_start(g, plan, err, WORK_ERR_MAX);
	if (r->accel == ACCEL_NATIVE)
		return module_local_start(g, &module_local_linux, r->linux_guest.ko, plan, err, WORK_ERR_MAX);
	status = qemu_start(g, &q, plan, &command, err, WORK_ERR_MAX);
	if (r->commands && json_array_size(r->commands) <= machine)
		json_array_append(r->commands, command);
	json_decref(command);
	return status;
}

static void keep_version(struct run *r, const struct guest *g)
{
	json_t *qemu = json_object_get(r->set->environment, "qemu");

	if (qemu && g->qmp.version[0] && !json_object_get(qemu, "version"))
		json_object_set_new(qemu, "version", json_string(g->qmp.version));
}

/* Why the guest stopped without an end record; "" when it is whole. */
static void how_it_ended(const struct run *r, const struct guest *g, enum guest_end end,
			 const struct bench_machine *m, char *how, size_t size)
{
	const char *said;
	char status[400];

	how[0] = 0;
	if (r->c.why[0])	/* it was our word to stop it */
		return;
	if (r->c.ended) {
		if (has_init(r) && !r->init_ended)
			warn("the guest kernel's end is not known: after the last record it %s",
			     end == GUEST_SILENT ? "hung" : "stopped");
		return;
	}
	said = r->c.chatter[0] ? "; it last said: " : "";
	if (end == GUEST_SILENT)
		snprintf(how, size, "the guest hangs: no record for %g s, killed (--timeout SECONDS)%s%s",
			 silence(r, m), said, r->c.chatter);
	else
		snprintf(how, size, "the guest stopped: %s %s%s%s",
			 r->platform == PLATFORM_MODEL ? "the model" :
			 r->accel == ACCEL_NATIVE ? "the module" : "QEMU",
			 guest_how(g, status, sizeof(status)), said, r->c.chatter);
}

static void journal_broken(struct run *r, const bool *was_gone)
{
	for (size_t i = 0; i < r->w.ncases; i++)
		if (!was_gone[i] && r->w.cases[i].state == WORK_GONE && r->set->cases[i].fail)
			journal_printf(&r->j, "broken %zu %.300s", i, r->set->cases[i].fail);
}

/* Boots once. EXIT_DONE: go on; EXIT_OUTSIDE: this machine cannot be booted; EXIT_INTERRUPTED. */
static int attempt(struct run *r, uint32_t boot, uint32_t machine, const char *plan)
{
	const struct bench_machine *m = &r->w.machines[machine];
	struct guest_watch watch = { .silence = silence(r, m), .data = on_data, .finished = finished,
				     .tick = on_tick, .cpus = on_cpus, .arg = r };
	bool *was_gone = xcalloc(r->w.ncases, sizeof(*was_gone));
	char err[WORK_ERR_MAX], how[COLLECT_WHY_MAX + 200];
	enum guest_end end;
	struct guest g;
	int status;

	for (size_t i = 0; i < r->w.ncases; i++)
		was_gone[i] = r->w.cases[i].state == WORK_GONE;
	collect_boot(&r->c, boot, machine);
	r->init_ended = false;
	journal_printf(&r->j, "boot %u %u", boot, machine);
	r->lines = (struct rec_lines){ .line = on_line, .arg = r };
	run_host_boot(r, m->cpus);
	status = start(r, machine, &g, plan, err);
	run_host_started(r);
	if (status) {
		free(was_gone);
		return complain(EXIT_OUTSIDE, "%s", err);
	}
	run_environment_late(r);
	end = guest_watch(&g, &watch);
	/* a line that we cut ourselves is no damaged record */
	if (end != GUEST_INTERRUPTED && !r->c.why[0])
		rec_flush(&r->lines);
	run_host_boot_end(r, boot, machine);
	if (r->c.ended && r->accel != ACCEL_NATIVE)
		guest_let_go(&g);
	else
		guest_stop(&g);
	if (r->accel == ACCEL_NATIVE)
		module_local_end(&module_local_linux);
	keep_version(r, &g);
	if (end == GUEST_INTERRUPTED) {
		free(was_gone);
		return EXIT_INTERRUPTED;
	}
	how_it_ended(r, &g, end, m, how, sizeof(how));
	collect_end(&r->c, how);
	journal_broken(r, was_gone);
	free(was_gone);
	if (r->c.why[0])
		return complain(EXIT_OUTSIDE, "boot %u: %s%s", boot, r->c.why, run_host_events_hint(r));
	if (r->accel == ACCEL_KVM && g.qmp.kvm_known && !g.qmp.kvm_enabled)
		return complain(EXIT_OUTSIDE, "QEMU runs without KVM though it was asked for");
	return EXIT_DONE;
}

static size_t pending(const struct run *r, uint32_t machine)
{
	size_t n = 0;

	for (size_t i = 0; i < r->w.ncases; i++)
		n += r->w.cases[i].machine == machine && r->w.cases[i].state == WORK_PENDING;
	return n;
}

int run_boot(struct run *r, uint32_t boot, uint32_t machine)
{
	size_t left = pending(r, machine), before;
	int status = EXIT_DONE, lost = 0;

	while (left && status == EXIT_DONE) {
		struct plan_request request = r->plan;
		char *plan;

		/* Each boot has orders of its own, else what a place costs would be the same in all of them. */
		request.seed = (request.seed + boot * UINT64_C(0x9e3779b97f4a7c15)) & INT64_MAX;
		plan = plan_write(&r->w, machine, &request);
		before = left;
		status = attempt(r, boot, machine, plan);
		free(plan);
		left = pending(r, machine);
		if (status == EXIT_DONE && left) {
			collect_forget_pending(&r->c);
			if (++lost == GUESTS_LOST_MOST)
				status = complain(EXIT_OUTSIDE, "boot %u: %d guests in a row crashed or hung: "
						  "giving up %zu cases", boot, lost, left);
			else if (left == before)
				status = complain(EXIT_OUTSIDE, "boot %u: the guest stopped, and no case "
						  "can be blamed", boot);
		}
	}
	if (status == EXIT_DONE)
		journal_printf(&r->j, "gone %u %u", boot, machine);
	journal_sync(&r->j, false);
	return status;
}
