// SPDX-License-Identifier: GPL-2.0-only
/*
 * The metric table. A row says how one figure is read out of a case and how it is written; compare,
 * plot, report, export and the gate know nothing else about it. Rows come from this table, from
 * ops.def (each operation, and each group's sum), and from the names of events and extras that a
 * result set carries.
 */
#include "metric.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "error.h"

enum op_group {
	OPG_PTE, OPG_TABLE, OPG_FIXMAP, OPG_DSB, OPG_ISB, OPG_DC, OPG_TLBI, OPG_SMMU, OPG_SECONDARY,
};
#define OPG_BIT(g) (1u << OPG_##g)

static const struct op {
	const char *name;
	unsigned int group;
} ops[] = {
#define MMU_OP(id, name_, group_) { .name = name_, .group = OPG_BIT(group_) },
#include "ops.def"
#undef MMU_OP
};
#define N_OPS (sizeof(ops) / sizeof(ops[0]))

static const struct rs_published *published(const struct rs_case *c, const char *metric)
{
	for (size_t i = 0; i < c->npublished; i++)
		if (!strcmp(c->published[i].metric, metric))
			return &c->published[i];
	return NULL;
}

static bool get_time(const struct metric *m, const struct rs_case *c, const struct rs_sample *s,
		     double *out)
{
	(void)m;
	(void)c;
	*out = s ? s->ns : NAN;
	return s && isfinite(s->ns);
}

static bool get_insns(const struct metric *m, const struct rs_case *c, const struct rs_sample *s,
		      double *out)
{
	(void)m;
	(void)c;
	*out = s ? s->insns : NAN;
	return s && isfinite(s->insns);
}

/* The architecture writes its events in capitals; whoever types them may not. */
static bool get_value(const struct metric *m, const struct rs_case *c, const struct rs_sample *s,
		      double *out)
{
	if (!s || !s->values)
		return false;
	for (size_t i = 0; i < c->nvalues; i++) {
		if (strcasecmp(c->value_names[i], m->arg))
			continue;
		*out = s->values[i];
		return isfinite(*out);
	}
	return false;
}

/* An operation that did not occur has no entry: it is 0 once the counted pass ran. */
static bool get_count(const struct metric *m, const struct rs_case *c, const struct rs_sample *s,
		      double *out)
{
	(void)s;
	if (!c->has_counts)
		return false;
	*out = 0;
	for (size_t i = 0; i < c->ncounts; i++)
		if (!strcmp(c->counts[i].name, m->arg))
			*out += (double)c->counts[i].n;
	return true;
}

static const struct op *op_find(const char *name)
{
	for (size_t i = 0; i < N_OPS; i++)
		if (!strcmp(ops[i].name, name))
			return &ops[i];
	return NULL;
}

/* arg is the group's bits in decimal, so that barriers = DSB and ISB is a row like the others. */
static bool get_group(const struct metric *m, const struct rs_case *c, const struct rs_sample *s,
		      double *out)
{
	unsigned int groups = (unsigned int)strtoul(m->arg, NULL, 10);

	(void)s;
	if (!c->has_counts)
		return false;
	*out = 0;
	for (size_t i = 0; i < c->ncounts; i++) {
		const struct op *op = op_find(c->counts[i].name);

		if (op && (op->group & groups))
			*out += (double)c->counts[i].n;
	}
	return true;
}

/* Bytes of code: read from the ELF by the host, kept like a sample's extra or a published figure. */
static bool get_code(const struct metric *m, const struct rs_case *c, const struct rs_sample *s,
		     double *out)
{
	const struct rs_published *p = published(c, m->name);

	(void)s;
	if (p) {
		*out = p->value;
		return isfinite(*out);
	}
	for (size_t i = 0; i < c->nsamples; i++)
		if (get_value(m, c, &c->samples[i], out))
			return true;
	return false;
}

#define SAMPLE(name_, aliases_, title_, unit_, get_, ...) \
	{ .name = name_, .aliases = aliases_, .title = title_, .unit = unit_, .kind = METRIC_SAMPLE, \
	  .get = get_, __VA_ARGS__ }
#define GROUP(name_, aliases_, title_, arg_) \
	{ .name = name_, .aliases = aliases_, .title = title_, .unit = UNIT_COUNT, \
	  .kind = METRIC_COUNT, .exact = true, .get = get_group, .arg = arg_ }

static const struct metric table[] = {
	SAMPLE("time", "ns wall", "time", UNIT_NS, get_time),
	SAMPLE("insns", "instructions inst_retired events.inst_retired", "instructions", UNIT_INSNS,
	       get_insns),
	SAMPLE("cycles", "cpu_cycles", "CPU cycles", UNIT_COUNT, get_value, .arg = "events.CPU_CYCLES"),
	SAMPLE("collateral", "collateral_ns", "time to touch the working set again", UNIT_NS, get_value,
	       .arg = "extra.collateral_ns", .beside = "time"),
	GROUP("tlbi", "tlbis", "TLB invalidations", "64"),
	GROUP("dsb", "dsbs", "DSB", "8"),
	GROUP("isb", "isbs", "ISB", "16"),
	GROUP("barriers", "barrier", "barriers", "24"),
	GROUP("dc", "cmo cmos", "cache maintenance operations", "32"),
	GROUP("pte", "ptes", "page-table loads and stores", "1"),
	GROUP("table", "tables", "tables allocated and freed", "2"),
	GROUP("fixmap", "fixmaps", "fixmap operations", "4"),
	GROUP("smmu", "", "SMMU commands", "128"),
	GROUP("secondary", "", "secondary MMU invalidations and faults", "256"),
	{ .name = "code", .aliases = "code_bytes bytes", .title = "code size", .unit = UNIT_BYTES,
	  .kind = METRIC_COUNT, .exact = true, .get = get_code, .arg = "extra.code_bytes" },
};
#define N_TABLE (sizeof(table) / sizeof(table[0]))

_Static_assert(OPG_BIT(PTE) == 1 && OPG_BIT(TABLE) == 2 && OPG_BIT(FIXMAP) == 4 &&
	       OPG_BIT(DSB) == 8 && OPG_BIT(ISB) == 16 && OPG_BIT(DC) == 32 && OPG_BIT(TLBI) == 64 &&
	       OPG_BIT(SMMU) == 128 && OPG_BIT(SECONDARY) == 256, "group numbers of the rows above");

static bool is_word_of(const char *word, const char *list)
{
	size_t len = strlen(word);

	for (const char *p = list; len && (p = strstr(p, word)); p += len)
		if ((p == list || p[-1] == ' ') && (p[len] == ' ' || p[len] == '\0'))
			return true;
	return false;
}

/* Rows made on demand live until the program ends: callers keep pointers to them. */
static struct made {
	struct made *next;
	struct metric m;
} *made_rows;

static enum metric_unit value_unit(const char *name)
{
	size_t len = strlen(name);

	if (len > 3 && !strcmp(name + len - 3, "_ns"))
		return UNIT_NS;
	if (len > 6 && !strcmp(name + len - 6, "_bytes"))
		return UNIT_BYTES;
	return UNIT_COUNT;
}

static const struct metric *make_row(const char *name)
{
	bool is_op = op_find(name);
	struct made *row;

	if (!is_op && strncmp(name, "events.", 7) && strncmp(name, "extra.", 6))
		return NULL;
	if (!strchr(name, '.') && !is_op)
		return NULL;
	if (!is_op && !strchr(name, '.')[1])
		return NULL;
	for (row = made_rows; row; row = row->next)
		if (!strcmp(row->m.name, name))
			return &row->m;
	row = xcalloc(1, sizeof(*row));
	row->m.name = row->m.arg = row->m.title = xstrdup(name);
	row->m.aliases = "";
	row->m.unit = is_op ? UNIT_COUNT : value_unit(name);
	row->m.kind = is_op ? METRIC_COUNT : METRIC_SAMPLE;
	row->m.exact = is_op;
	row->m.get = is_op ? get_count : get_value;
	row->next = made_rows;
	made_rows = row;
	return &row->m;
}

const struct metric *metric_find(const char *name)
{
	for (size_t i = 0; i < N_TABLE; i++)
		if (!strcmp(table[i].name, name) || is_word_of(name, table[i].aliases))
			return &table[i];
	return make_row(name);
}

const struct metric *metric_at(size_t i)
{
	return i < N_TABLE ? &table[i] : NULL;
}

/*
 * Under -icount the virtual clock and the instruction counter advance with each instruction and with
 * nothing else, so time, cycles and instructions repeat to the last digit. That holds for our own
 * kernel; inside Linux (platform module) interrupts fall where they fall.
 */
bool metric_is_exact(const struct metric *m, const struct rs_set *set)
{
	const char *accel;

	if (m->exact)
		return true;
	if (m->get != get_time && m->get != get_insns && strcmp(m->name, "cycles"))
		return false;
	accel = json_string_value(json_object_get(set->environment, "accel"));
	if (!accel || strcmp(accel, "icount"))
		return false;
	for (size_t i = 0; i < set->ncases; i++)
		if (set->cases[i].platform && !strcmp(set->cases[i].platform, "module"))
			return false;
	return true;
}

void metric_flagged(const struct rs_case *c, size_t *warmup, size_t *disturbed, bool *kept)
{
	*warmup = *disturbed = 0;
	for (size_t i = 0; i < c->nsamples; i++) {
		bool warm = c->samples[i].flags & RS_SAMPLE_WARMUP;

		*warmup += warm;
		*disturbed += !warm && c->samples[i].flags;
	}
	*kept = 2 * *disturbed > c->nsamples - *warmup;
}

uint32_t metric_flags_out(const struct rs_case *c)
{
	size_t warmup, disturbed;
	bool kept;

	metric_flagged(c, &warmup, &disturbed, &kept);
	return kept ? RS_SAMPLE_WARMUP : ~0u;
}

size_t metric_samples(const struct metric *m, const struct rs_case *c, double *out, uint32_t *boots,
		      uint32_t *rounds)
{
	uint32_t leave = metric_flags_out(c);
	const struct rs_published *p;
	size_t n = 0;

	if (m->kind == METRIC_SAMPLE) {
		for (size_t i = 0; i < c->nsamples; i++) {
			if ((c->samples[i].flags & leave) || !m->get(m, c, &c->samples[i], &out[n]))
				continue;
			if (boots)
				boots[n] = c->samples[i].boot;
			if (rounds)
				rounds[n] = c->samples[i].round;
			n++;
		}
		if (n || c->nsamples)
			return n;
	} else if (m->get(m, c, NULL, out)) {
		if (boots)
			boots[0] = 0;
		if (rounds)
			rounds[0] = 0;
		return 1;
	}
	p = published(c, m->name);
	if (!p || !isfinite(p->value))
		return 0;
	out[0] = p->value;
	if (boots)
		boots[0] = 0;
	if (rounds)
		rounds[0] = 0;
	return 1;
}

size_t metric_values(const struct metric *m, const struct rs_case *c, double *out, uint32_t *boots)
{
	return metric_samples(m, c, out, boots, NULL);
}

size_t metric_count(const struct metric *m, const struct rs_case *c)
{
	uint32_t leave = metric_flags_out(c);
	size_t n = 0;
	double x;

	for (size_t i = 0; m->kind == METRIC_SAMPLE && i < c->nsamples; i++)
		n += !(c->samples[i].flags & leave) && m->get(m, c, &c->samples[i], &x);
	return n;
}

struct metric_scale metric_scale_for(const struct metric *m, double largest)
{
	static const struct metric_scale ns[] = {
		{ 1e9, "s" }, { 1e6, "ms" }, { 1e3, "us" }, { 1, "ns" },
	};
	static const struct metric_scale bytes[] = {
		{ 0x1p30, "GiB" }, { 0x1p20, "MiB" }, { 0x1p13, "KiB" }, { 1, "B" },
	};
	double v = fabs(largest);

	if (m->unit == UNIT_NS) {
		for (size_t i = 0; i < 3; i++)
			if (v >= ns[i].divide)
				return ns[i];
		return ns[3];
	}
	if (m->unit == UNIT_BYTES) {
		for (size_t i = 0; i < 3; i++)
			if (v >= bytes[i].divide)
				return (struct metric_scale){ i == 2 ? 1024 : bytes[i].divide,
							      bytes[i].suffix };
		return bytes[3];
	}
	return (struct metric_scale){ 1, "" };
}

/* Three significant digits where a unit scales the figure; a count is written out. */
void metric_format(const struct metric *m, double value, char *buf, size_t size)
{
	struct metric_scale sc = metric_scale_for(m, value);
	double v = value / sc.divide, mag = fabs(v);
	int digits = mag >= 99.95 ? 0 : mag >= 9.995 ? 1 : 2;

	if (!isfinite(value))
		snprintf(buf, size, "-");
	else if (sc.divide == 1 && v == floor(v))
		snprintf(buf, size, "%.0f%s%s", v, *sc.suffix ? " " : "", sc.suffix);
	else
		snprintf(buf, size, "%.*f%s%s", digits, v, *sc.suffix ? " " : "", sc.suffix);
}
