/* SPDX-License-Identifier: GPL-2.0-only */
/* Exception vectors of EL1 and EL2. Everything goes to bm_exception() but our own HVCs. */
#include "asm.h"

	.macro	save_rest, el, vector
	stp	x2, x3, [sp, #16]
	stp	x4, x5, [sp, #32]
	stp	x6, x7, [sp, #48]
	stp	x8, x9, [sp, #64]
	stp	x10, x11, [sp, #80]
	stp	x12, x13, [sp, #96]
	stp	x14, x15, [sp, #112]
	stp	x16, x17, [sp, #128]
	stp	x18, x19, [sp, #144]
	stp	x20, x21, [sp, #160]
	stp	x22, x23, [sp, #176]
	stp	x24, x25, [sp, #192]
	stp	x26, x27, [sp, #208]
	stp	x28, x29, [sp, #224]
	mrs	x2, elr_el\el
	stp	x30, x2, [sp, #240]
	mrs	x3, spsr_el\el
	mrs	x4, esr_el\el
	stp	x3, x4, [sp, #BM_FRAME_SPSR]
	mrs	x5, far_el\el
	str	x5, [sp, #BM_FRAME_FAR]
	.endm

	.macro	common, el
bm_exc_el\el:				// x0, x1 saved; x1 = vector
	save_rest \el
	mov	x0, sp
	mov	x2, #\el
	bl	bm_exception
	ldp	x30, x2, [sp, #240]
	ldr	x3, [sp, #BM_FRAME_SPSR]
	msr	elr_el\el, x2
	msr	spsr_el\el, x3
	ldp	x2, x3, [sp, #16]
	ldp	x4, x5, [sp, #32]
	ldp	x6, x7, [sp, #48]
	ldp	x8, x9, [sp, #64]
	ldp	x10, x11, [sp, #80]
	ldp	x12, x13, [sp, #96]
	ldp	x14, x15, [sp, #112]
	ldp	x16, x17, [sp, #128]
	ldp	x18, x19, [sp, #144]
	ldp	x20, x21, [sp, #160]
	ldp	x22, x23, [sp, #176]
	ldp	x24, x25, [sp, #192]
	ldp	x26, x27, [sp, #208]
	ldp	x28, x29, [sp, #224]
	ldp	x0, x1, [sp], #BM_FRAME_SIZE
	eret
	.endm

	.macro	vector, el, n
	.balign	128
	sub	sp, sp, #BM_FRAME_SIZE
	stp	x0, x1, [sp]
	mov	x1, #\n
	b	bm_exc_el\el
	.endm

	.text
	common	1
	common	2

/* Synchronous, from EL1: an HVC of ours never touches C memory, for EL2's MMU may still be off. */
lower_sync:
	mrs	x0, esr_el2
	lsr	x1, x0, #26
	cmp	x1, #0x16			// HVC from AArch64
	b.ne	3f
	and	x1, x0, #0xffff
	cmp	x1, #BM_HVC_CALL
	b.eq	1f
	cmp	x1, #BM_HVC_MMU
	b.eq	2f
	cmp	x1, #BM_HVC_RETURN
	b.eq	4f
3:	mov	x1, #8
	b	bm_exc_el2

1:	ldp	x2, x0, [sp]
	add	sp, sp, #BM_FRAME_SIZE
	mrs	x3, elr_el2
	mrs	x4, spsr_el2
	stp	x29, x30, [sp, #-32]!
	stp	x3, x4, [sp, #16]
	blr	x2
	ldp	x3, x4, [sp, #16]
	ldp	x29, x30, [sp], #32
	msr	elr_el2, x3
	msr	spsr_el2, x4
	eret

2:	ldp	x0, x1, [sp]
	add	sp, sp, #BM_FRAME_SIZE
	dsb	sy
	ldr	x3, =BM_SCTLR_EL2_OFF
	msr	sctlr_el2, x3
	isb
	msr	mair_el2, x2
	msr	tcr_el2, x1
	msr	ttbr0_el2, x0
	isb
	tlbi	alle2
	dsb	nsh
	ic	iallu
	dsb	nsh
	isb
	ldr	x3, =BM_SCTLR_EL2_ON
	msr	sctlr_el2, x3
	isb
	eret

4:	add	sp, sp, #BM_FRAME_SIZE		// back in bm_call_el1()
	ldp	x21, x22, [sp, #16]
	ldp	x23, x24, [sp, #32]
	ldp	x25, x26, [sp, #48]
	ldp	x27, x28, [sp, #64]
	ldp	x29, x30, [sp, #80]
	ldp	x19, x20, [sp], #96
	ret
	.ltorg

	.balign	2048
	.globl	bm_vectors_el1
bm_vectors_el1:
	.set	n, 0
	.rept	16
	vector	1, n
	.set	n, n + 1
	.endr

	.balign	2048
	.globl	bm_vectors_el2
bm_vectors_el2:
	.set	n, 0
	.rept	8
	vector	2, n
	.set	n, n + 1
	.endr
	.balign	128
	sub	sp, sp, #BM_FRAME_SIZE
	stp	x0, x1, [sp]
	b	lower_sync
	.set	n, 9
	.rept	7
	vector	2, n
	.set	n, n + 1
	.endr
