/* SPDX-License-Identifier: GPL-2.0-only */
/* One self-contained HTML page of result sets: no network, no script. */
#ifndef MMUB_REPORT_H
#define MMUB_REPORT_H

#include <stdio.h>

#include "plot.h"

struct report {
	FILE *out;
	struct plot_input in;		/* all cases that have the metric */
	struct plot_input family;	/* those of one family: report_family() */
	struct plot_delta *deltas;	/* one an entry */
	unsigned int pictures;		/* so far: names the SVGs apart */
	bool no_gnuplot;		/* said once, tables stand alone */
};

extern const char report_style[];

void report_verdicts(struct report *r);
void report_tables(struct report *r);
void report_plots(struct report *r);
void report_environment(struct report *r);
void report_method(struct report *r);
void report_cases(struct report *r);

/* The cases of a family alone, so that only parameters in which these differ tell them apart. Kept until the next. */
const struct plot_input *report_family(struct report *r, const char *family);

/* Text of a result set between tags: "<td>" text "</td>". */
void report_element(struct report *r, const char *tag, const char *text);

#endif
