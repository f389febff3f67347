// SPDX-License-Identifier: GPL-2.0-only
/*
 * A view through gnuplot: definitions, plots/style.gp and the kind's script on its standard input,
 * the picture from its standard output. No shell, no file names; strings are single-quoted, in which
 * gnuplot obeys nothing, and terminals run "noenhanced".
 */
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "error.h"
#include "export.h"
#include "plot.h"
#include "text.h"

PLOT_SCRIPT(style);

#define PICTURE_MAX (64u << 20)
#define LABEL_MAX 60
#define TIC_MAX 32
#define FOOT_CHARS(px) ((size_t)(px) / 6)

/*
 * What the fonts of every machine have: up to Cyrillic, general punctuation to block elements, and
 * U+FFFD. Cairo draws a character that no font has as a box as large as the sheet.
 */
static bool is_common(const unsigned char *p)
{
	if (p[0] < 0xd5)
		return true;
	return (p[0] == 0xe2 && p[1] >= 0x80 && p[1] <= 0x97) || (p[0] == 0xef && p[1] == 0xbf);
}

void plot_quote(FILE *out, const char *text, size_t max, bool common)
{
	char *clean = export_clean(text, 8192);
	size_t n = 0, columns = text_columns(clean);
	/* What is too long loses its middle: names differ at either end. */
	size_t head = columns > max ? max / 2 : columns, tail = columns > max ? columns - (max - head) : columns;
	bool replaced = false;

	putc('\'', out);
	for (const char *p = clean; *p; p++) {
		bool starts = (*p & 0xc0) != 0x80;

		if (starts && n++ == head)
			fputs("...", out);
		if (n > head && n <= tail)
			continue;
		if (starts) {
			replaced = common && !is_common((const unsigned char *)p);
			if (replaced)
				fputs("\xef\xbf\xbd", out);
		}
		if (*p == '\'')
			putc('\'', out);
		if (!replaced)
			putc(*p, out);
	}
	putc('\'', out);
	free(clean);
}

/* Where the script goes, and whether its strings keep to characters that every machine can draw. */
struct script {
	FILE *out;
	bool common;
};

static void put_number(FILE *out, double x)
{
	char num[32];

	fputs(isfinite(x) ? export_number(x, num) : "NaN", out);
}

/* name[at] = 'text' */
static void put_string(const struct script *sc, const char *name, size_t at, const char *text,
		       size_t max)
{
	fprintf(sc->out, "%s[%zu] = ", name, at);
	plot_quote(sc->out, text ? text : "", max, sc->common);
	putc('\n', sc->out);
}

/* Breaks at blanks so that each line fits. Lines are foot[1..nfoot]. */
static size_t put_footnote(const struct script *sc, const char *text, size_t chars)
{
	FILE *out = sc->out;
	char *clean = export_clean(text, 4096), *save = NULL, line[512] = "";
	size_t n = 0;

	fputs("array foot[8]\n", out);
	for (char *w = strtok_r(clean, " ", &save); w && n < 8; w = strtok_r(NULL, " ", &save)) {
		size_t len = strlen(line);

		if (len && text_columns(line) + 1 + text_columns(w) > chars) {
			put_string(sc, "foot", ++n, line, chars + 8);
			len = 0;
		}
		snprintf(line + len, sizeof(line) - len, "%s%s", len ? " " : "", w);
	}
	if (*line && n < 8)
		put_string(sc, "foot", ++n, line, chars + 8);
	fprintf(out, "nfoot = %zu\n", n);
	free(clean);
	return n;
}

static void put_tics(const struct script *sc, const char *name, const struct plot_view *v, bool y)
{
	FILE *out = sc->out;
	size_t total = 0, at = 0;

	for (size_t i = 0; i < v->nfacets; i++)
		total += y ? v->facets[i].nytics : v->facets[i].nxtics;
	fprintf(out, "array %s_text[%zu]\narray %s_at[%zu]\narray %s_first[%zu]\narray %s_last[%zu]\n",
		name, total + 1, name, total + 1, name, v->nfacets, name, v->nfacets);
	for (size_t i = 0; i < v->nfacets; i++) {
		const struct plot_facet *f = &v->facets[i];
		const struct plot_tic *tics = y ? f->ytics : f->xtics;
		size_t n = y ? f->nytics : f->nxtics;

		fprintf(out, "%s_first[%zu] = %zu; %s_last[%zu] = %zu\n", name, i + 1, at + 1, name, i + 1,
			at + n);
		for (size_t k = 0; k < n; k++) {
			char array[32];

			snprintf(array, sizeof(array), "%s_text", name);
			put_string(sc, array, ++at, tics[k].text, TIC_MAX);
			fprintf(out, "%s_at[%zu] = ", name, at);
			put_number(out, tics[k].at);
			putc('\n', out);
		}
	}
}

static void put_facets(const struct script *sc, const struct plot_view *v)
{
	FILE *out = sc->out;
	size_t series = 0, at = 0;

	fprintf(out, "array f_title[%zu]\narray f_unit[%zu]\narray f_first[%zu]\narray f_last[%zu]\n"
		"array f_xmin[%zu]\narray f_xmax[%zu]\n", v->nfacets, v->nfacets, v->nfacets, v->nfacets,
		v->nfacets, v->nfacets);
	for (size_t i = 0; i < v->nfacets; i++)
		series += v->facets[i].nseries;
	fprintf(out, "array s_name[%zu]\narray s_style[%zu]\n", series + 1, series + 1);
	for (size_t i = 0; i < v->nfacets; i++) {
		const struct plot_facet *f = &v->facets[i];

		put_string(sc, "f_title", i + 1, f->title, LABEL_MAX);
		put_string(sc, "f_unit", i + 1, f->unit, LABEL_MAX);
		fprintf(out, "f_first[%zu] = %zu; f_last[%zu] = %zu\nf_xmin[%zu] = ", i + 1, at + 1, i + 1,
			at + f->nseries, i + 1);
		put_number(out, f->xmin);
		fprintf(out, "; f_xmax[%zu] = ", i + 1);
		put_number(out, f->xmax);
		putc('\n', out);
		for (size_t k = 0; k < f->nseries; k++) {
			put_string(sc, "s_name", ++at, f->series[k].name, LABEL_MAX);
			fprintf(out, "s_style[%zu] = %d\n", at, f->series[k].style);
		}
	}
}

/* One index a series: x y lo hi flag number-of-text. Only numbers: no string of the user's. */
static void put_rows(const struct script *sc, const struct plot_view *v)
{
	FILE *out = sc->out;
	size_t texts = 0, at = 0;

	for (size_t i = 0; i < v->nfacets; i++)
		for (size_t k = 0; k < v->facets[i].nseries; k++)
			for (size_t r = 0; r < v->facets[i].series[k].n; r++)
				texts += !!v->facets[i].series[k].rows[r].text;
	fprintf(out, "array r_text[%zu]\n", texts + 1);
	for (size_t i = 0; i < v->nfacets; i++)
		for (size_t k = 0; k < v->facets[i].nseries; k++)
			for (size_t r = 0; r < v->facets[i].series[k].n; r++)
				if (v->facets[i].series[k].rows[r].text)
					put_string(sc, "r_text", ++at, v->facets[i].series[k].rows[r].text, LABEL_MAX);
	at = 0;
	fputs("$data << END_OF_DATA\n", out);
	for (size_t i = 0; i < v->nfacets; i++) {
		for (size_t k = 0; k < v->facets[i].nseries; k++) {
			for (size_t r = 0; r < v->facets[i].series[k].n; r++) {
				const struct plot_row *row = &v->facets[i].series[k].rows[r];
				const double x[] = { row->x, row->y, row->lo, row->hi };

				for (int c = 0; c < 4; c++) {
					put_number(out, x[c]);
					putc(' ', out);
				}
				fprintf(out, "%d %zu\n", row->flag, row->text ? ++at : 0);
			}
			fputs("\n\n", out);
		}
	}
	fputs("END_OF_DATA\n", out);
}

static void put_terminal(FILE *out, const char *format, const char *id, int w, int h)
{
	/* Fonts are px in SVG, 1/72 in elsewhere; PNG has two pixels for one of the SVG's. */
	fprintf(out, "FS = %d.\n", !strcmp(format, "svg") ? 12 : !strcmp(format, "png") ? 18 : 9);
	if (!strcmp(format, "svg"))
		fprintf(out, "set terminal svg size %d,%d noenhanced font 'DejaVu Sans,12' background "
			"rgb 'white' name '%s'\n", w, h, id);
	else if (!strcmp(format, "png"))
		fprintf(out, "set terminal pngcairo size %d,%d noenhanced font 'DejaVu Sans,18' "
			"linewidth 2 pointscale 1.6 background rgb 'white'\n", 2 * w, 2 * h);
	else
		fprintf(out, "set terminal pdfcairo size %.3fin,%.3fin noenhanced fontscale 0.78 font 'DejaVu Sans,9' "
			"linewidth 1 pointscale 0.6 background rgb 'white'\n", w / 96.0, h / 96.0);
}

static void put_script(FILE *out, const struct plot_kind *k, const struct plot_view *v,
		       const char *format, const char *id)
{
	const struct script sc = { out, strcmp(format, "svg") != 0 };
	int rows = (int)((v->nfacets + (size_t)v->columns - 1) / (size_t)v->columns);
	int w = v->columns * v->width < 480 ? 480 : v->columns * v->width, h;
	size_t nfoot = put_footnote(&sc, v->footnote, FOOT_CHARS(w));
	int top = *v->subtitle ? 52 : 34, bottom = 14 + 15 * (int)nfoot;

	if (v->nfacets == 1 && !*v->facets[0].title)
		top -= 16;
	h = top + rows * v->height + bottom;
	put_terminal(out, format, id, w, h);
	fprintf(out, "W = %d.; H = %d.; TOP = %d.; BOTTOM = %d.; FW = %d.; FH = %d.; LEFT = %d.\n"
		"cols = %d; rows = %d; nf = %zu; legend = %d\n", w, h, top, bottom, w / v->columns, v->height, v->left,
		v->columns, rows, v->nfacets, v->legend);
	fputs("title = ", out);
	plot_quote(out, v->title, 120, sc.common);
	fputs("\nsubtitle = ", out);
	plot_quote(out, v->subtitle, (size_t)w / 7, sc.common);
	fputs("\nxlabel = ", out);
	plot_quote(out, v->xlabel, LABEL_MAX, sc.common);
	fputs("\nylabel = ", out);
	plot_quote(out, v->ylabel, LABEL_MAX, sc.common);
	putc('\n', out);
	put_facets(&sc, v);
	put_tics(&sc, "xt", v, false);
	put_tics(&sc, "yt", v, true);
	put_rows(&sc, v);
	fputs(plot_script_style, out);
	putc('\n', out);
	fputs(k->script, out);
	fputs("\nunset multiplot\nset output\n", out);
}

/* ---- the process ---- */

static int memory_file(const char *name, const char *text, size_t n)
{
	int fd = memfd_create(name, MFD_CLOEXEC);

	if (fd >= 0 && (write(fd, text, n) != (ssize_t)n || lseek(fd, 0, SEEK_SET))) {
		close(fd);
		return -1;
	}
	return fd;
}

static void become_gnuplot(int in, int out, int errors)
{
	/* -d: no start-up files. The locale decides how strings are measured. */
	static char *const argv[] = { "gnuplot", "-d", "-", NULL };

	setenv("LC_ALL", "C.UTF-8", 1);
	unsetenv("GNUTERM");
	unsetenv("GNUPLOT_LIB");
	if (dup2(in, 0) < 0 || dup2(out, 1) < 0 || dup2(errors, 2) < 0)
		_exit(126);
	execvp(argv[0], argv);
	_exit(errno == ENOENT ? 127 : 126);
}

static char *slurp(int fd, size_t *n, size_t max)
{
	off_t size = lseek(fd, 0, SEEK_END);
	char *buf;

	*n = size < 0 ? 0 : (size_t)size;
	if (*n > max)
		*n = max;
	buf = xmalloc(*n + 1);
	if (pread(fd, buf, *n, 0) != (ssize_t)*n)
		*n = 0;
	buf[*n] = 0;
	return buf;
}

/* gnuplot's complaint: its last line that says something. */
static void first_error(int fd, char err[RS_ERR_MAX])
{
	size_t n;
	char *text = slurp(fd, &n, 1 << 16), *save = NULL, *last = NULL;

	for (char *l = strtok_r(text, "\n", &save); l; l = strtok_r(NULL, "\n", &save))
		if (strspn(l, " \t^") != strlen(l))
			last = l;
	snprintf(err, RS_ERR_MAX, "gnuplot: %.300s", last ? last : "it ended without a picture");
	free(text);
}

static int wait_for(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

static char *run_gnuplot(const char *script, size_t len, size_t *n, char err[RS_ERR_MAX])
{
	int in = memory_file("script", script, len), out = memory_file("picture", "", 0);
	int errors = memory_file("errors", "", 0), status = -1;
	char *picture = NULL;
	pid_t pid = -1;

	if (in >= 0 && out >= 0 && errors >= 0)
		pid = fork();
	if (pid == 0)
		become_gnuplot(in, out, errors);
	if (pid > 0)
		status = wait_for(pid);
	if (pid < 0)
		snprintf(err, RS_ERR_MAX, "gnuplot: %s", strerror(errno));
	else if (status == 127)
		snprintf(err, RS_ERR_MAX, "gnuplot is not installed: install gnuplot-nox, or take -o FILE.txt");
	else if (status || lseek(out, 0, SEEK_END) <= 0)
		first_error(errors, err);
	else
		picture = slurp(out, n, PICTURE_MAX);
	if (in >= 0)
		close(in);
	if (out >= 0)
		close(out);
	if (errors >= 0)
		close(errors);
	return picture;
}

/* Without the line that names gnuplot's patch level the same data give the same bytes. */
static void drop_producer(char *svg, size_t *n)
{
	char *a = strstr(svg, "<desc>Produced by"), *b = a ? strstr(a, "</desc>") : NULL;

	if (!b)
		return;
	b += strlen("</desc>");
	memmove(a, b, strlen(b) + 1);
	*n = strlen(svg);
}

/*
 * gnuplot writes "DejaVu Sans:Bold" as a family's name, which no browser knows, and no second choice for readers
 * without DejaVu: both would see a serif face.
 */
static char *name_fonts(char *svg, size_t *n)
{
	static const char *const from[] = { "font-family=\"DejaVu Sans:Bold\"", "font-family=\"DejaVu Sans\"" };
	static const char *const to[] = { "font-family=\"DejaVu Sans, Verdana, sans-serif\" font-weight=\"bold\"",
					  "font-family=\"DejaVu Sans, Verdana, sans-serif\"" };
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return svg;
	for (const char *p = svg; *p;) {
		size_t i = 0;

		while (i < 2 && strncmp(p, from[i], strlen(from[i])) != 0)
			i++;
		if (i < 2)
			fputs(to[i], out);
		else
			putc(*p, out);
		p += i < 2 ? strlen(from[i]) : 1;
	}
	if (fclose(out))
		return svg;
	free(svg);
	*n = size;
	return text;
}

char *plot_render(const struct plot_kind *k, const struct plot_view *v, const char *format,
		  const char *id, size_t *n, char err[RS_ERR_MAX])
{
	char *script = NULL, *picture;
	size_t len;
	FILE *out = open_memstream(&script, &len);

	if (!out) {
		snprintf(err, RS_ERR_MAX, "out of memory");
		return NULL;
	}
	put_script(out, k, v, format, id);
	if (fclose(out)) {
		snprintf(err, RS_ERR_MAX, "out of memory");
		free(script);
		return NULL;
	}
	if (getenv("MMUBENCH_PLOT_SCRIPT"))	/* to look at what gnuplot is told */
		export_write_file("plot", getenv("MMUBENCH_PLOT_SCRIPT"), script, len);
	picture = run_gnuplot(script, len, n, err);
	free(script);
	if (picture && !strcmp(format, "svg")) {
		drop_producer(picture, n);
		picture = name_fonts(picture, n);
	}
	return picture;
}
