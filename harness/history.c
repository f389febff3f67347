// SPDX-License-Identifier: GPL-2.0-only
#include "history.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "compare.h"
#include "error.h"
#include "noise.h"

/* ---- the series ---- */

static struct history_series *series_of(struct history *h, const char *name)
{
	for (size_t i = 0; i < h->n; i++)
		if (!strcmp(h->series[i].name, name))
			return &h->series[i];
	h->series = xrealloc(h->series, (h->n + 1) * sizeof(*h->series));
	h->series[h->n] = (struct history_series){ .name = xstrdup(name) };
	return &h->series[h->n++];
}

static void add_case(struct history *h, const struct rs_case *c, size_t set)
{
	double *x = xmalloc((c->nsamples + 1) * sizeof(*x));
	uint32_t *boots = xmalloc((c->nsamples + 1) * sizeof(*boots));
	size_t n = metric_values(h->m, c, x, boots);

	if (n) {
		char *point = rs_case_point(c), *name;
		struct history_series *s;
		size_t family = strlen(c->family);
		double value;

		/* the point begins with the family */
		name = xasprintf("%s/%s%s", c->family, c->variant,
				 strncmp(point, c->family, family) ? point : point + family);
		s = series_of(h, name);
		st_interval_of((struct st_sample){ x, boots, n, NULL }, 0.95, &value);
		s->points = xrealloc(s->points, (s->n + 1) * sizeof(*s->points));
		s->points[s->n++] = (struct history_point){ .set = set, .c = c, .value = value };
		free(point);
		free(name);
	}
	free(x);
	free(boots);
}

/*
 * Error over all comparisons of the output. Welch at few boots against a long segment errs more often than it
 * says in the far tail: 0.02 keeps quiet histories quiet in 95 of 100 (tests/unit/test_history.c).
 */
#define ERROR 0.02

/* ---- changes ---- */

struct pool {
	double *x;
	uint32_t *boots;
	size_t n;
	uint32_t next_boot;
};

/* Boots of different sets are different boots. */
static void pool_add(struct pool *p, const struct metric *m, const struct rs_case *c)
{
	uint32_t last = 0;
	size_t n;

	p->x = xrealloc(p->x, (p->n + c->nsamples + 1) * sizeof(*p->x));
	p->boots = xrealloc(p->boots, (p->n + c->nsamples + 1) * sizeof(*p->boots));
	n = metric_values(m, c, p->x + p->n, p->boots + p->n);
	for (size_t i = p->n; i < p->n + n; i++) {
		last = p->boots[i] > last ? p->boots[i] : last;
		p->boots[i] += p->next_boot;
	}
	p->n += n;
	p->next_boot += last + 1;
}

static void pool_clear(struct pool *p)
{
	free(p->x);
	free(p->boots);
	*p = (struct pool){ 0 };
}

static bool claimed(const struct st_compare *r)
{
	return r->verdict == ST_FASTER || r->verdict == ST_SLOWER || r->verdict == ST_EXACT_LESS ||
	       r->verdict == ST_EXACT_MORE;
}

static void find_changes(const struct history *h, struct history_series *s, struct rs_set *const *sets,
			 const struct noise *noise, double confidence)
{
	struct pool segment = { 0 };

	for (size_t i = 0; i < s->n; i++) {
		struct history_point *p = &s->points[i];
		struct pool now = { 0 };

		if (i && (h->m->kind == METRIC_COUNT || metric_is_exact(h->m, sets[p->set]))) {
			p->r = st_compare_exact(s->points[i - 1].value, p->value);
		} else if (i) {
			struct st_options o = { .confidence = confidence, .noise_floor = noise_at(noise, p->c) };

			pool_add(&now, h->m, p->c);
			p->r = st_compare((struct st_sample){ segment.x, segment.boots, segment.n, NULL },
					  (struct st_sample){ now.x, now.boots, now.n, NULL }, &o);
			pool_clear(&now);
		}
		p->change = i && claimed(&p->r);
		if (p->change)
			pool_clear(&segment);
		pool_add(&segment, h->m, p->c);
	}
	pool_clear(&segment);
}

struct history *history_build(struct rs_set *const *sets, size_t nsets, const struct metric *m,
			      const char *glob)
{
	struct history *h = xcalloc(1, sizeof(*h));
	struct noise *noise = noise_measure(sets, nsets, m);
	size_t comparisons = 0;

	h->m = m;
	for (size_t s = 0; s < nsets; s++)
		for (size_t i = 0; i < sets[s]->ncases; i++)
			if (cmp_selects(&sets[s]->cases[i], glob) && strcmp(sets[s]->cases[i].family, "timer"))
				add_case(h, &sets[s]->cases[i], s);
	for (size_t i = 0; i < h->n; i++)
		comparisons += h->series[i].n - 1;
	for (size_t i = 0; i < h->n; i++)
		find_changes(h, &h->series[i], sets, noise, 1 - ERROR / (double)(comparisons ? comparisons : 1));
	noise_free(noise);
	return h;
}

void history_free(struct history *h)
{
	for (size_t i = 0; i < h->n; i++) {
		free(h->series[i].name);
		free(h->series[i].points);
	}
	free(h->series);
	free(h);
}

/* ---- the command ---- */

static const char *short_text(const struct rs_set *set, const char *key, char *buf, size_t size)
{
	const char *text = rs_env(set, key);

	snprintf(buf, size, "%s", text ? text : "-");
	for (char *s = buf; *s; s++)
		if ((unsigned char)*s < ' ')
			*s = '?';
	return buf;
}

static void put_text(const struct history *h, struct rs_set *const *sets)
{
	for (size_t i = 0; i < h->n; i++) {
		const struct history_series *s = &h->series[i];

		printf("%s%s: %s\n\n", i ? "\n" : "", s->name, h->m->title);
		printf("%-16s  %-12s  %-10s  %12s\n", "set", "commit", "started", h->m->name);
		for (size_t k = 0; k < s->n; k++) {
			const struct history_point *p = &s->points[k];
			char commit[13], day[11], value[32];

			metric_format(h->m, p->value, value, sizeof(value));
			printf("%-16.16s  %-12s  %-10s  %12s", sets[p->set]->label,
			       short_text(sets[p->set], "commit", commit, sizeof(commit)),
			       short_text(sets[p->set], "started", day, sizeof(day)), value);
			if (p->change)
				printf("  <- %+.1f%%", 100 * p->r.delta);
			putchar('\n');
		}
	}
}

static void put_csv(const struct history *h, struct rs_set *const *sets)
{
	fputs("series,set,commit,started,metric,value,change,delta\r\n", stdout);
	for (size_t i = 0; i < h->n; i++) {
		for (size_t k = 0; k < h->series[i].n; k++) {
			const struct history_point *p = &h->series[i].points[k];
			char commit[41], started[32];

			putchar('"');
			for (const char *c = h->series[i].name; *c; c++)
				printf(*c == '"' ? "\"\"" : "%c", *c);
			printf("\",\"%s\",\"%s\",\"%s\",%s,%.17g,%d,", sets[p->set]->label,
			       short_text(sets[p->set], "commit", commit, sizeof(commit)),
			       short_text(sets[p->set], "started", started, sizeof(started)), h->m->name, p->value,
			       p->change);
			if (k && isfinite(p->r.delta))
				printf("%.17g", p->r.delta);
			fputs("\r\n", stdout);
		}
	}
}

static void put_json(const struct history *h, struct rs_set *const *sets)
{
	json_t *all = json_array();

	for (size_t i = 0; i < h->n; i++) {
		json_t *points = json_array();

		for (size_t k = 0; k < h->series[i].n; k++) {
			const struct history_point *p = &h->series[i].points[k];

			json_array_append_new(points, json_pack("{s:s, s:s*, s:f, s:b, s:o}",
				"set", sets[p->set]->label,
				"commit", rs_env(sets[p->set], "commit"), "value", p->value, "change", p->change,
				"delta", k && isfinite(p->r.delta) ? json_real(p->r.delta) : json_null()));
		}
		json_array_append_new(all, json_pack("{s:s, s:s, s:o}", "series", h->series[i].name, "metric",
						     h->m->name, "points", points));
	}
	json_dumpf(all, stdout, JSON_INDENT(1) | JSON_PRESERVE_ORDER);
	putchar('\n');
	json_decref(all);
}

static int by_started(const void *a, const void *b)
{
	const char *x = rs_env(*(struct rs_set *const *)a, "started");
	const char *y = rs_env(*(struct rs_set *const *)b, "started");

	return strcmp(x ? x : "", y ? y : "");
}

static int history(int argc, char **argv);

static const struct command_option options[] = {
	{ "--metric", "METRIC", "what is followed (default: as compare chooses)" },
	{ "--case", "GLOB", "only FAMILY/VARIANT that match" },
	{ "--sort", "given|started", "order of the sets (default: given)" },
	{ "--format", "text|csv|json", "how it is written (default: text)" },
	{ 0 },
};
COMMAND(history, .name = "history", .usage = "FILE...", .options = options, .run = history,
	.summary = "a metric over many result sets, the changes marked",
	.details = "Each set is compared with all sets since the last change, together. Draw it with\n"
		   "mmubench plot --kind history FILE...");

static int history(int argc, char **argv)
{
	struct option_walk w = { .cmd = &command_history, .argc = argc, .argv = argv };
	struct rs_set **sets = xcalloc((size_t)argc + 1, sizeof(*sets));
	const char *option, *value, *glob = NULL, *format = "text", *sort = "given", *metric = NULL;
	const struct metric *m;
	char err[RS_ERR_MAX];
	struct history *h;
	int status = EXIT_DONE;
	size_t n = 0;

	while ((option = option_next(&w, &value))) {
		if (!strcmp(option, "--metric"))
			metric = value;
		else if (!strcmp(option, "--case"))
			glob = value;
		else if (!strcmp(option, "--sort"))
			sort = value;
		else if (!strcmp(option, "--format"))
			format = value;
		else if ((sets[n] = rs_load(value, err)))
			n++;
		else if (status == EXIT_DONE)
			status = complain(EXIT_OUTSIDE, "history: %s", err);
	}
	if (status == EXIT_DONE && !n)
		status = complain(EXIT_USAGE_ERROR, "history: no result set: mmubench history FILE...");
	if (status != EXIT_DONE)
		goto out;
	if (!strcmp(sort, "started"))
		qsort(sets, n, sizeof(*sets), by_started);
	m = metric ? metric_find(metric) : cmp_default_metric(sets, n);
	if (!m) {
		status = complain(EXIT_USAGE_ERROR, "history: no metric '%s' (mmubench compare --metric help)",
				  metric);
		goto out;
	}
	h = history_build(sets, n, m, glob);
	if (!h->n)
		status = complain(EXIT_OUTSIDE, "history: no case has %s", m->name);
	else if (!strcmp(format, "csv"))
		put_csv(h, sets);
	else if (!strcmp(format, "json"))
		put_json(h, sets);
	else
		put_text(h, sets);
	history_free(h);
out:
	for (size_t i = 0; i < n; i++)
		rs_free(sets[i]);
	free(sets);
	return status;
}
