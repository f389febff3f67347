/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Entry of a Linux-format Image (Linux Documentation/arch/arm64/booting.rst): EL1 or EL2, MMU off,
 * x0 = device tree. We relocate ourselves, zero .bss, leave our own vectors at EL2 if we came in
 * there, build the boot map and go on at EL1 with the MMU on, thread stack in SP_EL0, exception
 * stack in SP_EL1.
 */
#include "asm.h"

	.macro	adr_l, reg, sym
	adrp	\reg, \sym
	add	\reg, \reg, :lo12:\sym
	.endm

	.section .head, "ax"
	.globl	_image_head
_image_head:
	b	primary_entry
	.long	0
	.quad	0x80000				// text_offset from 2 MiB: QEMU then has one huge page fewer to zero
	.long	_image_size, 0			// image_size: .bss and stacks too
	.quad	0xa				// little endian, 4K pages, anywhere in memory
	.quad	0, 0, 0
	.ascii	"ARM\x64"
	.long	0

	.text
/* Cleans and invalidates [x0, x1) to PoC; clobbers x0, x2, x3. No memory access. */
dcache_civac:
	mrs	x2, ctr_el0
	ubfx	x2, x2, #16, #4
	mov	x3, #4
	lsl	x2, x3, x2
	sub	x3, x2, #1
	bic	x0, x0, x3
1:	dc	civac, x0
	add	x0, x0, x2
	cmp	x0, x1
	b.lo	1b
	dsb	sy
	ret

primary_entry:
	mov	x20, x0
	mrs	x21, CurrentEL
	msr	SPSel, #1
	// What a loader left dirty in the caches must not land on what we write with the MMU off.
	adr_l	x0, _image
	adr_l	x1, __image_end
	bl	dcache_civac
	// R_AARCH64_RELATIVE (1027) is all that a static PIE without preemptible symbols has.
	adr_l	x1, _image
	adr_l	x2, __rela_start
	adr_l	x3, __rela_end
1:	cmp	x2, x3
	b.hs	2f
	ldp	x4, x5, [x2], #16
	ldr	x6, [x2], #8
	cmp	w5, #1027
	b.ne	1b
	add	x6, x6, x1
	str	x6, [x4, x1]
	b	1b
2:	adr_l	x2, __bss_start
	adr_l	x3, __bss_end
3:	cmp	x2, x3
	b.hs	4f
	stp	xzr, xzr, [x2], #16
	b	3b
4:	adr_l	x0, __boot_el2_stack
	bl	drop_to_el1
	adr_l	x0, __boot_exc_stack
	mov	sp, x0				// SP_EL1
	msr	SPSel, #0
	adr_l	x0, __boot_stack
	mov	sp, x0				// SP_EL0
	adr_l	x0, bm_boot_cpu
	msr	tpidr_el1, x0
	mov	x29, xzr
	mov	x0, x20
	ubfx	x1, x21, #2, #2
	bl	bm_early			// builds the boot map
	adr_l	x0, __data_start		// lines that speculation brought in meanwhile
	adr_l	x1, __image_end
	bl	dcache_civac
	ic	iallu
	dsb	nsh
	adr_l	x19, bm_mmu
	ldp	x0, x1, [x19]
	ldp	x2, x3, [x19, #16]
	bl	bm_mmu_switch
	bl	bm_main
	b	.

/* PSCI CPU_ON comes here: x0 = struct bm_cpu, cleaned to PoC, MMU off. */
	.globl	secondary_entry
secondary_entry:
	mov	x20, x0
	msr	SPSel, #1
	ldr	x0, [x20, #BM_CPU_EL2_STACK]
	bl	drop_to_el1
	ldp	x0, x1, [x20, #BM_CPU_STACK]
	mov	sp, x1
	msr	SPSel, #0
	mov	sp, x0
	msr	tpidr_el1, x20
	mov	x29, xzr
	ldp	x0, x1, [x20, #BM_CPU_MMU]
	ldp	x2, x3, [x20, #BM_CPU_MMU + 16]
	bl	bm_mmu_switch
	mov	x0, x20
	bl	bm_secondary
	b	.

/*
 * To EL1 with interrupts masked, MMU off and everything that would trap to EL2 let through; at EL2
 * stay our vectors with stack x0. Returns to x30 either way. Arm ARM D19.2 for the fields.
 */
drop_to_el1:
	mrs	x1, CurrentEL
	cmp	x1, #8
	b.ne	el1_state
	mov	sp, x0
	mov	x1, #(1 << 31)			// HCR_EL2.RW: EL1 is AArch64
	msr	hcr_el2, x1
	isb					// firmware may have left E2H: the next formats go with it
	mov	x1, #3				// EL1 may use the physical counter and timer
	msr	cnthctl_el2, x1
	msr	cntvoff_el2, xzr
	mov	x1, #BM_CPTR_EL2
	msr	cptr_el2, x1
	msr	hstr_el2, xzr
	msr	vttbr_el2, xzr
	mrs	x1, midr_el1
	msr	vpidr_el2, x1
	mrs	x1, mpidr_el1
	msr	vmpidr_el2, x1
	mrs	x1, id_aa64dfr0_el1
	ubfx	x2, x1, #8, #4
	mov	x3, xzr
	cbz	x2, 1f
	cmp	x2, #15
	b.eq	1f
	mrs	x3, pmcr_el0			// MDCR_EL2.HPMN: all counters are EL1's
	ubfx	x3, x3, #11, #5
1:	msr	mdcr_el2, x3
	mrs	x1, id_aa64mmfr0_el1		// FEAT_FGT, FEAT_HCX: traps of UNKNOWN reset values
	ubfx	x1, x1, #56, #4
	cbz	x1, 3f
	msr	S3_4_C1_C1_4, xzr		// HFGRTR_EL2
	msr	S3_4_C1_C1_5, xzr		// HFGWTR_EL2
	msr	S3_4_C1_C1_6, xzr		// HFGITR_EL2
	msr	S3_4_C3_C1_4, xzr		// HDFGRTR_EL2
	msr	S3_4_C3_C1_5, xzr		// HDFGWTR_EL2
3:	mrs	x1, id_aa64mmfr1_el1
	ubfx	x1, x1, #40, #4
	cbz	x1, 4f
	msr	S3_4_C1_C2_2, xzr		// HCRX_EL2
4:	mrs	x1, id_aa64pfr0_el1		// GICv3 system registers from EL1
	ubfx	x1, x1, #24, #4
	cbz	x1, 2f
	mov	x1, #0xf
	msr	S3_4_C12_C9_5, x1		// ICC_SRE_EL2
	isb
2:	ldr	x1, =BM_SCTLR_EL2_OFF
	msr	sctlr_el2, x1
	adr_l	x1, bm_vectors_el2
	msr	vbar_el2, x1
	ldr	x1, =BM_SCTLR_OFF
	msr	sctlr_el1, x1
	mov	x1, #0x3c5			// EL1h, DAIF masked
	msr	spsr_el2, x1
	adr	x1, el1_state
	msr	elr_el2, x1
	isb
	eret
el1_state:
	ldr	x1, =BM_SCTLR_OFF
	msr	sctlr_el1, x1
	mov	x1, #(3 << 20)			// CPACR_EL1.FPEN: no trap
	msr	cpacr_el1, x1
	msr	daifset, #0xf
	adr_l	x1, bm_vectors_el1
	msr	vbar_el1, x1
	isb
	ret

/*
 * bm_mmu_switch(ttbr0, ttbr1, tcr, mair): the MMU goes off, everything is exchanged, it goes on
 * again. Granule, TCR.DS and both roots may change at once this way; we run identity mapped, and
 * touch no memory in between. Local TLB only: other CPUs come here themselves.
 */
	.globl	bm_mmu_switch
bm_mmu_switch:
	dsb	sy
	ldr	x4, =BM_SCTLR_OFF
	ldr	x5, =BM_SCTLR_ON
	msr	sctlr_el1, x4
	isb
	msr	mair_el1, x3
	msr	tcr_el1, x2
	msr	ttbr0_el1, x0
	msr	ttbr1_el1, x1
	isb
	tlbi	vmalle1
	dsb	nsh
	isb
	msr	sctlr_el1, x5
	isb
	ret
	.ltorg

/* ---- probes: one access; exc.c sends a fault to bm_probe_fixup with x0 = ESR ---- */
	.globl	bm_probe_load, bm_probe_load_insn, bm_probe_store, bm_probe_store_insn, bm_probe_fixup
bm_probe_load:				// (va, u64 *val) -> 0 or ESR
bm_probe_load_insn:
	ldr	x2, [x0]
	str	x2, [x1]
	mov	x0, xzr
	ret
bm_probe_store:				// (va, u64 val) -> 0 or ESR
bm_probe_store_insn:
	str	x1, [x0]
	mov	x0, xzr
bm_probe_fixup:
	ret

/* ---- changing the exception level ---- */
	.globl	bm_call_el2, bm_call_el1
bm_call_el2:				// (fn, arg), from EL1
	stp	x29, x30, [sp, #-16]!
	hvc	#BM_HVC_CALL
	ldp	x29, x30, [sp], #16
	ret

bm_call_el1:				// (fn, arg), from EL2
	stp	x19, x20, [sp, #-96]!
	stp	x21, x22, [sp, #16]
	stp	x23, x24, [sp, #32]
	stp	x25, x26, [sp, #48]
	stp	x27, x28, [sp, #64]
	stp	x29, x30, [sp, #80]
	adr	x2, 1f
	msr	elr_el2, x2
	mov	x2, #0x3c4			// EL1t, DAIF masked
	msr	spsr_el2, x2
	isb
	eret
1:	mov	x2, x0				// at EL1
	mov	x0, x1
	blr	x2
	hvc	#BM_HVC_RETURN

/*
 * bm_el2_switch(ttbr0, tcr, hcr, cptr): EL2 becomes a VHE host's (HCR_EL2.E2H) or our own again; as
 * bm_mmu_switch() does it, from EL2. Formats of TCR_EL2 and CPTR_EL2 go with E2H.
 */
	.globl	bm_el2_switch
bm_el2_switch:
	dsb	sy
	ldr	x4, =BM_SCTLR_EL2_OFF
	ldr	x5, =BM_SCTLR_EL2_ON
	msr	sctlr_el2, x4
	isb
	msr	hcr_el2, x2
	isb
	msr	cptr_el2, x3
	msr	tcr_el2, x1
	msr	ttbr0_el2, x0
	isb
	tlbi	alle2
	dsb	nsh
	isb
	msr	sctlr_el2, x5
	isb
	ret
	.ltorg

	.globl	bm_set_el2_mmu
bm_set_el2_mmu:				// (ttbr0, tcr, mair), from EL1
	hvc	#BM_HVC_MMU
	ret
