// SPDX-License-Identifier: GPL-2.0-only
/* One TLBI a page: what every arm64 kernel did before range operations (FEAT_TLBIRANGE). */
#include "tlbi_range.h"

static __always_inline void per_page(enum mmu_op page_op, enum mmu_op range_op,
				     const struct tlbi_stream *s, u64 start, u64 pages)
{
	(void)range_op;
	tlbi_each(page_op, &s->t, start, pages);
}

static void run(struct bench_case *c)
{
	struct tlbi_stream *s = c->family_data;

	tlbi_stream_begin();
	TLBI_STREAM_OPS(per_page, s, s->start, s->pages);
	tlbi_stream_end(s, s->start, s->pages);
}

BENCH_VARIANT(tlbi_range, per_page, "Linux without FEAT_TLBIRANGE", run, tlbi_range_check,
	      tlbi_range_expect_pages, .flags = BENCH_REPEATABLE,
	      .rank = 1);
