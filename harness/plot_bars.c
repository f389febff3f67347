// SPDX-License-Identifier: GPL-2.0-only
/*
 * bars: one facet a point, each with its own axis from zero; a group of bars a variant, a bar a set.
 * The delta is against the first set, or with one set against the facet's first variant.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "plot.h"
#include "text.h"

PLOT_SCRIPT(bars);

#define AXIS 310.0			/* pixels between a facet's margins */

static void add_bar(const struct plot_input *in, struct plot_view *v, const struct plot_entry *e,
		    const struct plot_delta *d)
{
	struct plot_facet *f = plot_facet_of(in, v, e, NULL);
	size_t at = plot_category(&f->ytics, &f->nytics, e->c->variant);
	const char *name = in->nsets > 1 ? e->set->label : "";
	struct plot_series *s = plot_series_of(v, f, name ? name : "");
	double median = NAN, lo, hi;
	char value[64], delta[32];
	struct plot_row *r;

	plot_estimate(in, e, &median, &lo, &hi);
	metric_format(in->metric, median, value, sizeof(value));
	r = plot_add_row(s, (double)at, median);
	r->lo = lo;
	r->hi = hi;
	plot_delta_text(d, delta, sizeof(delta));
	r->text = xasprintf("%s%s%s", value, *delta ? "  " : "", delta);
}

static double largest_of(const struct plot_facet *f)
{
	double m = 0;

	for (size_t i = 0; i < f->nseries; i++)
		for (size_t k = 0; k < f->series[i].n; k++)
			m = fmax(m, fmax(f->series[i].rows[k].y, f->series[i].rows[k].hi));
	return m;
}

/* How much longer than the longest bar the axis is: the label behind it must fit. */
static double room_for(const struct plot_facet *f)
{
	size_t longest = 0;

	for (size_t i = 0; i < f->nseries; i++)
		for (size_t k = 0; k < f->series[i].n; k++)
			longest = text_columns(f->series[i].rows[k].text) > longest ?
				  text_columns(f->series[i].rows[k].text) : longest;
	return fmax(1.5, AXIS / fmax(AXIS - 7.0 * (double)longest - 12, AXIS / 4));
}

static size_t most_bars(const struct plot_view *v)
{
	size_t most = 1;

	for (size_t i = 0; i < v->nfacets; i++)
		if (v->facets[i].nytics * v->facets[i].nseries > most)
			most = v->facets[i].nytics * v->facets[i].nseries;
	return most;
}

static const char *build_bars(const struct plot_input *in, struct plot_view *v)
{
	const char *against = in->nsets > 1 ? "the first set" : in->base ? in->base : "the first variant";
	size_t bars, longest = 0;
	struct plot_delta *deltas;
	char *note, *what;

	for (size_t i = 0; i < in->nentries; i++) {
		plot_facet_of(in, v, &in->entries[i], NULL);
		if (v->nfacets > PLOT_FACETS_MAX)
			return "more points than a page holds: choose some with --cases GLOB";
	}
	deltas = plot_deltas(in);
	for (size_t i = 0; i < in->nentries; i++)
		add_bar(in, v, &in->entries[i], &deltas[i]);
	free(deltas);
	for (size_t i = 0; i < v->nfacets; i++) {
		struct plot_facet *f = &v->facets[i];

		plot_scale_y(in, f, largest_of(f));
		f->xmax = largest_of(f) > 0 ? largest_of(f) * room_for(f) : 1;
		for (size_t k = 0; k < f->nytics; k++)
			if (text_columns(f->ytics[k].text) > longest)
				longest = text_columns(f->ytics[k].text);
	}
	note = xasprintf("%spercent: change against %s, ~ no claim",
			 in->metric->kind == METRIC_SAMPLE ? "bars: median and its 95 % interval; " : "",
			 against);
	what = xasprintf("%s by variant", in->metric->title);
	plot_describe(in, v, what, note);
	free(what);
	free(note);
	bars = most_bars(v);
	v->xlabel = xstrdup(in->metric->title);
	v->ylabel = xstrdup("");
	v->columns = v->nfacets > 1 ? 2 : 1;
	v->left = 30 + (int)(longest > 32 ? 32 : longest) * 7;
	v->width = v->left + (int)AXIS + 20;
	v->height = 84 + 24 * (int)bars;
	return in->nsets > 1 ? plot_add_legend(v) : NULL;
}

PLOT_KIND(bars, .name = "bars", .summary = "median and interval of each variant, delta labels",
	  .script = plot_script_bars, .build = build_bars, .text = plot_text_bars);
