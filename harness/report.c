// SPDX-License-Identifier: GPL-2.0-only
/* The command report: words, files, the page's frame. */
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "compare.h"
#include "export.h"
#include "report.h"

static const struct command_option report_options[] = {
	{ "-o", "FILE", "the HTML file to write" },
	{ "--title", "TEXT", "heading of the page" },
	{ "--metric", "METRIC", "what is compared: time, or what compare would choose" },
	{ "--base", "VARIANT", "with one set: what the others are compared with; else the first" },
	{ NULL, NULL, NULL },
};
static int run_report(int argc, char **argv);
COMMAND(report, .name = "report", .usage = "-o FILE.html [--title TEXT] [--metric M] [--base VARIANT] FILE...",
	.summary = "one HTML page of result sets: verdicts, tables, plots, checks",
	.details = "With several files the first is what the others are compared with; with one, the base "
		   "variant of each point. The page needs no network and no script.",
	.options = report_options, .run = run_report);

void report_element(struct report *r, const char *tag, const char *text)
{
	fprintf(r->out, "<%s>", tag);
	export_xml(r->out, text ? text : "");
	fprintf(r->out, "</%.*s>", (int)strcspn(tag, " "), tag);
}

static void write_page(struct report *r, const char *title)
{
	/* The policy: even a page with a hole in its escaping runs and loads nothing. */
	fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
	      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
	      "style-src 'unsafe-inline'; img-src data:\">\n"
	      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	      "<meta name=\"color-scheme\" content=\"light dark\">\n", r->out);
	report_element(r, "title", title);
	fprintf(r->out, "\n<style>\n%s</style>\n</head>\n<body>\n<header>", report_style);
	report_element(r, "h1", title);
	fputs("<nav><a href=\"#verdicts\">Verdicts</a> <a href=\"#tables\">Tables</a> "
	      "<a href=\"#plots\">Plots</a> <a href=\"#environment\">Environment</a> "
	      "<a href=\"#method\">Method</a> <a href=\"#cases\">Cases</a></nav></header>\n<main>\n", r->out);
	report_verdicts(r);
	report_tables(r);
	report_plots(r);
	report_environment(r);
	report_method(r);
	report_cases(r);
	fputs("</main>\n</body>\n</html>\n", r->out);
}

static int load(struct report *r, const char **files, size_t n)
{
	char err[RS_ERR_MAX];

	r->in.sets = xcalloc(n + 1, sizeof(*r->in.sets));
	for (size_t i = 0; i < n; i++) {
		r->in.sets[i] = rs_load(files[i], err);
		if (!r->in.sets[i])
			return complain(EXIT_OUTSIDE, "%s", err);
		r->in.nsets++;
	}
	return EXIT_DONE;
}

const struct plot_input *report_family(struct report *r, const char *family)
{
	struct plot_input *f = &r->family;

	if (f->nentries && !strcmp(f->entries[0].c->family, family))
		return f;
	free(f->entries);
	free(f->keys);
	*f = (struct plot_input){ .sets = r->in.sets, .nsets = r->in.nsets, .metric = r->in.metric,
				  .base = r->in.base };
	plot_select_family(f, family);
	return f;
}

struct report_words {
	const char *out, *title, *base, *metric;
	const char **files;
	size_t n;
};

static int write_report(const struct report_words *w)
{
	struct report r = { .in = { .with_timer = true, .base = w->base } };
	char *text = NULL;
	size_t size;
	int status = load(&r, w->files, w->n);

	if (status == EXIT_DONE)
		status = cmp_check_base("report", r.in.sets, r.in.nsets, w->base);
	if (status == EXIT_DONE) {
		r.in.metric = w->metric ? metric_find(w->metric) : cmp_default_metric(r.in.sets, r.in.nsets);
		if (!r.in.metric)
			status = complain(EXIT_USAGE_ERROR, "report: metric %s is unknown (mmubench compare "
					  "--metric help lists them)", w->metric);
	}
	if (status == EXIT_DONE) {
		plot_select(&r.in, NULL);
		r.deltas = plot_deltas(&r.in);
		r.out = open_memstream(&text, &size);
		if (!r.out)
			return complain(EXIT_OUTSIDE, "report: out of memory");
		write_page(&r, w->title ? w->title : "mmubench report");
		status = fclose(r.out) ? complain(EXIT_OUTSIDE, "report: out of memory") :
			 export_write_file("report", w->out, text, size);
		free(text);
		free(r.deltas);
	}
	free(r.family.entries);
	free(r.family.keys);
	plot_input_free(&r.in);
	return status;
}

static int run_report(int argc, char **argv)
{
	struct option_walk w = { .cmd = &command_report, .argc = argc, .argv = argv };
	struct report_words words = { .files = xcalloc((size_t)argc + 1, sizeof(*words.files)) };
	const char *opt, *value;
	int status;

	while ((opt = option_next(&w, &value))) {
		if (!strcmp(opt, "-o"))
			words.out = value;
		else if (!strcmp(opt, "--title"))
			words.title = value;
		else if (!strcmp(opt, "--base"))
			words.base = value;
		else if (!strcmp(opt, "--metric"))
			words.metric = value;
		else
			words.files[words.n++] = value;
	}
	if (!words.out || !words.n)
		status = complain(EXIT_USAGE_ERROR, "report: %s: say report -o FILE.html FILE...",
				  words.out ? "no result set" : "no -o");
	else
		status = write_report(&words);
	free(words.files);
	return status;
}
