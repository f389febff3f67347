// SPDX-License-Identifier: GPL-2.0-only
/*
 * Largest scale first, without LPA2: e2768b798a19 (Linux 6.8) with the count rule of e3ba51ab24fd
 * (6.9), by which one op reaches 2^21 pages. Its own loop, not tlbi_range_down(): the reference
 * against which the LPA2 forms' price is read must not share their code.
 */
#include "tlbi_range.h"

static __always_inline void scale_down(enum mmu_op page_op, enum mmu_op range_op,
				       const struct tlbi_stream *s, u64 start, u64 pages)
{
	u32 shift = s->t.g.page_shift;
	int scale = 3, num;
	u64 most;

	while (pages > 0) {
		if (pages == 1) {
			mmu_tlbi_op(page_op, tlbi_page_operand(&s->t, start));
			return;
		}
		most = 32ull << (5 * scale + 1);
		num = (int)((pages < most ? pages : most) >> (5 * scale + 1)) - 1;
		if (num >= 0) {
			mmu_tlbi_op(range_op, tlbi_range_operand(&s->t, start, scale, num));
			start += TLBI_RANGE_PAGES(num, scale) << shift;
			pages -= TLBI_RANGE_PAGES(num, scale);
		}
		scale--;
	}
}

static void run(struct bench_case *c)
{
	struct tlbi_stream *s = c->family_data;

	tlbi_stream_begin();
	if (s->pages > TLBI_RANGE_PAGES_MAX)
		tlbi_stream_all(s);
	else
		TLBI_STREAM_OPS(scale_down, s, s->start, s->pages);
	tlbi_stream_end(s, s->start, s->pages);
}

BENCH_VARIANT(tlbi_range, scale_down, "Linux 6.9 without LPA2, e2768b798a19", run, tlbi_range_check,
	      tlbi_range_expect_down, .flags = BENCH_REPEATABLE, .needs = FEAT_TLBIRANGE,
	      .skip = tlbi_range_skip_lpa2,
	      .rank = 3);
