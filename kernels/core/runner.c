// SPDX-License-Identifier: GPL-2.0-only
/*
 * Runs a plan: group by group, first each case's counted pass with its check, then the timed rounds of
 * all cases of the group interleaved. One case's error never stops the others.
 */
#include "core.h"

struct sample {
	u64 loops, ticks;
	u32 round, order;
	bool warmup;
	struct plat_events events;
	u64 extra[BENCH_EXTRA_MAX];
};

/* Static, because the module's stack is small. One plan runs at a time. */
static struct {
	struct plan plan;
	struct plan_case cases[PLAN_GROUP_MAX];
	u32 n;
	bool timed[PLAN_GROUP_MAX];		/* takes part in the timed rounds */
	u64 loops[PLAN_GROUP_MAX];
	u64 counted_ticks[PLAN_GROUP_MAX];	/* what the counted pass took */
	struct sample samples[PLAN_GROUP_MAX];
	struct bench_case c;
	u32 group, failed, current;
	const char *never;			/* the last reason that plat_never() marked */
} r;

__attribute__((weak)) bool plat_should_stop(void)
{
	return false;
}

__attribute__((weak)) const char *plat_space_lend(struct mmu_space *s, enum mmu_regime regime,
						   const struct pt_geom *g, int level, u64 bytes)
{
	(void)level;
	(void)bytes;
	return plat_space_create(s, regime, g);
}

const char *plat_never(const char *why)
{
	return r.never = why;
}

u32 runner_current_case(void)
{
	return r.current;
}

static void emit_why(const char *type, u32 id, const char *why)
{
	record_begin(type);
	if (id != ~0u)
		record_u64("id", id);
	record_str("why", why);
	record_end();
}

enum { LIST_MAX = RECORD_MAX / 2 };

/* One more name in a list, which loses its end when it is full. */
static void append(char list[LIST_MAX], u64 *used, const char *name)
{
	if (*used && *used < LIST_MAX - 1)
		list[(*used)++] = ',';
	while (*name && *used < LIST_MAX - 1)
		list[(*used)++] = *name++;
	list[*used] = 0;
}

static void emit_hello(const struct bench_env *e)
{
	char list[LIST_MAX];
	u64 used = 0;

	record_begin("hello");
	record_u64("proto", MMUB_PROTOCOL);
	record_str("platform", plat_name);
	record_u64("el", e->el);
	list[0] = 0;
	for (u32 bit = 0; mmu_feature_name(bit); bit++)
		if (e->features & 1ull << bit)
			append(list, &used, mmu_feature_name(bit));
	record_str("features", list);
	record_u64("clock_hz", e->clock_hz);
	record_hex("ram_base", e->ram_base);
	record_u64("ram", e->ram_bytes);
	record_u64("cpus", e->cpus);
	record_u64("zva", e->zva_bytes);
	record_u64("dline", e->dline_bytes);
	record_u64("pa_bits", e->pa_bits);
	record_hex("midr", plat_midr());
	record_str("build", plat_build());
	if (e->pmceid[0] | e->pmceid[1]) {
		record_hex("pmceid0", e->pmceid[0]);
		record_hex("pmceid1", e->pmceid[1]);
	}
	list[0] = 0;
	used = 0;
	for (u32 slot = 0; slot < PLAT_EVENTS_MAX && plat_event_name(slot); slot++)
		append(list, &used, plat_event_name(slot));
	record_str("events", list);
	record_end();
}

/* What reading clock and events costs, so that it can be shown beside the cases. */
static void emit_timer(void)
{
	enum { N = 101 };
	static u64 ticks[N];
	struct plat_events e0, e1;

	for (u32 i = 0; i < N; i++) {
		u64 t0, t1;
		u32 at = i;

		plat_events_read(&e0);
		t0 = plat_clock();
		t1 = plat_clock();
		plat_events_read(&e1);
		for (t1 -= t0; at && ticks[at - 1] > t1; at--)
			ticks[at] = ticks[at - 1];
		ticks[at] = t1;
	}
	record_begin("timer");
	record_u64("ticks_min", ticks[0]);
	record_u64("ticks_med", ticks[N / 2]);
	record_u64("insns", e1.n[0] - e0.n[0]);
	record_u64("n", N);
	record_end();
}

static void select_case(u32 i, u32 pass)
{
	r.current = r.cases[i].id;
	r.c.p = &r.cases[i].p;
	r.c.v = pass == MMU_PASS_COUNTED ? r.cases[i].counted : r.cases[i].timed;
}

static void prep(struct bench_case *c)
{
	if (c->f->prep)
		c->f->prep(c);
	if (c->v->prep)
		c->v->prep(c);
}

static void post(struct bench_case *c)
{
	if (c->v->post)
		c->v->post(c);
	if (c->f->post)
		c->f->post(c);
}

/* Why the case cannot run here, or NULL. */
static const char *skip_reason(struct bench_case *c)
{
	u64 lacks = (c->f->needs | c->v->needs) & ~c->e->features;
	const char *why;

	for (u32 bit = 0; mmu_feature_name(bit); bit++)
		if (lacks & 1ull << bit)
			return bench_fail(c, "lacks %s (%s)", mmu_feature_name(bit),
					  mmu_feature_where(bit));
	why = c->f->skip ? c->f->skip(c) : NULL;
	return why || !c->v->skip ? why : c->v->skip(c);
}

static void emit_counts(u32 id, const struct mmu_counts *counts)
{
	record_begin("counts");
	record_u64("id", id);
	for (u32 op = 0; op < MMU_OP_MAX; op++)
		if (counts->n[op])
			record_u64(mmu_op_name(op), counts->n[op]);
	record_end();
}

static void emit_ops(u32 id, const struct mmu_counter *log)
{
	for (u64 i = 0; i < log->log_used; i++) {
		record_begin("op");
		record_u64("id", id);
		record_u64("n", i);
		record_str("op", mmu_op_name(log->log[i].op));
		record_hex("operand", log->log[i].operand);
		record_end();
	}
	if (log->log_lost) {
		record_begin("oplost");
		record_u64("id", id);
		record_u64("n", log->log_lost);
		record_end();
	}
}

/* The closed forms against what was counted: the first operation that differs. */
static const char *compare_counts(struct bench_case *c, const struct mmu_counts *got)
{
	static struct mmu_counts want;

	memset(&want, 0, sizeof(want));
	c->v->expect(c->p, c->e, &want);
	for (u32 op = 0; op < MMU_OP_MAX; op++)
		if (got->n[op] != want.n[op])
			return bench_fail(c, "%s: expected %llu, counted %llu", mmu_op_name(op),
					  (unsigned long long)want.n[op], (unsigned long long)got->n[op]);
	return NULL;
}

static void emit_check(u32 id, const char *why)
{
	record_begin("check");
	record_u64("id", id);
	record_str("verdict", why ? "fail" : "pass");
	if (why)
		record_str("why", why);
	record_end();
}

/*
 * What the platform saw is asked before the check, whose barriers, probes and flushes would hide it; told only
 * when the check, which is the same on every platform, found nothing. So it is kept: both write to c->why.
 */
static const char *kept(const char *why)
{
	static char text[BENCH_WHY_MAX];

	if (!why)
		return NULL;
	mmub_snprintf(text, sizeof(text), "%s", why);
	return text;
}

/* Counted pass of case i. True: it may be timed. */
static bool run_counted(u32 i, struct mmu_log_entry *log)
{
	static struct mmu_counter taken;
	const char *why, *violation;
	u64 t0;

	select_case(i, MMU_PASS_COUNTED);
	record_begin("case");
	record_u64("id", r.current);
	record_end();
	prep(&r.c);
	memset(&mmu_counter, 0, sizeof(mmu_counter));
	mmu_counter.log = log;
	mmu_counter.log_size = log ? r.plan.set.ops_log : 0;
	t0 = plat_clock();
	r.c.v->run(&r.c);
	r.counted_ticks[i] = plat_clock() - t0;
	taken = mmu_counter;
	mmu_counter.log = NULL;
	violation = kept(plat_violation(&r.c));
	why = r.c.v->check(&r.c);
	if (!why)
		why = violation;
	if (!why)
		why = compare_counts(&r.c, &taken.counts);
	post(&r.c);
	emit_counts(r.current, &taken.counts);
	emit_ops(r.current, &taken);
	emit_check(r.current, why);
	r.failed += why != NULL;
	return !why;
}

/* One clocked stretch: adds to the sample. inner: calls of run() inside the clock. */
static void clocked(struct sample *s, u64 inner)
{
	struct plat_events e0, e1;
	u64 t0, t1;

	plat_sample_begin();
	plat_events_read(&e0);
	t0 = plat_clock();
	do {
		r.c.v->run(&r.c);
	} while (--inner);
	t1 = plat_clock();
	plat_events_read(&e1);
	plat_sample_end();
	s->ticks += t1 - t0;
	for (u32 k = 0; k < PLAT_EVENTS_MAX; k++)
		s->events.n[k] += e1.n[k] - e0.n[k];
}

static void run_sample(u32 i, struct sample *s)
{
	bool repeatable;

	select_case(i, MMU_PASS_TIMED);
	repeatable = r.c.v->flags & BENCH_REPEATABLE;
	s->loops = r.loops[i];
	for (u64 left = s->loops; left;) {
		u64 inner = repeatable ? left : 1;

		prep(&r.c);
		memset(r.c.extra, 0, sizeof(r.c.extra));
		clocked(s, inner);
		post(&r.c);
		for (u32 k = 0; k < BENCH_EXTRA_MAX; k++)
			s->extra[k] += r.c.extra[k];
		left -= inner;
	}
}

/* Ticks of plan.set.min_ns, rounded up; seconds apart from the rest, so that no product overflows. */
static u64 least_ticks(void)
{
	u64 s = r.plan.set.min_ns / 1000000000, ns = r.plan.set.min_ns % 1000000000, hz = r.c.e->clock_hz;

	return s * hz + (ns * hz + 999999999) / 1000000000;
}

enum { LOOPS_MAX = 1 << 20 };

/* More loops until a sample is long against the timer's resolution; the trials are not recorded. */
static void lengthen(u32 i, u64 min_ticks)
{
	static struct sample s;

	while (r.c.e->clock_hz && r.loops[i] < LOOPS_MAX) {
		u64 want;

		memset(&s, 0, sizeof(s));
		run_sample(i, &s);
		if (s.ticks >= min_ticks)
			break;
		/* Aim 20 % past the mark; grow at most 64-fold, a first run tells little. */
		want = s.ticks ? r.loops[i] * min_ticks * 6 / 5 / s.ticks + 1 : r.loops[i] * 64;
		want = want > r.loops[i] * 64 ? r.loops[i] * 64 : want > r.loops[i] ? want : r.loops[i] * 2;
		r.loops[i] = want < LOOPS_MAX ? want : LOOPS_MAX;
	}
}

/*
 * Counting makes a run some times as long, hardly this many: one that is long enough by that needs no trial. At
 * 512 GiB a trial would be seconds. But the first runs may be cold (in emulation their code is translated then) and
 * look long: a warm-up sample tells, or the first one, see check_length(). Without warm-up a trial warms them.
 */
enum { COUNTING_COSTS = 5 };

static void calibrate(u32 i)
{
	u64 min_ticks = least_ticks();

	r.loops[i] = 1;
	if (!r.plan.set.warmup || r.counted_ticks[i] < COUNTING_COSTS * min_ticks)
		lengthen(i, min_ticks);
}

static void emit_sample(u32 i)
{
	static const char *const ev[] = { "e0", "e1", "e2", "e3", "e4", "e5", "e6", "e7" };
	static const char *const ex[] = { "x0", "x1", "x2", "x3" };
	const struct sample *s = &r.samples[i];

	record_begin("sample");
	record_u64("id", r.cases[i].id);
	record_u64("round", s->round);
	record_u64("order", s->order);
	record_u64("warmup", s->warmup);
	record_u64("loops", s->loops);
	record_u64("ticks", s->ticks);
	for (u32 k = 0; k < PLAT_EVENTS_MAX && plat_event_name(k); k++)
		record_u64(ev[k], s->events.n[k]);
	for (u32 k = 0; k < BENCH_EXTRA_MAX && r.c.f->extra_names && r.c.f->extra_names[k]; k++)
		record_u64(ex[k], s->extra[k]);
	record_end();
}

/*
 * The order of a round. The first place of a round is slower (3 % of 1 ms: it comes after the console), so
 * each case has each place equally often: an order is drawn for n rounds, and moves on by a place in each.
 */
static void draw_order(struct mmub_rng *rng, u32 round, u32 *order)
{
	u32 first = order[0];

	if (round % r.n) {
		for (u32 i = 1; i < r.n; i++)
			order[i - 1] = order[i];
		order[r.n - 1] = first;
		return;
	}
	for (u32 i = 0; i < r.n; i++)
		order[i] = i;
	for (u32 i = r.n; i > 1; i--) {
		u32 j = (u32)mmub_rng_below(rng, i), t = order[i - 1];

		order[i - 1] = order[j];
		order[j] = t;
	}
}

/* Round counts from the first warm-up round. */
static void take_sample(u32 i, u32 round, u32 order)
{
	struct sample *s = &r.samples[i];

	memset(s, 0, sizeof(*s));
	s->warmup = round < r.plan.set.warmup;
	s->round = s->warmup ? round : round - (u32)r.plan.set.warmup;
	s->order = order;
	run_sample(i, s);
}

/*
 * A warm-up sample that came out short: the first guess was made from a cold run. Where there is no warm-up round, the
 * first sample is what tells; it is taken again.
 */
static void check_length(u32 i, u32 round)
{
	u64 min_ticks = least_ticks();

	if (r.samples[i].ticks >= min_ticks || (round && !r.samples[i].warmup))
		return;
	lengthen(i, min_ticks);
	if (!r.samples[i].warmup)
		take_sample(i, round, r.samples[i].order);
}

static void run_rounds(void)
{
	const struct plan_settings *set = &r.plan.set;
	u32 order[PLAN_GROUP_MAX];
	struct mmub_rng rng;

	mmub_rng_seed(&rng, set->seed + r.group);
	for (u32 i = 0; i < r.n; i++)
		if (r.timed[i])
			calibrate(i);
	for (u32 round = 0; round < set->warmup + set->rounds && !plat_should_stop(); round++) {
		draw_order(&rng, round < set->warmup ? round : round - (u32)set->warmup, order);
		for (u32 k = 0; k < r.n; k++)
			if (r.timed[order[k]])
				take_sample(order[k], round, k);
		for (u32 i = 0; i < r.n; i++) {
			if (!r.timed[i])
				continue;
			check_length(i, round);
			emit_sample(i);
		}
	}
}

static void run_group(void *unused)
{
	u64 log_bytes = r.plan.set.ops_log * sizeof(struct mmu_log_entry);
	struct mmu_log_entry *log = NULL;
	const char *why;

	(void)unused;
	select_case(0, MMU_PASS_COUNTED);
	why = r.c.f->setup ? r.c.f->setup(&r.c) : NULL;
	if (!why && log_bytes && !(log = plat_alloc(log_bytes)))
		why = "out of memory for the operation log";
	for (u32 i = 0; i < r.n; i++) {
		if (why)
			emit_why(why == r.never ? "skip" : "error", r.cases[i].id, why);
		r.timed[i] = !why && run_counted(i, log) && r.plan.set.timed &&
			     !(r.cases[i].timed->flags & BENCH_COUNT_ONLY);
		r.failed += why && why != r.never;
	}
	if (!why && r.plan.set.rounds && r.plan.set.timed)
		run_rounds();
	for (u32 i = 0; i < r.n && !why && !plat_should_stop(); i++) {
		record_begin("done");
		record_u64("id", r.cases[i].id);
		record_end();
	}
	if (log)
		plat_free(log, log_bytes);
	select_case(0, MMU_PASS_COUNTED);
	if (r.c.f->teardown)
		r.c.f->teardown(&r.c);
	r.current = ~0u;
}

/* Leaves out of the group what cannot run here, each with its record. */
static void drop_skipped(void)
{
	u32 kept = 0;

	for (u32 i = 0; i < r.n; i++) {
		const char *why;

		r.c.f = r.cases[i].f;
		select_case(i, MMU_PASS_COUNTED);
		why = skip_reason(&r.c);
		if (why)
			emit_why("skip", r.cases[i].id, why);
		else
			r.cases[kept++] = r.cases[i];
	}
	r.n = kept;
	r.current = ~0u;
}

static void run_groups(void)
{
	for (r.group = 0;; r.group++) {
		const char *why = plan_next_group(&r.plan, r.cases, &r.n);
		struct bench_machine m = { 0 };

		if (why) {
			emit_why("error", ~0u, why);
			r.failed++;
			return;
		}
		if (!r.n || plat_should_stop())
			return;
		memset(&r.c, 0, sizeof(r.c));
		r.c.e = plat_env();
		drop_skipped();
		if (!r.n)
			continue;
		r.c.f = r.cases[0].f;
		if (r.c.f->machine)
			r.c.f->machine(&r.cases[0].p, &m);
		why = m.el2 ? plat_at_el(2, run_group, NULL) : (run_group(NULL), NULL);
		for (u32 i = 0; why && i < r.n; i++)
			emit_why("skip", r.cases[i].id, why);
	}
}

u32 runner_run(const char *plan_text, u64 len)
{
	const char *why;

	memset(&r, 0, sizeof(r));
	r.current = ~0u;
	record_reset();
	why = plan_open(&r.plan, plan_text, len);
	if (!why)
		why = plat_events_open(r.plan.set.events);
	emit_hello(plat_env());
	if (why) {
		emit_why("error", ~0u, why);
		r.failed++;
	} else {
		if (r.plan.set.timed && plat_env()->clock_hz)
			emit_timer();
		run_groups();
	}
	record_begin("end");
	record_u64("records", record_seq());
	record_u64("failed", r.failed);
	record_end();
	return r.failed;
}
