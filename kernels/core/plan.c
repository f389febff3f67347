// SPDX-License-Identifier: GPL-2.0-only
/* Plans in (docs/protocol.md): lines, parsed group by group; nothing of the text is modified. */
#include "core.h"

struct word {
	const char *s;
	u64 len;
};

static bool word_is(struct word w, const char *s)
{
	for (u64 i = 0; i < w.len; i++)
		if (!s[i] || s[i] != w.s[i])
			return false;
	return !s[w.len];
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

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* A word of a line, whole and, where it has a '=', split at the first. */
struct pair {
	struct word all, key, val;
	bool split;
};

/* False at the end of the line. */
static bool next_pair(struct word *line, struct pair *p)
{
	const char *s = line->s, *end = s + line->len;

	*p = (struct pair){ 0 };
	while (s < end && is_blank(*s))
		s++;
	for (p->all.s = s; s < end && !is_blank(*s); s++) {
		if (*s != '=' || p->split)
			continue;
		p->split = true;
		p->key = (struct word){ p->all.s, (u64)(s - p->all.s) };
		p->val.s = s + 1;
	}
	p->all.len = (u64)(s - p->all.s);
	if (p->split)
		p->val.len = (u64)(s - p->val.s);
	*line = (struct word){ s, (u64)(end - s) };
	return p->all.len > 0;
}

/* The next word is this one. */
static bool take_word(struct word *line, const char *s)
{
	struct pair p;

	return next_pair(line, &p) && word_is(p.all, s);
}

/* The next word is key=...; *val is what follows, or what stands there instead. */
static bool take_key(struct word *line, const char *key, struct word *val)
{
	struct pair p;
	bool good = next_pair(line, &p) && p.split && word_is(p.key, key);

	*val = good ? p.val : p.all;
	return good;
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
 * The settings that are numbers, each with a limit: what no plan asks for, and what products of these numbers must
 * not overflow at (ten seconds a sample, 16 million rounds, 256 MiB of operation log). One table, walked by one loop,
 * like the device tree's: what is spelt out is code that an emulator translates at each boot.
 */
static const struct setting {
	const char *name;
	u64 offset, max;
} settings[] = {
#define SETTING(name, max) { #name, __builtin_offsetof(struct plan_settings, name), max }
	SETTING(seed, ~0ull),
	SETTING(rounds, 1ull << 24),
	SETTING(warmup, 1ull << 24),
	SETTING(min_ns, 10000000000ull),
	SETTING(timed, ~0ull),
	SETTING(ops_log, 1ull << 24),
};

static const char *parse_setting(struct plan_settings *set, const struct pair *p)
{
	for (u32 i = 0; i < MMUB_ARRAY_SIZE(settings); i++) {
		u64 *slot = (u64 *)((char *)set + settings[i].offset);

		if (!word_is(p->key, settings[i].name))
			continue;
		if (!number(p->val, slot))
			return "plan: a setting is not a number";
		return *slot <= settings[i].max ? NULL : "plan: a setting is beyond its limit";
	}
	if (!word_is(p->key, "events"))
		return "plan: unknown setting: host and guest are of different versions";
	return copy_word(set->events, sizeof(set->events), p->val) ? NULL : "plan: events= is too long";
}

static const char *parse_settings(struct plan_settings *set, struct word line)
{
	const char *why = NULL;
	struct pair p;

	while (!why && next_pair(&line, &p))
		why = p.split ? parse_setting(set, &p) : "plan: a setting is not key=value";
	return why;
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
	struct word line;

	memset(plan, 0, sizeof(*plan));
	plan->text = plan->at = text;
	plan->end = text + len;
	plan->set = (struct plan_settings){ .seed = 1, .rounds = 1, .timed = 1 };
	if (!next_line(plan, &line) || !take_word(&line, "mmub-plan") || !take_word(&line, "1"))
		return "plan: the first line is not 'mmub-plan 1'";
	if (!has_end(text, len))
		return "plan: no 'end' line: it was cut short";
	if (!next_line(plan, &line) || !take_word(&line, "set"))
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

static bool parse_param(struct plan_case *pc, const struct pair *p)
{
	for (u32 i = 0; bench_param_name(i); i++)
		if (word_is(p->key, bench_param_name(i)))
			return bench_param_parse(i, p->val.s, p->val.len, bench_param_slot(&pc->p, i));
	return false;
}

/* id, family and variant come first, in this order; parameters after. */
static bool parse_case(struct plan_case *pc, struct word line)
{
	char family[32], variant[32];
	struct word val;
	struct pair p;
	u64 id;

	memset(pc, 0, sizeof(*pc));
	pc->id = ~0u;
	if (!take_key(&line, "id", &val) || !number(val, &id) || id >= ~0u) {
		case_error(~0u, "plan: a case without an id:", val);
		return false;
	}
	pc->id = (u32)id;
	if (!take_key(&line, "family", &val) || !copy_word(family, sizeof(family), val) ||
	    !(pc->f = bench_family_find(family))) {
		case_error(pc->id, "unknown family", val);
		return false;
	}
	if (!take_key(&line, "variant", &val) || !copy_word(variant, sizeof(variant), val) ||
	    !(pc->counted = bench_variant_find(family, variant, MMU_PASS_COUNTED))) {
		case_error(pc->id, "unknown variant", val);
		return false;
	}
	/* The model has no timed build: it times the counted one, and nobody believes the time. */
	pc->timed = bench_variant_find(family, variant, MMU_PASS_TIMED);
	if (!pc->timed)
		pc->timed = pc->counted;
	bench_params_default(&pc->p, pc->f);
	while (next_pair(&line, &p)) {
		if (!p.split || !parse_param(pc, &p)) {
			case_error(pc->id, "unknown parameter or value", p.all);
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
	struct word line;
	struct pair p;
	bool any = false;

	*n = 0;
	while (next_line(plan, &line)) {
		const char *start = line.s;

		if (!next_pair(&line, &p))
			continue;
		if (word_is(p.all, "end"))
			break;
		if (word_is(p.all, "group")) {
			if (!any)
				continue;
			plan->at = start;
			break;
		}
		if (!word_is(p.all, "case"))
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
