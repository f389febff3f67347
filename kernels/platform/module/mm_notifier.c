// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel's own mmu_notifier, on the process that wrote to debugfs. Callbacks come under the page-table lock
 * (ptep_clear_flush()) and, until 6.10, from set_pte_at_notify().
 */
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/mmu_notifier.h>
#include <linux/sched.h>
#include <linux/uaccess.h>
#include <linux/version.h>

#include "mm_notifier.h"
#include "module.h"

#ifdef CONFIG_MMU_NOTIFIER

static struct {
	struct mmu_notifier mn;
	struct mm_struct *mm;		/* NULL: no notifier is registered */
	unsigned long va, pages;
	u8 *held;			/* [page]: the secondary has a translation */
	const char *bad;
} mm;

static u8 __user *page_at(u64 i)
{
	return (u8 __user *)(mm.va + i * PAGE_SIZE);
}

static u8 written(u64 i)
{
	return (u8)(1 + i % 255);
}

static void forget(unsigned long start, unsigned long end)
{
	unsigned long last = mm.va + mm.pages * PAGE_SIZE;

	if (!mm.va || end <= mm.va || start >= last)
		return;		/* the process's other memory is nobody's business */
	mmu_note(MMU_SECONDARY_INV, start);
	for (u64 i = 0; i < mm.pages; i++)
		if (mm.va + i * PAGE_SIZE < end && mm.va + (i + 1) * PAGE_SIZE > start)
			mm.held[i] = 0;
}

static void invalidate(struct mmu_notifier *mn, struct mm_struct *of, unsigned long start, unsigned long end)
{
	forget(start, end);
}

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 10, 0)
static void change_pte(struct mmu_notifier *mn, struct mm_struct *of, unsigned long address, pte_t pte)
{
	forget(address & PAGE_MASK, (address & PAGE_MASK) + PAGE_SIZE);
}
#endif

static const struct mmu_notifier_ops ops = {
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 6, 0)
	.invalidate_range = invalidate,
#else
	.arch_invalidate_secondary_tlbs = invalidate,
#endif
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 10, 0)
	.change_pte = change_pte,
#endif
};

/* change_pte() beside the invalidation inside the flush, until v6.10. */
u32 plat_mm_per_break(void)
{
	return LINUX_VERSION_CODE < KERNEL_VERSION(6, 10, 0) ? 2 : 1;
}

const char *plat_mm_open(u64 pages)
{
	if (!current->mm)
		return "a kernel thread runs the plan: it has no memory of its own";
	mm.pages = pages;
	mm.held = plat_alloc(pages);
	if (!mm.held)
		return "out of memory";
	mm.mn.ops = &ops;
	if (mmu_notifier_register(&mm.mn, current->mm))
		return "the kernel does not register the mmu_notifier";
	mm.mm = current->mm;
	return NULL;
}

static void unmap(void)
{
	unsigned long va = mm.va;

	mm.va = 0;
	if (va)
		vm_munmap(va, mm.pages * PAGE_SIZE);
}

void plat_mm_close(void)
{
	unmap();
	if (mm.mm)
		mmu_notifier_unregister(&mm.mn, mm.mm);
	if (mm.held)
		plat_free(mm.held, mm.pages);
	memset(&mm, 0, sizeof(mm));
}

void plat_mm_share(void)
{
	unsigned long va;
	u8 byte;

	unmap();
	mm.bad = NULL;
	va = vm_mmap(NULL, 0, mm.pages * PAGE_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, 0);
	if (IS_ERR_VALUE(va)) {
		mm.bad = "the process got no memory (vm_mmap)";
		return;
	}
	mm.va = va;
	for (u64 i = 0; i < mm.pages; i++) {
		if (get_user(byte, page_at(i)) || byte)
			mm.bad = "a fresh page does not read as zero";
		mm.held[i] = 1;
	}
}

void plat_mm_write(u64 i)
{
	if (!mm.bad && put_user(written(i), page_at(i)))
		mm.bad = "a page cannot be written";
}

const char *plat_mm_check(struct bench_case *c)
{
	u8 byte = 0;

	if (mm.bad)
		return bench_fail(c, "%s", mm.bad);
	for (u64 i = 0; i < mm.pages; i++) {
		if (get_user(byte, page_at(i)) || byte != written(i))
			return bench_fail(c, "page %lu does not hold what was written", (unsigned long)i);
		if (mm.held[i])
			return bench_fail(c, "page %lu: no callback came, the secondary still has the old page",
					  (unsigned long)i);
	}
	return NULL;
}

#endif
