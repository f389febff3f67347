// SPDX-License-Identifier: GPL-2.0-only
/* From result sets to tables: which cases stand together, which is the baseline, what the tests say. */
#include <fnmatch.h>
#include <math.h>
#include <search.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "compare.h"
#include "error.h"
#include "words.h"

#define TEXT_MAX 96
/* Heading where no parameter varies. */
#define ONE_COLUMN(t) ((t)->m->kind == METRIC_COUNT ? "count" : "median")

void cmp_say(struct cmp_strings *list, const char *fmt, ...)
{
	va_list ap;
	char *text = NULL;

	va_start(ap, fmt);
	if (vasprintf(&text, fmt, ap) < 0)
		text = xstrdup("out of memory");
	va_end(ap);
	list->s = xrealloc(list->s, (list->n + 1) * sizeof(*list->s));
	list->s[list->n++] = text;
}

void cmp_strings_free(struct cmp_strings *s)
{
	for (size_t i = 0; i < s->n; i++)
		free(s->s[i]);
	free(s->s);
	*s = (struct cmp_strings){ 0 };
}

const struct metric *cmp_default_metric(struct rs_set *const *sets, size_t nsets)
{
	const struct metric *time = metric_find("time");
	bool timed = false, counted = false, icount = nsets > 0;
	const struct metric *published = NULL;

	for (size_t s = 0; s < nsets; s++) {
		const char *accel = rs_env(sets[s], "accel");

		icount &= accel && !strcmp(accel, "icount");
		for (size_t i = 0; i < sets[s]->ncases && !timed; i++) {
			const struct rs_case *c = &sets[s]->cases[i];

			timed = c->nsamples > 0;
			counted |= c->has_counts;
			for (size_t k = 0; k < c->npublished; k++) {
				timed |= !strcmp(c->published[k].metric, "time");
				if (!published)
					published = metric_find(c->published[k].metric);
			}
		}
	}
	if (!timed && !counted && published)
		return published;
	return icount ? metric_find("insns") : timed ? time : metric_find("tlbi");
}

/* ---- entries: the cases that take part ---- */

struct cmp_entry {
	struct rs_set *set;
	size_t set_index;
	const struct rs_case *c;
	const char *column_key;
	char *point;			/* what makes a table, as one string */
};

struct cmp_entries {
	struct cmp_entry *e;
	size_t n;
};

bool cmp_selects(const struct rs_case *c, const char *glob)
{
	char name[2 * TEXT_MAX];

	if (c->twin)
		return false;
	if (!glob)
		return true;
	snprintf(name, sizeof(name), "%s/%s", c->family, c->variant);
	return !fnmatch(glob, name, 0) || !fnmatch(glob, c->family, 0);
}

static struct cmp_entries collect(const struct cmp *k, const char *glob)
{
	struct cmp_entries all = { 0 };
	size_t room = 0;

	for (size_t s = 0; s < k->nsets; s++)
		room += k->sets[s]->ncases;
	all.e = xcalloc(room + 1, sizeof(*all.e));
	for (size_t s = 0; s < k->nsets; s++)
		for (size_t i = 0; i < k->sets[s]->ncases; i++)
			if (cmp_selects(&k->sets[s]->cases[i], glob))
				all.e[all.n++] = (struct cmp_entry){ k->sets[s], s, &k->sets[s]->cases[i], NULL, NULL };
	return all;
}

/* A parameter as people write it: sizes with their unit. */
static void param_text(const struct rs_param *p, char *buf, size_t size)
{
	static const char *const sizes[] = { "ram", "size", "granule" };
	char text[24];

	if (p->str) {
		snprintf(buf, size, "%s", p->str);
		return;
	}
	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		if (!strcmp(p->key, sizes[i])) {
			snprintf(buf, size, "%s", format_size(p->num, text));
			return;
		}
	}
	snprintf(buf, size, "%llu", (unsigned long long)p->num);
}

static void key_text(const struct cmp_entry *e, const char *key, char *buf, size_t size)
{
	for (size_t i = 0; i < e->c->nparams; i++) {
		if (!strcmp(e->c->params[i].key, key)) {
			param_text(&e->c->params[i], buf, size);
			return;
		}
	}
	if (!strcmp(key, "set"))
		snprintf(buf, size, "%s", e->set->label);
	else if (!rs_case_key(e->set, e->c, key, buf, size))
		snprintf(buf, size, "-");
}

/* The parameter with most values over a family's cases; ram wins a draw, then the first. */
static const char *busiest_param(const struct cmp_entries *all, const char *family)
{
	const char *best = NULL;
	size_t best_values = 1;

	for (size_t i = 0; i < all->n; i++) {
		const struct rs_case *c = all->e[i].c;

		if (strcmp(c->family, family))
			continue;
		for (size_t k = 0; k < c->nparams; k++) {
			uint64_t seen[64];
			size_t n = 0;

			if (c->params[k].str)
				continue;
			for (size_t j = 0; j < all->n && n < 64; j++) {
				const struct rs_case *d = all->e[j].c;
				size_t at;

				if (k >= d->nparams || strcmp(d->family, family) ||
				    strcmp(d->params[k].key, c->params[k].key))
					continue;
				for (at = 0; at < n && seen[at] != d->params[k].num;)
					at++;
				if (at == n)
					seen[n++] = d->params[k].num;
			}
			if (n > best_values) {
				best_values = n;
				best = c->params[k].key;
			}
		}
		break;		/* cases of a family have the same parameters */
	}
	return best ? best : "metric";
}

static void choose_columns(struct cmp_entries *all, const char *wanted)
{
	const char *family = NULL, *key = NULL;

	for (size_t i = 0; i < all->n; i++) {
		struct cmp_entry *e = &all->e[i];

		/* Families stand together in a set: the last one's key is nearly always this one's. */
		if (!wanted && (!family || strcmp(family, e->c->family))) {
			family = e->c->family;
			key = busiest_param(all, family);
		}
		e->column_key = wanted ? wanted : key;
	}
}

/* Family, platform and every parameter but the column's. */
static char *point_of(const struct cmp_entry *e)
{
	size_t size = 256 + 64 * e->c->nparams, at;
	char *text = xmalloc(size), value[TEXT_MAX];

	at = (size_t)snprintf(text, size, "%s|", e->c->family);
	for (size_t i = 0; i < e->c->nparams && at < size - 2; i++) {
		const struct rs_param *p = &e->c->params[i];

		if (!strcmp(p->key, e->column_key))
			continue;
		param_text(p, value, sizeof(value));
		at += (size_t)snprintf(text + at, size - at, "%s=%s ", p->key, value);
	}
	/* Columns of sets may be of platforms that differ: that is what they are for. */
	if (strcmp(e->column_key, "platform") && strcmp(e->column_key, "set") && at < size - 1)
		snprintf(text + at, size - at, "%s", e->c->platform);
	return text;
}

/* ---- tables ---- */

static size_t find_column(struct cmp_table *t, const char *label)
{
	for (size_t i = 0; i < t->ncolumns; i++)
		if (!strcmp(t->columns[i], label))
			return i;
	return t->ncolumns;
}

static size_t find_row(const struct cmp_table *t, const char *variant, size_t set)
{
	for (size_t i = 0; i < t->nrows; i++)
		if (t->rows[i].set == set && !strcmp(t->rows[i].variant, variant))
			return i;
	return t->nrows;
}

struct building {
	struct cmp *k;
	const struct cmp_options *o;
	bool by_set;			/* a row for each variant and set; else the sets share rows */
	struct cmp_entries all;
};

/* With by variant, several sets become tables of their own unless they are the columns. */
static size_t row_set(const struct building *b, const struct cmp_entry *e)
{
	return b->by_set ? e->set_index : 0;
}

/* Names come from files: control characters would break lines and terminals. */
static void printable(char *s)
{
	for (; *s; s++)
		if ((unsigned char)*s < ' ' || *s == 0x7f)
			*s = '?';
}

static void add_column(struct cmp_table *t, const struct cmp_entry *e)
{
	char text[TEXT_MAX];

	if (!strcmp(e->column_key, "metric"))
		snprintf(text, sizeof(text), "%s", ONE_COLUMN(t));
	else
		key_text(e, e->column_key, text, sizeof(text));
	printable(text);
	if (find_column(t, text) < t->ncolumns)
		return;
	t->columns = xrealloc(t->columns, (t->ncolumns + 1) * sizeof(*t->columns));
	t->columns[t->ncolumns++] = xstrdup(text);
}

static void add_row(const struct building *b, struct cmp_table *t, const struct cmp_entry *e)
{
	size_t set = row_set(b, e);
	struct cmp_row *r;

	if (find_row(t, e->c->variant, set) < t->nrows)
		return;
	t->rows = xrealloc(t->rows, (t->nrows + 1) * sizeof(*t->rows));
	r = &t->rows[t->nrows++];
	*r = (struct cmp_row){ .variant = e->c->variant, .set = set };
	r->label = b->by_set ? xasprintf("%s, %s", e->c->variant, e->set->label) : xstrdup(e->c->variant);
	printable(r->label);
}

static int by_size(const void *a, const void *b)
{
	uint64_t x = 0, y = 0;
	const char *s = *(char *const *)a, *t = *(char *const *)b;

	if (!parse_size(s, &x) || !parse_size(t, &y))
		return 0;
	return x < y ? -1 : x > y;
}

/* Numbers in order; names as they came. */
static void sort_columns(struct cmp_table *t)
{
	uint64_t x;

	for (size_t i = 0; i < t->ncolumns; i++)
		if (!parse_size(t->columns[i], &x))
			return;
	qsort(t->columns, t->ncolumns, sizeof(*t->columns), by_size);
}

static int row_order(const void *a, const void *b, void *arg)
{
	const struct cmp_row *x = a, *y = b;
	char *const *order = arg;
	size_t i = 0, j = 0;

	while (order[i] && strcmp(order[i], x->variant))
		i++;
	while (order[j] && strcmp(order[j], y->variant))
		j++;
	return i != j ? (i < j ? -1 : 1) : x->set < y->set ? -1 : x->set > y->set;
}

/* Rows of one variant stand together, sets in the order given. */
static void sort_rows(struct cmp_table *t)
{
	char **order = xcalloc(t->nrows + 1, sizeof(*order));
	size_t n = 0;

	for (size_t i = 0; i < t->nrows; i++) {
		size_t k;

		for (k = 0; k < n && strcmp(order[k], t->rows[i].variant);)
			k++;
		if (k == n)
			order[n++] = (char *)t->rows[i].variant;
	}
	qsort_r(t->rows, t->nrows, sizeof(*t->rows), row_order, order);
	free(order);
}

const char *cmp_base_of(struct rs_set *const *sets, size_t nsets, const char *base, const char *family)
{
	for (size_t s = 0; base && s < nsets; s++)
		for (size_t i = 0; i < sets[s]->ncases; i++)
			if (!strcmp(sets[s]->cases[i].variant, base) &&
			    (!family || !strcmp(sets[s]->cases[i].family, family)))
				return base;
	return NULL;
}

int cmp_check_base(const char *command, struct rs_set *const *sets, size_t nsets, const char *base)
{
	struct nearest near = { .word = base };
	char hint[80];

	if (!base || cmp_base_of(sets, nsets, base, NULL))
		return EXIT_DONE;
	for (size_t s = 0; s < nsets; s++)
		for (size_t i = 0; i < sets[s]->ncases; i++)
			nearest_offer(&near, sets[s]->cases[i].variant);
	return complain(EXIT_USAGE_ERROR, "%s: --base %s: no such variant in %s%s", command, base, sets[0]->path,
			nearest_hint(&near, hint, sizeof(hint)));
}

static void set_bases(const struct building *b, struct cmp_table *t)
{
	const char *variant = cmp_base_of(b->k->sets, b->k->nsets, b->o->base, t->family);

	for (size_t i = 0; i < t->nrows; i++) {
		struct cmp_row *r = &t->rows[i];

		r->base = i;
		if (b->by_set) {
			size_t base = find_row(t, r->variant, 0);

			r->base = base < t->nrows ? base : i;
		} else {
			size_t base = variant ? find_row(t, variant, r->set) : 0;

			r->base = base < t->nrows ? base : i;
		}
	}
}

/* The parameters that make the table, without those that no other table differs in being too long. */
static char *title_of(const struct cmp_entry *e, const struct building *b)
{
	char *title = xstrdup(strchr(e->point, '|') + 1), *old;
	size_t len = strlen(title);

	if (len && title[len - 1] == ' ')
		title[len - 1] = 0;
	printable(title);
	if (!b->by_set && b->k->nsets > 1 && strcmp(e->column_key, "set")) {
		old = title;
		title = xasprintf("%s (%s)", old, e->set->label);
		free(old);
	}
	return title;
}

static struct cmp_table *table_of(struct building *b, struct hsearch_data *map, struct cmp_entry *e)
{
	struct cmp *k = b->k;
	ENTRY item = { .key = e->point }, *found;
	char *text;

	e->point = point_of(e);
	if (!b->by_set && k->nsets > 1 && strcmp(e->column_key, "set")) {
		text = e->point;
		e->point = xasprintf("%s\x1f%zu", text, e->set_index);
		free(text);
	}
	item.key = e->point;
	if (hsearch_r(item, FIND, &found, map))
		return &k->tables[(size_t)found->data];
	k->tables = xrealloc(k->tables, (k->ntables + 1) * sizeof(*k->tables));
	k->tables[k->ntables] = (struct cmp_table){ .family = e->c->family, .m = k->m,
						    .column_key = e->column_key };
	text = strchr(e->point, 0x1f);
	if (text)
		*text = 0;
	k->tables[k->ntables].title = title_of(e, b);
	if (text)
		*text = 0x1f;
	item.data = (void *)k->ntables;
	hsearch_r(item, ENTER, &found, map);
	return &k->tables[k->ntables++];
}

static int by_number(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

static size_t count_boots(const uint32_t *boots, size_t n)
{
	uint32_t *sorted = xmalloc((n + 1) * sizeof(*sorted));
	size_t count = 0;

	memcpy(sorted, boots, n * sizeof(*sorted));
	qsort(sorted, n, sizeof(*sorted), by_number);
	for (size_t i = 0; i < n; i++)
		count += !i || sorted[i] != sorted[i - 1];
	free(sorted);
	return count;
}

static void fill_cell(const struct cmp *k, struct cmp_cell *cell)
{
	const struct rs_case *c = cell->c;

	if (c->skip || c->fail || (c->check && strcmp(c->check, "pass"))) {
		cell->state = c->skip ? "skip" : "fail";
		return;
	}
	if (k->m->kind == METRIC_COUNT) {
		if (!k->m->get(k->m, c, NULL, &cell->value))
			cell->state = "-";
		return;
	}
	cell->x = xmalloc((c->nsamples + 1) * sizeof(*cell->x));
	cell->boots = xmalloc((c->nsamples + 1) * sizeof(*cell->boots));
	cell->rounds = xmalloc((c->nsamples + 1) * sizeof(*cell->rounds));
	cell->n = metric_samples(k->m, c, cell->x, cell->boots, cell->rounds);
	cell->nboots = count_boots(cell->boots, cell->n);
	metric_flagged(c, &cell->warmup, &cell->disturbed, &cell->disturbed_kept);
	if (!cell->n)
		cell->state = "-";
	else if (cell->n == 1)
		cell->value = cell->x[0];	/* a published figure as it stands, no estimate of it */
	else
		st_interval_of((struct st_sample){ cell->x, cell->boots, cell->n, NULL }, 0.95, &cell->value);
}

static void place_cases(struct building *b, struct cmp_table **of)
{
	for (size_t i = 0; i < b->all.n; i++) {
		struct cmp_entry *e = &b->all.e[i];
		struct cmp_table *t = of[i];
		char text[TEXT_MAX];
		struct cmp_cell *cell;

		if (!strcmp(e->column_key, "metric"))
			snprintf(text, sizeof(text), "%s", ONE_COLUMN(t));
		else
			key_text(e, e->column_key, text, sizeof(text));
		printable(text);
		cell = cmp_cell(t, find_row(t, e->c->variant, row_set(b, e)), find_column(t, text));
		if (cell->c) {
			cmp_say(&b->k->unmatched, "%s/%s (%s, %s) stands twice in %s: only the first is shown",
				e->c->family, e->c->variant, t->title, text, e->set->path);
			continue;
		}
		cell->c = e->c;
		cell->set = e->set;
		fill_cell(b->k, cell);
	}
}

static void build_tables(struct building *b)
{
	struct cmp_table **of = xcalloc(b->all.n + 1, sizeof(*of));
	size_t *index = xcalloc(b->all.n + 1, sizeof(*index));
	struct hsearch_data map = { 0 };

	if (!hcreate_r(2 * b->all.n + 16, &map))
		exit(complain(EXIT_OUTSIDE, "compare: out of memory"));
	for (size_t i = 0; i < b->all.n; i++) {
		struct cmp_table *t = table_of(b, &map, &b->all.e[i]);

		index[i] = (size_t)(t - b->k->tables);
		add_column(t, &b->all.e[i]);
		add_row(b, t, &b->all.e[i]);
	}
	for (size_t i = 0; i < b->k->ntables; i++) {
		struct cmp_table *t = &b->k->tables[i];

		sort_columns(t);
		sort_rows(t);
		set_bases(b, t);
		t->cells = xcalloc(t->nrows * t->ncolumns + 1, sizeof(*t->cells));
	}
	for (size_t i = 0; i < b->all.n; i++)
		of[i] = &b->k->tables[index[i]];
	place_cases(b, of);
	for (size_t i = 0; i < b->k->ntables; i++) {
		struct cmp_table *t = &b->k->tables[i];

		for (size_t n = 0; n < t->nrows * t->ncolumns; n++)
			if (!t->cells[n].c)
				t->cells[n].state = "-";
	}
	hdestroy_r(&map);
	free(of);
	free(index);
}

static bool machines_differ(const struct cmp *k)
{
	const char *a = rs_env(k->sets[0], "machine");

	for (size_t s = 1; s < k->nsets; s++) {
		const char *b = rs_env(k->sets[s], "machine");

		if (a && b && strcmp(a, b))
			return true;
	}
	return false;
}

struct cmp *cmp_build(struct rs_set **sets, size_t nsets, const struct cmp_options *o)
{
	struct cmp *k = xcalloc(1, sizeof(*k));
	struct building b = { .k = k, .o = o };
	const char *columns = o->columns;

	k->sets = sets;
	k->nsets = nsets;
	k->m = o->m ? o->m : cmp_default_metric(sets, nsets);
	k->bootstrap = o->bootstrap;
	b.by_set = o->by ? !strcmp(o->by, "set") : nsets > 1 && !(columns && !strcmp(columns, "set"));
	if (!o->by && !columns && nsets > 1 && machines_differ(k)) {
		columns = "set";
		b.by_set = false;
	}
	b.all = collect(k, o->glob);
	choose_columns(&b.all, columns);
	build_tables(&b);
	cmp_judge(k);
	for (size_t s = 0; s < nsets; s++) {
		const char *accel = rs_env(sets[s], "accel");

		k->emulated |= accel && (!strcmp(accel, "tcg") || !strcmp(accel, "icount"));
	}
	for (size_t i = 0; i < b.all.n; i++)
		free(b.all.e[i].point);
	free(b.all.e);
	return k;
}

void cmp_free(struct cmp *k)
{
	for (size_t i = 0; i < k->ntables; i++)
		cmp_table_free(&k->tables[i]);
	free(k->tables);
	cmp_strings_free(&k->warnings);
	cmp_strings_free(&k->unmatched);
	free(k);
}
