// SPDX-License-Identifier: GPL-2.0-only
/*
 * mmubench predict: times for cases that a machine never ran. Counts are the same on every machine; what differs is
 * what an operation costs there. The costs are fitted to the machine's own times (measured or published), never below
 * 0, every case weighing alike (relative errors), and tried on each case by leaving it out: the error of those trials
 * is the error that is promised. Counts come from the variants' closed forms, so nothing has to run.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "error.h"
#include "machine.h"
#include "metric.h"
#include "resultset.h"
#include "stats.h"
#include "words.h"
#include "work.h"

/* Operations that cost alike are one: fewer unknowns than points. */
static const struct {
	const char *name;
	enum mmu_op ops[6];
	int n;
} groups[] = {
	{ "store", { MMU_PTE_STORE }, 1 },
	{ "load", { MMU_PTE_LOAD }, 1 },
	{ "zero", { MMU_DC_ZVA }, 1 },
	{ "dsb", { MMU_DSB_ISHST, MMU_DSB_ISH, MMU_DSB_NSH, MMU_DSB_SY }, 4 },
	{ "isb", { MMU_ISB }, 1 },
	{ "tlbi", { MMU_OP_MAX }, 0 },		/* whatever begins with tlbi. */
	{ "clean", { MMU_DC_CIVAC, MMU_DC_CVAC }, 2 },
};
#define GROUPS (sizeof(groups) / sizeof(groups[0]))

struct point {
	const struct rs_case *c;
	double time;			/* ns */
	double n[GROUPS];
};
struct fit {
	struct point *p;
	size_t n;
	double cost[GROUPS];		/* ns an operation */
	double typical, worst;		/* relative errors of the cases that were left out */
	bool beyond;			/* some prediction was: see is_beyond() */
};

static int predict_main(int argc, char **argv);

static const struct command_option options[] = {
	{ "--machine", "NAME|FILE", "a machine of `list machines`, or a result set measured there (repeatable)" },
	{ "--where", "KEY=VALUE", "take only its cases with this parameter or platform" },
	{ "--ram", "LIST", "RAM to map, e.g. 1T: replaces the suite's" },
	{ NULL, NULL, NULL },
};

COMMAND(predict, .name = "predict", .usage = "--machine NAME|FILE SUITE|FAMILY/VARIANT...",
	.summary = "times on a machine for cases that it never ran, with the error to expect",
	.options = options, .run = predict_main,
	.details = "Fits what each kind of operation costs to the machine's times, and applies it to the exact\n"
		   "counts of the cases. The error is that of each of the machine's cases predicted from the\n"
		   "others. Costs of operations that always come together cannot be told apart: only their sum\n"
		   "means something.");

static double sum_of(size_t g, const struct mmu_counts *c)
{
	double sum = 0;

	for (int i = 0; i < groups[g].n; i++)
		sum += (double)c->n[groups[g].ops[i]];
	for (int op = 0; op < MMU_OP_MAX && !groups[g].n; op++)
		if (!strncmp(mmu_op_name((enum mmu_op)op), "tlbi.", 5))
			sum += (double)c->n[op];
	return sum;
}

/* The closed form's counts of a case. NULL, or why it has none. */
static const char *count(const char *family, const char *variant, const struct bench_params *p, double *n)
{
	const struct bench_variant *v = bench_variant_find(family, variant, MMU_PASS_COUNTED);
	static struct bench_case probe;
	struct mmu_counts counts = { 0 };
	const char *why;

	if (!v)
		return "no such variant here";
	probe = (struct bench_case){ .f = bench_family_find(family), .v = v, .p = p, .e = plat_env() };
	why = probe.f && probe.f->skip ? probe.f->skip(&probe) : NULL;
	if (!why && v->skip)
		why = v->skip(&probe);
	if (why)
		return why;
	v->expect(p, plat_env(), &counts);
	for (size_t g = 0; g < GROUPS; g++)
		n[g] = sum_of(g, &counts);
	return NULL;
}

static bool params_of(const struct rs_case *c, struct bench_params *p)
{
	const struct bench_family *f = bench_family_find(c->family);

	if (!f)
		return false;
	bench_params_default(p, f);
	for (size_t i = 0; i < c->nparams; i++) {
		for (uint32_t k = 0; bench_param_name(k); k++) {
			const struct rs_param *q = &c->params[i];

			if (strcmp(bench_param_name(k), q->key))
				continue;
			if (!q->str)
				*bench_param_slot(p, k) = q->num;
			else if (!bench_param_parse(k, q->str, strlen(q->str), bench_param_slot(p, k)))
				return false;
		}
	}
	return true;
}

static double time_of(const struct rs_case *c)
{
	double *x = xmalloc((c->nsamples + 1) * sizeof(*x)), time = NAN;
	uint32_t *boots = xmalloc((c->nsamples + 1) * sizeof(*boots));
	size_t n = metric_values(metric_find("time"), c, x, boots);

	if (n)
		st_interval_of((struct st_sample){ x, boots, n, NULL }, 0.95, &time);
	for (size_t i = 0; i < c->npublished && !n; i++)
		if (!strcmp(c->published[i].metric, "time"))
			time = c->published[i].value;
	free(x);
	free(boots);
	return time;
}

static void take_points(struct fit *f, const struct machine_times *m, const char *family, const char *where)
{
	const struct rs_set *set = m->set;

	for (size_t i = 0; i < set->ncases; i++) {
		const struct rs_case *c = &set->cases[i];
		struct point p = { .c = c, .time = NAN };
		struct bench_params params;

		if (c->twin || c->fail || c->skip || strcmp(c->family, family) ||
		    !machine_has(set, c, m->where) || !machine_has(set, c, where) ||
		    !params_of(c, &params) || count(c->family, c->variant, &params, p.n))
			continue;
		p.time = time_of(c);
		if (!(p.time > 0))
			continue;
		f->p = xrealloc(f->p, (f->n + 1) * sizeof(*f->p));
		f->p[f->n++] = p;
	}
}

static double apply(const double *cost, const double *n)
{
	double t = 0;

	for (size_t g = 0; g < GROUPS; g++)
		t += cost[g] * n[g];
	return t;
}

/*
 * Least squares of the relative errors with no cost below 0, by coordinate descent: convex, so that it comes to the
 * one minimum from anywhere. Without point `out`.
 */
static void solve(const struct fit *f, size_t out, double *cost)
{
	memset(cost, 0, GROUPS * sizeof(*cost));
	for (int round = 0; round < 20000; round++) {
		double moved = 0;

		for (size_t g = 0; g < GROUPS; g++) {
			double num = 0, den = 0, old = cost[g];

			for (size_t i = 0; i < f->n; i++) {
				double a = f->p[i].n[g] / f->p[i].time;

				if (i == out)
					continue;
				num += a * (1 - apply(cost, f->p[i].n) / f->p[i].time + a * cost[g]);
				den += a * a;
			}
			cost[g] = den > 0 ? fmax(0, num / den) : 0;
			moved = fmax(moved, fabs(cost[g] - old) / (old + 1e-12));
		}
		if (moved < 1e-10)
			break;
	}
}

static void fit_costs(struct fit *f)
{
	double *error = xmalloc((f->n + 1) * sizeof(*error)), cost[GROUPS];

	for (size_t i = 0; i < f->n; i++) {
		solve(f, i, cost);
		error[i] = fabs(apply(cost, f->p[i].n) / f->p[i].time - 1);
		f->worst = fmax(f->worst, error[i]);
	}
	f->typical = st_median(error, f->n);
	free(error);
	solve(f, SIZE_MAX, f->cost);
}

static void print_costs(const struct fit *f, const char *family)
{
	printf("%s: fitted to %zu cases; each predicted from the others: off by %.0f %% (median), %.0f %% (worst)\n",
	       family, f->n, 100 * f->typical, 100 * f->worst);
	printf("ns an operation:");
	for (size_t g = 0; g < GROUPS; g++)
		if (f->cost[g] > 1e-3)
			printf(f->cost[g] < 100 ? " %s %.3g" : " %s %.0f", groups[g].name, f->cost[g]);
	putchar('\n');
	if (f->worst > 0.5)
		puts("POOR FIT: the machine's times are not a sum of these operations; do not rely on "
		     "what follows");
}

/*
 * Far from all that was timed: some operation comes at less than half of the time that it came at in any case. There
 * the fit has nothing to stand on, and leaving cases out cannot tell.
 */
static bool is_beyond(const struct fit *f, const double *n, double t)
{
	for (size_t g = 0; g < GROUPS; g++) {
		double least = INFINITY;

		for (size_t i = 0; i < f->n; i++)
			if (f->p[i].n[g] > 0)
				least = fmin(least, f->p[i].time / f->p[i].n[g]);
		if (n[g] > 0 && t / n[g] < least / 2)
			return true;
	}
	return false;
}

static void print_case(struct fit *f, const struct work_case *c)
{
	double n[GROUPS], t;
	const char *why = count(c->f->name, c->variant, &c->p, n);
	const struct metric *time = metric_find("time");
	char name[160], ram[24], value[32], lo[32], hi[32];

	snprintf(name, sizeof(name), "%s/%s", c->f->name, c->variant);
	printf("  %-32.32s", name);
	if (c->f->params & BENCH_USES(ram))
		printf(" %6s", format_size(c->p.ram, ram));
	if (why) {
		printf("  skip: %s\n", why);
		return;
	}
	t = apply(f->cost, n);
	metric_format(time, t, value, sizeof(value));
	if (is_beyond(f, n, t)) {
		f->beyond = true;
		printf("  %12s  beyond\n", value);
		return;
	}
	metric_format(time, t * (1 - fmin(f->worst, 1)), lo, sizeof(lo));
	metric_format(time, t * (1 + f->worst), hi, sizeof(hi));
	printf("  %12s  [%s, %s]\n", value, lo, hi);
}

/* One family at a time: what an operation costs depends on what else goes on. */
static int predict_family(const struct work *w, const char *family, const struct machine *m, const char *where)
{
	struct fit f = { 0 };
	int status = EXIT_DONE;

	for (size_t s = 0; s < m->n; s++)
		take_points(&f, &m->times[s], family, where);
	if (f.n < 3) {
		status = complain(EXIT_OUTSIDE, "predict: the machine has %zu timed cases of %s%s%s: at least 3 are "
				  "needed", f.n, family, where ? " where " : "", where ? where : "");
	} else {
		fit_costs(&f);
		print_costs(&f, family);
		for (size_t i = 0; i < w->ncases; i++)
			if (!strcmp(w->cases[i].f->name, family))
				print_case(&f, &w->cases[i]);
		if (f.beyond)
			puts("beyond: unlike every case that was timed on the machine; no error can be given");
	}
	free(f.p);
	return status;
}

static bool emulated(const struct rs_set *set)
{
	const char *accel = rs_env(set, "accel");

	return accel && (!strcmp(accel, "tcg") || !strcmp(accel, "icount"));
}

static int predict_all(const struct work *w, const struct machine *m, const char *where)
{
	int status = EXIT_DONE;

	for (size_t s = 0; s < m->n; s++)
		if (emulated(m->times[s].set))
			printf("%s: EMULATED time: predicts QEMU, no hardware\n", m->times[s].set->label);
	for (size_t i = 0; i < w->ncases && !status; i++) {
		bool first = true;

		for (size_t k = 0; k < i; k++)
			first &= strcmp(w->cases[k].f->name, w->cases[i].f->name) != 0;
		if (first)
			status = predict_family(w, w->cases[i].f->name, m, where);
	}
	return status;
}

static int add_words(struct work *w, struct work_options *o, const char **words, size_t n)
{
	char err[WORK_ERR_MAX];
	bool outside = false;

	for (size_t i = 0; i < n; i++)
		if (work_add(w, words[i], o, err, &outside))
			return complain(outside ? EXIT_OUTSIDE : EXIT_USAGE_ERROR, "predict: %s", err);
	return work_arrange(w, o, err) ? complain(EXIT_USAGE_ERROR, "predict: %s", err) : EXIT_DONE;
}

static int predict_main(int argc, char **argv)
{
	struct option_walk walk = { .cmd = &command_predict, .argc = argc, .argv = argv };
	const char **words = xcalloc((size_t)argc + 1, sizeof(*words)), *o, *v, *where = NULL;
	struct work_options wo = { 0 };
	struct machine m = { 0 };
	struct work w = { 0 };
	char err[RS_ERR_MAX];
	size_t n = 0;
	int status = EXIT_DONE;

	while ((o = option_next(&walk, &v)) && !status) {
		if (!*o) {
			words[n++] = v;
		} else if (!strcmp(o, "--where")) {
			where = v;
			if (!strchr(v, '='))
				status = complain(EXIT_USAGE_ERROR,
						  "predict: --where %s: say KEY=VALUE, e.g. ram=64G", v);
		} else if (!strcmp(o, "--ram")) {
			status = work_ram(&wo, v, err) ? complain(EXIT_USAGE_ERROR, "predict: %s", err) : EXIT_DONE;
		} else {
			status = machine_add(&m, v, err) ? EXIT_DONE : complain(EXIT_OUTSIDE, "predict: %s", err);
		}
	}
	if (!status && (!m.n || !n))
		status = complain(EXIT_USAGE_ERROR, "predict: %s", m.n ? "which cases? FAMILY/VARIANT, or a suite" :
				  "--machine NAME|FILE: whose times? (mmubench list machines)");
	if (!status)
		status = add_words(&w, &wo, words, n);
	if (!status)
		status = predict_all(&w, &m, where);
	work_free(&w);
	machine_free(&m);
	free((void *)wo.ram);
	free(words);
	return status;
}
