/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Family tlbi_range: the operation stream that invalidates N neighbouring pages, and nothing else.
 * The frame is __flush_tlb_range() of Linux (arch/arm64/include/asm/tlbflush.h): DSB ISHST, the
 * stream, DSB ISH, ISB for kernel addresses, then the secondary MMU is told the range.
 */
#ifndef MMUB_TLBI_RANGE_H
#define MMUB_TLBI_RANGE_H

#include "platform.h"
#include "tlbi.h"

/* One case's range. Shared by the variants of a group; the variants only read all but told_*. */
struct tlbi_stream {
	struct tlbi_target t;
	u64 start, pages;
	bool low;			/* TTBR0 with an ASID, else TTBR1 for all ASIDs */
	bool last;			/* only leaf entries changed; else tables are freed too */
	u64 told_start, told_end;	/* what the secondary MMU was told (mmu_notifier) */
	/* the family's own */
	struct mmu_space space;
	bool have_space;
	struct mmu_log_entry *log;
	u64 log_size;
};

/* Everything of the regime, where a range is too long to be worth its ops (flush_tlb_mm/_all). */
static __always_inline void tlbi_stream_all(const struct tlbi_stream *s)
{
	if (s->low)
		mmu_tlbi(ASIDE1IS, s->t.asid << 48);
	else
		mmu_tlbi(VMALLE1IS, 0);
}

/* Calls body(page op, range op, s, start, pages) with the pair of instructions the case asks for. */
#define TLBI_STREAM_OPS(body, s, start, pages)							\
	do {											\
		if ((s)->low && (s)->last)							\
			body(MMU_TLBI_VALE1IS, MMU_TLBI_RVALE1IS, s, start, pages);		\
		else if ((s)->low)								\
			body(MMU_TLBI_VAE1IS, MMU_TLBI_RVAE1IS, s, start, pages);		\
		else if ((s)->last)								\
			body(MMU_TLBI_VAALE1IS, MMU_TLBI_RVAALE1IS, s, start, pages);		\
		else										\
			body(MMU_TLBI_VAAE1IS, MMU_TLBI_RVAAE1IS, s, start, pages);		\
	} while (0)

/* Before and after the stream. */
static __always_inline void tlbi_stream_begin(void)
{
	mmu_dsb(ISHST);
}

static __always_inline void tlbi_stream_end(struct tlbi_stream *s, u64 start, u64 pages)
{
	mmu_dsb(ISH);
	if (!s->low)
		mmu_isb();
	s->told_start = start;
	s->told_end = start + (pages << s->t.g.page_shift);
}

/* family.c: decodes the logged stream; the counts as closed forms. */
const char *tlbi_range_check(struct bench_case *c);
const char *tlbi_range_skip_lpa2(const struct bench_case *c);	/* variants that predate LPA2 */
void tlbi_range_expect_pages(const struct bench_params *p, const struct bench_env *e,
			     struct mmu_counts *want);
void tlbi_range_expect_up(const struct bench_params *p, const struct bench_env *e,
			  struct mmu_counts *want);
void tlbi_range_expect_down(const struct bench_params *p, const struct bench_env *e,
			    struct mmu_counts *want);

/* The check itself on a stream that was logged by whatever means. NULL or why; why[] from bench_fail. */
const char *tlbi_range_verify(struct bench_case *c, const struct tlbi_stream *s,
			      const struct mmu_log_entry *log, u64 n);

#endif
