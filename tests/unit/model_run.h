/* SPDX-License-Identifier: GPL-2.0-only */
/* Runs a plan on the model and keeps what came of it: one line a case. For unit tests. */
#ifndef MMUB_TEST_MODEL_RUN_H
#define MMUB_TEST_MODEL_RUN_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "platform/model/model.h"

struct model_outcome {
	unsigned int pass, fail, skip, error;
	char last[RECORD_MAX + 1];		/* of the last fail, skip or error record */
	char counts[RECORD_MAX + 1];	/* the last counts record */
};

static inline void model_outcome_line(const char *line, u32 len, void *arg)
{
	struct model_outcome *o = arg;
	char text[RECORD_MAX + 1];

	snprintf(text, sizeof(text), "%.*s", (int)len, line);
	if (strstr(text, " check ")) {
		if (strstr(text, "verdict=pass")) {
			o->pass++;
			return;
		}
		o->fail++;
	} else if (strstr(text, " skip ")) {
		o->skip++;
	} else if (strstr(text, " error ")) {
		o->error++;
	} else {
		if (strstr(text, " counts "))
			snprintf(o->counts, sizeof(o->counts), "%s", text);
		return;
	}
	snprintf(o->last, sizeof(o->last), "%s", text);
}

/* cases: "case id=0 ..." lines, groups as in a plan. */
static inline struct model_outcome model_run_plan(const char *cases)
{
	struct model_outcome o = { 0 };
	char *plan = NULL;
	int n = asprintf(&plan, "mmub-plan 1\nset seed=1 rounds=0 timed=0\n%s\nend\n", cases);

	assert_true(n > 0);
	plat_model_emit(model_outcome_line, &o);
	runner_run(plan, (u64)n);
	free(plan);
	return o;
}

/* A case for each variant, all at one point. */
static inline struct model_outcome model_run_variants(const char *family, const char *const *variants, size_t n,
						      const char *params)
{
	char plan[4096];
	size_t at = (size_t)snprintf(plan, sizeof(plan), "group\n");

	for (size_t i = 0; i < n; i++) {
		at += (size_t)snprintf(plan + at, sizeof(plan) - at, "case id=%zu family=%s variant=%s %s\n", i, family,
				       variants[i], params);
		assert_true(at < sizeof(plan));
	}
	return model_run_plan(plan);
}

/* A point that makes no sense: every variant refuses it, none runs. */
static inline void model_expect_refused(const char *family, const char *const *variants, size_t n, const char *params)
{
	struct model_outcome o = model_run_variants(family, variants, n, params);

	if (o.skip != n)
		fail_msg("%s: %u skipped, %u passed", params, o.skip, o.pass);
}

/* The n of "name=n" in a counts record; 0 when the operation did not occur. */
static inline unsigned long long model_count(const struct model_outcome *o, const char *name)
{
	char key[64];
	const char *at;

	snprintf(key, sizeof(key), " %s=", name);
	at = strstr(o->counts, key);
	return at ? strtoull(at + strlen(key), NULL, 10) : 0;
}

#endif
