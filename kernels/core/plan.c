// SPDX-License-Identifier: GPL-2.0-only
/* Plans in (docs/protocol.md): lines, parsed group by group; nothing of the text is modified. */
#include "core.h"

struct word {
	const char *s;
	u64 len;
};

static bool word_is(struct word w, const char *s)
{
	return w.len == strlen(s) && !memcmp(w.s, s, w.len);
}

/* Next line without its end (newline or ';'); false at the end of the text. */
static bool next_line(struct plan *plan, struct word *line)
{
	if (plan->at >= plan->end)
		return false;
	line->s = plan->at;
	while (plan->at < plan->end && *plan->at != '\n' && *plan->at != ';')
		plan->at++;
	line->len = (u64)(plan->at - line->s);
	plan->at++;
	return true;
}

static bool next_word(struct word *line, struct word *w)
{
	while (line->len && (*line->s == ' ' || *line->s == '\t' || *line->s == '\r')) {
		line->s++;
		line->len--;
	}
	w->s = line->s;
	for (w->len = 0; w->len < line->len; w->len++)
		if (w->s[w->len] == ' ' || w->s[w->len] == '\t' || w->s[w->len] == '\r')
			break;
	line->s += w->len;
	line->len -= w->len;
	return w->len > 0;
}

/* Splits key=value at the first '='. */
static bool split(struct word w, struct word *key, struct word *val)
{
	for (u64 i = 0; i < w.len; i++) {
		if (w.s[i] == '=') {
			*key = (struct word){ w.s, i };
			*val = (struct word){ w.s + i + 1, w.len - i - 1 };
			return true;
		}
	}
	return false;
}

static bool number(struct word w, u64 *val)
{
	/* ram is as good a row as any: a plain number */
	return bench_param_parse(BENCH_PARAM_ram, w.s, w.len, val);
}

static bool copy_word(char *buf, u64 size, struct word w)
{
	if (w.len >= size)
		return false;
	memcpy(buf, w.s, w.len);
	buf[w.len] = 0;
	return true;
}

/*
 * What no plan asks for, and what products of these numbers must not overflow at: ten seconds a sample, 16
 * million rounds, 256 MiB of operation log.
 */
#define MIN_NS_MAX	10000000000ull
#define ROUNDS_MAX	(1ull << 24)
#define OPS_LOG_MAX	(1ull << 24)

static bool within_limits(struct word key, u64 n)
{
	if (word_is(key, "rounds") || word_is(key, "warmup"))
		return n <= ROUNDS_MAX;
	if (word_is(key, "min_ns"))
		return n <= MIN_NS_MAX;
	return !word_is(key, "ops_log") || n <= OPS_LOG_MAX;
}

static const char *parse_settings(struct plan_settings *set, struct word line)
{
	struct word w, key, val;
	u64 n = 0;

	while (next_word(&line, &w)) {
		if (!split(w, &key, &val))
			return "plan: a setting is not key=value";
		if (word_is(key, "events")) {
			if (!copy_word(set->events, sizeof(set->events), val))
				return "plan: events= is too long";
			continue;
		}
		if (!number(val, &n))
			return "plan: a setting is not a number";
		if (!within_limits(key, n))
			return "plan: a setting is beyond its limit";
		if (word_is(key, "seed"))
			set->seed = n;
		else if (word_is(key, "rounds"))
			set->rounds = (u32)n;
		else if (word_is(key, "warmup"))
			set->warmup = (u32)n;
		else if (word_is(key, "min_ns"))
			set->min_ns = n;
		else if (word_is(key, "ops_log"))
			set->ops_log = n;
		else if (word_is(key, "timed"))
			set->timed = n != 0;
		else
			return "plan: unknown setting: host and guest are of different versions";
	}
	return NULL;
}

/* A plan that was cut short has no "end" line. */
static bool has_end(const char *text, u64 len)
{
	while (len && (text[len - 1] == '\n' || text[len - 1] == ';' || text[len - 1] == ' ' ||
		       text[len - 1] == '\r' || !text[len - 1]))
		len--;
	return len >= 4 && !memcmp(text + len - 3, "end", 3) &&
	       (text[len - 4] == '\n' || text[len - 4] == ';');
}

const char *plan_open(struct plan *plan, const char *text, u64 len)
{
	struct word line, w;

	memset(plan, 0, sizeof(*plan));
	plan->text = plan->at = text;
	plan->end = text + len;
	plan->set = (struct plan_settings){ .seed = 1, .rounds = 1, .timed = 1 };
	if (!next_line(plan, &line) || !next_word(&line, &w) || !word_is(w, "mmub-plan") ||
	    !next_word(&line, &w) || !word_is(w, "1"))
		return "plan: the first line is not 'mmub-plan 1'";
	if (!has_end(text, len))
		return "plan: no 'end' line: it was cut short";
	if (!next_line(plan, &line) || !next_word(&line, &w) || !word_is(w, "set"))
		return "plan: the second line is not 'set ...'";
	return parse_settings(&plan->set, line);
}

static void case_error(u32 id, const char *what, struct word w)
{
	char name[64], why[128];

	if (!copy_word(name, sizeof(name), w))
		name[0] = 0;
	mmub_snprintf(why, sizeof(why), "%s %s", what, name);
	record_begin("error");
	record_u64("id", id);
	record_str("why", why);
	record_end();
}

static bool parse_param(struct plan_case *pc, struct word key, struct word val)
{
	char name[32];

	if (!copy_word(name, sizeof(name), key))
		return false;
	for (u32 i = 0; bench_param_name(i); i++)
		if (!strcmp(bench_param_name(i), name))
			return bench_param_parse(i, val.s, val.len, bench_param_slot(&pc->p, i));
	return false;
}

/* id, family and variant come first, in this order; parameters after. */
static bool parse_case(struct plan_case *pc, struct word line)
{
	struct word w, key, val;
	char family[32], variant[32];
	u64 id;

	memset(pc, 0, sizeof(*pc));
	pc->id = ~0u;
	if (!next_word(&line, &w) || !split(w, &key, &val) || !word_is(key, "id") || !number(val, &id) ||
	    id >= ~0u) {
		case_error(~0u, "plan: a case without an id:", w);
		return false;
	}
	pc->id = (u32)id;
	if (!next_word(&line, &w) || !split(w, &key, &val) || !word_is(key, "family") ||
	    !copy_word(family, sizeof(family), val) || !(pc->f = bench_family_find(family))) {
		case_error(pc->id, "unknown family", val);
		return false;
	}
	if (!next_word(&line, &w) || !split(w, &key, &val) || !word_is(key, "variant") ||
	    !copy_word(variant, sizeof(variant), val) ||
	    !(pc->counted = bench_variant_find(family, variant, MMU_PASS_COUNTED))) {
		case_error(pc->id, "unknown variant", val);
		return false;
	}
	/* The model has no timed build: it times the counted one, and nobody believes the time. */
	pc->timed = bench_variant_find(family, variant, MMU_PASS_TIMED);
	if (!pc->timed)
		pc->timed = pc->counted;
	bench_params_default(&pc->p, pc->f);
	while (next_word(&line, &w)) {
		if (!split(w, &key, &val) || !parse_param(pc, key, val)) {
			case_error(pc->id, "unknown parameter or value", w);
			return false;
		}
	}
	return true;
}

/* One set-up serves the whole group, so what it is made from must be the same. */
static bool same_point(const struct plan_case *a, const struct plan_case *b)
{
	return a->f == b->f && !memcmp(&a->p, &b->p, sizeof(a->p));
}

const char *plan_next_group(struct plan *plan, struct plan_case *cases, u32 *n)
{
	struct word line, w;
	bool any = false;

	*n = 0;
	while (next_line(plan, &line)) {
		const char *start = line.s;

		if (!next_word(&line, &w))
			continue;
		if (word_is(w, "end"))
			break;
		if (word_is(w, "group")) {
			if (!any)
				continue;
			plan->at = start;
			break;
		}
		if (!word_is(w, "case"))
			return "plan: a line is neither case, group nor end";
		any = true;
		if (*n == PLAN_GROUP_MAX)
			return "plan: more than 32 cases in a group";
		if (parse_case(&cases[*n], line)) {
			if (!same_point(&cases[0], &cases[*n]))
				return "plan: cases of one group differ in family or parameters";
			++*n;
		} else if (!*n) {
			any = false;
		}
	}
	return NULL;
}
