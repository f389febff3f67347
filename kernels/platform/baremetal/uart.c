// SPDX-License-Identifier: GPL-2.0-only
/*
 * Console output, polled. Both UARTs have a FIFO of 16: the status register is read once for 16
 * characters, because under a hypervisor each access is an exit.
 * PL011: Arm DDI 0183; 8250: the 16550A register set.
 */
#include "bm.h"

#define FIFO 16

#define PL011_DR	0x00
#define PL011_FR	0x18
#define PL011_FR_BUSY	(1 << 3)
#define PL011_FR_TXFE	(1 << 7)
#define PL011_LCR_H	0x2c
#define PL011_LCR_H_FEN	(1 << 4)
#define PL011_LCR_H_8N1	(3 << 5)
#define PL011_CR	0x30
#define PL011_CR_ON	(1 << 0 | 1 << 8)	/* UARTEN, TXE */

#define U8250_THR	0
#define U8250_FCR	2
#define U8250_LSR	5
#define U8250_LSR_THRE	(1 << 5)
#define U8250_LSR_TEMT	(1 << 6)

static struct {
	volatile u8 *base;
	enum dt_uart kind;
	u32 shift;
} uart;

static volatile u32 *pl011(u32 reg)
{
	return (volatile u32 *)(uart.base + reg);
}

static volatile u8 *u8250(u32 reg)
{
	return uart.base + (reg << uart.shift);
}

void bm_uart_init(u64 base, enum dt_uart kind, u32 shift)
{
	uart.base = (volatile u8 *)base;
	uart.kind = base ? kind : DT_UART_NONE;
	uart.shift = shift;
	switch (uart.kind) {
	case DT_UART_PL011:	/* the baud rate stays as firmware left it */
		*pl011(PL011_LCR_H) = PL011_LCR_H_8N1 | PL011_LCR_H_FEN;
		*pl011(PL011_CR) = PL011_CR_ON;
		break;
	case DT_UART_8250:
		*u8250(U8250_FCR) = 1;
		break;
	case DT_UART_NONE:
		break;
	}
}

static bool empty(bool sent)
{
	if (uart.kind == DT_UART_PL011) {
		u32 fr = *pl011(PL011_FR);

		return (fr & PL011_FR_TXFE) && !(sent && (fr & PL011_FR_BUSY));
	}
	return *u8250(U8250_LSR) & (sent ? U8250_LSR_TEMT : U8250_LSR_THRE);
}

void bm_uart_write(const char *s, u64 len)
{
	if (uart.kind == DT_UART_NONE)
		return;
	while (len) {
		u64 n = len < FIFO ? len : FIFO;

		while (!empty(false))
			plat_cpu_relax();
		len -= n;
		for (; n; n--, s++) {
			if (uart.kind == DT_UART_PL011)
				*pl011(PL011_DR) = (u8)*s;
			else
				*u8250(U8250_THR) = (u8)*s;
		}
	}
	while (!empty(true))	/* nothing is left to send while a sample runs, or at power-off */
		plat_cpu_relax();
}

void bm_puts(const char *s)
{
	bm_uart_write(s, strlen(s));
}
