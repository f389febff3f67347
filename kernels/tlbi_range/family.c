// SPDX-License-Identifier: GPL-2.0-only
/*
 * tlbi_range: set-up, the checker of the stream and the counts it must have.
 *
 * The oracle is the logged stream itself, decoded operand by operand (tlbi_decode.h): a TLB forgives
 * what an invalidation does too much, and many CPUs forgive what it does too little; arithmetic does
 * not. A variant must walk its range once and upwards: each op starts where the last one ended.
 */
#include "tlbi_range.h"
#include "tlbi_decode.h"

#define PAGES_MAX (1ull << 22)		/* twice what one op reaches */
#define LOG_EXTRA 8			/* barriers, and some room for what is too much */

static u64 va_bits(const struct bench_params *p)
{
	return p->lpa2 ? 52 : 48;
}

static void machine(const struct bench_params *p, struct bench_machine *m)
{
	m->ram_bytes = 128 * MMUB_MIB + (p->pages <= PAGES_MAX ? p->pages : 0) * sizeof(struct mmu_log_entry);
	m->cpus = 1;
}

static const char *skip(const struct bench_case *c)
{
	const struct bench_params *p = c->p;

	if (p->pages == 0 || p->pages > PAGES_MAX)
		return "pages: 1 to 4194304";
	if (p->align > 15)
		return "align: 0 to 15";
	return bench_skip_granule(c, p->lpa2);
}

const char *tlbi_range_skip_lpa2(const struct bench_case *c)
{
	return c->p->lpa2 ? "this loop predates LPA2 operands" : NULL;
}

static const char *setup(struct bench_case *c)
{
	const struct bench_params *p = c->p;
	struct tlbi_stream *s = plat_alloc(sizeof(*s));
	const char *why;

	c->family_data = s;
	if (!s)
		return "out of memory";
	why = pt_geom_init(&s->t.g, p->granule, (u32)va_bits(p), p->lpa2);
	if (why)
		return why;
	s->low = p->regime == REGIME_LOW;
	s->last = p->free == FREE_LAST;
	why = plat_space_create(&s->space, s->low ? MMU_REGIME_LOW : MMU_REGIME_HIGH, &s->t.g);
	if (why)
		return why;
	s->have_space = true;
	s->start = s->space.va_start + p->align * p->granule;
	s->pages = p->pages;
	if (s->start + (s->pages << s->t.g.page_shift) > s->space.va_end)
		return "the range does not fit into the address space of this platform";
	s->t.asid = s->low ? s->space.asid : 0;
	s->t.stride = p->granule;
	/* Linux hints level 3 for pages, and nothing once tables go (tlb_get_level()). */
	s->t.level = s->last && c->e->features & FEAT_TTL ? 3 : TLBI_LEVEL_UNKNOWN;
	s->log_size = s->pages + LOG_EXTRA;
	s->log = plat_alloc(s->log_size * sizeof(*s->log));
	return s->log ? NULL : "out of memory for the operation log";
}

static void teardown(struct bench_case *c)
{
	struct tlbi_stream *s = c->family_data;

	if (!s)
		return;
	if (s->log)
		plat_free(s->log, s->log_size * sizeof(*s->log));
	if (s->have_space)
		plat_space_destroy(&s->space);
	plat_free(s, sizeof(*s));
}

static void prep(struct bench_case *c)
{
	struct tlbi_stream *s = c->family_data;

	s->told_start = s->told_end = 0;
}

static bool is_tlbi(u32 op)
{
	struct tlbi_decoded d;

	tlbi_decode((enum mmu_op)op, 0, 12, false, &d);
	return d.scope != TLBI_SCOPE_NONE;
}

/* The frame around the stream: DSB ISHST first, DSB ISH last, ISB for kernel addresses only. */
static const char *verify_frame(struct bench_case *c, const struct tlbi_stream *s,
				const struct mmu_log_entry *log, u64 n, u64 *first, u64 *last)
{
	u64 tail = s->low ? 1 : 2, i;

	if (n < 2 + tail || log[0].op != MMU_DSB_ISHST)
		return bench_fail(c, "no DSB ISHST before the first TLBI: the walker may refetch old entries");
	if (log[n - tail].op != MMU_DSB_ISH)
		return bench_fail(c, "no DSB ISH after the last TLBI: it may not have completed");
	if (!s->low && log[n - 1].op != MMU_ISB)
		return bench_fail(c, "no ISB after DSB ISH for a kernel mapping");
	for (i = 1; i < n - tail; i++)
		if (!is_tlbi(log[i].op))
			return bench_fail(c, "op %lu inside the stream is not a TLBI", (unsigned long)i);
	*first = 1;
	*last = n - tail;
	return NULL;
}

/* Scope, ASID and level of one op against what the range needs. */
static const char *verify_kind(struct bench_case *c, const struct tlbi_stream *s, u64 i, u64 operand,
			       const struct tlbi_decoded *d)
{
	unsigned long at = (unsigned long)i, x = (unsigned long)operand;

	if (d->local || d->stage2)
		return bench_fail(c, "op %lu (0x%lx) reaches this CPU or stage 2 only", at, x);
	if (d->last_level && !s->last)
		return bench_fail(c, "op %lu (0x%lx) leaves cached table entries, but tables are freed", at, x);
	if (d->ttl >= 0 && !s->last)
		return bench_fail(c, "op %lu (0x%lx) hints level %d, but tables are freed", at, x, d->ttl);
	if (d->ttl >= 0 && d->ttl != 3)
		return bench_fail(c, "op %lu (0x%lx) hints level %d for level 3 entries", at, x, d->ttl);
	if (d->ttl < 0 && s->t.level == 3 && d->scope >= TLBI_SCOPE_PAGE)
		return bench_fail(c, "op %lu (0x%lx) lost the level hint", at, x);
	if (!s->low && !d->any_asid)
		return bench_fail(c, "op %lu (0x%lx) is for one ASID, the mapping is global", at, x);
	if (s->low && !d->any_asid && d->asid != s->t.asid)
		return bench_fail(c, "op %lu (0x%lx) is for ASID %u, not %lu", at, x, d->asid,
				  (unsigned long)s->t.asid);
	if (s->low && d->any_asid)
		return bench_fail(c, "op %lu (0x%lx) hits every ASID", at, x);
	return NULL;
}

const char *tlbi_range_verify(struct bench_case *c, const struct tlbi_stream *s,
			      const struct mmu_log_entry *log, u64 n)
{
	u32 shift = s->t.g.page_shift;
	u64 at = s->start, end = s->start + (s->pages << shift), i, first = 0, last = 0;
	struct tlbi_decoded d;
	const char *why = verify_frame(c, s, log, n, &first, &last);

	if (why)
		return why;
	for (i = first; i < last; i++) {
		unsigned long idx = (unsigned long)i, x = (unsigned long)log[i].operand;

		why = tlbi_decode((enum mmu_op)log[i].op, log[i].operand, shift, s->t.g.lpa2, &d);
		if (why)
			return bench_fail(c, "op %lu (0x%lx): %s", idx, x, why);
		why = verify_kind(c, s, i, log[i].operand, &d);
		if (why)
			return why;
		if (d.scope == TLBI_SCOPE_ALL || d.scope == TLBI_SCOPE_ASID) {
			if (last - first != 1 || s->pages < TLBI_RANGE_PAGES_MAX)
				return bench_fail(c, "op %lu flushes everything for %lu pages", idx,
						  (unsigned long)s->pages);
			at = end;
			break;
		}
		if (d.start != at)
			return bench_fail(c, "op %lu (0x%lx) covers from 0x%lx, the stream stands at 0x%lx",
					  idx, x, (unsigned long)d.start, (unsigned long)at);
		if (d.bytes > end - at)
			return bench_fail(c, "op %lu (0x%lx) covers 0x%lx bytes past the range", idx, x,
					  (unsigned long)(d.bytes - (end - at)));
		at += d.bytes;
	}
	if (at != end)
		return bench_fail(c, "the stream ends at 0x%lx, the range at 0x%lx", (unsigned long)at,
				  (unsigned long)end);
	if (s->told_start != s->start || s->told_end != end)
		return bench_fail(c, "the secondary MMU was told 0x%lx..0x%lx", (unsigned long)s->told_start,
				  (unsigned long)s->told_end);
	return NULL;
}

/*
 * Checks the stream of the run that was just counted. If that run was not logged whole (no log asked
 * for, or too short), the variant runs once more into the family's own log: same range, same code.
 */
const char *tlbi_range_check(struct bench_case *c)
{
	struct tlbi_stream *s = c->family_data;
	struct mmu_counter saved = mmu_counter;
	const char *why;

	if (saved.log && !saved.log_lost)
		return tlbi_range_verify(c, s, saved.log, saved.log_used);
	mmu_counter = (struct mmu_counter){ .log = s->log, .log_size = s->log_size };
	c->v->run(c);
	why = mmu_counter.log_lost ? bench_fail(c, "%lu operations more than pages",
						(unsigned long)mmu_counter.log_lost)
				   : tlbi_range_verify(c, s, s->log, mmu_counter.log_used);
	mmu_counter = saved;
	return why;
}

/* ---- expected counts ---- */

static void want_frame(const struct bench_params *p, struct mmu_counts *want)
{
	bench_want(want, DSB_ISHST, 1);
	bench_want(want, DSB_ISH, 1);
	bench_want(want, ISB, p->regime == REGIME_HIGH);
}

static void want_ops(const struct bench_params *p, struct mmu_counts *want, u64 pages, u64 ranges)
{
	if (p->regime == REGIME_LOW && p->free == FREE_LAST) {
		bench_want(want, TLBI_VALE1IS, pages);
		bench_want(want, TLBI_RVALE1IS, ranges);
	} else if (p->regime == REGIME_LOW) {
		bench_want(want, TLBI_VAE1IS, pages);
		bench_want(want, TLBI_RVAE1IS, ranges);
	} else if (p->free == FREE_LAST) {
		bench_want(want, TLBI_VAALE1IS, pages);
		bench_want(want, TLBI_RVAALE1IS, ranges);
	} else {
		bench_want(want, TLBI_VAAE1IS, pages);
		bench_want(want, TLBI_RVAAE1IS, ranges);
	}
}

static void want_all(const struct bench_params *p, struct mmu_counts *want)
{
	if (p->regime == REGIME_LOW)
		bench_want(want, TLBI_ASIDE1IS, 1);
	else
		bench_want(want, TLBI_VMALLE1IS, 1);
}

/* Range ops for n < 2^21 pages: the non-zero digits of n/2 to the base 32. Exactly 2^21: one. */
static u64 digits(u64 n)
{
	if (n == TLBI_RANGE_PAGES_MAX)
		return 1;
	return !!(n & 0x3e) + !!(n & 0x7c0) + !!(n & 0xf800) + !!(n & 0x1f0000);
}

void tlbi_range_expect_pages(const struct bench_params *p, const struct bench_env *e,
			     struct mmu_counts *want)
{
	(void)e;
	want_frame(p, want);
	want_ops(p, want, p->pages, 0);
}

void tlbi_range_expect_up(const struct bench_params *p, const struct bench_env *e,
			  struct mmu_counts *want)
{
	(void)e;
	want_frame(p, want);
	if (p->pages >> 21)
		want_all(p, want);
	else
		want_ops(p, want, p->pages & 1, digits(p->pages));
}

/* LPA2: singles up to the next multiple of 64 KiB, then the digits of what is left. */
void tlbi_range_expect_down(const struct bench_params *p, const struct bench_env *e,
			    struct mmu_counts *want)
{
	u64 in_64k = 65536 / p->granule, lead = 0;

	(void)e;
	want_frame(p, want);
	if (p->pages > 1ull << 21) {
		want_all(p, want);
		return;
	}
	if (p->lpa2)
		lead = (in_64k - p->align % in_64k) % in_64k;
	if (lead > p->pages)
		lead = p->pages;
	want_ops(p, want, lead + ((p->pages - lead) & 1), digits(p->pages - lead));
}

static const struct bench_params defaults = {
	.pages = 512, .granule = 4096, .cpus = 1, .regime = REGIME_LOW,
};

BENCH_FAMILY(tlbi_range, .question = "How many TLB invalidations, and how long, for a range of pages?",
	     .params = BENCH_USES(pages) | BENCH_USES(align) | BENCH_USES(granule) | BENCH_USES(lpa2) |
		       BENCH_USES(regime) | BENCH_USES(free),
	     .defaults = &defaults, .machine = machine, .skip = skip, .setup = setup,
	     .teardown = teardown, .prep = prep);
