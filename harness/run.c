/* SPDX-License-Identifier: GPL-2.0-only */
/* mmubench run: the words, the boots, the file. */
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "error.h"
#include "paths.h"
#include "progress.h"
#include "run.h"
#include "run_host.h"
#include "words.h"

#define DEFAULT_OUTPUT "mmubench.json"
#define DEFAULT_ROUNDS 10
#define DEFAULT_WARMUP 2
#define DEFAULT_MIN_NS 100000
#define PRECISION_BOOTS_LEAST 3
#define PRECISION_BOOTS_MOST 200
#define PRECISION_BUDGET 60.0
#define OPS_LOG_ENTRIES (1u << 20)

static int run_main(int argc, char **argv);

static const struct command_option options[] = {
	{ "-o", "FILE", "result set to write (" DEFAULT_OUTPUT ")" },
	{ "--accel", "auto|kvm|tcg|icount", "how QEMU executes (auto: kvm where it works, else tcg)" },
	{ "--platform", "baremetal|module|model", "where the variants run (baremetal)" },
	{ "--guest", "6.1|6.12|newest|host", "module: Debian's kernel in a guest (6.12), or this machine's own" },
	{ "--kernel", "FILE", "module: an arm64 Image of your own; KDIR: its build folder" },
	{ "--cpu", "MODEL", "QEMU's CPU model (max; host under kvm)" },
	{ "--smp", "N", "least CPUs of each machine" },
	{ "--ram", "LIST", "RAM to map, e.g. 256M,1G: replaces the suite's" },
	{ "--reps", "N", "timed samples of each case in a boot" },
	{ "--warmup", "N", "rounds before them, kept but not in the statistics" },
	{ "--boots", "N", "boots; spread between boots is kept apart from spread within" },
	{ "--precision", "PCT", "boot until every delta's confidence interval is this narrow (+-)" },
	{ "--budget", "SECONDS", "of --precision: stop after this long (60)" },
	{ "--seed", "N", "of the order in which variants take turns (1)" },
	{ "--guest-events", "LIST", "PMUv3 events to count in the guest: common names, or NAME:0xNUMBER" },
	{ "--host-events", "LIST", "events to count on the vCPU threads, by libpfm4's names" },
	{ "--pin", "auto|off|CPUS", "where vCPU threads run (auto: one a core, siblings left idle)" },
	{ "--label", "NAME", "short name of the set, for the columns of compare" },
	{ "--ops-log", "FILE", "write every counted operation: CASE OP OPERAND" },
	{ "--timeout", "SECONDS", "a guest silent for so long is hung (60 s and 1 s a GiB)" },
	{ "--resume", NULL, "go on with the interrupted run of the same words" },
	{ NULL, NULL, NULL },
};

COMMAND(run, .name = "run", .usage = "[SUITE|FAMILY/VARIANT...] [OPTIONS]",
	.summary = "measure: boot guests, collect samples, write a result set", .options = options,
	.run = run_main,
	.details = "A word is a suite (mmubench list suites), a suite's file (*.json), or a pattern\n"
		   "FAMILY/VARIANT with * and ?. Without a word: the suite quick. Variants of one point take\n"
		   "turns in an order drawn anew each round; the lightest is entered twice, which measures\n"
		   "the noise. Everything that arrives is in FILE.journal until FILE is written.");

static uint64_t need_number(const char *option, const char *value, uint64_t least, uint64_t most)
{
	uint64_t v;

	if (!parse_u64(value, &v) || v < least || v > most)
		exit(complain(EXIT_USAGE_ERROR, "run: %s cannot be '%s': a number from %" PRIu64
			      " to %" PRIu64, option, value, least, most));
	return v;
}

static double need_real(const char *option, const char *value, double most)
{
	char *end;
	double v = strtod(value, &end);

	if (*end == '%')
		end++;
	if (end == value || *end || !(v > 0) || v > most)
		exit(complain(EXIT_USAGE_ERROR, "run: %s cannot be '%s': a number above 0, at most %g",
			      option, value, most));
	return v;
}

static void take_ram(struct run *r, const char *list)
{
	char err[WORK_ERR_MAX];

	if (work_ram(&r->wo, list, err))
		exit(complain(EXIT_USAGE_ERROR, "run: --ram: %s", err));
}

static enum accel accel_of(const char *s)
{
	return !strcmp(s, "kvm") ? ACCEL_KVM : !strcmp(s, "tcg") ? ACCEL_TCG :
	       !strcmp(s, "icount") ? ACCEL_ICOUNT : ACCEL_AUTO;
}

static const char *check_events(const char *list)
{
	for (const char *p = list; *p; p++)
		if (!((*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') ||
		      (*p >= '0' && *p <= '9') || *p == '_' || *p == ',' || *p == ':'))
			exit(complain(EXIT_USAGE_ERROR, "run: --guest-events: '%s' is no list of names", list));
	if (strlen(list) > 200)
		exit(complain(EXIT_USAGE_ERROR, "run: --guest-events: the list is too long"));
	return list;
}

static void take_option(struct run *r, const char *o, const char *v)
{
	if (!strcmp(o, "-o"))
		r->output = v;
	else if (!strcmp(o, "--pin"))
		r->pin = v;
	else if (!strcmp(o, "--host-events"))
		r->host_events = v;
	else if (!strcmp(o, "--accel"))
		r->accel = accel_of(v);
	else if (!strcmp(o, "--platform"))
		r->platform = !strcmp(v, "model") ? PLATFORM_MODEL :
			      !strcmp(v, "module") ? PLATFORM_MODULE : PLATFORM_BAREMETAL;
	else if (!strcmp(o, "--guest"))
		r->guest = v;
	else if (!strcmp(o, "--kernel"))
		r->kernel = v;
	else if (!strcmp(o, "--cpu"))
		r->cpu = v;
	else if (!strcmp(o, "--smp"))
		r->wo.smp = (uint32_t)need_number(o, v, 1, 512);
	else if (!strcmp(o, "--ram"))
		take_ram(r, v);
	else if (!strcmp(o, "--reps"))
		r->plan.rounds = (uint32_t)need_number(o, v, 1, 100000);
	else if (!strcmp(o, "--warmup"))
		r->warmup = (int)need_number(o, v, 0, 100000);
	else if (!strcmp(o, "--boots"))
		r->boots = (uint32_t)need_number(o, v, 1, 10000);
	else if (!strcmp(o, "--precision"))
		r->precision = need_real(o, v, 100) / 100;
	else if (!strcmp(o, "--budget"))
		r->budget = need_real(o, v, 1e7);
	else if (!strcmp(o, "--seed"))
		r->plan.seed = need_number(o, v, 0, INT64_MAX);
	else if (!strcmp(o, "--guest-events"))
		r->plan.events = check_events(v);
	else if (!strcmp(o, "--label"))
		r->label = v;
	else if (!strcmp(o, "--ops-log"))
		r->ops_log_path = v;
	else if (!strcmp(o, "--timeout"))
		r->timeout = need_real(o, v, 1e6);
	else if (!strcmp(o, "--resume"))
		r->resume = true;
}

/* The words. Exits on a usage error; returns EXIT_DONE or EXIT_OUTSIDE. */
static int take_words(struct run *r, int argc, char **argv)
{
	struct option_walk walk = { .cmd = &command_run, .argc = argc, .argv = argv };
	const char **words = xcalloc((size_t)argc + 1, sizeof(*words)), *o, *v;
	char err[WORK_ERR_MAX];
	bool outside = false;
	size_t n = 0;

	while ((o = option_next(&walk, &v))) {
		if (!*o)
			words[n++] = v;
		else
			take_option(r, o, v);
	}
	r->wo.twins = r->platform != PLATFORM_MODEL;
	if (!n)
		words[n++] = "quick";
	for (size_t i = 0; i < n; i++) {
		if (work_add(&r->w, words[i], &r->wo, err, &outside)) {
			free(words);
			return complain(outside ? EXIT_OUTSIDE : EXIT_USAGE_ERROR, "run: %s", err);
		}
	}
	free(words);
	if (work_arrange(&r->w, &r->wo, err))
		return complain(EXIT_USAGE_ERROR, "run: %s", err);
	return EXIT_DONE;
}

static void settle_plan(struct run *r)
{
	struct plan_request *q = &r->plan;

	if (r->budget > 0 && !r->precision)
		warn("--budget has no effect without --precision");
	if (!q->rounds)
		q->rounds = r->w.rounds ? r->w.rounds : DEFAULT_ROUNDS;
	q->warmup = r->warmup >= 0 ? (uint32_t)r->warmup :
		    r->w.warmup_said ? r->w.warmup : DEFAULT_WARMUP;
	q->min_ns = DEFAULT_MIN_NS;
	q->timed = r->platform != PLATFORM_MODEL;	/* the model's time means nothing */
	q->ops_log = r->ops_log_path ? OPS_LOG_ENTRIES : 0;
	if (!r->boots)
		r->boots = r->w.boots ? r->w.boots : 1;
	if (!q->timed)
		r->boots = 1;
	if (r->precision && r->boots < PRECISION_BOOTS_LEAST)
		r->boots = PRECISION_BOOTS_LEAST;
	if (r->precision && !r->budget)
		r->budget = PRECISION_BUDGET;
}

/* Host memory that the guest's tables will touch: 8 bytes a page, twice (several variants), and QEMU. */
static int check_memory(const struct run *r)
{
	long long available = -1;
	uint64_t most = 0, need;
	char line[128], size[24];
	FILE *f = fopen("/proc/meminfo", "re");

	while (f && fgets(line, sizeof(line), f))
		if (sscanf(line, "MemAvailable: %lld kB", &available) == 1)
			break;
	if (f)
		fclose(f);
	for (size_t i = 0; i < r->w.nmachines; i++)
		if (r->w.machines[i].ram_bytes > most)
			most = r->w.machines[i].ram_bytes;
	need = most / 512 + (100ull << 20);
	if (available < 0 || (uint64_t)available << 10 >= need)
		return EXIT_DONE;
	return complain(EXIT_OUTSIDE, "run: a guest of %s touches about %" PRIu64 " MiB of host memory, %lld "
			"MiB are available: use a smaller --ram", format_size(most, size), need >> 20,
			available >> 10);
}

static int settle_accel(struct run *r)
{
	char why[300];
	const char *no;

	if (r->accel == ACCEL_TCG || r->accel == ACCEL_ICOUNT)
		return EXIT_DONE;
	no = qemu_probe_kvm(r->qemu, why, sizeof(why));
	if (no && r->accel == ACCEL_KVM)
		return complain(EXIT_OUTSIDE, "run: no KVM: %s: use --accel tcg (emulated time) or icount", no);
	if (no) {
		r->accel_why = xasprintf("no KVM: %s", no);
		fprintf(stderr, "mmubench: accel tcg (emulated time), because %s\n", no);
	}
	r->accel = no ? ACCEL_TCG : ACCEL_KVM;
	return EXIT_DONE;
}

/* Anything that is no Image would be run all the same, and hang: the header has a magic number (booting.rst). */
static int find_image(struct run *r)
{
	char head[64] = "";
	FILE *f;

	r->image = path_image();
	if (!r->image)
		return complain(EXIT_OUTSIDE, "run: the bare-metal Image is missing: make guest, or set "
				"MMUBENCH_IMAGE");
	f = fopen(r->image, "re");
	if (f && fread(head, 1, sizeof(head), f) == sizeof(head) && !memcmp(head + 56, "ARM\x64", 4)) {
		fclose(f);
		return EXIT_DONE;
	}
	if (f)
		fclose(f);
	return complain(EXIT_OUTSIDE, "run: %s is no arm64 Image: make guest, or set MMUBENCH_IMAGE", r->image);
}

static int find_outside(struct run *r)
{
	const char *qemu = getenv("MMUBENCH_QEMU");
	char err[WORK_ERR_MAX];

	if (r->platform == PLATFORM_MODEL)
		return EXIT_DONE;
	if (r->platform == PLATFORM_MODULE && r->guest && !strcmp(r->guest, "host")) {
		r->accel = ACCEL_NATIVE;
		if (module_guest_find(&r->linux_guest, "host", NULL, err, sizeof(err)))
			return complain(EXIT_OUTSIDE, "%s", err);
		return EXIT_DONE;
	}
	qemu = qemu ? qemu : "qemu-system-aarch64";
	r->qemu = path_program(qemu);
	if (!r->qemu)
		return complain(EXIT_OUTSIDE, "run: %s: not found: install qemu-system-arm, or set "
				"MMUBENCH_QEMU", qemu);
	if (r->platform == PLATFORM_MODULE) {
		if (module_guest_find(&r->linux_guest, r->guest ? r->guest : "6.12", r->kernel, err,
				      sizeof(err)))
			return complain(EXIT_OUTSIDE, "%s", err);
		r->image = xstrdup(r->linux_guest.initramfs);
	} else if (find_image(r)) {
		return EXIT_OUTSIDE;
	}
	if (check_memory(r))
		return EXIT_OUTSIDE;
	return settle_accel(r);
}

/* An empty journal that this call itself made does not stay behind an error. */
static int open_journal(struct run *r)
{
	char *path = r->journal = xasprintf("%s.journal", r->output), *more, *print, err[WORK_ERR_MAX];
	bool there = !access(path, F_OK);
	int replayed = 0, status = EXIT_DONE;

	if (journal_open(&r->j, path, err))
		return complain(EXIT_OUTSIDE, "run: %s", err);
	more = xasprintf("%d %s %s %s%s%s", r->platform, accel_name(r->accel), r->cpu ? r->cpu : "",
			 r->image ? "image" : "", r->guest ? r->guest : "", r->kernel ? r->kernel : "");
	print = plan_fingerprint(&r->w, &r->plan, more);
	if (r->resume)
		replayed = journal_replay(path, print, &r->c, r->boots_done,
					  r->boots > PRECISION_BOOTS_MOST ? r->boots : PRECISION_BOOTS_MOST,
					  err);
	if (replayed < 0)
		status = complain(EXIT_OUTSIDE, "run: --resume: %s", err);
	else if (r->resume && !replayed)
		status = complain(EXIT_OUTSIDE, "run: --resume: %s: there is no such journal: nothing was "
				  "interrupted", path);
	else if (journal_begin(&r->j, path, print, replayed > 0, err))
		status = complain(EXIT_OUTSIDE, "run: %s", err);
	if (status)
		journal_close(&r->j, path, !there);
	free(more);
	free(print);
	return status;
}

/* Cases of an earlier boot run again in the next; those that are gone do not. */
static void next_boot(struct run *r, uint32_t boot)
{
	for (size_t i = 0; i < r->w.ncases; i++)
		if (r->w.cases[i].state == WORK_DONE &&
		    !r->boots_done[boot * r->w.nmachines + r->w.cases[i].machine])
			r->w.cases[i].state = WORK_PENDING;
}

static int all_machines(struct run *r, uint32_t boot)
{
	int status = EXIT_DONE;

	for (uint32_t m = 0; m < r->w.nmachines && status != EXIT_INTERRUPTED; m++) {
		int s;

		if (r->boots_done[boot * r->w.nmachines + m])
			continue;
		s = run_boot(r, boot, m);
		status = s ? s : status;
	}
	return status;
}

/* True: one more boot. Says what was reached when it stops. */
static bool more_precision(struct run *r, uint32_t boots)
{
	char where[160];
	double widest, spent = run_clock() - r->started;

	if (!r->precision || boots < PRECISION_BOOTS_LEAST)
		return false;
	widest = run_widest(r, where, sizeof(where));
	if (widest < 0) {
		progress_clear();
		warn("--precision has no effect: no case is compared with another: add a variant");
		return false;
	}
	if (widest <= r->precision) {
		progress_clear();
		printf("precision reached: +-%.2f%% after %u boots\n", widest * 100, boots);
	} else if (spent * (boots + 1) / boots > r->budget || boots >= PRECISION_BOOTS_MOST) {
		progress_clear();
		printf("precision not reached in %.0f s: +-%.2f%% (wanted +-%.2f%%) after %u boots, widest: "
		       "%s\n", spent, widest * 100, r->precision * 100, boots, where);
	} else {
		progress_total((double)r->w.ncases * (boots + 1));
		return true;
	}
	json_object_set_new(r->set->environment, "precision",
			    json_pack("{s:f, s:f, s:b}", "wanted", r->precision, "reached",
				      isfinite(widest) ? widest : -1.0, "met", widest <= r->precision));
	return false;
}

/* The first boot of a resumed run has states of its own: what the journal already holds stays. */
static int all_boots(struct run *r)
{
	uint32_t resumed = r->resume ? r->c.boot : UINT32_MAX;
	int status = EXIT_DONE;

	for (uint32_t boot = 0; boot < r->boots && !status; boot++) {
		if (resumed != UINT32_MAX && boot < resumed)
			continue;
		if (boot != resumed)
			next_boot(r, boot);
		status = all_machines(r, boot);
		if (boot + 1 == r->boots && !status && more_precision(r, r->boots))
			r->boots++;
	}
	return status;
}

static void mark_unmeasured(struct run *r, int status)
{
	for (size_t i = 0; i < r->w.ncases; i++) {
		struct rs_case *c = &r->set->cases[i];

		if (c->check || c->skip || c->fail)
			continue;
		r->unmeasured++;
		if (status == EXIT_INTERRUPTED)
			c->skip = xstrdup("not run: interrupted");
		else
			c->fail = xstrdup("not run: its guest could not be booted");
	}
}

static int save(struct run *r, int status)
{
	char err[RS_ERR_MAX];
	json_t *qemu = json_object_get(r->set->environment, "qemu");

	if (qemu)
		json_object_set(qemu, "command", r->commands);
	json_object_set_new(json_object_get(r->set->environment, "plan"), "boots",
			    json_integer(r->boots));
	mark_unmeasured(r, status);
	run_code_bytes(r);
	if (rs_save(r->set, r->output, err)) {
		journal_close(&r->j, r->journal, false);
		return complain(EXIT_OUTSIDE, "%s; %s %s: mend it, then the same words with --resume", err,
				r->j.failed ? "what was measured until then is in" : "what was measured is in",
				r->journal);
	}
	journal_close(&r->j, r->journal, status != EXIT_INTERRUPTED);
	return status;
}

static int summary(const struct run *r, int status)
{
	size_t samples = 0, good = 0;
	char not_run[40] = "";

	for (size_t i = 0; i < r->w.ncases; i++) {
		const struct rs_case *c = &r->set->cases[i];

		samples += c->nsamples;
		good += c->check && !strcmp(c->check, "pass") && !c->fail;
	}
	if (r->unmeasured)
		snprintf(not_run, sizeof(not_run), ", %zu not run", r->unmeasured);
	printf("%s: %zu case%s: %zu passed, %u failed, %u broken, %u skipped%s; %zu samples, %u boot%s, %s, "
	       "%.1f s\n", r->output, r->w.ncases, r->w.ncases == 1 ? "" : "s", good, r->c.check_failed,
	       r->c.broken, r->c.skipped, not_run, samples, r->boots, r->boots == 1 ? "" : "s",
	       r->platform == PLATFORM_MODEL ? "model" : accel_name(r->accel),
	       run_clock() - r->started);
	fflush(stdout);
	if (status == EXIT_INTERRUPTED)
		return complain(EXIT_INTERRUPTED, "interrupted: what was measured is saved; the same words "
				"with --resume go on");
	if (status || r->c.broken)
		return EXIT_OUTSIDE;
	return r->c.check_failed ? EXIT_BAD_ANSWER : EXIT_DONE;
}

static int measure(struct run *r)
{
	size_t boots = r->boots > PRECISION_BOOTS_MOST ? r->boots : PRECISION_BOOTS_MOST;
	int status;

	r->set = rs_new();
	r->commands = json_array();
	run_environment(r);
	collect_init(&r->c, &r->w, r->set);
	r->c.rounds = r->plan.timed ? r->plan.rounds : 0;
	r->c.warmup = r->plan.timed ? r->plan.warmup : 0;
	r->boots_done = xcalloc((boots + 1) * r->w.nmachines, sizeof(bool));
	if (r->ops_log_path) {
		r->c.ops_log = fopen(r->ops_log_path, "we");
		if (!r->c.ops_log)
			return complain(EXIT_OUTSIDE, "%s: cannot write: %s", r->ops_log_path,
					strerror(errno));
	}
	status = open_journal(r);
	if (status)
		return status;
	guest_catch_signals();
	progress_start("run", (double)r->w.ncases * r->boots);
	status = all_boots(r);
	progress_end();
	run_environment_late(r);	/* no boot may have come to it */
	run_host_end(r);
	if (r->c.ops_log && fclose(r->c.ops_log))
		status = complain(EXIT_OUTSIDE, "%s: cannot write", r->ops_log_path);
	status = save(r, status);
	guest_reap();
	return summary(r, status);
}

static int run_main(int argc, char **argv)
{
	struct run r = { .output = DEFAULT_OUTPUT, .plan.seed = 1, .j.fd = -1, .warmup = -1 };
	struct stat st;
	int status;

	r.started = run_clock();
	r.kernel = getenv("KERNEL") && *getenv("KERNEL") ? getenv("KERNEL") : NULL;
	status = take_words(&r, argc, argv);
	if (!status && r.platform != PLATFORM_MODULE && r.guest)
		warn("--guest has no effect without --platform module");
	if (!status && (!*r.output || !strcmp(r.output, "-") || (!stat(r.output, &st) && !S_ISREG(st.st_mode))))
		status = complain(EXIT_USAGE_ERROR, "run: -o '%s' is no file to write (a journal lies beside it)",
				  r.output);
	if (!status) {
		settle_plan(&r);
		status = run_host_begin(&r);
	}
	if (!status)
		status = find_outside(&r);
	if (!status)
		status = measure(&r);
	if (r.set)
		collect_free(&r.c);
	rs_free(r.set);
	work_free(&r.w);
	json_decref(r.commands);
	free((void *)r.wo.ram);
	free(r.boots_done);
	free(r.qemu);
	free(r.image);
	module_guest_free(&r.linux_guest);
	free(r.accel_why);
	free(r.journal);
	return status;
}
