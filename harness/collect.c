/* SPDX-License-Identifier: GPL-2.0-only */
#include "collect.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "words.h"

#define NO_CASE UINT32_MAX

static void add_to_set(struct rs_set *set, const struct work_case *c, const char *platform)
{
	struct bench_params p = c->p;
	struct rs_case *r = rs_add_case(set, c->f->name, c->variant, platform);

	r->twin = c->twin;
	for (uint32_t i = 0; bench_param_name(i); i++) {
		uint64_t v = *bench_param_slot(&p, i);
		const char *name = bench_param_value_name(i, v);

		if (!(c->f->params & 1ull << i))
			continue;
		if (name)
			rs_case_param_str(r, bench_param_name(i), name);
		else
			rs_case_param_num(r, bench_param_name(i), v);
	}
}

void collect_init(struct collector *c, struct work *w, struct rs_set *set)
{
	const char *platform = rs_env(set, "platform");

	memset(c, 0, sizeof(*c));
	c->w = w;
	c->set = set;
	c->current = NO_CASE;
	c->in_boot = xcalloc(w->ncases, sizeof(*c->in_boot));
	c->ops_logged = xcalloc(w->ncases, sizeof(*c->ops_logged));
	for (size_t i = 0; i < w->ncases; i++)
		add_to_set(set, &w->cases[i], platform ? platform : "baremetal");
}

static void drop_events(struct collector *c)
{
	for (size_t i = 0; i < c->nevents; i++)
		free(c->events[i]);
	c->nevents = 0;
}

void collect_free(struct collector *c)
{
	drop_events(c);
	free(c->in_boot);
	free(c->ops_logged);
}

void collect_boot(struct collector *c, uint32_t boot, uint32_t machine)
{
	c->boot = boot;
	c->machine = machine;
	c->broken_before = c->broken;
	c->next_seq = 0;
	c->resync = c->hello = c->ended = false;
	c->current = NO_CASE;
	c->why[0] = c->chatter[0] = 0;
	memset(c->in_boot, 0, c->w->ncases * sizeof(*c->in_boot));
}

const char *collect_name(const struct collector *c, uint32_t id, char *buf, size_t size)
{
	const struct work_case *wc = &c->w->cases[id];
	const struct rs_case *r = &c->set->cases[id];
	size_t n = (size_t)snprintf(buf, size, "%s/%s%s", wc->f->name, wc->variant,
				    wc->twin ? " (twin)" : "");
	char text[24];

	for (size_t i = 0; i < r->nparams && n < size; i++) {
		const struct rs_param *p = &r->params[i];

		n += (size_t)snprintf(buf + n, size - n, " %s=%s", p->key,
				      p->str ? p->str : format_size(p->num, text));
	}
	return buf;
}

static void set_text(char **slot, const char *text)
{
	free(*slot);
	*slot = xstrdup(text);
	rs_ascii(*slot);	/* a guest may send any byte */
}

/* The case cannot be trusted any more; what was measured of it is kept. False: it was gone before. */
static bool give_up(struct collector *c, uint32_t id, const char *why)
{
	if (c->w->cases[id].state == WORK_GONE)
		return false;
	c->w->cases[id].state = WORK_GONE;
	c->broken++;
	set_text(&c->set->cases[id].fail, why);
	return true;
}

void collect_break(struct collector *c, uint32_t id, const char *fmt, ...)
{
	char why[COLLECT_WHY_MAX], name[160];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(why, sizeof(why), fmt, ap);
	va_end(ap);
	if (give_up(c, id, why) && !c->quiet)
		complain(EXIT_OUTSIDE, "%s: %s", collect_name(c, id, name, sizeof(name)), why);
}

/* The case that the guest is at: that of the last record, else the first that is still open. */
static uint32_t case_in_work(const struct collector *c)
{
	if (c->current != NO_CASE && c->w->cases[c->current].state == WORK_PENDING)
		return c->current;
	for (size_t i = 0; i < c->w->ncases && c->hello; i++)
		if (c->w->cases[i].machine == c->machine && c->w->cases[i].state == WORK_PENDING)
			return (uint32_t)i;
	return NO_CASE;
}

/* Records were lost: any open case of the group may have lost one. One line for all of them. */
static void break_group(struct collector *c, const char *why)
{
	uint32_t id = case_in_work(c), others = 0;
	char name[160];

	if (id == NO_CASE) {
		if (!c->hello && !c->why[0])
			snprintf(c->why, sizeof(c->why), "before the first case: %s", why);
		return;
	}
	for (size_t i = 0; i < c->w->ncases; i++)
		if (i != id && c->w->cases[i].group == c->w->cases[id].group &&
		    c->w->cases[i].state == WORK_PENDING)
			others += give_up(c, (uint32_t)i, why);
	if (!give_up(c, id, why) || c->quiet)
		return;
	collect_name(c, id, name, sizeof(name));
	if (others)
		complain(EXIT_OUTSIDE, "%s (and %u others of its group): %s", name, others, why);
	else
		complain(EXIT_OUTSIDE, "%s: %s", name, why);
}

/* What it is goes into the environment, once: all boots of a set are of one build. */
static void keep_hello(struct collector *c, const struct rec *r)
{
	json_t *env = c->set->environment, *guest = json_object_get(env, "guest");
	const char *build = rec_get(r, "build"), *before = json_string_value(json_object_get(guest, "build"));

	if (guest) {
		if (build && before && strcmp(build, before))
			snprintf(c->why, sizeof(c->why), "the guest is another build (%.80s) than before (%.80s): "
				 "their samples do not belong together: start anew", build, before);
		return;
	}
	guest = json_object();
	for (size_t i = 0; i < r->nfields; i++) {
		uint64_t v;

		if (rec_u64(r, r->fields[i].key, &v) && v <= INT64_MAX &&
		    strncmp(r->fields[i].val, "0x", 2))
			json_object_set_new(guest, r->fields[i].key, json_integer((json_int_t)v));
		else
			json_object_set_new(guest, r->fields[i].key, rs_text(r->fields[i].val));
	}
	json_object_set_new(env, "guest", guest);
	if (rec_get(r, "features"))
		json_object_set_new(env, "features", rs_text(rec_get(r, "features")));
}

static void on_hello(struct collector *c, const struct rec *r)
{
	const char *list = rec_get(r, "events");
	uint64_t proto = 0;

	rec_u64(r, "proto", &proto);
	if (proto != MMUB_PROTOCOL) {
		snprintf(c->why, sizeof(c->why), "the guest speaks protocol %" PRIu64
			 ", this program %d: build both anew", proto, MMUB_PROTOCOL);
		return;
	}
	c->hello = true;
	c->clock_hz = 0;
	rec_u64(r, "clock_hz", &c->clock_hz);
	drop_events(c);
	while (list && *list && c->nevents < COLLECT_EVENTS_MAX) {
		size_t len = strcspn(list, ",");

		c->events[c->nevents] = xasprintf("events.%.*s", (int)(len > 100 ? 100 : len), list);
		rs_ascii(c->events[c->nevents++]);
		list += len + (list[len] == ',');
	}
	keep_hello(c, r);
}

static void on_counts(struct collector *c, const struct rec *r, uint32_t id)
{
	struct rs_case *rc = &c->set->cases[id];
	bool known = rc->has_counts;
	size_t given = 0;
	uint64_t v;

	for (size_t i = 0; i < r->nfields; i++) {
		const char *key = r->fields[i].key;
		size_t k = 0;

		if (!strcmp(key, "id"))
			continue;
		given++;
		if (mmu_op_find(key) < 0 || !rec_u64(r, key, &v)) {
			collect_break(c, id, "counts of an unknown operation '%.40s'", key);
			return;
		}
		while (k < rc->ncounts && strcmp(rc->counts[k].name, key))
			k++;
		if (!known && k == rc->ncounts)
			rs_case_count(rc, key, v);
		else if (k == rc->ncounts || rc->counts[k].n != v)
			collect_break(c, id, "%s counted %" PRIu64 " times in boot %u, %" PRIu64
				      " times before", key, v, c->boot,
				      k < rc->ncounts ? rc->counts[k].n : 0);
	}
	if (known && given != rc->ncounts)
		collect_break(c, id, "an operation was not counted again in boot %u", c->boot);
	rc->has_counts = true;
}

static void on_check(struct collector *c, const struct rec *r, uint32_t id)
{
	struct rs_case *rc = &c->set->cases[id];
	const char *verdict = rec_get(r, "verdict"), *why = rec_get(r, "why");
	char name[160];

	if (!verdict || (strcmp(verdict, "pass") && strcmp(verdict, "fail"))) {
		collect_break(c, id, "a check record without a verdict");
		return;
	}
	set_text(&rc->check, verdict);
	if (*verdict == 'p')
		return;
	set_text(&rc->why, why ? why : "no reason given");
	c->w->cases[id].state = WORK_GONE;
	c->check_failed++;
	if (!c->quiet)
		complain(EXIT_BAD_ANSWER, "%s: check failed: %s",
			 collect_name(c, id, name, sizeof(name)), rc->why);
}

/* An extra figure in the unit that its name says: what ends in _ns comes in ticks. */
static double extra_value(const struct collector *c, const char *name, uint64_t v)
{
	size_t len = strlen(name);

	return len > 3 && !strcmp(name + len - 3, "_ns") ? (double)v * 1e9 / (double)c->clock_hz : (double)v;
}

static void put_values(struct collector *c, const struct rec *r, struct rs_case *rc,
		       const struct bench_family *f, uint64_t loops)
{
	char key[24], name[128];
	uint64_t v;

	for (size_t i = 1; i < c->nevents; i++) {
		snprintf(key, sizeof(key), "e%zu", i);
		if (rec_u64(r, key, &v)) {
			size_t k = rs_case_value_index(rc, c->events[i]);

			rc->samples[rc->nsamples - 1].values[k] = (double)v / (double)loops;
		}
	}
	for (size_t i = 0; i < BENCH_EXTRA_MAX && f->extra_names && f->extra_names[i]; i++) {
		snprintf(key, sizeof(key), "x%zu", i);
		snprintf(name, sizeof(name), "extra.%s", f->extra_names[i]);
		if (rec_u64(r, key, &v)) {
			size_t k = rs_case_value_index(rc, name);

			rc->samples[rc->nsamples - 1].values[k] = extra_value(c, name, v) / (double)loops;
		}
	}
}

static void on_sample(struct collector *c, const struct rec *r, uint32_t id)
{
	struct rs_case *rc = &c->set->cases[id];
	uint64_t round, order = 0, warmup = 0, loops, ticks, insns = 0;
	struct rs_sample *s;

	if (!rec_u64(r, "round", &round) || !rec_u64(r, "loops", &loops) ||
	    !rec_u64(r, "ticks", &ticks) || !loops || round > UINT32_MAX || !c->clock_hz) {
		collect_break(c, id, "a sample without round, loops, ticks or clock");
		return;
	}
	if (c->in_boot[id] >= c->rounds + c->warmup) {
		collect_break(c, id, "more samples than were asked for");
		return;
	}
	rec_u64(r, "order", &order);
	rec_u64(r, "warmup", &warmup);
	s = rs_case_sample(rc);
	s->boot = c->boot;
	s->round = (uint32_t)round;
	s->order = (uint32_t)order;
	s->flags = warmup ? RS_SAMPLE_WARMUP : 0;
	s->ns = (double)ticks * 1e9 / (double)c->clock_hz / (double)loops;
	if (rec_u64(r, "e0", &insns) && insns)
		s->insns = (double)insns / (double)loops;
	put_values(c, r, rc, c->w->cases[id].f, loops);
	c->in_boot[id]++;
	c->done_work += 1.0 / (c->rounds + c->warmup);
}

static void on_done(struct collector *c, uint32_t id)
{
	struct work_case *wc = &c->w->cases[id];

	if (!c->set->cases[id].check) {
		collect_break(c, id, "done without a check");
		return;
	}
	if (c->in_boot[id] && c->in_boot[id] != c->rounds + c->warmup) {
		collect_break(c, id, "%u samples came, %u were asked for", c->in_boot[id],
			      c->rounds + c->warmup);
		return;
	}
	if (wc->state == WORK_PENDING)
		wc->state = WORK_DONE;
	if (!c->in_boot[id])
		c->done_work += 1;
}

static void on_skip(struct collector *c, const struct rec *r, uint32_t id)
{
	const char *why = rec_get(r, "why");

	set_text(&c->set->cases[id].skip, why ? why : "no reason given");
	c->w->cases[id].state = WORK_GONE;
	c->skipped++;
}

static void on_op(struct collector *c, const struct rec *r, uint32_t id)
{
	const char *op = rec_get(r, "op"), *operand = rec_get(r, "operand");
	uint64_t v, n;

	if (!op || !operand || !rec_u64(r, "operand", &v) || !rec_u64(r, "n", &n) || mmu_op_find(op) < 0) {
		collect_break(c, id, "a damaged operation in the log");
		return;
	}
	/* each boot counts and logs anew, and so does a case that is taken again: once is enough */
	if (!c->ops_log || n != c->ops_logged[id])
		return;
	fprintf(c->ops_log, "%u %s 0x%" PRIx64 "\n", id, op, v);
	c->ops_logged[id]++;
}

/* A timer record is a row of its own: what reading the clock twice costs. */
static void on_timer(struct collector *c, const struct rec *r)
{
	struct rs_case *rc = NULL;
	struct rs_sample *s;
	uint64_t ticks;

	if (!rec_u64(r, "ticks_med", &ticks) || !c->clock_hz)
		return;
	for (size_t i = c->w->ncases; i < c->set->ncases; i++)
		if (!strcmp(c->set->cases[i].family, "timer"))
			rc = &c->set->cases[i];
	if (!rc) {
		rc = rs_add_case(c->set, "timer", "clock_pair", c->set->cases[0].platform);
		rc->check = xstrdup("pass");
	}
	s = rs_case_sample(rc);
	s->boot = c->boot;
	s->ns = (double)ticks * 1e9 / (double)c->clock_hz;
}

static void on_exception(struct collector *c, const struct rec *r, uint32_t id)
{
	const char *esr = rec_get(r, "esr"), *far = rec_get(r, "far"), *elr = rec_get(r, "elr");
	char text[200];

	snprintf(text, sizeof(text), "the guest crashed: %.60s esr=%.20s far=%.20s elr=%.20s",
		 rec_get(r, "why") ? rec_get(r, "why") : "exception", esr ? esr : "?",
		 far ? far : "?", elr ? elr : "?");
	if (id == NO_CASE)
		id = case_in_work(c);
	if (id == NO_CASE)
		snprintf(c->why, sizeof(c->why), "%s", text);
	else
		collect_break(c, id, "%s", text);
}

static void on_case_record(struct collector *c, const struct rec *r, uint32_t id)
{
	const char *t = r->type;

	if (c->w->cases[id].state == WORK_GONE && strcmp(t, "op") && strcmp(t, "counts"))
		return;		/* its failure has been told already */
	if (c->w->cases[id].state == WORK_DONE)
		collect_break(c, id, "a record after the case was done");
	else if (!strcmp(t, "skip"))
		on_skip(c, r, id);
	else if (!strcmp(t, "counts"))
		on_counts(c, r, id);
	else if (!strcmp(t, "check"))
		on_check(c, r, id);
	else if (!strcmp(t, "sample"))
		on_sample(c, r, id);
	else if (!strcmp(t, "done"))
		on_done(c, id);
	else if (!strcmp(t, "op"))
		on_op(c, r, id);
	else if (!strcmp(t, "oplost"))
		warn("case %u: the operation log is full; %s operations are missing in it", id,
		     rec_get(r, "n") ? rec_get(r, "n") : "some");
	else if (!strcmp(t, "error"))
		collect_break(c, id, "%s", rec_get(r, "why") ? rec_get(r, "why") : "error in the guest");
	else if (strcmp(t, "case"))
		collect_break(c, id, "an unknown record '%.20s'", t);
}

static bool in_sequence(struct collector *c, const struct rec *r)
{
	char why[100];

	if (r->seq < c->next_seq && !c->resync) {
		snprintf(why, sizeof(why), "record %" PRIu64 " came twice", r->seq);
		break_group(c, why);
		return false;
	}
	/* An exception in the middle of a record: that one never came out. */
	if (r->seq == c->next_seq + 1 && !strcmp(r->type, "exc"))
		c->next_seq++;
	if (r->seq > c->next_seq && !c->resync) {
		snprintf(why, sizeof(why), "records %" PRIu64 " to %" PRIu64 " are missing",
			 c->next_seq, r->seq - 1);
		break_group(c, why);
	}
	c->next_seq = r->seq + 1;
	c->resync = false;
	return true;
}

void collect_line(struct collector *c, const char *line, size_t len)
{
	struct rec r;
	const char *why = NULL;
	uint64_t id = NO_CASE;
	enum rec_verdict v = rec_parse(&r, line, len, &why);
	bool has_id;

	if (v == REC_CHATTER) {
		if (len > 1)
			snprintf(c->chatter, sizeof(c->chatter), "%.*s", (int)(len > 150 ? 150 : len), line);
		return;
	}
	if (v == REC_BAD) {
		char text[120];

		snprintf(text, sizeof(text), "bad record after number %" PRIu64 ": %s",
			 c->next_seq ? c->next_seq - 1 : 0, why);
		break_group(c, text);
		c->resync = true;
		return;
	}
	if (!in_sequence(c, &r))
		return;
	c->records++;
	has_id = rec_u64(&r, "id", &id);
	if (has_id && id < c->w->ncases)
		c->current = (uint32_t)id;
	if (!strcmp(r.type, "hello"))
		on_hello(c, &r);
	else if (!strcmp(r.type, "end"))
		c->ended = true;
	else if (!strcmp(r.type, "timer"))
		on_timer(c, &r);
	else if (!strcmp(r.type, "exc"))
		on_exception(c, &r, has_id && id < c->w->ncases ? (uint32_t)id : NO_CASE);
	else if (has_id && id < c->w->ncases)
		on_case_record(c, &r, (uint32_t)id);
	else if (!strcmp(r.type, "error") && !has_id)
		snprintf(c->why, sizeof(c->why), "%s",
			 rec_get(&r, "why") ? rec_get(&r, "why") : "error in the guest");
	else
		snprintf(c->why, sizeof(c->why), "a record '%.20s' of no known case", r.type);
}

void collect_end(struct collector *c, const char *how)
{
	uint32_t id;

	if (!*how && c->ended) {
		for (size_t i = 0; i < c->w->ncases; i++)
			if (c->w->cases[i].machine == c->machine &&
			    c->w->cases[i].state == WORK_PENDING && !c->why[0])
				collect_break(c, (uint32_t)i, "the guest ended without reporting it");
		return;
	}
	if (c->why[0])		/* the boot was no good, whatever ran in it */
		return;
	/* A crash or a hang: it is the case that was being run; none when its own record told already. */
	id = case_in_work(c);
	if (c->broken != c->broken_before)
		return;
	if (id != NO_CASE)
		collect_break(c, id, "%s", *how ? how : "the guest stopped");
	else
		snprintf(c->why, sizeof(c->why), "%s", *how ? how : "the guest stopped");
}

void collect_forget_pending(struct collector *c)
{
	for (size_t i = 0; i < c->w->ncases; i++) {
		struct rs_case *rc = &c->set->cases[i];

		if (c->w->cases[i].state != WORK_PENDING)
			continue;
		while (rc->nsamples && rc->samples[rc->nsamples - 1].boot == c->boot) {
			rc->nsamples--;
			free(rc->samples[rc->nsamples].values);
		}
	}
}
