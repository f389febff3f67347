/* SPDX-License-Identifier: GPL-2.0-only */
/* Constants that assembly and C share. */
#ifndef MMUB_BM_ASM_H
#define MMUB_BM_ASM_H

#define BM_HVC_CALL	1	/* x0 = fn, x1 = arg: call it at EL2 */
#define BM_HVC_MMU	2	/* x0 = TTBR0_EL2, x1 = TCR_EL2, x2 = MAIR_EL2: EL2's MMU on */
#define BM_HVC_RETURN	3	/* fn that bm_call_el1() called is done */
#define BM_HVC_GUEST_END 4	/* from the guest behind stage 2 (stage2.c) */

/* SCTLR_EL1: the RES1 bits of Armv8.0 with nTWI, nTWE, SA, I; on: C and M too. Alignment free. */
#define BM_SCTLR_OFF	0x30d51808
#define BM_SCTLR_ON	0x30d5180d

/* SCTLR_EL2: RES1; on: M, C, I. CPTR_EL2 without a trap: RES1; with HCR_EL2.E2H it has CPACR_EL1's format. */
#define BM_SCTLR_EL2_OFF 0x30c50830
#define BM_SCTLR_EL2_ON	0x30c51835
#define BM_CPTR_EL2	0x33ff
#define BM_CPTR_EL2_E2H	0x300000

/* Offsets in struct bm_cpu. */
#define BM_CPU_MMU	0
#define BM_CPU_STACK	32
#define BM_CPU_EL2_STACK 48

/* struct bm_frame: x0..x30, then these. */
#define BM_FRAME_ELR	248
#define BM_FRAME_SPSR	256
#define BM_FRAME_ESR	264
#define BM_FRAME_FAR	272
#define BM_FRAME_SIZE	288

#endif
