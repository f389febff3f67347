// SPDX-License-Identifier: GPL-2.0-only
/*
 * Smallest scale first, as Linux 5.9 (d1d3aa98b1d4) to 6.7: an odd count costs one single-page op at
 * once, then each scale takes its base-32 digit of the count. The digit is masked before the 1 is
 * taken off, so that an empty digit gives -1 and the scale is left out; NUM never exceeds 30, and
 * 2^21 pages or more have no digits left and flush the whole context.
 */
#include "tlbi_range.h"

static __always_inline void scale_up(enum mmu_op page_op, enum mmu_op range_op,
				     const struct tlbi_stream *s, u64 start, u64 pages)
{
	u32 shift = s->t.g.page_shift;
	int scale = 0, num;

	while (pages > 0) {
		if (pages % 2 == 1) {
			mmu_tlbi_op(page_op, tlbi_page_operand(&s->t, start));
			start += s->t.stride;
			pages -= s->t.stride >> shift;
			continue;
		}
		num = (int)(pages >> (5 * scale + 1) & 31) - 1;
		if (num >= 0) {
			mmu_tlbi_op(range_op, tlbi_range_operand(&s->t, start, scale, num));
			start += TLBI_RANGE_PAGES(num, scale) << shift;
			pages -= TLBI_RANGE_PAGES(num, scale);
		}
		scale++;
	}
}

static void run(struct bench_case *c)
{
	struct tlbi_stream *s = c->family_data;

	tlbi_stream_begin();
	if (s->pages >= TLBI_RANGE_PAGES_MAX)
		tlbi_stream_all(s);
	else
		TLBI_STREAM_OPS(scale_up, s, s->start, s->pages);
	tlbi_stream_end(s, s->start, s->pages);
}

BENCH_VARIANT(tlbi_range, scale_up, "Linux 5.9..6.7, d1d3aa98b1d4", run, tlbi_range_check,
	      tlbi_range_expect_up, .flags = BENCH_REPEATABLE, .needs = FEAT_TLBIRANGE,
	      .skip = tlbi_range_skip_lpa2,
	      .rank = 2);
