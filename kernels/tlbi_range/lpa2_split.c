// SPDX-License-Identifier: GPL-2.0-only
/*
 * The alternative that the RFC of e2768b798a19 offered: two loops, the choice between them made once
 * above. Without LPA2 nothing is tested for alignment; with it the single-page ops up to the first
 * 64 KiB boundary are a loop of their own. The kernel and KVM choose by different keys
 * (lpa2_is_enabled(), kvm_lpa2_is_enabled()); here it is the space's own DS bit.
 */
#include "tlbi_range.h"

static __always_inline void plain(enum mmu_op page_op, enum mmu_op range_op,
				  const struct tlbi_stream *s, u64 start, u64 pages)
{
	tlbi_range_down(page_op, range_op, &s->t, start, pages, false);
}

static __always_inline void lpa2(enum mmu_op page_op, enum mmu_op range_op,
				 const struct tlbi_stream *s, u64 start, u64 pages)
{
	u64 page = 1ull << s->t.g.page_shift;

	for (; pages > 0 && (start & 0xffff); start += page, pages--)
		mmu_tlbi_op(page_op, tlbi_page_operand(&s->t, start));
	tlbi_range_down(page_op, range_op, &s->t, start, pages, false);
}

static void run(struct bench_case *c)
{
	struct tlbi_stream *s = c->family_data;

	tlbi_stream_begin();
	if (s->pages > TLBI_RANGE_PAGES_MAX)
		tlbi_stream_all(s);
	else if (s->t.g.lpa2)
		TLBI_STREAM_OPS(lpa2, s, s->start, s->pages);
	else
		TLBI_STREAM_OPS(plain, s, s->start, s->pages);
	tlbi_stream_end(s, s->start, s->pages);
}

BENCH_VARIANT(tlbi_range, lpa2_split, "RFC of e2768b798a19, alternative", run, tlbi_range_check,
	      tlbi_range_expect_down, .flags = BENCH_REPEATABLE, .needs = FEAT_TLBIRANGE,
	      .rank = 5);
