// SPDX-License-Identifier: GPL-2.0-only
/* The page's plots, environment and method. */
#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "report.h"

/* Length of the mark that p begins with, behind which an element's name stands; 0: none. */
static size_t name_mark(const char *p)
{
	static const char *const marks[] = { " id='", " id=\"", "href='#", "url(#" };

	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		if (!strncmp(p, marks[i], strlen(marks[i])))
			return strlen(marks[i]);
	return 0;
}

/*
 * Makes an SVG part of the page: the prolog goes, and gnuplot's own element names, the same in each
 * of its pictures, get the picture's prefix. Only inside tags: labels stay as they are.
 */
static void put_svg(struct report *r, const char *svg, const char *prefix)
{
	const char *p = strstr(svg, "<svg");
	bool tag = false;

	while (p && *p) {
		size_t n = tag ? name_mark(p) : 0;

		if (n) {
			fwrite(p, 1, n, r->out);
			fprintf(r->out, "%s-", prefix);
			p += n;
			continue;
		}
		tag = *p == '<' || (tag && *p != '>');
		putc(*p++, r->out);
	}
}

static void put_plot(struct report *r, const struct plot_input *in, const char *kind)
{
	const struct plot_kind *k = plot_kind_find(kind);
	struct plot_view v = { 0 };
	char err[RS_ERR_MAX], prefix[16], *svg;
	size_t n;

	if (r->no_gnuplot || !k || !in->nentries)
		return;
	snprintf(prefix, sizeof(prefix), "p%u", ++r->pictures);
	/* A kind that these cases do not fit says so; the page goes without it. */
	if (!k->build(in, &v)) {
		svg = plot_render(k, &v, "svg", prefix, &n, err);
		if (svg) {
			fputs("<figure>", r->out);
			put_svg(r, svg, prefix);
			fputs("</figure>\n", r->out);
		} else {
			r->no_gnuplot = true;
			warn("report: no plots: %s", err);
			report_element(r, "p class=\"note\"", err);
		}
		free(svg);
	}
	plot_view_free(&v);
}

/* The same sets, one family, another metric. */
static struct plot_input view_of(const struct report *r, const char *family, const char *metric)
{
	struct plot_input in = { .sets = r->in.sets, .nsets = r->in.nsets, .base = r->in.base,
				 .metric = metric ? metric_find(metric) : r->in.metric };

	plot_select_family(&in, family);
	return in;
}

static void put_family(struct report *r, const char *family)
{
	static const struct {
		const char *kind, *metric;	/* NULL: the page's */
	} plots[] = {
		{ "bars", NULL }, { "scaling", NULL }, { "heatmap", "tlbi" }, { "ecdf", NULL }, { "drift", NULL },
	};

	if (!strcmp(family, "timer"))	/* a row of the table: there is nothing to see */
		return;

	report_element(r, "h3", family);
	for (size_t i = 0; i < sizeof(plots) / sizeof(plots[0]); i++) {
		struct plot_input in = view_of(r, family, plots[i].metric);

		put_plot(r, &in, plots[i].kind);
		free(in.entries);
		free(in.keys);
	}
}

static bool seen_before(const struct report *r, size_t set, size_t at)
{
	const char *family = r->in.sets[set]->cases[at].family;

	for (size_t s = 0; s <= set; s++)
		for (size_t i = 0; i < (s == set ? at : r->in.sets[s]->ncases); i++)
			if (!strcmp(r->in.sets[s]->cases[i].family, family))
				return true;
	return false;
}

void report_plots(struct report *r)
{
	fputs("<section id=\"plots\"><h2>Plots</h2>\n", r->out);
	for (size_t s = 0; s < r->in.nsets; s++)
		for (size_t i = 0; i < r->in.sets[s]->ncases; i++)
			if (!seen_before(r, s, i))
				put_family(r, r->in.sets[s]->cases[i].family);
	fputs("</section>\n", r->out);
}

static void put_env(struct report *r, const char *prefix, json_t *env, int depth)
{
	const char *key;
	json_t *value;

	json_object_foreach(env, key, value) {
		char *name = xasprintf("%s%s%s", prefix, *prefix ? "." : "", key);

		if (json_is_object(value) && depth < 4) {
			put_env(r, name, value, depth + 1);
		} else {
			char *text = json_is_string(value) ? xstrdup(json_string_value(value)) :
				     json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);

			fputs("<tr>", r->out);
			report_element(r, "th", name);
			report_element(r, "td", text ? text : "");
			fputs("</tr>\n", r->out);
			free(text);
		}
		free(name);
	}
}

void report_environment(struct report *r)
{
	fputs("<section id=\"environment\"><h2>Environment</h2>\n", r->out);
	for (size_t s = 0; s < r->in.nsets; s++) {
		fputs("<div class=\"scroll\"><table>", r->out);
		report_element(r, "caption", r->in.sets[s]->label);
		fputs("<tbody>\n", r->out);
		put_env(r, "", r->in.sets[s]->environment, 0);
		fputs("</tbody></table></div>\n", r->out);
	}
	fputs("</section>\n", r->out);
}

void report_method(struct report *r)
{
	fputs("<section id=\"method\"><h2>Method</h2>\n"
	      "<p>Operation counts come from a pass of their own and are exact; a case whose counts differ from "
	      "their closed form, or whose page tables are wrong, fails its check and is not timed. Times come "
	      "from bare code. Samples of the variants that are compared are interleaved in an order drawn anew "
	      "for each round, over several boots. Warm-up samples and samples during which the vCPU thread "
	      "lost its CPU are kept in the result set and left out of the figures, unless most of a case did.</p>\n"
	      "<p>A change is new/old &minus; 1. A difference is claimed where it is significant after Holm's "
	      "correction over all comparisons of this page and larger than the noise floor of the A/A pairs; "
	      "~ means that nothing can be claimed, = that the interval lies inside the noise floor. Exact "
	      "metrics are compared exactly. docs/method.md has the statistics.</p></section>\n", r->out);
}
