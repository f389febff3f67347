/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Bytes of code into the result set: a variant names the function that is a case's (bench_variant.code_symbol), the
 * ELF beside what ran tells its size. Each sample of the case carries it as extra.code_bytes (metric `code`).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "codesize.h"
#include "run.h"

static bool has_code(const struct run *r, size_t id)
{
	const struct work_case *c = &r->w.cases[id];
	const struct bench_variant *v = bench_variant_find(c->f->name, c->variant, MMU_PASS_COUNTED);

	return v && v->code_symbol && r->set->cases[id].nsamples;
}

static void put_bytes(struct rs_case *c, double bytes)
{
	size_t k = rs_case_value_index(c, "extra.code_bytes");

	for (size_t i = 0; i < c->nsamples; i++)
		c->samples[i].values[k] = bytes;
}

/* The timed function is the one of that name: counted ones are named otherwise. Twice would be a guess. */
static void find_bytes(struct run *r, size_t id, const struct code_functions *all)
{
	const struct work_case *c = &r->w.cases[id];
	const struct bench_variant *v = bench_variant_find(c->f->name, c->variant, MMU_PASS_COUNTED);
	unsigned long long bytes = 0;
	char name[128];
	size_t found = 0;

	v->code_symbol(&c->p, name, sizeof(name));
	for (size_t i = 0; i < all->n; i++) {
		if (strcmp(all->f[i].name, name))
			continue;
		bytes = all->f[i].bytes;
		found++;
	}
	if (found == 1)
		put_bytes(&r->set->cases[id], (double)bytes);
	else
		warn("%s/%s: %s is %s in the ELF: no bytes of code", c->f->name, c->variant, name,
		     found ? "more than one function" : "no function");
}

/* The symbols must be of what ran: an Image carries its build id and says it in its first record. */
static bool is_of_run(struct run *r, const struct code_functions *all)
{
	const char *build = rs_env(r->set, "guest.build");
	size_t len = build ? strlen(build) : 0, id = strlen(all->build_id);

	if (r->platform == PLATFORM_MODULE)
		return true;
	return id && len >= id && !strcmp(build + len - id, all->build_id);
}

void run_code_bytes(struct run *r)
{
	char *path = r->platform == PLATFORM_MODULE ? xasprintf("%s", r->linux_guest.ko ? r->linux_guest.ko : "") :
		     xasprintf("%s.sym", r->image ? r->image : "");
	struct code_functions all = { 0 };
	enum code_state state = CODE_MISSING;
	bool first = true;

	for (size_t i = 0; i < r->w.ncases && r->platform != PLATFORM_MODEL; i++) {
		if (!has_code(r, i))
			continue;
		if (first) {
			state = code_read(&all, path, "*");
			if (state != CODE_READ)
				warn("%s: %s: no bytes of code in the result set", path,
				     state == CODE_MISSING ? "cannot be opened" : "not a readable ELF file");
			else if (!is_of_run(r, &all))
				warn("%s is of another build than the Image: no bytes of code in the result set", path);
		}
		first = false;
		if (state == CODE_READ && is_of_run(r, &all))
			find_bytes(r, i, &all);
	}
	code_free(&all);
	free(path);
}
