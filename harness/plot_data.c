// SPDX-License-Identifier: GPL-2.0-only
/* From result sets to what a plot kind works on: selection, estimates, facets, words. */
#include <fnmatch.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "export.h"
#include "plot.h"
#include "stats.h"
#include "words.h"

static bool has_value(const struct plot_input *in, const struct rs_case *c)
{
	struct plot_entry e = { .c = c };
	double m, lo, hi;

	return plot_estimate(in, &e, &m, &lo, &hi);
}

void plot_input_free(struct plot_input *in)
{
	free(in->entries);
	free(in->keys);
	for (size_t i = 0; i < in->nsets; i++)
		rs_free(in->sets[i]);
	free(in->sets);
}

static bool published_value(const struct metric *m, const struct rs_case *c, double *median)
{
	for (size_t i = 0; i < c->npublished; i++) {
		if (metric_find(c->published[i].metric) == m) {
			*median = c->published[i].value;
			return true;
		}
	}
	return false;
}

bool plot_estimate(const struct plot_input *in, const struct plot_entry *e, double *value,
		   double *lo, double *hi)
{
	size_t room = e->c->nsamples ? e->c->nsamples : 1, n = 0;
	double *x = xmalloc(room * sizeof(*x));
	uint32_t *boots = xmalloc(room * sizeof(*boots));

	*lo = *hi = NAN;
	n = metric_values(in->metric, e->c, x, boots);
	if (n == 1)
		*value = x[0];
	if (n > 1) {
		struct st_interval ci = st_interval_of((struct st_sample){ x, boots, n, NULL }, 0.95, value);

		*lo = ci.lo;
		*hi = ci.hi;
	}
	free(x);
	free(boots);
	return n || published_value(in->metric, e->c, value);
}

static bool is_size_key(const char *key)
{
#define SIZE 1
#define COUNT 0
#define BENCH_PARAM_U64(field, dflt, unit, doc) if (!strcmp(key, #field)) return unit;
#define BENCH_PARAM_ENUM(field, names, doc)
#include "../kernels/include/params.def"
#undef BENCH_PARAM_U64
#undef BENCH_PARAM_ENUM
#undef SIZE
#undef COUNT
	return false;
}

static const struct rs_param *find_param(const struct rs_case *c, const char *key)
{
	for (size_t i = 0; i < c->nparams; i++)
		if (!strcmp(c->params[i].key, key))
			return &c->params[i];
	return NULL;
}

const char *plot_key_text(const struct plot_entry *e, const char *key, char *buf, size_t size)
{
	const struct rs_param *p = find_param(e->c, key);
	char num[24];

	buf[0] = 0;
	if (!strcmp(key, "family"))
		snprintf(buf, size, "%s", e->c->family);
	else if (!strcmp(key, "platform"))
		snprintf(buf, size, "%s", e->c->platform);
	else if (p && p->str)
		snprintf(buf, size, "%s", p->str);
	else if (p && is_size_key(key))
		snprintf(buf, size, "%s", format_size(p->num, num));
	else if (p && p->num > 99999 && !(p->num & (p->num - 1)))
		snprintf(buf, size, "2^%d", __builtin_ctzll(p->num));
	else if (p)
		snprintf(buf, size, "%llu", (unsigned long long)p->num);
	return buf;
}

double plot_key_number(const struct plot_entry *e, const char *key)
{
	const struct rs_param *p = find_param(e->c, key);

	return p && !p->str ? (double)p->num : NAN;
}

static void add_key(struct plot_input *in, const char *name)
{
	for (size_t i = 0; i < in->nkeys; i++)
		if (!strcmp(in->keys[i].name, name))
			return;
	in->keys = xrealloc(in->keys, (in->nkeys + 1) * sizeof(*in->keys));
	in->keys[in->nkeys++] = (struct plot_key){ .name = name };
}

static bool key_varies(const struct plot_input *in, const char *key)
{
	char first[256], other[256];

	for (size_t i = 0; i < in->nentries; i++) {
		plot_key_text(&in->entries[i], key, i ? other : first, sizeof(first));
		if (i && strcmp(first, other))
			return true;
	}
	return false;
}

/* Every key that some entry has: family, platform, then parameters as they first come. */
static void find_keys(struct plot_input *in)
{
	in->nkeys = 0;
	add_key(in, "family");
	add_key(in, "platform");
	for (size_t i = 0; i < in->nentries; i++)
		for (size_t p = 0; p < in->entries[i].c->nparams; p++)
			add_key(in, in->entries[i].c->params[p].key);
	for (size_t i = 0; i < in->nkeys; i++)
		in->keys[i].varies = key_varies(in, in->keys[i].name);
}

static void add_entry(struct plot_input *in, struct plot_entry e)
{
	if (!(in->nentries & (in->nentries - 1)))
		in->entries = xrealloc(in->entries, sizeof(*in->entries) *
				       (in->nentries ? 2 * in->nentries : 1));
	in->entries[in->nentries++] = e;
}

static bool has_failed(const struct rs_case *c)
{
	return c->fail || (c->check && strcmp(c->check, "pass"));
}

/* What cannot be drawn is counted: a picture says that something is missing. */
static void take_case(struct plot_input *in, size_t set, const struct rs_case *c)
{
	if (c->twin)
		return;
	if (c->skip)
		in->nskipped++;
	else if (has_failed(c))
		in->nfailed++;
	else if (has_value(in, c))
		add_entry(in, (struct plot_entry){ in->sets[set], set, c });
}

void plot_select(struct plot_input *in, const char *glob)
{
	in->nentries = in->nskipped = in->nfailed = 0;
	for (size_t s = 0; s < in->nsets; s++) {
		for (size_t i = 0; i < in->sets[s]->ncases; i++) {
			const struct rs_case *c = &in->sets[s]->cases[i];
			char *name = xasprintf("%s/%s", c->family, c->variant);
			bool match = glob ? !fnmatch(glob, name, 0) || !fnmatch(glob, c->family, 0) :
					    in->with_timer || strcmp(c->family, "timer");

			free(name);
			if (match)
				take_case(in, s, c);
		}
	}
	find_keys(in);
}

void plot_select_family(struct plot_input *in, const char *family)
{
	in->nentries = in->nskipped = in->nfailed = 0;
	for (size_t s = 0; s < in->nsets; s++)
		for (size_t i = 0; i < in->sets[s]->ncases; i++)
			if (!strcmp(in->sets[s]->cases[i].family, family))
				take_case(in, s, &in->sets[s]->cases[i]);
	find_keys(in);
}

static int by_number(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static size_t distinct_numbers(const struct plot_input *in, const char *key)
{
	double *x = xmalloc((in->nentries + 1) * sizeof(*x));
	size_t n = 0, distinct = 0;

	for (size_t i = 0; i < in->nentries; i++) {
		double v = plot_key_number(&in->entries[i], key);

		if (!isnan(v))
			x[n++] = v;
	}
	qsort(x, n, sizeof(*x), by_number);
	for (size_t i = 0; i < n; i++)
		distinct += !i || x[i] != x[i - 1];
	free(x);
	return distinct;
}

const char *plot_x_key(const struct plot_input *in)
{
	const char *best = NULL;
	size_t most = 1;

	if (in->x)
		return distinct_numbers(in, in->x) ? in->x : NULL;
	for (size_t i = 0; i < in->nkeys; i++) {
		size_t n = distinct_numbers(in, in->keys[i].name);

		if (n > most) {
			most = n;
			best = in->keys[i].name;
		}
	}
	return best;
}

/* "ram 16G, leaf page"; values that say enough by themselves (family, platform) stand alone. */
static char *words_of(const struct plot_input *in, const struct plot_entry *e, const char *without,
		      bool varying)
{
	char buf[256], *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	bool any = false;

	if (!out)
		exit(complain(EXIT_OUTSIDE, "plot: out of memory"));
	for (size_t i = 0; i < in->nkeys; i++) {
		const char *key = in->keys[i].name;

		if ((without && !strcmp(key, without)) || in->keys[i].varies != varying)
			continue;
		plot_key_text(e, key, buf, sizeof(buf));
		if (!*buf)
			continue;
		fprintf(out, "%s%s%s%s", any ? ", " : "", i < 2 ? "" : key, i < 2 ? "" : " ", buf);
		any = true;
	}
	fclose(out);
	return text;
}

char *plot_point_text(const struct plot_input *in, const struct plot_entry *e)
{
	return words_of(in, e, "family", true);
}

char *plot_shared_text(const struct plot_input *in)
{
	return in->nentries ? words_of(in, &in->entries[0], "family", false) : xstrdup("");
}

struct plot_facet *plot_facet_of(const struct plot_input *in, struct plot_view *v,
				 const struct plot_entry *e, const char *without)
{
	char *title = words_of(in, e, without, true);
	struct plot_facet *f;

	for (size_t i = 0; i < v->nfacets; i++) {
		if (!strcmp(v->facets[i].title, title)) {
			free(title);
			return &v->facets[i];
		}
	}
	v->facets = xrealloc(v->facets, (v->nfacets + 1) * sizeof(*v->facets));
	f = &v->facets[v->nfacets++];
	*f = (struct plot_facet){ .title = title, .unit = xstrdup(""), .xmin = NAN, .xmax = NAN,
				  .ymin = NAN, .ymax = NAN };
	return f;
}

const char *plot_entry_name(const struct plot_input *in, const struct plot_entry *e, char *buf,
			    size_t size)
{
	if (in->nsets > 1)
		snprintf(buf, size, "%.100s, %.100s", e->c->variant, e->set->label ? e->set->label : "?");
	else
		snprintf(buf, size, "%.200s", e->c->variant);
	return buf;
}

void plot_scale_y(const struct plot_input *in, struct plot_facet *f, double largest)
{
	struct metric_scale sc = metric_scale_for(in->metric, largest);

	for (size_t i = 0; i < f->nseries; i++) {
		for (size_t k = 0; k < f->series[i].n; k++) {
			struct plot_row *r = &f->series[i].rows[k];

			r->y /= sc.divide;
			r->lo /= sc.divide;
			r->hi /= sc.divide;
		}
	}
	free(f->unit);
	f->unit = xstrdup(sc.suffix ? sc.suffix : "");
}

/* The distinct texts of an environment key over the sets, ", " between: "tcg", "kvm, tcg". */
static void put_env(FILE *out, const struct plot_input *in, const char *key)
{
	for (size_t i = 0; i < in->nsets; i++) {
		const char *text = rs_env(in->sets[i], key);
		bool seen = false;

		for (size_t k = 0; k < i && text; k++)
			seen |= rs_env(in->sets[k], key) && !strcmp(rs_env(in->sets[k], key), text);
		if (text && !seen)
			fprintf(out, "%s%s", i ? ", " : "", text);
	}
}

static bool any_env(const struct plot_input *in, const char *key, const char *value)
{
	for (size_t i = 0; i < in->nsets; i++) {
		const char *text = rs_env(in->sets[i], key);

		if (text && (!value || !strcmp(text, value)))
			return true;
	}
	return false;
}

/* Samples a case and boots: "n = 30 of 3 boots", or a range. */
static void put_n(FILE *out, const struct plot_input *in)
{
	size_t lo = SIZE_MAX, hi = 0;
	uint32_t boots = 0;

	for (size_t i = 0; i < in->nentries; i++) {
		const struct rs_case *c = in->entries[i].c;
		size_t n = metric_count(in->metric, c);

		for (size_t k = 0; k < c->nsamples; k++)
			if (c->samples[k].boot + 1 > boots)
				boots = c->samples[k].boot + 1;
		if (n < lo)
			lo = n;
		if (n > hi)
			hi = n;
	}
	if (in->metric->kind == METRIC_COUNT)
		fputs("exact counts", out);
	else if (!hi)
		fputs("published figures", out);
	else if (lo == hi)
		fprintf(out, "n = %zu a case, %u boot%s", hi, boots, boots == 1 ? "" : "s");
	else
		fprintf(out, "n = %zu to %zu a case, up to %u boot%s", lo, hi, boots, boots == 1 ? "" : "s");
}

void plot_describe(const struct plot_input *in, struct plot_view *v, const char *what, const char *note)
{
	size_t size;
	FILE *out = open_memstream(&v->footnote, &size);

	if (!out)
		exit(complain(EXIT_OUTSIDE, "plot: out of memory"));
	v->title = xstrdup(what);
	v->subtitle = in->nentries ? words_of(in, &in->entries[0], NULL, false) : xstrdup("");
	if (any_env(in, "accel", NULL)) {
		fputs("accel ", out);
		put_env(out, in, "accel");
		if (any_env(in, "accel", "tcg") && in->metric->unit == UNIT_NS)
			fputs(" (emulated time, not hardware's)", out);
		fputs("; ", out);
	}
	if (any_env(in, "cpu", NULL)) {
		fputs("CPU ", out);
		put_env(out, in, "cpu");
		fputs("; ", out);
	}
	put_n(out, in);
	if (note && *note)
		fprintf(out, "; %s", note);
	if (in->nfailed)
		fprintf(out, "; NOT DRAWN: %zu case%s that failed", in->nfailed, in->nfailed == 1 ? "" : "s");
	if (in->nskipped)
		fprintf(out, "; not drawn: %zu skipped", in->nskipped);
	fclose(out);
}
