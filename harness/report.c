// SPDX-License-Identifier: GPL-2.0-only
/* The command report: words, files, the page's frame. */
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "export.h"
#include "report.h"

static const struct command_option report_options[] = {
	{ "-o", "FILE", "the HTML file to write" },
	{ "--title", "TEXT", "heading of the page" },
	{ NULL, NULL, NULL },
};
static int run_report(int argc, char **argv);
COMMAND(report, .name = "report", .usage = "-o FILE.html [--title TEXT] FILE...",
	.summary = "one HTML page of result sets: verdicts, tables, plots, checks",
	.details = "With several files the first is what the others are compared with; with one, the first "
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

static int write_report(const char *path, const char *title, const char **files, size_t n)
{
	struct report r = { .in.metric = metric_find("time") };
	char *text = NULL;
	size_t size;
	int status = load(&r, files, n);

	if (status == EXIT_DONE) {
		r.in.with_timer = true;
		plot_select(&r.in, NULL);
		r.deltas = plot_deltas(&r.in);
		r.out = open_memstream(&text, &size);
		if (!r.out)
			return complain(EXIT_OUTSIDE, "report: out of memory");
		write_page(&r, title ? title : "mmubench report");
		status = fclose(r.out) ? complain(EXIT_OUTSIDE, "report: out of memory") :
			 export_write_file("report", path, text, size);
		free(text);
		free(r.deltas);
	}
	plot_input_free(&r.in);
	return status;
}

static int run_report(int argc, char **argv)
{
	struct option_walk w = { .cmd = &command_report, .argc = argc, .argv = argv };
	const char **files = xcalloc((size_t)argc + 1, sizeof(*files));
	const char *opt, *value, *out = NULL, *title = NULL;
	size_t n = 0;
	int status;

	while ((opt = option_next(&w, &value))) {
		if (!strcmp(opt, "-o"))
			out = value;
		else if (!strcmp(opt, "--title"))
			title = value;
		else
			files[n++] = value;
	}
	if (!out || !n)
		status = complain(EXIT_USAGE_ERROR, "report: %s: say report -o FILE.html FILE...",
				  out ? "no result set" : "no -o");
	else
		status = write_report(out, title, files, n);
	free(files);
	return status;
}
