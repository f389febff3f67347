/* SPDX-License-Identifier: GPL-2.0-only */
#include "progress.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#define WIDTH_MAX 80
#define REDRAW_S 0.1	/* seconds between two drawings on a terminal */
#define PLAIN_S 10.0	/* and between two lines in a log */

static struct {
	bool on, terminal, drawn;
	char what[32];
	double total, start, last;
} bar;

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + 1e-9 * (double)ts.tv_nsec;
}

static void format_left(char *buf, size_t size, double seconds)
{
	if (seconds < 0)
		snprintf(buf, size, "--:--");
	else if (seconds < 3600)
		snprintf(buf, size, "%d:%02d", (int)seconds / 60, (int)seconds % 60);
	else
		snprintf(buf, size, "%dh%02dm", (int)(seconds / 3600) % 1000,
			 (int)(seconds / 60) % 60);
}

void progress_format(char *buf, size_t size, int width, const char *what, double done, double total,
		     double elapsed, const char *note)
{
	double part = total > 0 ? done / total : 0;
	char left[16], bars[32];
	int cells = 20, n;

	if (part > 1)
		part = 1;
	if (part < 0)
		part = 0;
	format_left(left, sizeof(left), part > 0.01 ? elapsed / part - elapsed : -1);
	for (n = 0; n < cells; n++)
		bars[n] = n < (int)(part * cells) ? '#' : '.';
	bars[cells] = 0;
	if ((size_t)width >= size)
		width = (int)size - 1;
	n = snprintf(buf, size, "%.16s [%s] %3d%% %s left  %s", what, bars, (int)(part * 100), left,
		     note ? note : "");
	if (n > width)
		buf[width] = 0;
}

void progress_start(const char *what, double total)
{
	memset(&bar, 0, sizeof(bar));
	bar.on = true;
	bar.terminal = isatty(2);
	snprintf(bar.what, sizeof(bar.what), "%s", what);
	bar.total = total;
	bar.start = now();
	bar.last = bar.terminal ? 0 : bar.start;
}

void progress_total(double total)
{
	bar.total = total;
}

void progress_update(double done, const char *note)
{
	char line[WIDTH_MAX + 1];
	struct winsize ws;
	double t;
	int width = WIDTH_MAX - 1;

	if (!bar.on)
		return;
	t = now();
	if (t - bar.last < (bar.terminal ? REDRAW_S : PLAIN_S))
		return;
	bar.last = t;
	if (bar.terminal && !ioctl(2, TIOCGWINSZ, &ws) && ws.ws_col > 10 && ws.ws_col <= width)
		width = ws.ws_col - 1;
	progress_format(line, sizeof(line), width, bar.what, done, bar.total, t - bar.start, note);
	if (bar.terminal)
		fprintf(stderr, "\r\033[K%s", line);
	else
		fprintf(stderr, "%s\n", line);
	bar.drawn = bar.terminal;
}

void progress_clear(void)
{
	if (bar.drawn)
		fputs("\r\033[K", stderr);
	bar.drawn = false;
	bar.last = bar.terminal ? 0 : bar.last;
}

void progress_end(void)
{
	progress_clear();
	bar.on = false;
}
