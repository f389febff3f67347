// SPDX-License-Identifier: GPL-2.0-only
/* mmubench compare: words in, tables and a verdict out. */
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "compare.h"
#include "words.h"

#define SETS_MAX 256
#define GATES_MAX 64

extern const struct cmp_format *const __start_mmub_formats[], *const __stop_mmub_formats[];

const struct cmp_format *cmp_format_at(size_t i)
{
	return i < (size_t)(__stop_mmub_formats - __start_mmub_formats) ? __start_mmub_formats[i] : NULL;
}

const struct cmp_format *cmp_format_find(const char *name)
{
	const struct cmp_format *f;

	for (size_t i = 0; (f = cmp_format_at(i)); i++)
		if (!strcmp(f->name, name))
			return f;
	return NULL;
}

struct request {
	const char *paths[SETS_MAX];
	size_t npaths;
	struct gate gates[GATES_MAX];
	size_t ngates;
	struct cmp_options o;
	const struct cmp_format *format;
};

static void list_metrics(void)
{
	const struct metric *m;

	for (size_t i = 0; (m = metric_at(i)); i++)
		printf("%-12s %s%s%s%s\n", m->name, m->title, *m->aliases ? " (also " : "", m->aliases,
		       *m->aliases ? ")" : "");
	puts("and every operation by name (tlbi.vaale1is), events.NAME and extra.NAME");
}

static const struct metric *find_metric(const char *name)
{
	const struct metric *m = metric_find(name);
	struct nearest near = { .word = name };
	char hint[80];

	if (m)
		return m;
	for (size_t i = 0; (m = metric_at(i)); i++)
		nearest_offer(&near, m->name);
	exit(complain(EXIT_USAGE_ERROR, "compare: no metric '%s'%s (--metric help lists them)", name,
		      nearest_hint(&near, hint, sizeof(hint))));
}

static void take_gate(struct request *q, const char *text)
{
	const char *why;

	if (q->ngates == GATES_MAX)
		exit(complain(EXIT_USAGE_ERROR, "compare: more than %d --fail-if", GATES_MAX));
	why = gate_parse(text, &q->gates[q->ngates]);
	if (why)
		exit(complain(EXIT_USAGE_ERROR, "compare: --fail-if '%s' %s", text, why));
	q->ngates++;
}

static void take(struct request *q, const char *option, const char *value)
{
	if (!*option) {
		if (q->npaths == SETS_MAX)
			exit(complain(EXIT_USAGE_ERROR, "compare: more than %d result sets", SETS_MAX));
		q->paths[q->npaths++] = value;
	} else if (!strcmp(option, "--metric")) {
		if (!strcmp(value, "help")) {
			list_metrics();
			exit(EXIT_DONE);
		}
		q->o.m = find_metric(value);
	} else if (!strcmp(option, "--by")) {
		q->o.by = value;
	} else if (!strcmp(option, "--columns")) {
		q->o.columns = value;
	} else if (!strcmp(option, "--base")) {
		q->o.base = value;
	} else if (!strcmp(option, "--case")) {
		q->o.glob = value;
	} else if (!strcmp(option, "--ci")) {
		q->o.bootstrap = !strcmp(value, "bootstrap");
	} else if (!strcmp(option, "--format")) {
		q->format = cmp_format_find(value);
		if (!q->format)
			exit(complain(EXIT_USAGE_ERROR, "compare: no format '%s': text, markdown, csv, json, html",
				      value));
	} else if (!strcmp(option, "--fail-if")) {
		take_gate(q, value);
	}
}

/* Files of one name from different folders need more than their stem to be told apart. */
static void tell_apart(struct rs_set **sets, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		bool again = false;

		for (size_t k = 0; k < n; k++)
			again |= k != i && !strcmp(sets[k]->label, sets[i]->label);
		if (again) {
			char *old = sets[i]->label;

			sets[i]->label = xasprintf("%s#%zu", old, i + 1);
			for (size_t k = i + 1; k < n; k++)
				if (!strcmp(sets[k]->label, old)) {
					char *was = sets[k]->label;

					sets[k]->label = xasprintf("%s#%zu", was, k + 1);
					free(was);
				}
			free(old);
		}
	}
}

static int judge(const struct request *q, struct rs_set **sets)
{
	struct cmp_strings failures = { 0 };
	int status = EXIT_DONE;

	for (size_t i = 0; i < q->ngates; i++) {
		if (!gate_judge(&q->gates[i], sets, q->npaths, &q->o, &failures))
			status = complain(EXIT_USAGE_ERROR, "compare: --fail-if '%s': no comparison has this metric: "
					  "the gate could never fail", q->gates[i].text);
	}
	for (size_t i = 0; i < failures.n; i++)
		complain(EXIT_BAD_ANSWER, "compare: failed: %s", failures.s[i]);
	if (failures.n)
		status = EXIT_BAD_ANSWER;
	cmp_strings_free(&failures);
	return status;
}

/* A failed check is a bad answer whatever the times say. */
static int checks(struct rs_set **sets, size_t n, const char *glob)
{
	size_t failed = 0;

	for (size_t s = 0; s < n; s++)
		for (size_t i = 0; i < sets[s]->ncases; i++)
			failed += cmp_selects(&sets[s]->cases[i], glob) && sets[s]->cases[i].check &&
				  !strcmp(sets[s]->cases[i].check, "fail");
	return failed ? complain(EXIT_BAD_ANSWER, "compare: %zu case%s failed the check: their times are not shown",
				 failed, failed == 1 ? "" : "s") : EXIT_DONE;
}

/* A key that no case has would make one column of everything. */
static int check_columns(struct rs_set **sets, const struct request *q)
{
	char text[8];

	for (size_t s = 0; s < q->npaths && q->o.columns; s++)
		for (size_t i = 0; i < sets[s]->ncases; i++)
			if (rs_case_key(sets[s], &sets[s]->cases[i], q->o.columns, text, sizeof(text)))
				return EXIT_DONE;
	return !q->o.columns ? EXIT_DONE :
	       complain(EXIT_USAGE_ERROR, "compare: --columns %s: no case has this parameter, nor an "
			"environment this key (platform, set, ram, accel, cpu, ...)", q->o.columns);
}

static int compare(int argc, char **argv);

static const struct command_option options[] = {
	{ "--metric", "METRIC", "what is compared: time, insns, tlbi, ... (help: all of them)" },
	{ "--by", "variant|set", "rows are variants, or each variant in each set" },
	{ "--columns", "KEY", "a parameter, platform, set, or a key of the environment (accel, cpu)" },
	{ "--base", "VARIANT", "the variant that others are compared with (default: the first of a family)" },
	{ "--case", "GLOB", "only FAMILY/VARIANT that match" },
	{ "--ci", "boots|bootstrap", "the intervals shown: Student's t over boots, or a two-level bootstrap" },
	{ "--format", "text|markdown|csv|json|html", "how it is written (default: text)" },
	{ "--fail-if", "EXPR", "exit 1 when METRIC>PCT% (or <) anywhere; may be repeated" },
	{ 0 },
};

COMMAND(compare, .name = "compare", .usage = "BASE [NEW...] [OPTIONS]",
	.summary = "tables of result sets with verdicts: the table of a review",
	.details = "One set: its variants against the first of them. Several: each variant against itself in\n"
		   "BASE. A delta is new/old - 1; '~' means that nothing can be claimed, '=' that both are equal\n"
		   "within the noise floor of the A/A pair. Examples:\n\n"
		   "  mmubench compare before.json after.json\n"
		   "  mmubench compare run.json --metric tlbi --columns ram\n"
		   "  mmubench compare base.json new.json --fail-if 'time>+5%' --fail-if 'tlbi>0%'",
	.options = options, .run = compare);

static int compare(int argc, char **argv)
{
	struct request q = { .format = cmp_format_find("text") };
	struct option_walk w = { .cmd = &command_compare, .argc = argc, .argv = argv };
	const char *option, *value;
	struct rs_set *sets[SETS_MAX];
	char err[RS_ERR_MAX];
	struct cmp *k;
	int status, gate;

	while ((option = option_next(&w, &value)))
		take(&q, option, value);
	if (!q.npaths)
		return complain(EXIT_USAGE_ERROR, "compare: no result set: mmubench compare FILE [FILE...]");
	for (size_t i = 0; i < q.npaths; i++) {
		sets[i] = rs_load(q.paths[i], err);
		if (!sets[i])
			return complain(EXIT_OUTSIDE, "compare: %s", err);
	}
	tell_apart(sets, q.npaths);
	if (cmp_check_base("compare", sets, q.npaths, q.o.base) || check_columns(sets, &q))
		return EXIT_USAGE_ERROR;
	k = cmp_build(sets, q.npaths, &q.o);
	if (!k->ntables && !k->unmatched.n)
		return complain(q.o.glob ? EXIT_USAGE_ERROR : EXIT_OUTSIDE, "compare: %s: no case%s%s", q.paths[0],
				q.o.glob ? " matches " : " to compare", q.o.glob ? q.o.glob : "");
	q.format->write(stdout, k);
	fflush(stdout);
	status = checks(sets, q.npaths, q.o.glob);
	gate = judge(&q, sets);
	cmp_free(k);
	for (size_t i = 0; i < q.npaths; i++)
		rs_free(sets[i]);
	return gate ? gate : status;
}
