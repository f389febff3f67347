// SPDX-License-Identifier: GPL-2.0-only
/* Each cell against its baseline, and what must be said beside the numbers. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "compare.h"
#include "error.h"
#include "noise.h"

/* ---- the tests ---- */

static bool cell_is_exact(const struct cmp *k, const struct cmp_cell *a, const struct cmp_cell *b)
{
	return k->m->kind == METRIC_COUNT || (metric_is_exact(k->m, a->set) && metric_is_exact(k->m, b->set));
}

static struct st_sample sample_of(const struct cmp_cell *c)
{
	return (struct st_sample){ c->x, c->boots, c->n, c->rounds };
}

static void compare_cell(struct cmp *k, const struct noise *noise, const struct cmp_cell *base,
			 struct cmp_cell *cell)
{
	struct st_options o = k->options;

	if (cell->state || base->state || base == cell)
		return;
	cell->has_delta = true;
	if (cell_is_exact(k, base, cell)) {
		cell->r = st_compare_exact(base->value, cell->value);
		return;
	}
	if (!cell->c->nsamples || !base->c->nsamples) {
		cell->untested = true;
		cell->r = st_compare_exact(base->value, cell->value);
		cell->r.ci = (struct st_interval){ NAN, NAN };
		return;
	}
	o.paired = base->set == cell->set;
	o.noise_floor = fmax(noise_at(noise, base->c), noise_at(noise, cell->c));
	cell->r = st_compare(sample_of(base), sample_of(cell), &o);
}

static bool is_tested(const struct cmp_cell *c)
{
	return c->has_delta && !c->untested && c->r.verdict < ST_EXACT_EQUAL;
}

/* Holm over everything that was tested, in all tables of the output. */
static void correct(struct cmp *k)
{
	struct st_compare *all;
	size_t n = 0, cells = 0;

	for (size_t t = 0; t < k->ntables; t++)
		cells += k->tables[t].nrows * k->tables[t].ncolumns;
	all = xmalloc((cells + 1) * sizeof(*all));
	for (size_t t = 0; t < k->ntables; t++)
		for (size_t i = 0; i < k->tables[t].nrows * k->tables[t].ncolumns; i++)
			if (is_tested(&k->tables[t].cells[i]))
				all[n++] = k->tables[t].cells[i].r;
	k->compared = n;
	st_compare_holm(all, n, &k->options);
	n = 0;
	for (size_t t = 0; t < k->ntables; t++)
		for (size_t i = 0; i < k->tables[t].nrows * k->tables[t].ncolumns; i++)
			if (is_tested(&k->tables[t].cells[i]))
				k->tables[t].cells[i].r = all[n++];
	free(all);
}

/* After the verdicts, which do not rest on it. */
static void resample(struct cmp *k)
{
	for (size_t i = 0; i < k->ntables; i++) {
		struct cmp_table *t = &k->tables[i];

		for (size_t r = 0; r < t->nrows; r++) {
			for (size_t c = 0; c < t->ncolumns; c++) {
				struct cmp_cell *cell = cmp_cell(t, r, c), *base = cmp_cell(t, t->rows[r].base, c);
				struct st_options o = k->options;

				if (!is_tested(cell))
					continue;
				o.paired = base->set == cell->set;
				cell->r.ci = st_bootstrap(sample_of(base), sample_of(cell), &o);
			}
		}
	}
}

/* ---- what must be said beside the numbers ---- */

/* A value of the environment as text, whatever its type; false: not there, or nothing to compare. */
static bool env_text(const struct rs_set *set, const char *dotted, char *text, size_t size)
{
	json_t *at = rs_env_value(set, dotted);

	if (json_is_string(at))
		snprintf(text, size, "%s", json_string_value(at));
	else if (json_is_integer(at))
		snprintf(text, size, "%" JSON_INTEGER_FORMAT, json_integer_value(at));
	else if (json_is_boolean(at))
		snprintf(text, size, "%s", json_is_true(at) ? "on" : "off");
	else
		return false;
	return true;
}

static bool warn_key(struct cmp *k, const struct rs_set *set, const char *key)
{
	char a[1024], b[1024];
	size_t same = 0;

	if (!env_text(k->sets[0], key, a, sizeof(a)) || !env_text(set, key, b, sizeof(b)) || !strcmp(a, b))
		return false;
	/* long lists (features): from the first item that differs */
	for (size_t i = 0; a[i] && a[i] == b[i]; i++)
		same = a[i] == ',' ? i + 1 : same;
	cmp_say(&k->warnings, "%s differs: %s%.40s in %s, %s%.40s in %s", key, same ? ".." : "", a + same,
		k->sets[0]->label, same ? ".." : "", b + same, set->label);
	return true;
}

static void warn_environments(struct cmp *k)
{
	static const char *const keys[] = { "platform", "accel", "machine", "cpu", "features", "guest.midr",
					    "qemu.version", "compiler", "image.sha256", "host.governor",
					    "host.turbo" };
	/* what the fingerprint is made of */
	static const char *const host[] = { "host.machine", "host.cpu", "host.kernel", "host.cores",
					    "host.threads", "host.numa_nodes", "host.memory_bytes", "host.smt",
					    "host.hypervisor" };

	for (size_t s = 1; s < k->nsets; s++) {
		bool named = false;

		for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++)
			warn_key(k, k->sets[s], keys[i]);
		for (size_t i = 0; i < sizeof(host) / sizeof(*host); i++)
			named |= warn_key(k, k->sets[s], host[i]);
		if (!named)
			warn_key(k, k->sets[s], "host.fingerprint");
	}
}

char *cmp_cell_name(const struct cmp *k, const struct cmp_table *t, size_t r, size_t c)
{
	bool one = cmp_one_column(t);
	bool more = (t > k->tables && !strcmp(t[-1].family, t->family)) ||
		    (t + 1 < k->tables + k->ntables && !strcmp(t[1].family, t->family));

	return xasprintf("%s/%s%s%s%s%s%s%s%s", t->family, t->rows[r].label, one ? "" : " ", one ? "" : t->column_key,
			 one ? "" : "=", one ? "" : t->columns[c], more ? " (" : "", more ? t->title : "",
			 more ? ")" : "");
}

static void note_cell(struct cmp *k, const struct cmp_table *t, size_t r, size_t c)
{
	const struct cmp_cell *cell = cmp_cell(t, r, c);
	const struct rs_case *of = cell->c;
	char *name = cmp_cell_name(k, t, r, c);

	if (of && cell->state && strcmp(cell->state, "-"))
		cmp_say(&k->unmatched, "%s: %s: %s", name, cell->state,
			of->skip ? of->skip : of->fail ? of->fail : of->why ? of->why : "no reason recorded");
	else if (!of && k->nsets > 1)
		cmp_say(&k->unmatched, "%s: no such case", name);
	free(name);
}

static void note_missing(struct cmp *k)
{
	for (size_t i = 0; i < k->ntables; i++)
		for (size_t r = 0; r < k->tables[i].nrows; r++)
			for (size_t c = 0; c < k->tables[i].ncolumns; c++)
				note_cell(k, &k->tables[i], r, c);
}

void cmp_table_free(struct cmp_table *t)
{
	for (size_t n = 0; n < t->nrows * t->ncolumns; n++) {
		free(t->cells[n].x);
		free(t->cells[n].boots);
		free(t->cells[n].rounds);
	}
	for (size_t n = 0; n < t->nrows; n++)
		free(t->rows[n].label);
	for (size_t n = 0; n < t->ncolumns; n++)
		free(t->columns[n]);
	free(t->rows);
	free(t->columns);
	free(t->cells);
	free(t->title);
}

/* A table without a single value is a line in the list of what was not compared. */
static void drop_empty(struct cmp *k)
{
	size_t kept = 0;

	for (size_t i = 0; i < k->ntables; i++) {
		struct cmp_table *t = &k->tables[i];
		size_t n = t->nrows * t->ncolumns, reasons = 0, c = 0;

		while (c < n && t->cells[c].state)
			reasons += strcmp(t->cells[c++].state, "-") != 0;
		if (c < n) {
			k->tables[kept++] = *t;
			continue;
		}
		if (!reasons)
			cmp_say(&k->unmatched, "%s (%s): no case has %s; --metric tlbi compares the counts",
				t->family, t->title, k->m->name);
		cmp_table_free(t);
	}
	k->ntables = kept;
}

/* One scale for a table, so that its cells can be read against each other. */
static void scale_table(struct cmp_table *t)
{
	double largest = 0, smallest = INFINITY;
	bool whole = true;

	for (size_t i = 0; i < t->nrows * t->ncolumns; i++) {
		if (t->cells[i].state)
			continue;
		largest = fmax(largest, fabs(t->cells[i].value));
		if (t->cells[i].value != 0)
			smallest = fmin(smallest, fabs(t->cells[i].value));
	}
	/* Between the extremes, so that neither end is all zeroes. */
	t->scale = metric_scale_for(t->m, t->m->kind == METRIC_COUNT || !largest ? 1 :
				    sqrt(largest * fmin(smallest, largest)));
	for (size_t i = 0; i < t->nrows * t->ncolumns; i++) {
		double v = t->cells[i].value / t->scale.divide;

		whole &= t->cells[i].state || fabs(v - round(v)) < 1e-9;
	}
	smallest /= t->scale.divide;
	t->decimals = whole ? 0 : smallest < 0.1 ? 3 : smallest < 10 ? 2 : smallest < 100 ? 1 : 0;
}

void cmp_judge(struct cmp *k)
{
	struct noise *noise = noise_measure(k->sets, k->nsets, k->m);

	k->twins = noise_pairs(noise);
	for (size_t i = 0; i < k->ntables; i++) {
		struct cmp_table *t = &k->tables[i];

		for (size_t r = 0; r < t->nrows; r++)
			for (size_t c = 0; c < t->ncolumns; c++)
				compare_cell(k, noise, cmp_cell(t, t->rows[r].base, c), cmp_cell(t, r, c));
		scale_table(t);
	}
	noise_free(noise);
	correct(k);
	if (k->bootstrap)
		resample(k);
	warn_environments(k);
	note_missing(k);
	drop_empty(k);
}
