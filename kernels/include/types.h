/* SPDX-License-Identifier: GPL-2.0-only */
/* The few types and helpers shared by the guest, the Linux module and the host build. */
#ifndef MMUB_TYPES_H
#define MMUB_TYPES_H

#ifdef __KERNEL__
#include <linux/string.h>
#include <linux/types.h>
#include <asm/string.h>
#include <linux/limits.h>
#else
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int64_t s64;
#ifndef __always_inline
#define __always_inline inline __attribute__((always_inline))
#endif
#define __printf(a, b) __attribute__((format(printf, a, b)))
#endif

#define MMUB_KIB 1024ull
#define MMUB_MIB (1024ull * MMUB_KIB)
#define MMUB_GIB (1024ull * MMUB_MIB)

#define MMUB_ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define MMUB_ALIGN_UP(x, a) (((x) + (a) - 1) & ~((a) - 1))
#define MMUB_ALIGN_DOWN(x, a) ((x) & ~((a) - 1))
#define MMUB_DIV_UP(x, a) (((x) + (a) - 1) / (a))

#endif
