/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The guest behind stage 2: a loop of accesses at EL1, copied into a page of the guest's, and the way in and out.
 * bm_stage2_exception() ends up in bm_guest_exit for what stops it, steps over an access that faulted.
 */
#include "asm.h"

	.text
/*
 * bm_guest_enter(struct bm_guest_regs *r, u64 pc, u64 spsr): x4..x12 and x15 are loaded from r, and
 * stored there when the guest has ended. From EL2.
 */
	.globl	bm_guest_enter, bm_guest_exit
bm_guest_enter:
	stp	x19, x20, [sp, #-96]!
	stp	x21, x22, [sp, #16]
	stp	x23, x24, [sp, #32]
	stp	x25, x26, [sp, #48]
	stp	x27, x28, [sp, #64]
	stp	x29, x30, [sp, #80]
	mov	x19, x0
	msr	elr_el2, x1
	msr	spsr_el2, x2
	ldp	x4, x5, [x19]
	ldp	x6, x7, [x19, #16]
	ldp	x8, x9, [x19, #32]
	ldp	x10, x11, [x19, #48]
	ldp	x12, x15, [x19, #64]
	isb
	eret
bm_guest_exit:				// x19: the guest never touches it
	stp	x4, x5, [x19]
	stp	x6, x7, [x19, #16]
	stp	x8, x9, [x19, #32]
	stp	x10, x11, [x19, #48]
	stp	x12, x15, [x19, #64]
	ldp	x21, x22, [sp, #16]
	ldp	x23, x24, [sp, #32]
	ldp	x25, x26, [sp, #48]
	ldp	x27, x28, [sp, #64]
	ldp	x29, x30, [sp, #80]
	ldp	x19, x20, [sp], #96
	ret

/*
 * x4 IPA, x5 stride, x6 accesses left, x7 store?, x8 answered, x9 faulted, x10 else, x11 first that answered,
 * x12 first that did not; x13 what the last access came to: 0, 1 translation fault, 2 else (set by EL2);
 * x15 what it loaded.
 */
	.globl	bm_guest_code, bm_guest_access, bm_guest_code_end
bm_guest_code:
	cbz	x6, 5f
	mov	x13, xzr
	cbnz	x7, 1f
bm_guest_access:
	ldr	x15, [x4]
	b	2f
1:	str	x4, [x4, #2048]			// no entry that a walk for this code reads
2:	cbz	x13, 4f
	add	x14, x9, x10
	cbnz	x14, 3f
	mov	x12, x4
3:	cmp	x13, #1
	cinc	x9, x9, eq
	cinc	x10, x10, ne
	b	6f
4:	cbnz	x8, 7f
	mov	x11, x4
7:	add	x8, x8, #1
6:	add	x4, x4, x5
	sub	x6, x6, #1
	b	bm_guest_code
5:	hvc	#BM_HVC_GUEST_END
bm_guest_code_end:
