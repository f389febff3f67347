// SPDX-License-Identifier: GPL-2.0-only
/*
 * history: result sets in the order given (commits, say), a line a variant. Marked are the changes that
 * `mmubench history` tells: a set that differs from all sets since the change before it (history.h).
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "export.h"
#include "history.h"
#include "plot.h"
#include "text.h"

PLOT_SCRIPT(history);

static const struct history_point *point_of(const struct history *h, const struct plot_entry *e)
{
	for (size_t i = 0; i < h->n; i++)
		for (size_t k = 0; k < h->series[i].n; k++)
			if (h->series[i].points[k].c == e->c)
				return &h->series[i].points[k];
	return NULL;
}

static void add_point(const struct plot_input *in, struct plot_view *v, const struct plot_entry *e,
		      const struct history *h)
{
	struct plot_facet *f = plot_facet_of(in, v, e, NULL);
	const struct history_point *p = point_of(h, e);
	double value = NAN, lo, hi;
	char delta[32];
	struct plot_row *r;

	plot_estimate(in, e, &value, &lo, &hi);
	r = plot_add_row(plot_series_of(v, f, e->c->variant), (double)e->set_index, value);
	r->lo = lo;
	r->hi = hi;
	r->flag = p && p->change;
	if (r->flag)
		r->text = xstrdup(plot_delta_text(&(struct plot_delta){ .base = e, .r = p->r }, delta,
						  sizeof(delta)));
}

static void finish_facet(const struct plot_input *in, struct plot_facet *f)
{
	/* At most a dozen labels: more would run into each other. */
	size_t step = (in->nsets + 11) / 12;
	double most = 0;

	for (size_t s = 0; s < f->nseries; s++)
		for (size_t k = 0; k < f->series[s].n; k++)
			most = fmax(most, fmax(f->series[s].rows[k].y, f->series[s].rows[k].hi));
	plot_scale_y(in, f, most);
	for (size_t i = 0; i < in->nsets; i += step) {
		char *label = export_clean(in->sets[i]->label ? in->sets[i]->label : "?", 12);

		plot_add_tic(&f->xtics, &f->nxtics, (double)i, label);
		free(label);
	}
	f->xmin = -0.5;
	f->xmax = (double)in->nsets - 0.5;
}

static const char *build_history(const struct plot_input *in, struct plot_view *v)
{
	struct history *changes;
	char *what;

	if (in->nsets < 2)
		return "history needs two result sets or more, oldest first";
	for (size_t i = 0; i < in->nentries; i++) {
		plot_facet_of(in, v, &in->entries[i], NULL);
		if (v->nfacets > PLOT_FACETS_MAX)
			return "more points than a page holds: choose some with --cases GLOB";
	}
	changes = history_build(in->sets, in->nsets, in->metric, NULL);
	for (size_t i = 0; i < in->nentries; i++)
		add_point(in, v, &in->entries[i], changes);
	history_free(changes);
	for (size_t i = 0; i < v->nfacets; i++)
		finish_facet(in, &v->facets[i]);
	what = xasprintf("%s over result sets", in->metric->title);
	plot_describe(in, v, what, "marked: a change against the sets since the last one");
	free(what);
	v->xlabel = xstrdup("result set");
	v->ylabel = xstrdup(in->metric->title);
	v->columns = v->nfacets > 1 ? 2 : 1;
	v->width = v->nfacets > 1 ? 600 : 860;
	v->height = 400;
	v->left = 76;
	return plot_add_legend(v);
}

/* Each change with its set: the number, and the label where the axis has room for it. */
static void put_changes(FILE *out, const struct plot_facet *f)
{
	for (size_t s = 0; s < f->nseries; s++) {
		for (size_t k = 0; k < f->series[s].n; k++) {
			const struct plot_row *r = &f->series[s].rows[k];
			const struct plot_tic *t = NULL;

			if (!r->text)
				continue;
			for (size_t i = 0; i < f->nxtics && f->xtics[i].at <= r->x; i++)
				t = &f->xtics[i];
			fprintf(out, "  change at set %.0f", r->x);
			if (t && t->at == r->x)
				fprintf(out, " (%s)", t->text);
			fputs(": ", out);
			text_cell(out, f->series[s].name, (int)text_columns(f->series[s].name) < 40 ?
				       (int)text_columns(f->series[s].name) : 40);
			fprintf(out, " %s\n", r->text);
		}
	}
}

static void text_history(FILE *out, const struct plot_view *v, bool colour)
{
	for (size_t i = 0; i < v->nfacets; i++) {
		struct plot_view one = *v;

		one.facets = &v->facets[i];
		one.nfacets = 1;
		plot_text_canvas(out, &one, colour);
		put_changes(out, &v->facets[i]);
	}
}

PLOT_KIND(history, .name = "history", .summary = "a metric over result sets, changes marked",
	  .script = plot_script_history, .build = build_history, .text = text_history);
