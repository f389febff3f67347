/* SPDX-License-Identifier: GPL-2.0-only */
/* An Image that powers off at once: what booting costs without us (tests/guest/boot-time). */
	b	1f
	.long	0
	.quad	0, 4096, 0xa, 0, 0, 0
	.ascii	"ARM\x64"
	.long	0
1:	mov	w0, #0x0008
	movk	w0, #0x8400, lsl #16		// PSCI SYSTEM_OFF
	hvc	#0
	b	.
