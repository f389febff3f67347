// SPDX-License-Identifier: GPL-2.0-only
/* Linux >= 6.8: one loop for both operand formats, LPA2 tested in every turn (lpa2_is_enabled()). */
#include "tlbi_range.h"

static __always_inline void both(enum mmu_op page_op, enum mmu_op range_op,
				 const struct tlbi_stream *s, u64 start, u64 pages)
{
	tlbi_range_down(page_op, range_op, &s->t, start, pages, s->t.g.lpa2);
}

static void run(struct bench_case *c)
{
	struct tlbi_stream *s = c->family_data;

	tlbi_stream_begin();
	if (s->pages > TLBI_RANGE_PAGES_MAX)
		tlbi_stream_all(s);
	else
		TLBI_STREAM_OPS(both, s, s->start, s->pages);
	tlbi_stream_end(s, s->start, s->pages);
}

BENCH_VARIANT(tlbi_range, scale_down_lpa2, "Linux 6.9, e2768b798a19 and e3ba51ab24fd", run,
	      tlbi_range_check, tlbi_range_expect_down, .flags = BENCH_REPEATABLE,
	      .needs = FEAT_TLBIRANGE,
	      .rank = 4);
