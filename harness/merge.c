/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * mmubench merge: result sets of the same environment become one, their boots numbered on. Sets of
 * different machines stay apart: compare puts them side by side.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "resultset.h"

static int merge(int argc, char **argv);

static const struct command_option options[] = {
	{ "-o", "FILE", "result set to write" },
	{ NULL, NULL, NULL },
};
COMMAND(merge, .name = "merge", .usage = "-o FILE FILE...", .options = options, .run = merge,
	.summary = "boots of several runs of one machine in one result set",
	.details = "The sets must agree in accel, cpu, platform, machine, image and QEMU; a case of several\n"
		   "sets keeps all its samples, with boots numbered on, and its counts must be equal.");

static const char *must_agree(const struct rs_set *a, const struct rs_set *b)
{
	static const char *const keys[] = { "accel", "cpu", "platform", "machine", "image.sha256",
		"qemu.version", "features", NULL };

	for (size_t i = 0; keys[i]; i++) {
		const char *x = rs_env(a, keys[i]), *y = rs_env(b, keys[i]);

		if (strcmp(x ? x : "", y ? y : ""))
			return keys[i];
	}
	return NULL;
}

static uint32_t next_boot(const struct rs_set *set)
{
	uint32_t boot = 0;

	for (size_t i = 0; i < set->ncases; i++)
		for (size_t k = 0; k < set->cases[i].nsamples; k++)
			if (set->cases[i].samples[k].boot >= boot)
				boot = set->cases[i].samples[k].boot + 1;
	return boot;
}

static char *identity(const struct rs_case *c)
{
	char *point = rs_case_point(c);
	char *id = xasprintf("%s %s %d", point, c->variant, c->twin);

	free(point);
	return id;
}

static struct rs_case *find(struct rs_set *set, const struct rs_case *c)
{
	char *want = identity(c);
	struct rs_case *hit = NULL;

	for (size_t i = 0; i < set->ncases && !hit; i++) {
		char *id = identity(&set->cases[i]);

		if (!strcmp(id, want))
			hit = &set->cases[i];
		free(id);
	}
	free(want);
	return hit;
}

static bool same_counts(const struct rs_case *a, const struct rs_case *b)
{
	if (!a->has_counts || !b->has_counts)
		return true;
	if (a->ncounts != b->ncounts)
		return false;
	for (size_t i = 0; i < a->ncounts; i++) {
		size_t k = 0;

		while (k < b->ncounts && strcmp(a->counts[i].name, b->counts[k].name))
			k++;
		if (k == b->ncounts || a->counts[i].n != b->counts[k].n)
			return false;
	}
	return true;
}

static void copy_samples(struct rs_case *to, const struct rs_case *from, uint32_t first_boot)
{
	for (size_t i = 0; i < from->nsamples; i++) {
		struct rs_sample *s = rs_case_sample(to);
		double *values = s->values;

		*s = from->samples[i];
		s->values = values;
		s->boot += first_boot;
		for (size_t k = 0; k < from->nvalues; k++) {
			size_t at = rs_case_value_index(to, from->value_names[k]);

			to->samples[to->nsamples - 1].values[at] = from->samples[i].values[k];
		}
	}
}

static char *copy(const char *s)
{
	return s ? xstrdup(s) : NULL;
}

static struct rs_case *copy_case(struct rs_set *to, const struct rs_case *c)
{
	struct rs_case *n = rs_add_case(to, c->family, c->variant, c->platform);

	for (size_t i = 0; i < c->nparams; i++) {
		if (c->params[i].str)
			rs_case_param_str(n, c->params[i].key, c->params[i].str);
		else
			rs_case_param_num(n, c->params[i].key, c->params[i].num);
	}
	for (size_t i = 0; i < c->ncounts; i++)
		rs_case_count(n, c->counts[i].name, c->counts[i].n);
	n->has_counts = c->has_counts;
	n->check = copy(c->check);
	n->why = copy(c->why);
	n->skip = copy(c->skip);
	n->fail = copy(c->fail);
	n->twin = c->twin;
	for (size_t i = 0; i < c->npublished; i++) {
		n->published = xrealloc(n->published, (i + 1) * sizeof(*n->published));
		n->published[n->npublished++] = c->published[i];
		n->published[i].metric = copy(c->published[i].metric);
	}
	return n;
}

/* A failure of any of the sets is one of the merged set. */
static void worse(struct rs_case *to, const struct rs_case *c)
{
	if (c->check && (!to->check || !strcmp(c->check, "fail"))) {
		free(to->check);
		to->check = copy(c->check);
	}
	if (c->why && !to->why)
		to->why = copy(c->why);
	if (c->fail && !to->fail)
		to->fail = copy(c->fail);
	if (to->skip && !c->skip) {
		free(to->skip);
		to->skip = NULL;
	}
}

static int add_set(struct rs_set *to, const struct rs_set *from)
{
	const char *key = must_agree(to, from);
	uint32_t first_boot = next_boot(to);

	if (key)
		return complain(EXIT_USAGE_ERROR, "merge: %s: its %s differs from the first set's: compare "
				"them instead", from->path, key);
	for (size_t i = 0; i < from->ncases; i++) {
		const struct rs_case *c = &from->cases[i];
		struct rs_case *hit = find(to, c);

		if (hit && !same_counts(hit, c))
			return complain(EXIT_BAD_ANSWER, "merge: %s: %s/%s: the operation counts differ from "
					"the first set's", from->path, c->family, c->variant);
		if (hit)
			worse(hit, c);
		else
			hit = copy_case(to, c);
		copy_samples(hit, c, first_boot);
	}
	return EXIT_DONE;
}

static int merge(int argc, char **argv)
{
	struct option_walk w = { .cmd = &command_merge, .argc = argc, .argv = argv };
	const char *output = NULL, *o, *value;
	struct rs_set *all = NULL;
	char err[RS_ERR_MAX];
	int status = EXIT_DONE;

	while (!status && (o = option_next(&w, &value))) {
		struct rs_set *set;

		if (*o) {
			output = value;
			continue;
		}
		set = rs_load(value, err);
		if (!set) {
			status = complain(EXIT_OUTSIDE, "%s", err);
		} else if (!all) {
			all = set;
		} else {
			status = add_set(all, set);
			rs_free(set);
		}
	}
	if (!status && (!all || !output))
		status = complain(EXIT_USAGE_ERROR, "merge: needs -o FILE and the files to merge");
	if (!status && rs_save(all, output, err))
		status = complain(EXIT_OUTSIDE, "%s", err);
	rs_free(all);
	return status;
}
