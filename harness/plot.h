/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Plots. A kind is plot_KIND.c (which turns cases into a view) and plots/KIND.gp (which draws it);
 * it registers itself, nothing else is edited. The script is built into the program. What a script
 * finds defined: plots/style.gp.
 */
#ifndef MMUB_PLOT_H
#define MMUB_PLOT_H

#include <stdio.h>

#include "metric.h"
#include "resultset.h"
#include "stats.h"

/* One mark. What flag and text mean is the kind's: a delta label, a flagged sample, a cell's text. */
struct plot_row {
	double x, y, lo, hi;		/* already divided by the facet's scale; NaN: none */
	int flag;
	char *text;			/* NULL: none */
};
struct plot_series {
	char *name;			/* legend */
	int style;			/* colour, dash and point shape, 0.. */
	struct plot_row *rows;
	size_t n;
};
struct plot_tic {
	double at;
	char *text;
};
/* One small picture of the sheet: the cases that may be compared with each other. */
struct plot_facet {
	char *title;
	char *unit;			/* of y (of x for bars and ecdf): "ms", "" for plain counts */
	struct plot_series *series;
	size_t nseries;
	struct plot_tic *xtics, *ytics;
	size_t nxtics, nytics;
	double xmin, xmax, ymin, ymax;	/* NaN: the script's choice */
};
struct plot_view {
	char *title, *subtitle, *footnote;
	char *xlabel, *ylabel;		/* without the unit */
	struct plot_facet *facets;
	size_t nfacets;
	int columns;			/* facets side by side */
	int width, height;		/* of one facet with its axes, in pixels of the SVG */
	int left;			/* pixels for the y axis' labels */
	int legend;			/* lines of the legend below a facet, 18 pixels each */
};

/* What the user asked for, and the cases selected. */
struct plot_entry {
	const struct rs_set *set;
	size_t set_index;
	const struct rs_case *c;
};
struct plot_key {
	const char *name;		/* "family", "platform", a parameter */
	bool varies;			/* over the entries: it tells facets apart */
};
struct plot_input {
	struct rs_set **sets;
	size_t nsets;
	const struct metric *metric;
	const char *x;			/* parameter along x, NULL: chosen */
	const char *base;		/* variant that others are compared with, NULL: the first */
	bool with_timer;		/* the row of the timer's overhead too: for tables, not for pictures */
	struct plot_entry *entries;	/* that have the metric */
	size_t nentries;
	size_t nskipped, nfailed;	/* cases that were meant, and have nothing to draw */
	struct plot_key *keys;		/* of all entries, set by plot_select() */
	size_t nkeys;
};

struct plot_kind {
	const char *name, *summary;
	const char *script;		/* PLOT_SCRIPT() */
	/* Fills the view (zeroed). NULL, or why it cannot: one line. */
	const char *(*build)(const struct plot_input *in, struct plot_view *v);
	void (*text)(FILE *out, const struct plot_view *v, bool colour);
};

/* plots/NAME.gp as a string in the program; the path is the compiler's working folder's. */
#define PLOT_SCRIPT(ident)									\
	extern const char plot_script_##ident[];						\
	__asm__(".section .rodata\n.global plot_script_" #ident "\nplot_script_" #ident ":\n"	\
		".incbin \"plots/" #ident ".gp\"\n.byte 0\n.text\n")

#define PLOT_KIND(ident, ...)									\
	static const struct plot_kind plot_kind_##ident = { __VA_ARGS__ };			\
	static const struct plot_kind *const plot_kind_entry_##ident				\
		__attribute__((used, section("mmub_plots"))) = &plot_kind_##ident

const struct plot_kind *plot_kind_find(const char *name);
const struct plot_kind *plot_kind_at(size_t i);	/* link order, NULL past the end */

/* More facets than this fit no page. */
#define PLOT_FACETS_MAX 48
/* And more colours with dashes and shapes than these plots/style.gp does not have. */
#define PLOT_SERIES_MAX 48

/* ---- building (plot_data.c, plot_view.c) ---- */
/* Cases of the sets that match glob ("family/variant", NULL: all) and have the metric. */
void plot_select(struct plot_input *in, const char *glob);
/* Those of one family; its name is no pattern. */
void plot_select_family(struct plot_input *in, const char *family);
void plot_input_free(struct plot_input *in);
/* Value and 95 % interval of an entry as st_interval_of() (published: value and no interval); false: no value. */
bool plot_estimate(const struct plot_input *in, const struct plot_entry *e, double *value,
		   double *lo, double *hi);
/* "16G", "4K", "page": a key of the case as people write it. buf when absent: "". */
const char *plot_key_text(const struct plot_entry *e, const char *key, char *buf, size_t size);
/* The numeric parameter for the x axis: in->x, or the one with most values. NULL: none varies. */
const char *plot_x_key(const struct plot_input *in);
double plot_key_number(const struct plot_entry *e, const char *key);
/*
 * Facet of an entry, added when new: one for each point of the parameters, `without` left out
 * (NULL: none). Facets hold no entries: kinds append series.
 */
struct plot_facet *plot_facet_of(const struct plot_input *in, struct plot_view *v,
				 const struct plot_entry *e, const char *without);
/* The point of an entry in the words of a facet's title, the family left out. Allocated. */
char *plot_point_text(const struct plot_input *in, const struct plot_entry *e);
/* And what all entries have in common. Allocated. */
char *plot_shared_text(const struct plot_input *in);
/* Series of a facet by name, added when new; style is the name's rank over the whole view. */
struct plot_series *plot_series_of(struct plot_view *v, struct plot_facet *f, const char *name);
struct plot_row *plot_add_row(struct plot_series *s, double x, double y);
/* Index of the tic with this text, added at the end (at = its index) when new. */
size_t plot_category(struct plot_tic **tics, size_t *n, const char *text);
void plot_add_tic(struct plot_tic **tics, size_t *n, double at, const char *text);
/* "variant", or "variant, set" when there are several sets. */
const char *plot_entry_name(const struct plot_input *in, const struct plot_entry *e, char *buf,
			    size_t size);
/* Title, subtitle (what all cases share) and footnote (accelerator, CPU, n). note: the kind's. */
void plot_describe(const struct plot_input *in, struct plot_view *v, const char *what,
		   const char *note);
/* Divides y (or x) of a facet so that its largest value reads well; sets the unit. */
void plot_scale_y(const struct plot_input *in, struct plot_facet *f, double largest);
/* Room below for the fullest facet's legend: adds to the height. NULL, or why there is none: a kind's last word. */
const char *plot_add_legend(struct plot_view *v);
void plot_view_free(struct plot_view *v);

/* ---- comparing (plot_delta.c) ---- */
struct plot_delta {
	const struct plot_entry *base;	/* NULL: this entry is a baseline itself */
	struct st_compare r;
};
/*
 * What each entry is compared with, and how it came out: with several sets the same case of the first
 * one, else the base variant (the first, unless said) of the same point. Verdicts are Holm-corrected
 * over all entries; the noise floor is that of the A/A pairs at the point (noise.h). nentries of them,
 * free().
 */
struct plot_delta *plot_deltas(const struct plot_input *in);
/* "-33.0%", "~" where nothing can be claimed, "=" where equal, "" for a baseline. */
const char *plot_delta_text(const struct plot_delta *d, char *buf, size_t size);

/* ---- drawing ---- */
/*
 * Picture of the view in "svg", "png" or "pdf", through gnuplot; NULL with a reason in err. id
 * prefixes the SVG's element names (several SVGs in one page). Free the bytes with free().
 */
char *plot_render(const struct plot_kind *k, const struct plot_view *v, const char *format,
		  const char *id, size_t *n, char err[RS_ERR_MAX]);
/*
 * Single-quoted gnuplot string: nothing in it is obeyed. Controls become U+FFFD, cut at max
 * characters; common: so does what few fonts have.
 */
void plot_quote(FILE *out, const char *text, size_t max, bool common);

#define PLOT_TEXT_WIDTH 78
void plot_text_head(FILE *out, const struct plot_view *v);
void plot_text_foot(FILE *out, const struct plot_view *v);
void plot_text_bars(FILE *out, const struct plot_view *v, bool colour);
void plot_text_grid(FILE *out, const struct plot_view *v, bool colour);
void plot_text_canvas(FILE *out, const struct plot_view *v, bool colour);
void plot_text_canvas_log(FILE *out, const struct plot_view *v, bool colour);

#endif
