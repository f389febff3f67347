// SPDX-License-Identifier: GPL-2.0-only
/*
 * The module's door: /sys/kernel/debug/mmubench/, root only.
 *	plan	write a plan (docs/protocol.md)
 *	run	write anything: runs the plan in the writer's context, returns when done
 *	records	read: the records of the run, following it as it goes
 *	status	read: idle or running, memory in use, disturbed stretches
 */
#include <linux/debugfs.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/sched/signal.h>
#include <linux/uaccess.h>
#include <linux/vmalloc.h>

#include "module.h"

static unsigned int limit_mib;
module_param(limit_mib, uint, 0400);
MODULE_PARM_DESC(limit_mib, "most memory taken from the page allocator, MiB (default: a quarter of free)");
static unsigned int test_leak;
module_param(test_leak, uint, 0400);
MODULE_PARM_DESC(test_leak, "for tests: pages that each run forgets; tests/module-loop must notice");

static struct dentry *dir;
static DEFINE_MUTEX(running);
static char *plan_text;
static size_t plan_len;

bool plat_should_stop(void)
{
	return fatal_signal_pending(current);
}

static ssize_t plan_write(struct file *f, const char __user *from, size_t len, loff_t *pos)
{
	ssize_t ret = len;

	if (*pos < 0 || *pos + len > MODULE_PLAN_MAX || *pos + len < len)
		return -EFBIG;
	if (!mutex_trylock(&running))
		return -EBUSY;
	if (!*pos)
		module_records_reset();	/* a new plan: the old run's records go */
	if (copy_from_user(plan_text + *pos, from, len)) {
		ret = -EFAULT;
	} else {
		*pos += len;
		plan_len = *pos;
	}
	mutex_unlock(&running);
	return ret;
}

static ssize_t run_write(struct file *f, const char __user *from, size_t len, loff_t *pos)
{
	cpumask_var_t before;

	if (!zalloc_cpumask_var(&before, GFP_KERNEL))
		return -ENOMEM;
	if (!mutex_trylock(&running)) {
		free_cpumask_var(before);
		return -EBUSY;
	}
	module_records_reset();
	module_slices_reset();
	cpumask_copy(before, current->cpus_ptr);
	set_cpus_allowed_ptr(current, cpumask_of(raw_smp_processor_id()));
	runner_run(plan_text, plan_len);
	for (unsigned int i = 0; i < test_leak; i++)
		(void)!__get_free_page(GFP_KERNEL);
	set_cpus_allowed_ptr(current, before);
	module_events_close();
	module_records_finish();
	mutex_unlock(&running);
	free_cpumask_var(before);
	return len;
}

static ssize_t records_read(struct file *f, char __user *to, size_t len, loff_t *pos)
{
	return module_records_read(to, len, pos, !(f->f_flags & O_NONBLOCK));
}

static ssize_t status_read(struct file *f, char __user *to, size_t len, loff_t *pos)
{
	char text[128];
	int n = scnprintf(text, sizeof(text), "%s\nmemory_bytes %llu\ndisturbed_stretches %llu\n",
			  mutex_is_locked(&running) ? "running" : "idle", module_mem_used(),
			  module_slices_preempted());

	return simple_read_from_buffer(to, len, pos, text, n);
}

static const struct file_operations plan_fops = { .owner = THIS_MODULE, .open = simple_open, .write = plan_write };
static const struct file_operations run_fops = { .owner = THIS_MODULE, .open = simple_open, .write = run_write };
static const struct file_operations records_fops = { .owner = THIS_MODULE, .open = simple_open, .read = records_read };
static const struct file_operations status_fops = { .owner = THIS_MODULE, .open = simple_open, .read = status_read };

static u64 memory_limit(void)
{
	struct sysinfo si;

	if (limit_mib)
		return (u64)limit_mib << 20;
	si_meminfo(&si);
	return ((u64)si.freeram * si.mem_unit) / 4;
}

static int __init mmubench_init(void)
{
	int err = module_env_init();

	if (err)
		return err;
	module_slices_init();
	module_mem_init(memory_limit());
	plan_text = vzalloc(MODULE_PLAN_MAX);
	if (!plan_text || module_records_init()) {
		vfree(plan_text);
		return -ENOMEM;
	}
	dir = debugfs_create_dir("mmubench", NULL);
	if (IS_ERR(dir)) {
		pr_err("mmubench: debugfs is off: boot with debugfs=on\n");
		module_records_exit();
		vfree(plan_text);
		return PTR_ERR(dir);
	}
	debugfs_create_file("plan", 0200, dir, NULL, &plan_fops);
	debugfs_create_file("run", 0200, dir, NULL, &run_fops);
	debugfs_create_file("records", 0400, dir, NULL, &records_fops);
	debugfs_create_file("status", 0400, dir, NULL, &status_fops);
	return 0;
}

static void __exit mmubench_exit(void)
{
	debugfs_remove_recursive(dir);
	module_events_close();
	module_records_exit();
	module_mem_release_all();
	vfree(plan_text);
}

module_init(mmubench_init);
module_exit(mmubench_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("mmubench: page-table and TLB invalidation microbenchmarks");
