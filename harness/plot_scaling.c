// SPDX-License-Identifier: GPL-2.0-only
/* scaling: log-log over a numeric parameter, a line a variant, its slope in the legend. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "plot.h"

PLOT_SCRIPT(scaling);

/* Least squares on the logarithms; NaN below two points. Slope 1: time is proportional. */
static double slope_of(const struct plot_series *s)
{
	double sx = 0, sy = 0, sxx = 0, sxy = 0, n = 0, d;

	for (size_t i = 0; i < s->n; i++) {
		double x, y;

		if (!(s->rows[i].x > 0 && s->rows[i].y > 0))
			continue;
		x = log(s->rows[i].x);
		y = log(s->rows[i].y);
		sx += x;
		sy += y;
		sxx += x * x;
		sxy += x * y;
		n++;
	}
	d = n * sxx - sx * sx;
	return n >= 2 && d > 0 ? (n * sxy - sx * sy) / d : NAN;
}

static int by_x(const void *a, const void *b)
{
	double x = ((const struct plot_row *)a)->x, y = ((const struct plot_row *)b)->x;

	return (x > y) - (x < y);
}

static int by_at(const void *a, const void *b)
{
	double x = ((const struct plot_tic *)a)->at, y = ((const struct plot_tic *)b)->at;

	return (x > y) - (x < y);
}

/* A tic an x value, thinned to those at least a factor 1.6 apart so that labels stay apart. */
static void thin_tics(struct plot_facet *f)
{
	size_t keep = 0;
	double last = 0, span;

	qsort(f->xtics, f->nxtics, sizeof(*f->xtics), by_at);
	span = f->nxtics ? pow(f->xtics[f->nxtics - 1].at / fmax(f->xtics[0].at, 1), 1.0 / 9) : 1;
	for (size_t i = 0; i < f->nxtics; i++) {
		if (keep && f->xtics[i].at < last * fmax(span, 1.0001)) {
			free(f->xtics[i].text);
			continue;
		}
		last = f->xtics[i].at;
		f->xtics[keep++] = f->xtics[i];
	}
	f->nxtics = keep;
}

static void finish_facet(const struct plot_input *in, struct plot_facet *f)
{
	double most = 0;

	f->xmin = INFINITY;
	f->xmax = 0;
	for (size_t i = 0; i < f->nseries; i++) {
		struct plot_series *s = &f->series[i];
		double slope;
		char *name;

		qsort(s->rows, s->n, sizeof(*s->rows), by_x);
		for (size_t k = 0; k < s->n; k++)
			most = fmax(most, s->rows[k].y);
		f->xmin = fmin(f->xmin, s->rows[0].x / 1.2);
		f->xmax = fmax(f->xmax, s->rows[s->n - 1].x * 1.2);
		slope = slope_of(s);
		if (isnan(slope))
			continue;
		name = xasprintf("%.120s  (slope %.2f)", s->name, slope);
		free(s->name);
		s->name = name;
	}
	plot_scale_y(in, f, most);
	thin_tics(f);
}

static void add_point(const struct plot_input *in, struct plot_view *v, const struct plot_entry *e,
		      const char *x)
{
	struct plot_facet *f;
	char name[256], text[256];
	double at = plot_key_number(e, x), y = NAN, lo, hi;
	struct plot_row *r;

	plot_estimate(in, e, &y, &lo, &hi);
	if (!(at > 0) || !(y > 0))
		return;	/* no place on a logarithmic axis: and no facet either */
	f = plot_facet_of(in, v, e, x);
	r = plot_add_row(plot_series_of(v, f, plot_entry_name(in, e, name, sizeof(name))), at, y);
	r->lo = lo;
	r->hi = hi;
	for (size_t i = 0; i < f->nxtics; i++)
		if (f->xtics[i].at == at)
			return;
	plot_add_tic(&f->xtics, &f->nxtics, at, plot_key_text(e, x, text, sizeof(text)));
}

static const char *build_scaling(const struct plot_input *in, struct plot_view *v)
{
	const char *x = plot_x_key(in);
	char *what;

	if (!x)
		return "no numeric parameter has two values: run more sizes (--ram 1G,4G), or name one "
		       "with --x";
	for (size_t i = 0; i < in->nentries; i++) {
		add_point(in, v, &in->entries[i], x);
		if (v->nfacets > PLOT_FACETS_MAX)
			return "more lines than a page holds: choose some with --cases GLOB";
	}
	if (!v->nfacets)
		return "no case has a value at a size above 0";
	for (size_t i = 0; i < v->nfacets; i++)
		finish_facet(in, &v->facets[i]);
	what = xasprintf("%s over %s", in->metric->title, x);
	plot_describe(in, v, what, in->metric->kind == METRIC_SAMPLE ?
		      "median and its 95 % interval" : "");
	free(what);
	v->xlabel = xstrdup(x);
	v->ylabel = xstrdup(in->metric->title);
	v->columns = v->nfacets > 1 ? 2 : 1;
	v->width = v->nfacets > 1 ? 560 : 760;
	v->height = 420;
	v->left = 88;
	return plot_add_legend(v);
}

PLOT_KIND(scaling, .name = "scaling", .summary = "log-log over ram, pages ... with the slope",
	  .script = plot_script_scaling, .build = build_scaling, .text = plot_text_canvas_log);
