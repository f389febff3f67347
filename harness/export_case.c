// SPDX-License-Identifier: GPL-2.0-only
/* What all formats say about a case alike: its name, status and figures; and text made safe. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "export.h"
#include "stats.h"
#include "text.h"

enum export_status export_case_status(const struct rs_case *c, const char **why)
{
	*why = "";
	if (c->skip) {
		*why = c->skip;
		return EXPORT_SKIP;
	}
	if (c->fail) {
		*why = c->fail;
		return EXPORT_ERROR;
	}
	if (c->check && strcmp(c->check, "pass")) {
		*why = c->why ? c->why : "the check failed";
		return EXPORT_FAIL;
	}
	return EXPORT_PASS;
}

static bool summarise_published(const struct metric *m, const struct rs_case *c,
				struct export_summary *s)
{
	for (size_t i = 0; i < c->npublished; i++) {
		const struct rs_published *p = &c->published[i];

		if (metric_find(p->metric) != m)
			continue;
		*s = (struct export_summary){ .median = p->value, .mean = p->value, .sd = p->sd,
					      .min = p->value, .max = p->value, .lo = NAN, .hi = NAN };
		return true;
	}
	return false;
}


bool export_summarise(const struct metric *m, const struct rs_case *c, struct export_summary *s)
{
	size_t room = c->nsamples ? c->nsamples : 1;
	double *x = xmalloc(room * sizeof(*x)), sum = 0, sq = 0;
	uint32_t *boots = xmalloc(room * sizeof(*boots));
	size_t n = c->nsamples ? metric_values(m, c, x, boots) : 0;

	if (!n) {
		free(x);
		free(boots);
		return summarise_published(m, c, s);
	}
	*s = (struct export_summary){ .n = n, .values = x, .median = st_median(x, n),
				      .sd = NAN, .lo = NAN, .hi = NAN, .min = x[0], .max = x[0] };
	for (size_t i = 0; i < n; i++) {
		sum += x[i];
		s->min = fmin(s->min, x[i]);
		s->max = fmax(s->max, x[i]);
	}
	s->mean = sum / (double)n;
	for (size_t i = 0; i < n; i++)
		sq += (x[i] - s->mean) * (x[i] - s->mean);
	if (n > 1) {
		double centre;
		struct st_interval ci = st_interval_of((struct st_sample){ x, boots, n, NULL }, 0.95, &centre);

		s->sd = sqrt(sq / (double)(n - 1));
		/*
		 * The interval is of the boots' medians: readers want the value inside, and no rounding
		 * of an exact one.
		 */
		s->lo = fmin(ci.lo * (1 + 1e-12), s->median);
		s->hi = fmax(ci.hi * (1 - 1e-12), s->median);
	}
	free(boots);
	return true;
}

void export_summary_free(struct export_summary *s)
{
	free(s->values);
	s->values = NULL;
}

const char *export_number(double x, char buf[32])
{
	if (!isfinite(x))
		x = 0;
	for (int digits = 15; digits <= 17; digits++) {
		snprintf(buf, 32, "%.*g", digits, x);
		if (strtod(buf, NULL) == x)
			break;
	}
	return buf;
}

static void put_word(FILE *out, const char *text)
{
	for (const unsigned char *p = (const unsigned char *)text; *p; p++) {
		if (*p > ' ' && *p < 127 && !strchr("%/=", *p))
			putc(*p, out);
		else
			fprintf(out, "%%%02X", *p);
	}
}

char *export_case_name(const struct rs_case *c)
{
	char *name = NULL;
	size_t size;
	FILE *out = open_memstream(&name, &size);

	if (!out)
		exit(complain(EXIT_OUTSIDE, "export: out of memory"));
	put_word(out, c->family);
	fputs("/variant=", out);
	put_word(out, c->variant);
	fputs("/platform=", out);
	put_word(out, c->platform);
	for (size_t i = 0; i < c->nparams; i++) {
		putc('/', out);
		put_word(out, c->params[i].key);
		putc('=', out);
		if (c->params[i].str)
			put_word(out, c->params[i].str);
		else
			fprintf(out, "%llu", (unsigned long long)c->params[i].num);
	}
	if (fclose(out))
		exit(complain(EXIT_OUTSIDE, "export: out of memory"));
	return name;
}

/* C0, DEL, C1, the bidirectional controls and U+FFFE/F: nothing that a page or a terminal obeys. */
static bool is_control(const unsigned char *p, size_t n)
{
	if (n == 1)
		return *p < 0x20 || *p == 0x7f;
	if (n == 2)
		return p[0] == 0xc2 && p[1] < 0xa0;
	if (n == 3 && p[0] == 0xe2)
		return (p[1] == 0x80 && ((p[2] >= 0xa8 && p[2] <= 0xae) || p[2] == 0x8e || p[2] == 0x8f)) ||
		       (p[1] == 0x81 && p[2] >= 0xa6 && p[2] <= 0xa9);
	return n == 3 && p[0] == 0xef && p[1] == 0xbf && p[2] >= 0xbe;
}

char *export_clean(const char *text, size_t max)
{
	const unsigned char *p = (const unsigned char *)text;
	char *out = xmalloc(max + 1);
	size_t at = 0;

	while (*p) {
		size_t n = text_utf8((const char *)p, 4);
		bool bad = !n || is_control(p, n);

		if (at + (bad ? 3 : n) > max)
			break;
		memcpy(out + at, bad ? (const void *)"\xef\xbf\xbd" : p, bad ? 3 : n);
		at += bad ? 3 : n;
		p += n ? n : 1;
	}
	out[at] = 0;
	return out;
}

void export_xml(FILE *out, const char *text)
{
	char *clean = export_clean(text, 3 * strlen(text));

	for (const char *p = clean; *p; p++) {
		switch (*p) {
		case '&': fputs("&amp;", out); break;
		case '<': fputs("&lt;", out); break;
		case '>': fputs("&gt;", out); break;
		case '"': fputs("&quot;", out); break;
		case '\'': fputs("&#39;", out); break;
		default: putc(*p, out);
		}
	}
	free(clean);
}

json_t *export_json_string(const char *text)
{
	json_t *s = json_string(text);

	if (!s) {
		char *clean = export_clean(text, 3 * strlen(text));

		s = json_string(clean);
		free(clean);
	}
	return s;
}

json_t *export_json_params(const struct rs_case *c)
{
	json_t *o = json_object();

	for (size_t i = 0; i < c->nparams; i++)
		json_object_set_new(o, c->params[i].key, c->params[i].str ?
				    export_json_string(c->params[i].str) :
				    json_integer((json_int_t)c->params[i].num));
	return o;
}

json_t *export_json_counts(const struct rs_case *c)
{
	json_t *o = json_object();

	for (size_t i = 0; i < c->ncounts; i++)
		json_object_set_new(o, c->counts[i].name, json_integer((json_int_t)c->counts[i].n));
	return o;
}
