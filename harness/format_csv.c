// SPDX-License-Identifier: GPL-2.0-only
/* One line a cell, raw units, RFC 4180 quoting. */
#include <math.h>

#include "compare.h"

static void put(FILE *out, const char *s)
{
	fputc('"', out);
	for (; *s; s++) {
		if (*s == '"')
			fputc('"', out);
		fputc(*s, out);
	}
	fputs("\",", out);
}

static void number(FILE *out, double v, const char *end)
{
	if (isfinite(v))
		fprintf(out, "%.17g%s", v, end);
	else
		fputs(end, out);
}

static const char *unit(const struct metric *m)
{
	static const char *const units[] = { [UNIT_NS] = "ns", [UNIT_COUNT] = "", [UNIT_INSNS] = "instructions",
					     [UNIT_BYTES] = "bytes" };

	return units[m->unit];
}

static void put_cell(FILE *out, const struct cmp_table *t, size_t r, size_t c)
{
	const struct cmp_cell *cell = cmp_cell(t, r, c);
	bool delta = cell->has_delta;

	put(out, t->family);
	put(out, t->title);
	put(out, t->rows[r].label);
	put(out, t->rows[t->rows[r].base].label);
	put(out, t->column_key);
	put(out, t->columns[c]);
	put(out, t->m->name);
	put(out, unit(t->m));
	put(out, cell->state ? cell->state : "ok");
	number(out, cell->state ? NAN : cell->value, ",");
	number(out, delta ? cell->r.a : NAN, ",");
	number(out, delta ? cell->r.delta : NAN, ",");
	number(out, delta ? cell->r.ci.lo : NAN, ",");
	number(out, delta ? cell->r.ci.hi : NAN, ",");
	number(out, delta && !cell->untested ? cell->r.p : NAN, ",");
	number(out, delta && !cell->untested ? cell->r.p_holm : NAN, ",");
	put(out, cmp_verdict_name(cell));
	fprintf(out, "%zu,%zu,", cell->n, cell->nboots);
	number(out, cell->n && cell->c->nsamples ? st_mad(cell->x, cell->n) : NAN, ",");
	number(out, delta && !cell->untested ? cell->r.p_rank : NAN, ",");
	fprintf(out, "%u,%zu,%zu\r\n", cell->r.more_boots, cell->warmup, cell->disturbed);
}

static void write_csv(FILE *out, const struct cmp *k)
{
	fputs("family,point,row,base,column_key,column,metric,unit,state,value,base_value,delta,ci_lo,ci_hi,"
	      "p,p_holm,verdict,n,boots,mad,p_rank,more_boots,warmup,disturbed\r\n", out);
	for (size_t i = 0; i < k->ntables; i++)
		for (size_t r = 0; r < k->tables[i].nrows; r++)
			for (size_t c = 0; c < k->tables[i].ncolumns; c++)
				put_cell(out, &k->tables[i], r, c);
}

CMP_FORMAT(csv, .name = "csv", .write = write_csv);
