// SPDX-License-Identifier: GPL-2.0-only
/* heatmap: a numeric parameter across, variants down, the metric as shade and number. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "plot.h"
#include "text.h"

PLOT_SCRIPT(heatmap);

/* At most five characters and three digits that count: "6.93", "193"; whole up to 99999, then "131k". */
static void short_number(double v, char *buf, size_t size)
{
	static const char suffix[] = " kMGTPE";
	int i = 0, decimals;

	if (fabs(v) < 99999.5 && (v == floor(v) || fabs(v) >= 100)) {
		snprintf(buf, size, "%.0f", v);
		return;
	}
	if (fabs(v) < 0.005) {
		snprintf(buf, size, "%.0e", v);
		return;
	}
	while (fabs(v) >= 999.5 && suffix[i + 1]) {
		v /= 1000;
		i++;
	}
	decimals = i ? (fabs(v) < 9.95 && v != floor(v)) : fabs(v) < 9.995 ? 2 : 1;
	snprintf(buf, size, "%.*f%.*s", decimals, v, i > 0, &suffix[i]);
}

static int by_x_tic(const void *a, const void *b)
{
	double x = ((const struct plot_tic *)a)->at, y = ((const struct plot_tic *)b)->at;

	return (x > y) - (x < y);
}

static void add_column(struct plot_facet *f, double at, const char *text)
{
	for (size_t i = 0; i < f->nxtics; i++)
		if (f->xtics[i].at == at)
			return;
	plot_add_tic(&f->xtics, &f->nxtics, at, text);
}

/* From parameter values to column numbers: columns are evenly wide whatever the values. */
static void number_columns(struct plot_facet *f)
{
	struct plot_series *s = &f->series[0];

	qsort(f->xtics, f->nxtics, sizeof(*f->xtics), by_x_tic);
	for (size_t k = 0; k < s->n; k++) {
		size_t col = 0;

		while (col < f->nxtics && f->xtics[col].at != s->rows[k].x)
			col++;
		s->rows[k].x = (double)col;
	}
	for (size_t i = 0; i < f->nxtics; i++)
		f->xtics[i].at = (double)i;
}

static void finish_facet(const struct plot_input *in, struct plot_facet *f)
{
	struct plot_series *s = &f->series[0];
	struct metric_scale sc;
	double lo = INFINITY, hi = 0;

	number_columns(f);
	/* lo carries the value: y is the row. */
	for (size_t k = 0; k < s->n; k++) {
		hi = fmax(hi, s->rows[k].lo);
		if (s->rows[k].lo > 0)
			lo = fmin(lo, s->rows[k].lo);
	}
	/* A unit between the extremes, so that neither end is all zeroes. */
	sc = metric_scale_for(in->metric, hi > 0 ? sqrt(hi * lo) : 1);
	lo = INFINITY;
	for (size_t k = 0; k < s->n; k++) {
		double v = s->rows[k].lo / (in->metric->unit == UNIT_NS ? sc.divide : 1);
		char buf[32];

		s->rows[k].lo = v;
		if (v > 0)
			lo = fmin(lo, v);
		short_number(v, buf, sizeof(buf));
		s->rows[k].text = xstrdup(buf);
		if (k == 0) {
			free(f->unit);
			f->unit = xstrdup(in->metric->unit == UNIT_NS && sc.suffix ? sc.suffix : "");
		}
	}
	/* Shade, 0 (light) to 1 (dark), by the logarithm. */
	hi = 0;
	for (size_t k = 0; k < s->n; k++)
		hi = fmax(hi, s->rows[k].lo);
	for (size_t k = 0; k < s->n; k++) {
		double v = s->rows[k].lo;

		s->rows[k].hi = v > 0 && hi > lo ? 0.08 + 0.92 * log(v / lo) / log(hi / lo) : v > 0 ? 0.5 : 0;
	}
}

static const char *build_heatmap(const struct plot_input *in, struct plot_view *v)
{
	const char *x = plot_x_key(in);
	size_t cols = 1, rows = 1, longest = 0;
	char name[256], text[256], *what;

	if (!x)
		return "no numeric parameter has two values: run more sizes, or name one with --x";
	for (size_t i = 0; i < in->nentries; i++) {
		const struct plot_entry *e = &in->entries[i];
		struct plot_facet *f = plot_facet_of(in, v, e, x);
		double median = NAN, lo, hi;
		struct plot_row *r;

		if (v->nfacets > PLOT_FACETS_MAX)
			return "more tables than a page holds: choose some with --cases GLOB";
		plot_estimate(in, e, &median, &lo, &hi);
		plot_entry_name(in, e, name, sizeof(name));
		r = plot_add_row(plot_series_of(v, f, ""), plot_key_number(e, x),
				 (double)plot_category(&f->ytics, &f->nytics, name));
		r->lo = median;
		add_column(f, r->x, plot_key_text(e, x, text, sizeof(text)));
		if (text_columns(name) > longest)
			longest = text_columns(name);
	}
	for (size_t i = 0; i < v->nfacets; i++) {
		finish_facet(in, &v->facets[i]);
		cols = v->facets[i].nxtics > cols ? v->facets[i].nxtics : cols;
		rows = v->facets[i].nytics > rows ? v->facets[i].nytics : rows;
	}
	if (cols > 64)
		return "more than 64 columns: name a parameter with fewer values with --x";
	what = xasprintf("%s by variant and %s", in->metric->title, x);
	plot_describe(in, v, what, "dark is more; shades are logarithmic");
	free(what);
	v->xlabel = xstrdup(x);
	v->ylabel = xstrdup("");
	v->columns = 1;
	v->left = 30 + (int)(longest > 40 ? 40 : longest) * 7;
	v->width = v->left + 40 + (int)cols * 52;
	if (v->width < 480)
		v->width = 480;
	v->height = 86 + (int)rows * 30;
	return NULL;
}

PLOT_KIND(heatmap, .name = "heatmap", .summary = "a parameter across, variants down",
	  .script = plot_script_heatmap, .build = build_heatmap, .text = plot_text_grid);
