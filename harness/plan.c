/* SPDX-License-Identifier: GPL-2.0-only */
/* The host's side of the plan format (docs/protocol.md). */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "error.h"
#include "work.h"

static void put_case(FILE *f, const struct work_case *c)
{
	struct bench_params p = c->p;

	fprintf(f, "case id=%u family=%s variant=%s", c->id, c->f->name, c->variant);
	for (uint32_t i = 0; bench_param_name(i); i++) {
		uint64_t v = *bench_param_slot(&p, i);
		const char *name = bench_param_value_name(i, v);

		if (!(c->f->params & 1ull << i))
			continue;
		if (name)
			fprintf(f, " %s=%s", bench_param_name(i), name);
		else
			fprintf(f, " %s=%" PRIu64, bench_param_name(i), v);
	}
	fputc('\n', f);
}

static void put_set(FILE *f, const struct plan_request *q)
{
	fprintf(f, "mmub-plan 1\nset seed=%" PRIu64 " rounds=%u warmup=%u min_ns=%" PRIu64
		" timed=%d ops_log=%" PRIu64 " events=%s\n", q->seed, q->rounds, q->warmup, q->min_ns,
		q->timed, q->ops_log, q->events ? q->events : "");
}

static char *finish(FILE *f, char **text)
{
	if (fclose(f) || !*text)
		exit(complain(EXIT_OUTSIDE, "out of memory"));
	return *text;
}

char *plan_write(const struct work *w, uint32_t machine, const struct plan_request *q)
{
	uint32_t group = UINT32_MAX;
	char *text = NULL;
	size_t len;
	FILE *f = open_memstream(&text, &len);

	if (!f)
		exit(complain(EXIT_OUTSIDE, "out of memory"));
	for (size_t i = 0; i < w->ncases; i++) {
		const struct work_case *c = &w->cases[i];

		if (c->machine != machine || c->state != WORK_PENDING)
			continue;
		if (group == UINT32_MAX)
			put_set(f, q);
		if (c->group != group)
			fputs("group\n", f);
		group = c->group;
		put_case(f, c);
	}
	if (group != UINT32_MAX)
		fputs("end\n", f);
	return finish(f, &text);
}

char *plan_fingerprint(const struct work *w, const struct plan_request *q, const char *more)
{
	char *text = NULL;
	size_t len;
	uint64_t h = 0xcbf29ce484222325ull;	/* FNV-1a: an identity, no defence */
	FILE *f = open_memstream(&text, &len);

	if (!f)
		exit(complain(EXIT_OUTSIDE, "out of memory"));
	put_set(f, q);
	fprintf(f, "%s\n", more);
	for (size_t i = 0; i < w->ncases; i++) {
		fprintf(f, "%u %u ", w->cases[i].machine, w->cases[i].group);
		put_case(f, &w->cases[i]);
	}
	finish(f, &text);
	for (size_t i = 0; i < len; i++)
		h = (h ^ (unsigned char)text[i]) * 0x100000001b3ull;
	free(text);
	return xasprintf("%016" PRIx64, h);
}
