// SPDX-License-Identifier: GPL-2.0-only
/* ecdf: the share of samples at or below each value, every sample, a curve a variant. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "plot.h"

PLOT_SCRIPT(ecdf);

/* A curve of more steps is drawn through this many of its samples, evenly spaced in rank. */
#define STEPS_MAX 2000

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void add_curve(const struct plot_input *in, struct plot_view *v, const struct plot_entry *e)
{
	double *x = xmalloc((e->c->nsamples + 1) * sizeof(*x));
	size_t n = e->c->nsamples ? metric_values(in->metric, e->c, x, NULL) : 0, steps = n < STEPS_MAX ? n : STEPS_MAX;
	struct plot_facet *f;
	struct plot_series *s;
	char name[256];

	if (n) {
		qsort(x, n, sizeof(*x), by_value);
		plot_entry_name(in, e, name, sizeof(name));
		f = plot_facet_of(in, v, e, NULL);
		s = plot_series_of(v, f, name);
		/* x = share, y = value until the axes are swapped: plot_scale_y() scales values. */
		plot_add_row(s, 0, x[0]);
		for (size_t i = 1; i <= steps; i++) {
			size_t rank = i * n / steps;

			plot_add_row(s, (double)rank / (double)n, x[rank - 1]);
		}
	}
	free(x);
}

/* Values to x; the extent; how many samples a curve has, in its legend. */
static void finish_facet(struct plot_facet *f)
{
	f->xmin = INFINITY;
	f->xmax = 0;
	for (size_t i = 0; i < f->nseries; i++) {
		for (size_t k = 0; k < f->series[i].n; k++) {
			struct plot_row *r = &f->series[i].rows[k];
			double t = r->x;

			r->x = r->y;
			r->y = t;
			f->xmin = fmin(f->xmin, r->x);
			f->xmax = fmax(f->xmax, r->x);
		}
	}
}

static const char *build_ecdf(const struct plot_input *in, struct plot_view *v)
{
	if (in->metric->kind != METRIC_SAMPLE)
		return "ecdf needs a metric of samples: choose --metric time, or --kind bars for counts";
	for (size_t i = 0; i < in->nentries; i++) {
		add_curve(in, v, &in->entries[i]);
		if (v->nfacets > PLOT_FACETS_MAX)
			return "more points than a page holds: choose some with --cases GLOB";
	}
	if (!v->nfacets)
		return "no samples: published figures have medians only";
	for (size_t i = 0; i < v->nfacets; i++) {
		struct plot_facet *f = &v->facets[i];
		double most = 0;

		for (size_t k = 0; k < f->nseries; k++)
			most = fmax(most, f->series[k].rows[f->series[k].n - 1].y);
		plot_scale_y(in, f, most);
		finish_facet(f);
	}
	plot_describe(in, v, "distribution of the samples",
		      "a curve further left is lower");
	v->xlabel = xstrdup(in->metric->title);
	v->ylabel = xstrdup("share of samples");
	v->columns = v->nfacets > 1 ? 2 : 1;
	v->width = v->nfacets > 1 ? 560 : 760;
	v->height = 400;
	v->left = 70;
	return plot_add_legend(v);
}

PLOT_KIND(ecdf, .name = "ecdf", .summary = "distribution of every sample",
	  .script = plot_script_ecdf, .build = build_ecdf, .text = plot_text_canvas);
