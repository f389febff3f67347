// SPDX-License-Identifier: GPL-2.0-only
/* The command plot: words, files, which kind. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "compare.h"
#include "export.h"
#include "plot.h"

extern const struct plot_kind *const __start_mmub_plots[];
extern const struct plot_kind *const __stop_mmub_plots[];

const struct plot_kind *plot_kind_at(size_t i)
{
	return i < (size_t)(__stop_mmub_plots - __start_mmub_plots) ? __start_mmub_plots[i] : NULL;
}

const struct plot_kind *plot_kind_find(const char *name)
{
	const struct plot_kind *k;

	for (size_t i = 0; (k = plot_kind_at(i)); i++)
		if (!strcmp(k->name, name))
			return k;
	return NULL;
}

static const struct command_option plot_options[] = {
	{ "--kind", "bars|scaling|ecdf|heatmap|drift|history", "what to draw; bars unless said" },
	{ "--metric", "METRIC", "what to measure by; time unless said" },
	{ "--cases", "GLOB", "only families, or family/variant names, that match" },
	{ "--base", "VARIANT", "with one set: what the others' change is against; else the first" },
	{ "--x", "PARAMETER", "along the x axis of scaling and heatmap; else the one that varies most" },
	{ "-o", "FILE", "FILE.svg, .png, .pdf or .txt; without it text on standard output" },
	{ NULL, NULL, NULL },
};
static int run_plot(int argc, char **argv);
COMMAND(plot, .name = "plot",
	.usage = "[--kind KIND] [--metric M] [--cases GLOB] [--base VARIANT] [--x PARAMETER] [-o FILE] FILE...",
	.summary = "draw result sets",
	.details = "bars: median and 95 % interval of each variant, the change beside it. scaling: "
		   "log-log with slopes. ecdf: every sample. heatmap: a parameter across, variants down. "
		   "drift: samples in the order taken. history: result sets in the order given, changes "
		   "marked.",
	.options = plot_options, .run = run_plot);

struct plot_words {
	const char *kind, *metric, *cases, *base, *x, *out;
	const char **files;
	size_t nfiles;
};

static void read_words(struct plot_words *p, int argc, char **argv)
{
	struct option_walk w = { .cmd = &command_plot, .argc = argc, .argv = argv };
	const char *opt, *value;

	p->files = xcalloc((size_t)argc + 1, sizeof(*p->files));
	while ((opt = option_next(&w, &value))) {
		if (!strcmp(opt, "--kind"))
			p->kind = value;
		else if (!strcmp(opt, "--metric"))
			p->metric = value;
		else if (!strcmp(opt, "--cases"))
			p->cases = value;
		else if (!strcmp(opt, "--base"))
			p->base = value;
		else if (!strcmp(opt, "--x"))
			p->x = value;
		else if (!strcmp(opt, "-o"))
			p->out = value;
		else
			p->files[p->nfiles++] = value;
	}
}

/* "svg" of "x.svg"; NULL for an ending that is no format. No -o: "txt". */
static const char *format_of(const char *out)
{
	static const char *const formats[] = { "svg", "png", "pdf", "txt" };
	const char *dot = out ? strrchr(out, '.') : ".txt";

	for (size_t i = 0; dot && i < 4; i++)
		if (!strcmp(dot + 1, formats[i]))
			return formats[i];
	return NULL;
}

static int load_sets(struct plot_input *in, const struct plot_words *p)
{
	char err[RS_ERR_MAX];

	in->sets = xcalloc(p->nfiles, sizeof(*in->sets));
	for (size_t i = 0; i < p->nfiles; i++) {
		in->sets[i] = rs_load(p->files[i], err);
		if (!in->sets[i])
			return complain(EXIT_OUTSIDE, "%s", err);
		in->nsets++;
	}
	return EXIT_DONE;
}

static int draw_text(const struct plot_kind *k, const struct plot_view *v, const char *path)
{
	bool colour = !path && isatty(STDOUT_FILENO) && !getenv("NO_COLOR");
	char *text = NULL;
	size_t n;
	FILE *out = open_memstream(&text, &n);
	int status = EXIT_DONE;

	if (!out)
		return complain(EXIT_OUTSIDE, "plot: out of memory");
	plot_text_head(out, v);
	k->text(out, v, colour);
	plot_text_foot(out, v);
	fclose(out);
	if (path)
		status = export_write_file("plot", path, text, n);
	else if (fwrite(text, 1, n, stdout) != n || fflush(stdout))
		status = complain(EXIT_OUTSIDE, "plot: standard output: %s", strerror(errno));
	free(text);
	return status;
}

static int draw(const struct plot_kind *k, const struct plot_view *v, const char *format,
		const char *path)
{
	char err[RS_ERR_MAX], *picture;
	size_t n;
	int status;

	if (!strcmp(format, "txt"))
		return draw_text(k, v, path);
	picture = plot_render(k, v, format, "plot", &n, err);
	if (!picture)
		return complain(EXIT_OUTSIDE, "plot: %s", err);
	status = export_write_file("plot", path, picture, n);
	free(picture);
	return status;
}

static int plot_sets(struct plot_input *in, const struct plot_kind *k, const struct plot_words *p,
		     const char *format)
{
	struct plot_view v = { 0 };
	const char *why;
	int status;

	in->x = p->x;
	in->base = p->base;
	if (cmp_check_base("plot", in->sets, in->nsets, p->base))
		return EXIT_USAGE_ERROR;
	plot_select(in, p->cases);
	if (!in->nentries)
		return complain(EXIT_USAGE_ERROR, "plot: %s: no case%s%s has the metric %s: see mmubench "
				"compare --metric and --cases", p->files[0], p->cases ? " that matches " : "",
				p->cases ? p->cases : "", in->metric->name);
	why = k->build(in, &v);
	status = why ? complain(EXIT_USAGE_ERROR, "plot: %s: %s", k->name, why) :
		 draw(k, &v, format, p->out);
	plot_view_free(&v);
	return status;
}

static int run_plot(int argc, char **argv)
{
	struct plot_words p = { .kind = "bars", .metric = "time" };
	struct plot_input in = { 0 };
	const struct plot_kind *k;
	const char *format;
	int status;

	read_words(&p, argc, argv);
	k = plot_kind_find(p.kind);
	in.metric = metric_find(p.metric);
	format = format_of(p.out);
	if (!k)
		status = complain(EXIT_USAGE_ERROR, "plot: kind %s is unknown: choose from %s", p.kind,
				  plot_options[0].value);
	else if (!in.metric)
		status = complain(EXIT_USAGE_ERROR, "plot: metric %s is unknown: try time, insns, tlbi, dsb",
				  p.metric);
	else if (!format)
		status = complain(EXIT_USAGE_ERROR, "plot: %s: end the name in .svg, .png, .pdf or .txt",
				  p.out);
	else if (!p.nfiles)
		status = complain(EXIT_USAGE_ERROR, "plot: no result set: say plot FILE...");
	else
		status = load_sets(&in, &p);
	if (status == EXIT_DONE)
		status = plot_sets(&in, k, &p, format);
	plot_input_free(&in);
	free(p.files);
	return status;
}
