// SPDX-License-Identifier: GPL-2.0-only
/*
 * drift: samples in the order they were taken, boots marked. Warm-up samples are hollow and flagged
 * ones (preempted, migrated) crossed: they are shown here and nowhere in the statistics.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "plot.h"
#include "stats.h"

PLOT_SCRIPT(drift);

#define POINTS_MAX 20000

static bool drift_value(const struct plot_input *in, const struct plot_entry *e,
			const struct rs_sample *s, double *out)
{
	return in->metric->get(in->metric, e->c, s, out) && isfinite(*out);
}

/* Place of a sample in time: boots one after another, rounds within, the drawn order within. */
static double place_of(const struct rs_sample *s, double rounds, double cases)
{
	return s->boot * rounds + s->round + (s->order + 0.5) / cases;
}

static void extent(const struct plot_input *in, double *rounds, double *cases, uint32_t *boots)
{
	*rounds = *cases = 1;
	*boots = 0;
	for (size_t i = 0; i < in->nentries; i++) {
		const struct rs_case *c = in->entries[i].c;

		for (size_t k = 0; k < c->nsamples; k++) {
			*rounds = fmax(*rounds, c->samples[k].round + 1.0);
			*cases = fmax(*cases, c->samples[k].order + 1.0);
			if (c->samples[k].boot > *boots)
				*boots = c->samples[k].boot;
		}
	}
}

/* Each case against its own median, so that fast and slow variants show their drift alike. */
static double median_of(const struct plot_input *in, const struct plot_entry *e)
{
	double *x = xmalloc((e->c->nsamples + 1) * sizeof(*x)), m;
	size_t n = metric_values(in->metric, e->c, x, NULL);

	m = st_median(x, n);
	free(x);
	return m;
}

static size_t add_points(const struct plot_input *in, struct plot_view *v, const struct plot_entry *e,
			 double rounds, double cases)
{
	struct plot_facet *f = NULL;
	size_t n = 0;
	char name[256];
	double y, median = median_of(in, e);
	uint32_t leave = metric_flags_out(e->c);

	if (!(median > 0))
		return 0;
	for (size_t k = 0; k < e->c->nsamples; k++) {
		const struct rs_sample *s = &e->c->samples[k];
		struct plot_row *r;

		if (!drift_value(in, e, s, &y))
			continue;
		if (!f)
			f = plot_facet_of(in, v, e, NULL);
		r = plot_add_row(plot_series_of(v, f, plot_entry_name(in, e, name, sizeof(name))),
				 place_of(s, rounds, cases), 100 * (y / median - 1));
		r->flag = s->flags & RS_SAMPLE_WARMUP ? 1 : s->flags & leave ? 2 : 0;
		n++;
	}
	return n;
}

static const char *build_drift(const struct plot_input *in, struct plot_view *v)
{
	double rounds, cases;
	uint32_t boots;
	size_t points = 0;

	if (in->metric->kind != METRIC_SAMPLE)
		return "drift needs a metric of samples: choose --metric time";
	extent(in, &rounds, &cases, &boots);
	for (size_t i = 0; i < in->nentries; i++) {
		points += add_points(in, v, &in->entries[i], rounds, cases);
		if (v->nfacets > PLOT_FACETS_MAX || points > POINTS_MAX)
			return "more samples than a page holds: choose some with --cases GLOB";
	}
	if (!v->nfacets)
		return "no samples: published figures have medians only";
	for (size_t i = 0; i < v->nfacets; i++) {
		struct plot_facet *f = &v->facets[i];

		free(f->unit);
		f->unit = xstrdup("%");
		f->xmin = 0;
		f->xmax = (boots + 1.0) * rounds;
		for (uint32_t b = 0; b <= boots && boots < 64; b++) {
			char text[32];

			snprintf(text, sizeof(text), boots < 12 ? "boot %u" : "%u", b);
			plot_add_tic(&f->xtics, &f->nxtics, b * rounds, text);
		}
	}
	plot_describe(in, v, "samples in the order taken", "each against its case's median; hollow: warm-up, "
		      "crossed: preempted or migrated, and left out; where most were, none is");
	v->xlabel = xstrdup("rounds, boot after boot");
	v->ylabel = xasprintf("%s against the median", in->metric->title);
	v->columns = v->nfacets > 1 ? 2 : 1;
	v->width = v->nfacets > 1 ? 600 : 860;
	v->height = 360;
	v->left = 76;
	return plot_add_legend(v);
}

PLOT_KIND(drift, .name = "drift", .summary = "samples over time, boots marked",
	  .script = plot_script_drift, .build = build_drift, .text = plot_text_canvas);
