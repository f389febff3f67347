// SPDX-License-Identifier: GPL-2.0-only
/* Verdicts, figures and cases of the page. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "export.h"
#include "report.h"

/* Lines of the list of verdicts; the tables hold every one. */
#define VERDICTS_MAX 40

struct tally {
	size_t passed, failed, errors, skipped, unchecked;
};

static struct tally count_checks(const struct report *r)
{
	struct tally t = { 0 };

	for (size_t s = 0; s < r->in.nsets; s++) {
		for (size_t i = 0; i < r->in.sets[s]->ncases; i++) {
			const struct rs_case *c = &r->in.sets[s]->cases[i];
			const char *why;
			enum export_status st = export_case_status(c, &why);

			if (!export_case_counts(c))
				continue;
			t.failed += st == EXPORT_FAIL;
			t.errors += st == EXPORT_ERROR;
			t.skipped += st == EXPORT_SKIP;
			t.passed += st == EXPORT_PASS && c->check;
			t.unchecked += st == EXPORT_PASS && !c->check;
		}
	}
	return t;
}

static void put_checks(struct report *r)
{
	struct tally t = count_checks(r);

	fprintf(r->out, "<p class=\"%s\"><strong>Checks: %zu passed, %zu failed, %zu broken, %zu skipped",
		t.failed || t.errors ? "bad" : "good", t.passed, t.failed, t.errors, t.skipped);
	if (t.unchecked)
		fprintf(r->out, ", %zu without a check (published or imported)", t.unchecked);
	fputs(".</strong></p>\n", r->out);
}

static bool any_emulated(const struct report *r)
{
	for (size_t i = 0; i < r->in.nsets; i++) {
		const char *accel = rs_env(r->in.sets[i], "accel");

		if (accel && (!strcmp(accel, "tcg") || !strcmp(accel, "icount")))
			return true;
	}
	return false;
}

static bool is_claim(enum st_verdict v)
{
	return v == ST_FASTER || v == ST_SLOWER || v == ST_EXACT_LESS || v == ST_EXACT_MORE;
}

static bool is_lower(enum st_verdict v)
{
	return v == ST_FASTER || v == ST_EXACT_LESS;
}

static const char *verdict_word(enum st_verdict v)
{
	switch (v) {
	case ST_FASTER: return "faster";
	case ST_SLOWER: return "slower";
	case ST_EXACT_LESS: return "less";
	case ST_EXACT_MORE: return "more";
	case ST_SAME: case ST_EXACT_EQUAL: return "the same";
	case ST_TOO_FEW: return "too few boots for a claim";
	default: return "no claim";
	}
}

static void put_base(struct report *r, const struct plot_entry *e, const struct plot_entry *base)
{
	fputs(r->in.nsets > 1 ? "in " : "", r->out);
	export_xml(r->out, r->in.nsets > 1 ? e->set->label : "");
	fputs(r->in.nsets > 1 ? " than in " : "than ", r->out);
	export_xml(r->out, r->in.nsets > 1 ? base->set->label : base->c->variant);
}

/* Counts as they are: 2 of 8192 is not "100 % fewer". */
static void put_counts(struct report *r, const struct plot_entry *e, const struct plot_delta *d)
{
	fprintf(r->out, " has %.0f %s", d->r.b, r->in.metric->title);
	if (r->in.nsets > 1) {
		fputs(" in ", r->out);
		export_xml(r->out, e->set->label);
		fprintf(r->out, ", %.0f in ", d->r.a);
		export_xml(r->out, d->base->set->label);
	} else {
		fputs(", ", r->out);
		export_xml(r->out, d->base->c->variant);
		fprintf(r->out, " %.0f", d->r.a);
	}
}

/* "takes 33.0 % less time than fixmap_twice" */
static void put_change(struct report *r, const struct plot_entry *e, const struct plot_delta *d)
{
	const struct metric *m = r->in.metric;
	bool time = m->unit == UNIT_NS, lower = d->r.delta < 0;

	if (!time && d->r.a == floor(d->r.a) && d->r.b == floor(d->r.b)) {
		put_counts(r, e, d);
		return;
	}
	fprintf(r->out, " %s %.1f %% %s %s ", time ? "takes" : "has", fabs(100 * d->r.delta),
		!lower ? "more" : time ? "less" : "fewer", time ? "time" : m->title);
	put_base(r, e, d->base);
	if (d->r.verdict < ST_EXACT_EQUAL && isfinite(d->r.ci.lo) && isfinite(d->r.ci.hi))
		fprintf(r->out, " (95 %% interval %+.1f to %+.1f %%)", 100 * d->r.ci.lo, 100 * d->r.ci.hi);
}

/* "map_mem, ram 16G: fixmap_once takes 33.0 % less time than fixmap_twice (95 % interval -35.2 to -31.8 %)" */
static void put_verdict(struct report *r, size_t i)
{
	const struct plot_entry *e = &r->in.entries[i];
	const struct plot_delta *d = &r->deltas[i];
	char *point = plot_point_text(report_family(r, e->c->family), e);

	fprintf(r->out, "<li class=\"%s\">", is_lower(d->r.verdict) ? "good" : "bad");
	export_xml(r->out, e->c->family);
	if (*point) {
		fputs(", ", r->out);
		export_xml(r->out, point);
	}
	fputs(": ", r->out);
	report_element(r, "strong", e->c->variant);
	put_change(r, e, d);
	fputs("</li>\n", r->out);
	free(point);
}

void report_verdicts(struct report *r)
{
	size_t claims = 0, open = 0, same = 0, shown = 0;

	fputs("<section id=\"verdicts\"><h2>Verdicts</h2>\n", r->out);
	if (any_emulated(r))
		fputs("<p class=\"banner\">Emulated time: the order of variants is worth reading, the "
		      "milliseconds are not those of any hardware.</p>\n", r->out);
	put_checks(r);
	for (size_t i = 0; i < r->in.nentries; i++) {
		if (!r->deltas[i].base)
			continue;
		claims += is_claim(r->deltas[i].r.verdict);
		same += r->deltas[i].r.verdict == ST_SAME || r->deltas[i].r.verdict == ST_EXACT_EQUAL;
		open += r->deltas[i].r.verdict == ST_UNCLEAR || r->deltas[i].r.verdict == ST_TOO_FEW;
	}
	fputs("<p>", r->out);
	export_xml(r->out, r->in.metric->title);
	fprintf(r->out, ": %zu comparison%s; %zu with a difference, %zu the same, %zu open.</p>\n<ul>\n",
		claims + same + open, claims + same + open == 1 ? "" : "s", claims, same, open);
	for (size_t i = 0; i < r->in.nentries && shown < VERDICTS_MAX; i++) {
		if (!r->deltas[i].base || !is_claim(r->deltas[i].r.verdict))
			continue;
		put_verdict(r, i);
		shown++;
	}
	fputs("</ul>\n", r->out);
	if (claims > shown)
		fprintf(r->out, "<p class=\"note\">%zu more are in the tables.</p>\n", claims - shown);
	fputs("</section>\n", r->out);
}

static void put_row(struct report *r, size_t i)
{
	const struct plot_entry *e = &r->in.entries[i];
	const struct plot_delta *d = &r->deltas[i];
	char value[64], lo_text[64] = "", hi_text[64] = "", delta[32];
	char *point = plot_point_text(report_family(r, e->c->family), e);
	double v = NAN, lo, hi;
	size_t n = metric_count(r->in.metric, e->c);

	plot_estimate(&r->in, e, &v, &lo, &hi);
	metric_format(r->in.metric, v, value, sizeof(value));
	if (isfinite(lo) && isfinite(hi)) {
		metric_format(r->in.metric, lo, lo_text, sizeof(lo_text));
		metric_format(r->in.metric, hi, hi_text, sizeof(hi_text));
	}
	plot_delta_text(d, delta, sizeof(delta));
	fputs("<tr>", r->out);
	report_element(r, "td", point);
	report_element(r, "td", e->c->variant);
	if (r->in.nsets > 1)
		report_element(r, "td", e->set->label);
	report_element(r, "td class=\"n\"", value);
	fputs("<td class=\"n\">", r->out);
	if (*lo_text) {
		export_xml(r->out, lo_text);
		fputs(" &ndash; ", r->out);
		export_xml(r->out, hi_text);
	}
	fputs("</td>", r->out);
	report_element(r, "td class=\"n\"", delta);
	fprintf(r->out, "<td class=\"n\">%zu</td><td class=\"%s\">%s</td></tr>\n", n,
		!d->base ? "note" : is_claim(d->r.verdict) ? is_lower(d->r.verdict) ? "good" : "bad" : "open",
		d->base ? verdict_word(d->r.verdict) : "baseline");
	free(point);
}

static bool first_of_family(const struct report *r, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (!strcmp(r->in.entries[k].c->family, r->in.entries[i].c->family))
			return false;
	return true;
}

static void put_table_head(struct report *r, const char *family)
{
	char *shared = plot_shared_text(report_family(r, family));

	fputs("<div class=\"scroll\"><table><caption>", r->out);
	export_xml(r->out, family);
	fputs(*shared ? ": " : "", r->out);
	export_xml(r->out, shared);
	fprintf(r->out, "</caption><thead><tr><th>point</th><th>variant</th>%s", r->in.nsets > 1 ? "<th>set</th>" : "");
	report_element(r, "th class=\"n\"", r->in.metric->title);
	fputs("<th class=\"n\">95 % interval</th><th class=\"n\">change</th><th class=\"n\">n</th>"
	      "<th>verdict</th></tr></thead><tbody>\n", r->out);
	free(shared);
}

void report_tables(struct report *r)
{
	fputs("<section id=\"tables\"><h2>Tables</h2>\n", r->out);
	for (size_t i = 0; i < r->in.nentries; i++) {
		if (!first_of_family(r, i))
			continue;
		put_table_head(r, r->in.entries[i].c->family);
		for (size_t k = i; k < r->in.nentries; k++)
			if (!strcmp(r->in.entries[k].c->family, r->in.entries[i].c->family))
				put_row(r, k);
		fputs("</tbody></table></div>\n", r->out);
	}
	fputs("</section>\n", r->out);
}

static void put_case(struct report *r, const struct rs_set *set, const struct rs_case *c)
{
	static const char *const words[] = { "pass", "fail", "skipped", "broken" };
	static const char *const classes[] = { "good", "bad", "note", "bad" };
	const char *why;
	enum export_status st = export_case_status(c, &why);
	char *name = export_case_name(c);

	fputs("<tr>", r->out);
	if (r->in.nsets > 1)
		report_element(r, "td", set->label);
	report_element(r, "td", name);
	if (st == EXPORT_PASS && !c->check)
		fputs("<td class=\"note\">not run", r->out);
	else
		fprintf(r->out, "<td class=\"%s\">%s", classes[st], words[st]);
	if (*why) {
		fputs(": ", r->out);
		export_xml(r->out, why);
	}
	fputs("</td><td class=\"counts\">", r->out);
	for (size_t i = 0; i < c->ncounts; i++) {
		fputs(i ? ", " : "", r->out);
		export_xml(r->out, c->counts[i].name);
		fprintf(r->out, "&nbsp;%llu", (unsigned long long)c->counts[i].n);
	}
	fputs("</td></tr>\n", r->out);
	free(name);
}

void report_cases(struct report *r)
{
	fprintf(r->out, "<section id=\"cases\"><h2>Cases: checks and operation counts</h2>\n"
		"<div class=\"scroll\"><table><thead><tr>%s<th>case</th><th>check</th><th>counts</th></tr>"
		"</thead><tbody>\n", r->in.nsets > 1 ? "<th>set</th>" : "");
	for (size_t s = 0; s < r->in.nsets; s++)
		for (size_t i = 0; i < r->in.sets[s]->ncases; i++)
			if (export_case_counts(&r->in.sets[s]->cases[i]))
				put_case(r, r->in.sets[s], &r->in.sets[s]->cases[i]);
	fputs("</tbody></table></div></section>\n", r->out);
}
