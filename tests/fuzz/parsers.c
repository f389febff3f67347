// SPDX-License-Identifier: GPL-2.0-only
/*
 * Everything that reads what it cannot trust, fed with damaged input: mutated from inputs that are right, by a seed,
 * the same in every run. Built with AddressSanitizer and UBSan (mk/test.mk), so that a wrong access is the end;
 * beyond that each target says what must hold whatever came in. Arguments: [TARGET [RUNS [SEED]]].
 */
#include <libfdt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "collect.h"
#include "journal.h"
#include "qmp.h"
#include "platform/model/model.h"
#include "platform/baremetal/dt.c"

#define INPUT_MAX 16384
#define RUNS 6000
#define FINGERPRINT "0123456789abcdef"
#define BOOTS 3

struct input {
	char b[INPUT_MAX];
	size_t n;
};

static struct mmub_rng rng;
static struct input now;
static const char *target_name;
static unsigned long run_number;
static char folder[64], path[80], path2[80];

static size_t below(size_t n)
{
	return n ? (size_t)mmub_rng_below(&rng, n) : 0;
}

/* Both sanitizers end in abort(), so that one handler keeps the input. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
	return "abort_on_error=1";
}
const char *__ubsan_default_options(void);
const char *__ubsan_default_options(void)
{
	return "abort_on_error=1:print_stacktrace=1";
}

static void clean_up(void)
{
	unlink(path);
	unlink(path2);
	rmdir(folder);
}

/* The input that did it stays, for a debugger: the same target, runs and seed come to it again. */
static void keep_input(int sig)
{
	char name[64];
	FILE *f;

	signal(sig, SIG_DFL);

	snprintf(name, sizeof(name), "/tmp/mmub-fuzz-%s.%d", target_name ? target_name : "none", (int)getpid());
	f = fopen(name, "w");
	if (f) {
		fwrite(now.b, 1, now.n, f);
		fclose(f);
	}
	fprintf(stdout, "not ok - %s: run %lu: the input is in %s\n", target_name ? target_name : "?", run_number, name);
	fflush(stdout);
	clean_up();
}

static void must(bool holds, const char *what)
{
	if (holds)
		return;
	fprintf(stdout, "# %s\n", what);
	abort();
}

static void write_input(const char *to)
{
	FILE *f = fopen(to, "w");

	if (!f || fwrite(now.b, 1, now.n, f) != now.n || fclose(f))
		exit(3);
}

/* ---- damage ---- */

static const char *const words[] = {
	"0", "1", "-1", "255", "4096", "65536", "4294967295", "4294967296", "9223372036854775807",
	"9223372036854775808", "18446744073709551615", "18446744073709551616", "1e308", "1e999", "-0", "0x", "0xg",
	"0xffffffffffffffff", "%", "%00", "%ff", "%2", "=", "==", " ", "  ", "#", "\n", "\r\n", ";", "\t", "\"", "\\",
	"\\u0000", "\\ud800", "\\udc00", "{", "}", "[", "]", ",", ":", "null", "true", "[[[[[[[[", "@mmub ", "id=", "id=0",
	"id=3", "id=4", "loops=0", "ticks=0", "warmup=1", "n=1", "case", "skip", "counts", "check", "sample", "done", "op",
	"oplost", "timer", "error", "exc", "end", "hello", "group", "set ", "boot 0 0", "boot 1 0", "boot 2 1", "gone 0 0",
	"gone 4294967295 4294967295", "broken 0 x", "broken 9 ", "pass", "fail", "verdict=fail", "cut=1", "events=",
	"events=insns,a,b,c,d,e,f,g,h,i", "*", "?", "[!", "4K", "99999999T", "\x80", "\xff", "\xc3\xa9", "\xed\xa0\x80",
};

static void replace(size_t at, size_t gone, const char *with, size_t n)
{
	if (at > now.n)
		return;
	if (gone > now.n - at)
		gone = now.n - at;
	if (now.n - gone + n > INPUT_MAX)
		return;
	memmove(now.b + at + n, now.b + at + gone, now.n - at - gone);
	memmove(now.b + at, with, n);
	now.n += n - gone;
}

static void number_elsewhere(void)
{
	size_t at = below(now.n), n = 0;
	const char *w = words[below(18)];

	while (at < now.n && (now.b[at] < '0' || now.b[at] > '9'))
		at++;
	while (at + n < now.n && now.b[at + n] >= '0' && now.b[at + n] <= '9')
		n++;
	replace(at, n, w, strlen(w));
}

/* A line goes, or comes twice, or moves. */
static void lines(void)
{
	static char copy[INPUT_MAX];
	size_t at = below(now.n), n = 0;

	while (at && now.b[at - 1] != '\n')
		at--;
	while (at + n < now.n && now.b[at + n] != '\n')
		n++;
	n += at + n < now.n;
	memcpy(copy, now.b + at, n);
	if (below(2))
		replace(at, n, "", 0);
	if (below(3)) {
		at = below(now.n);
		while (at && now.b[at - 1] != '\n')
			at--;
		replace(at, 0, copy, n);
	}
}

static void damage(bool binary)
{
	static char copy[64];
	size_t at, n;
	const char *w;

	for (size_t k = below(6); k; k--) {
		at = below(now.n);
		switch (below(binary ? 5 : 8)) {
		case 0:
			if (now.n)
				now.b[at] ^= (char)(1 << below(8));
			break;
		case 1:
			if (now.n)
				now.b[at] = (char)below(256);
			break;
		case 2:
			replace(at, below(16), "", 0);
			break;
		case 3:
			n = below(sizeof(copy));
			n = n < now.n - at ? n : now.n - at;
			memcpy(copy, now.b + at, n);
			replace(below(now.n), below(2) ? n : 0, copy, n);
			break;
		case 4:
			if (!below(8))
				now.n = at;
			break;
		case 5:
			w = words[below(MMUB_ARRAY_SIZE(words))];
			replace(at, below(2) ? strlen(w) : 0, w, strlen(w));
			break;
		case 6:
			number_elsewhere();
			break;
		default:
			lines();
		}
	}
}

static void start_with(const void *bytes, size_t n)
{
	now.n = n < INPUT_MAX ? n : INPUT_MAX;
	memcpy(now.b, bytes, now.n);
}

/* ---- records: the console, and the journal ---- */

static const char bodies[] =
	"hello proto=1 platform=baremetal el=1 features=tlbirange,gran4k clock_hz=62500000 ram_base=0x40000000 ram=134217728 "
	"cpus=1 zva=64 dline=64 pa_bits=48 midr=0x0 build=gcc-12-ab events=insns,cpu_cycles\n"
	"timer ticks_min=3 ticks_med=3 insns=9 n=101\n"
	"case id=0\ncounts id=0 tlbi.vaale1is=1 dsb.ish=1 isb=1\nop id=0 n=0 op=dsb.ish operand=0x0\n"
	"op id=0 n=1 op=isb operand=0x0\noplost id=0 n=4\ncheck id=0 verdict=pass\n"
	"case id=1\ncounts id=1 tlbi.rvaale1is=2 dsb.ish=1\ncheck id=1 verdict=fail why=a%20b\n"
	"skip id=2 why=lacks%20tlbirange\ncase id=3\ncounts id=3 isb=1\ncheck id=3 verdict=pass\n"
	"sample id=0 round=0 order=0 warmup=1 loops=10 ticks=6250 e0=100 e1=200 x0=5\n"
	"sample id=3 round=0 order=1 warmup=1 loops=10 ticks=6250 e0=100 e1=200\n"
	"sample id=0 round=0 order=1 warmup=0 loops=10 ticks=6250 e0=100 e1=200\n"
	"sample id=3 round=0 order=0 warmup=0 loops=10 ticks=6250 e0=0 e1=200\n"
	"done id=0\ndone id=3\nexc id=3 el=1 esr=0x96000006 far=0x10 elr=0x1234 cpu=0 why=data%20abort\nend records=20 failed=1\n";

/* Lines become records with number and CRC, mostly right ones, so that damage gets past these. */
static void make_records(const char *head, const char *tail)
{
	static struct input out;
	unsigned long seq = 0;
	size_t at = 0;

	out.n = (size_t)snprintf(out.b, INPUT_MAX, "%s", head);
	while (at < now.n && out.n < INPUT_MAX - 1200) {
		char *nl = memchr(now.b + at, '\n', now.n - at), body[1100];
		size_t n = nl ? (size_t)(nl - now.b) - at : now.n - at;
		int used = snprintf(body, sizeof(body), "@mmub %lu %.*s", seq, (int)(n < 1000 ? n : 1000), now.b + at);

		at += n + 1;
		seq += below(60) != 0;
		out.n += (size_t)snprintf(out.b + out.n, INPUT_MAX - out.n, "%s%s #%08x\n", below(40) ? "" : "noise\n", body,
					  record_crc32(body, (u64)used) ^ !below(40));
	}
	out.n += (size_t)snprintf(out.b + out.n, INPUT_MAX - out.n, "%s", tail);
	memcpy(now.b, out.b, out.n);
	now.n = out.n;
}

static struct work work;

static void make_work(void)
{
	struct work_options o = { .twins = true };
	char err[WORK_ERR_MAX];
	bool outside;

	must(!work_add(&work, "tlbi_range/scale_*", &o, err, &outside) && !work_arrange(&work, &o, err) &&
	     work.ncases == 4, "the cases of the seed");
}

static void collector_of(struct collector *c)
{
	struct rs_set *set = rs_new();

	for (size_t i = 0; i < work.ncases; i++)
		work.cases[i].state = WORK_PENDING;
	json_object_set_new(set->environment, "platform", json_string("baremetal"));
	collect_init(c, &work, set);
	c->rounds = c->warmup = 1;
	c->ops_log = tmpfile();
}

/* Whatever a guest said, the result set that comes of it is one, and the samples in it are no more than asked for. */
static void judge_set(struct collector *c)
{
	char err[RS_ERR_MAX];
	struct rs_set *again;

	for (size_t i = 0; i < work.ncases; i++) {
		struct rs_case *r = &c->set->cases[i];

		must(r->nsamples <= (c->rounds + c->warmup) * BOOTS, "more samples than were asked for");
		must(work.cases[i].state != WORK_DONE || r->check, "a case is done without a verdict");
	}
	if (!below(4)) {
		must(!rs_save(c->set, path2, err), "the result set could not be written");
		again = rs_load(path2, err);
		if (!again)
			fprintf(stdout, "# %s\n", err);
		must(again && again->ncases == c->set->ncases, "the result set is none");
		rs_free(again);
	}
	if (c->ops_log)
		fclose(c->ops_log);
	rs_free(c->set);
	collect_free(c);
}

static void collected_line(void *arg, const char *line, size_t len)
{
	collect_line(arg, line, len);
}

static void fuzz_console(void)
{
	struct collector c;
	struct rec_lines l = { .line = collected_line, .arg = &c };

	start_with(bodies, sizeof(bodies) - 1);
	damage(false);
	make_records("", "");
	if (!below(4))
		damage(false);
	collector_of(&c);
	for (uint32_t boot = 0; boot < 2; boot++) {
		size_t at = 0;

		collect_boot(&c, boot, 0);
		while (at < now.n) {
			size_t n = 1 + below(200);

			n = n < now.n - at ? n : now.n - at;
			rec_feed(&l, now.b + at, n);
			at += n;
		}
		rec_flush(&l);
		collect_end(&c, c.ended ? "" : "the guest stopped");
		must(c.why[0] || c.ended || c.broken || c.check_failed || c.skipped, "a guest stopped, and nobody is told");
		collect_forget_pending(&c);
		for (size_t i = 0; i < work.ncases; i++)
			if (work.cases[i].state == WORK_DONE)
				work.cases[i].state = WORK_PENDING;
	}
	judge_set(&c);
}

static void fuzz_journal(void)
{
	bool done[BOOTS] = { false };
	struct collector c;
	char err[WORK_ERR_MAX];
	int r;

	start_with(bodies, sizeof(bodies) - 1);
	damage(false);
	make_records("mmub-journal 1 " FINGERPRINT "\nboot 0 0\n", "gone 0 0\nboot 1 0\nbroken 1 it hung\n@mmub 0 hello");
	damage(false);
	write_input(path);
	collector_of(&c);
	r = journal_replay(path, FINGERPRINT, &c, done, BOOTS, err);
	must(r >= 0 || strchr(err, ':'), "a refusal without a reason");
	must(c.boot < BOOTS && c.machine < work.nmachines, "a boot that cannot be");
	judge_set(&c);
}

static void parsed_line(void *arg, const char *line, size_t len)
{
	const char *why = NULL;
	struct rec r;
	uint64_t v;

	if (rec_parse(&r, line, len, &why) == REC_BAD)
		must(why && *why, "a refusal without a reason");
	else if (len > 5 && !memcmp(line, "@mmub ", 6))
		for (size_t i = 0; i < r.nfields; i++)
			must(rec_get(&r, r.fields[i].key) && (rec_u64(&r, r.fields[i].key, &v) || true), "a field is lost");
	*(size_t *)arg += 1;
}

static void fuzz_record(void)
{
	size_t parsed = 0;
	struct rec_lines l = { .line = parsed_line, .arg = &parsed };

	start_with(bodies, sizeof(bodies) - 1);
	damage(false);
	make_records("", "");
	damage(false);
	for (size_t at = 0, n; at < now.n; at += n) {
		n = 1 + below(3000);
		n = n < now.n - at ? n : now.n - at;
		rec_feed(&l, now.b + at, n);
	}
	rec_flush(&l);
}

/* ---- plans, in and out ---- */

static bool read_plan(const char *text, size_t len)
{
	static struct plan_case cases[PLAN_GROUP_MAX];
	struct plan plan;
	u32 n;

	if (plan_open(&plan, text, len))
		return false;
	do {
		if (plan_next_group(&plan, cases, &n))
			return false;
		must(n <= PLAN_GROUP_MAX, "a group past its limit");
	} while (n);
	return true;
}

static void drop_record(const char *line, u32 len, void *arg)
{
	(void)line;
	(void)len;
	++*(u32 *)arg;
}

static void fuzz_plan(void)
{
	static const char good[] = "mmub-plan 1\nset seed=1 rounds=2 warmup=1 min_ns=100000 timed=1 ops_log=5 events=a,b\ngroup\n"
		"case id=0 family=map_mem variant=direct ram=4194304 leaf=cont\n"
		"case id=1 family=map_mem variant=fixmap_once ram=4194304 leaf=cont\ngroup\n"
		"case id=2 family=unmap variant=range pages=16 regime=low\nend\n";
	u32 records = 0;
	char *exact;

	start_with(good, sizeof(good) - 1);
	damage(false);
	exact = malloc(now.n + !now.n);		/* a byte too far is seen */
	memcpy(exact, now.b, now.n);
	plat_model_emit(drop_record, &records);
	read_plan(exact, now.n);
	free(exact);
}

/* What a suite's reader takes makes plans that the guest's reader takes. */
static void fuzz_suite(void)
{
	static const char good[] = "{\"schema\": \"mmubench-suite/1\", \"title\": \"t\", \"description\": \"d\",\n"
		"\"cases\": [{\"family\": \"tlbi_range\", \"variants\": [\"scale_*\", \"lpa2_split\"],\n"
		" \"params\": {\"pages\": [1, 512, \"4K\"], \"granule\": [\"4K\", 65536], \"regime\": [\"high\", \"low\"]}},\n"
		"{\"family\": \"map_mem\", \"variants\": [\"*\"],\n \"params\": {\"ram\": [\"256M\", 1073741824], \"leaf\": \"block\"}}],\n"
		"\"rounds\": 4, \"warmup\": 1, \"boots\": 2}\n";
	struct work_options o = { .twins = below(2), .smp = (uint32_t)below(9) };
	struct plan_request q = { .seed = 1, .rounds = 1, .timed = true };
	struct work w = { 0 };
	char err[WORK_ERR_MAX] = "";
	bool outside;
	u32 records = 0;

	start_with(good, sizeof(good) - 1);
	damage(false);
	write_input(path);
	if (work_add(&w, path, &o, err, &outside) || work_arrange(&w, &o, err)) {
		must(*err, "a refusal without a reason");
	} else {
		plat_model_emit(drop_record, &records);
		for (uint32_t m = 0; m < w.nmachines; m++) {
			char *text = plan_write(&w, m, &q);

			must(read_plan(text, strlen(text)) && !records, "a plan that the guest refuses");
			free(text);
		}
	}
	work_free(&w);
}

/* ---- result sets ---- */

static void fuzz_resultset(void)
{
	static const char good[] = "{\"schema\": \"mmubench/1\", \"environment\": {\"label\": \"x\", \"n\": {\"a\": [1, 2.5, null]}},\n"
		"\"cases\": [{\"family\": \"f\", \"variant\": \"v\", \"platform\": \"p\", \"params\": {\"ram\": 4096, \"leaf\": \"page\"},\n"
		" \"counts\": {\"isb\": 3, \"dsb.ish\": 18446744073709551615}, \"check\": \"pass\", \"twin\": true, \"why\": \"\\u00e9\\n\",\n"
		" \"samples\": [{\"boot\": 0, \"round\": 1, \"order\": 2, \"ns\": 1.5e3, \"insns\": 7, \"events\": {\"a\": 1},\n"
		"  \"extra\": {\"b\": -2.5}, \"warmup\": true}, {\"boot\": 4294967295, \"round\": 0, \"ns\": 0.1, \"preempted\": true}]},\n"
		" {\"family\": \"f\", \"variant\": \"w\", \"platform\": \"p\", \"params\": {}, \"skip\": \"s\",\n"
		"  \"published\": [{\"metric\": \"time\", \"value\": 1e9, \"sd\": 2, \"n\": 3}]}]}\n";
	char err[RS_ERR_MAX] = "";
	struct rs_set *set, *again;

	start_with(good, sizeof(good) - 1);
	damage(false);
	write_input(path);
	set = rs_load(path, err);
	if (!set) {
		must(*err, "a refusal without a reason");
		return;
	}
	must(!rs_save(set, path2, err), "the result set could not be written");
	again = rs_load(path2, err);
	if (!again)
		fprintf(stdout, "# %s\n", err);
	must(again && again->ncases == set->ncases, "what was read cannot be read again once written");
	for (size_t i = 0; i < set->ncases; i++)
		must(again->cases[i].nsamples == set->cases[i].nsamples &&
		     again->cases[i].ncounts == set->cases[i].ncounts, "a sample or a count was lost");
	rs_free(set);
	rs_free(again);
}

/* ---- QMP ---- */

static void fuzz_qmp(void)
{
	static const char good[] =
		"{\"QMP\": {\"version\": {\"qemu\": {\"micro\": 9, \"minor\": 2, \"major\": 7}, \"package\": \"x\"}, \"capabilities\": []}}\r\n"
		"{\"return\": {}, \"id\": 1}\r\n{\"event\": \"RESUME\"}\r\n{\"return\": {\"enabled\": false, \"present\": true}, \"id\": 2}\r\n"
		"{\"return\": [{\"thread-id\": 77, \"cpu-index\": 0}, {\"thread-id\": 78}], \"id\": 3}\r\n";
	struct qmp q = { 0 };

	start_with(good, sizeof(good) - 1);
	damage(false);
	for (size_t at = 0, n; at < now.n; at += n) {
		n = 1 + below(90);
		n = n < now.n - at ? n : now.n - at;
		if (!qmp_feed(&q, now.b + at, n))
			break;
		must(q.ntids <= QMP_CPUS_MAX && strnlen(q.version, sizeof(q.version)) < sizeof(q.version), "past its room");
	}
	qmp_free(&q);
}

/* ---- the device tree ---- */

static void node(void *fdt, const char *name, const char *compatible)
{
	fdt_begin_node(fdt, name);
	if (compatible)
		fdt_property_string(fdt, "compatible", compatible);
}

static void reg(void *fdt, const char *name, u64 start, u64 bytes)
{
	fdt64_t v[4] = { cpu_to_fdt64(start), cpu_to_fdt64(bytes), cpu_to_fdt64(start * 2), cpu_to_fdt64(bytes) };

	fdt_property(fdt, name, v, sizeof(v));
}

/* As QEMU's virt has it, what dt.c looks at. */
static size_t make_tree(char *fdt, size_t size)
{
	fdt_create(fdt, (int)size);
	fdt_add_reservemap_entry(fdt, 0x50000000, 0x1000);
	fdt_finish_reservemap(fdt);
	node(fdt, "", "linux,dummy-virt");
	fdt_property_u32(fdt, "#address-cells", 2);
	fdt_property_u32(fdt, "#size-cells", 2);
	node(fdt, "psci", "arm,psci-1.0");
	fdt_property_string(fdt, "method", "hvc");
	fdt_end_node(fdt);
	node(fdt, "memory@40000000", NULL);
	fdt_property_string(fdt, "device_type", "memory");
	reg(fdt, "reg", 0x40000000, 0x10000000);
	fdt_end_node(fdt);
	node(fdt, "pcie@10000000", "pci-host-ecam-generic");
	reg(fdt, "reg", 0x10000000, 0x1000000);
	fdt_property(fdt, "ranges", "\1\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\77\17\0\0\0\0\0\0\0\1\0\0\2\0\0\0\0\0\0\0\20\0\0\0"
		     "\0\0\0\0\20\0\0\0\0\0\0\0\56\377\0\0", 56);
	fdt_end_node(fdt);
	node(fdt, "intc@8000000", "arm,gic-v3");
	reg(fdt, "reg", 0x8000000, 0x10000);
	fdt_end_node(fdt);
	node(fdt, "smmuv3@9050000", "arm,smmu-v3");
	reg(fdt, "reg", 0x9050000, 0x20000);
	fdt_end_node(fdt);
	node(fdt, "pl011@9000000", "arm,pl011");
	reg(fdt, "reg", 0x9000000, 0x1000);
	fdt_end_node(fdt);
	node(fdt, "serial@9100000", "snps,dw-apb-uart");
	fdt_property_u32(fdt, "reg-shift", 2);
	reg(fdt, "reg", 0x9100000, 0x1000);
	fdt_end_node(fdt);
	node(fdt, "cpus", NULL);
	fdt_property_u32(fdt, "#address-cells", 1);
	fdt_property_u32(fdt, "#size-cells", 0);
	node(fdt, "cpu@0", "arm,arm-v8");
	fdt_property_string(fdt, "device_type", "cpu");
	fdt_property_u32(fdt, "reg", 0);
	fdt_end_node(fdt);
	fdt_end_node(fdt);
	node(fdt, "reserved-memory", NULL);
	fdt_property_u32(fdt, "#address-cells", 2);
	fdt_property_u32(fdt, "#size-cells", 2);
	node(fdt, "r@60000000", NULL);
	reg(fdt, "reg", 0x60000000, 0x1000);
	fdt_end_node(fdt);
	fdt_end_node(fdt);
	node(fdt, "chosen", NULL);
	fdt_property_string(fdt, "stdout-path", "/serial@9100000:115200");
	fdt_property_string(fdt, "bootargs", "mmub.plan=x");
	fdt_property_u32(fdt, "linux,initrd-start", 0x48000000);
	fdt_property_u32(fdt, "linux,initrd-end", 0x48001000);
	fdt_end_node(fdt);
	fdt_end_node(fdt);
	fdt_finish(fdt);
	return fdt_totalsize(fdt);
}

static bool read_tree_at(const void *fdt)
{
	memset(&seen, 0, sizeof(seen));
	dt = (struct dt_info){ .bootargs = "" };
	if (dt_init(fdt))
		return false;
	(void)dt_pci_window();
	must(dt.rams && dt.rams <= DT_RANGES_MAX && dt.reserveds <= DT_RANGES_MAX && dt.cpus <= DT_CPUS_MAX &&
	     dt.bootargs && strlen(dt.bootargs) < fdt_totalsize(fdt) && dt.uart_shift < 4, "a device tree past its room");
	return true;
}

static void fuzz_devicetree(void)
{
	static char good[8192] __attribute__((aligned(8)));
	static size_t n;
	char *exact;

	if (!n) {
		n = make_tree(good, sizeof(good));
		must(read_tree_at(good) && dt.rams == 2 && dt.cpus == 1 && dt.reserveds == 3 && dt.uart == 0x9100000 &&
		     dt.uart_shift == 2 && dt.psci && dt.smmu.start && dt_pci_window().start == 0x10000000 &&
		     dt.gicr.start && dt.initrd_end, "the seed's tree is read wrongly");
	}
	start_with(good, n);
	damage(true);
	/* a guest has the memory that the header claims; the claim itself is not what is tried here */
	if (now.n < sizeof(struct fdt_header) || fdt_totalsize(now.b) > INPUT_MAX)
		return;
	exact = calloc(1, fdt_totalsize(now.b) > now.n ? fdt_totalsize(now.b) : now.n);
	memcpy(exact, now.b, now.n);
	read_tree_at(exact);
	free(exact);
}

static const struct target {
	const char *name;
	void (*run)(void);
	unsigned long part;		/* of the runs asked for: 1/part */
} targets[] = {
	{ "record", fuzz_record, 1 }, { "console", fuzz_console, 2 }, { "journal", fuzz_journal, 2 },
	{ "plan", fuzz_plan, 1 }, { "suite", fuzz_suite, 4 }, { "resultset", fuzz_resultset, 1 }, { "qmp", fuzz_qmp, 1 },
	{ "devicetree", fuzz_devicetree, 1 },
};

int main(int argc, char **argv)
{
	const char *only = argc > 1 && strcmp(argv[1], "all") ? argv[1] : NULL;
	unsigned long runs = argc > 2 ? strtoul(argv[2], NULL, 10) : RUNS, seed = argc > 3 ? strtoul(argv[3], NULL, 10) : 1;
	int n = 0;

	/* Complaints about the input are what they all make; the sanitizers' (descriptor 2) are what matters. */
	stderr = fopen("/dev/null", "w");
	signal(SIGABRT, keep_input);
	snprintf(folder, sizeof(folder), "%s/mmub-fuzz.XXXXXX", access("/dev/shm", W_OK) ? "/tmp" : "/dev/shm");
	if (!stderr || !mkdtemp(folder))
		return 3;
	snprintf(path, sizeof(path), "%s/x.json", folder);
	snprintf(path2, sizeof(path2), "%s/y.json", folder);
	atexit(clean_up);
	target_name = "seed";
	make_work();
	for (size_t i = 0; i < MMUB_ARRAY_SIZE(targets); i++) {
		const struct target *t = &targets[i];

		if (only && strcmp(only, t->name))
			continue;
		target_name = t->name;
		mmub_rng_seed(&rng, seed);
		for (run_number = 0; run_number < runs / t->part; run_number++)
			t->run();
		fprintf(stdout, "ok %d - %s: %lu damaged inputs\n", ++n, t->name, runs / t->part);
		fflush(stdout);
	}
	work_free(&work);
	fprintf(stdout, "1..%d\n", n);
	return fflush(stdout) || !n;
}
