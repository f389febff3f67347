// SPDX-License-Identifier: GPL-2.0-only
/* The view that a kind builds: facets, series, rows, tics. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "plot.h"

struct plot_series *plot_series_of(struct plot_view *v, struct plot_facet *f, const char *name)
{
	struct plot_series *s;
	int style = -1, next = 0;

	for (size_t i = 0; i < f->nseries; i++)
		if (!strcmp(f->series[i].name, name))
			return &f->series[i];
	for (size_t i = 0; i < v->nfacets; i++) {
		for (size_t k = 0; k < v->facets[i].nseries; k++) {
			const struct plot_series *o = &v->facets[i].series[k];

			if (!strcmp(o->name, name))
				style = o->style;
			if (o->style >= next)
				next = o->style + 1;
		}
	}
	f->series = xrealloc(f->series, (f->nseries + 1) * sizeof(*f->series));
	s = &f->series[f->nseries++];
	*s = (struct plot_series){ .name = xstrdup(name), .style = style >= 0 ? style : next };
	return s;
}

struct plot_row *plot_add_row(struct plot_series *s, double x, double y)
{
	/* Doubling at powers of two: the capacity needs no field. */
	if (!(s->n & (s->n - 1)))
		s->rows = xrealloc(s->rows, (s->n ? 2 * s->n : 1) * sizeof(*s->rows));
	s->rows[s->n] = (struct plot_row){ .x = x, .y = y, .lo = NAN, .hi = NAN };
	return &s->rows[s->n++];
}

void plot_add_tic(struct plot_tic **tics, size_t *n, double at, const char *text)
{
	*tics = xrealloc(*tics, (*n + 1) * sizeof(**tics));
	(*tics)[(*n)++] = (struct plot_tic){ .at = at, .text = xstrdup(text) };
}

size_t plot_category(struct plot_tic **tics, size_t *n, const char *text)
{
	for (size_t i = 0; i < *n; i++)
		if (!strcmp((*tics)[i].text, text))
			return i;
	plot_add_tic(tics, n, (double)*n, text);
	return *n - 1;
}

const char *plot_add_legend(struct plot_view *v)
{
	for (size_t i = 0; i < v->nfacets; i++)
		if ((int)v->facets[i].nseries > v->legend)
			v->legend = (int)v->facets[i].nseries;
	/* gnuplot breaks a legend that is higher than the axes into columns, and drops those that find no room. */
	if (19 * v->legend > v->height - 82)
		v->height = 19 * v->legend + 82;
	v->height += 18 * v->legend + 14;
	return v->legend > PLOT_SERIES_MAX ? "more lines than can be told apart: choose some with --cases GLOB" : NULL;
}

static void free_tics(struct plot_tic *tics, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free(tics[i].text);
	free(tics);
}

static void free_facet(struct plot_facet *f)
{
	for (size_t i = 0; i < f->nseries; i++) {
		for (size_t k = 0; k < f->series[i].n; k++)
			free(f->series[i].rows[k].text);
		free(f->series[i].rows);
		free(f->series[i].name);
	}
	free(f->series);
	free_tics(f->xtics, f->nxtics);
	free_tics(f->ytics, f->nytics);
	free(f->title);
	free(f->unit);
}

void plot_view_free(struct plot_view *v)
{
	for (size_t i = 0; i < v->nfacets; i++)
		free_facet(&v->facets[i]);
	free(v->facets);
	free(v->title);
	free(v->subtitle);
	free(v->footnote);
	free(v->xlabel);
	free(v->ylabel);
	*v = (struct plot_view){ 0 };
}
