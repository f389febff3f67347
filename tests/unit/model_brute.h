/* SPDX-License-Identifier: GPL-2.0-only */
/* What the brute-force tests of the model share: chance, empty tables, the model's verdict against the reference's. */
#ifndef MMUB_TEST_MODEL_BRUTE_H
#define MMUB_TEST_MODEL_BRUTE_H

#include "model_run.h"

static struct mmub_rng rng;

static inline u64 any(u64 n)
{
	return mmub_rng_below(&rng, n);
}

static inline u64 empty_table(const struct pt_geom *g)
{
	u64 table = plat_phys_alloc(pt_page(g), pt_page(g));

	plat_phys_zero(table, pt_page(g));
	return table;
}

/* Tables from the root down to level 2; -> PA of the entry for va there. */
static inline u64 path(const struct mmu_space *s, u64 va)
{
	u64 table = s->root, next;

	for (int level = (int)s->g.start_level; level < 2; level++, table = next) {
		next = empty_table(&s->g);
		plat_phys_write64(table + 8ull * pt_index(&s->g, level, va), pt_table(&s->g, next));
	}
	return table + 8ull * pt_index(&s->g, 2, va);
}

/* ---- verdicts: 0 is fine, the others are the test's ---- */

static struct {
	const char *const *words;	/* of each verdict, what the model must say: one of "a|b" */
	unsigned int first;		/* the reference's in this step */
	u32 came[16], ends[2];		/* how often each came, and at ends of runs */
} verdicts;

static inline void say(unsigned int v)
{
	if (!verdicts.first)
		verdicts.first = v;
}

static inline bool one_of(const char *text, const char *list)
{
	char part[64];

	for (; *list; list += *list == '|') {
		size_t n = strcspn(list, "|");

		snprintf(part, sizeof(part), "%.*s", (int)n, list);
		if (strstr(text, part))
			return true;
		list += n;
	}
	return false;
}

/* After each step. */
static inline void agree(const char *what)
{
	const char *got = model_violation_first(), *want = verdicts.words[verdicts.first];

	if (!got != !want || (got && !one_of(got, want)))
		fail_msg("%s: expected %s, got %s", what, want ? want : "nothing", got ? got : "nothing");
	model_violation_forget();
	verdicts.came[verdicts.first]++;
	verdicts.first = 0;
}

/* What a variant that returned here would be told. */
static inline void agree_at_end(bool bad)
{
	static struct bench_case c;
	const char *got = plat_violation(&c);

	verdicts.ends[bad]++;
	if (!got != !bad)
		fail_msg("end of run: expected %s, got %s", bad ? "a violation" : "nothing", got ? got : "nothing");
}

/* Steps that never came to a verdict have tested nothing of it. */
static inline void expect_each_came(unsigned int last)
{
	for (unsigned int v = 0; v <= last; v++)
		if (verdicts.came[v] < 10)
			fail_msg("expected ten verdicts of kind %u at least, got %u", v, verdicts.came[v]);
	assert_true(verdicts.ends[0] >= 10 && verdicts.ends[1] >= 10);
}

#endif
