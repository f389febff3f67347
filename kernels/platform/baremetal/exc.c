// SPDX-License-Identifier: GPL-2.0-only
/*
 * Exceptions. Expected ones: a probe's fault, the first touch of RAM that is not mapped yet, and what
 * stage2.c knows. Anything else is an `exc` record and power-off.
 */
#include "bm.h"

#define EC(esr) ((u32)((esr) >> 26) & 0x3f)
#define EC_DABT_LOWER 0x24
#define EC_DABT_SAME 0x25
#define ISS_FNV (1u << 10)
#define VECTOR_KIND(v) ((v) & 3)	/* 0: synchronous */

__attribute__((weak)) bool bm_stage2_exception(struct bm_frame *frame, u64 vector, u32 el)
{
	(void)frame;
	(void)vector;
	(void)el;
	return false;
}

static bool is_translation_fault(u64 esr)
{
	u32 fsc = esr & 0x3f;

	return (fsc & 0x3c) == 4 || fsc == 0x2b;
}

static bool expected(struct bm_frame *f, u64 vector, u32 el)
{
	u32 ec = EC(f->esr);

	if (VECTOR_KIND(vector) || (ec != EC_DABT_SAME && ec != EC_DABT_LOWER))
		return false;
	if (f->elr == (u64)bm_probe_load_insn || f->elr == (u64)bm_probe_store_insn) {
		f->x[0] = f->esr;
		f->elr = (u64)bm_probe_fixup;
		return true;
	}
	return ec == EC_DABT_SAME && is_translation_fault(f->esr) && !(f->esr & ISS_FNV) &&
	       bm_map_fault(f->far, el);
}

static const char *kind_of(u64 vector, u64 esr, u64 far)
{
	static const char *const async[] = { "", "IRQ", "FIQ", "SError" };

	if (VECTOR_KIND(vector))
		return async[VECTOR_KIND(vector)];
	if (far >= (u64)__stack_guard && far < (u64)__stack_guard_end && EC(esr) == EC_DABT_SAME)
		return "stack overflow";
	switch (EC(esr)) {
	case 0x00: return "undefined instruction";
	case 0x0e: return "illegal execution state";
	case 0x18: return "trapped system register";
	case 0x20:
	case 0x21: return "instruction abort";
	case 0x22: return "PC alignment";
	case 0x24:
	case 0x25: return "data abort";
	case 0x26: return "SP alignment";
	case 0x3c: return "BRK";
	}
	return "synchronous exception";
}

void bm_exception(struct bm_frame *f, u64 vector, u32 el)
{
	struct bm_cpu *cpu = bm_this_cpu();

	if (expected(f, vector, el) || bm_stage2_exception(f, vector, el))
		return;
	/* a second one means that the record cannot be written either */
	if (cpu->in_exception++) {
		bm_puts("\nmmubench: exception while reporting an exception\n");
		bm_power_off();
	}
	bm_puts("\n");		/* whatever line was under way ends here */
	record_begin("exc");
	if (runner_current_case() != ~0u)
		record_u64("id", runner_current_case());
	record_u64("el", el);
	record_hex("esr", f->esr);
	record_hex("far", f->far);
	record_hex("elr", f->elr - (u64)_image);
	record_u64("cpu", cpu->index);
	record_str("why", kind_of(vector, f->esr, f->far));
	record_end();
	bm_power_off();
}
