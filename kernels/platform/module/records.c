// SPDX-License-Identifier: GPL-2.0-only
/* Records wait in memory until debugfs' reader takes them; a reader may follow a run as it goes. */
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/wait.h>

#include "module.h"

#define CHUNK 65536u
#define CHUNKS_MAX 4096u	/* 256 MiB of text; less where the module's memory has a lower limit */

static char **chunk;
static u32 chunks;			/* how many may be there */
static u64 length;
static bool finished, overflow;
static DECLARE_WAIT_QUEUE_HEAD(more);
static DEFINE_MUTEX(reading);		/* a chunk is not freed under its reader */

int module_records_init(void)
{
	chunks = (u32)min_t(u64, CHUNKS_MAX, max_t(u64, 1, module_mem_limit() / 4 / CHUNK));
	chunk = kvcalloc(chunks, sizeof(*chunk), GFP_KERNEL);
	return chunk ? 0 : -ENOMEM;
}

/* A reader that comes before the run waits for it. */
void module_records_reset(void)
{
	mutex_lock(&reading);
	for (u32 i = 0; i < chunks && chunk[i]; i++) {
		kvfree(chunk[i]);
		chunk[i] = NULL;
	}
	length = 0;
	overflow = false;
	finished = false;
	mutex_unlock(&reading);
}

void module_records_exit(void)
{
	if (!chunk)
		return;
	module_records_reset();
	kvfree(chunk);
	chunk = NULL;
}

void module_records_finish(void)
{
	WRITE_ONCE(finished, true);
	wake_up_all(&more);
}

static void append(const char *s, u32 len)
{
	while (len) {
		u32 c = (u32)(length / CHUNK), at = (u32)(length % CHUNK), n = min(len, CHUNK - at);

		if (c < chunks && !chunk[c])
			chunk[c] = kvmalloc(CHUNK, GFP_KERNEL | __GFP_NOWARN);
		if (c >= chunks || !chunk[c]) {
			overflow = true;	/* the sequence numbers tell the host what is missing */
			return;
		}
		memcpy(chunk[c] + at, s, n);
		smp_store_release(&length, length + n);
		s += n;
		len -= n;
	}
}

void plat_emit(const char *line, u32 len)
{
	if (overflow)
		return;
	append(line, len);
	append("\n", 1);
	wake_up_all(&more);
	cond_resched();
}

/* At most one chunk a call; 0 at the end of a finished run. */
ssize_t module_records_read(char __user *to, size_t len, loff_t *pos, bool wait)
{
	u64 have, at = *pos;
	ssize_t n = 0;

	if (wait && wait_event_interruptible(more, smp_load_acquire(&length) > at || READ_ONCE(finished)))
		return -ERESTARTSYS;
	mutex_lock(&reading);
	have = smp_load_acquire(&length);
	if (at < have) {
		n = min3(len, (size_t)(have - at), (size_t)(CHUNK - at % CHUNK));
		if (copy_to_user(to, chunk[at / CHUNK] + at % CHUNK, n))
			n = -EFAULT;
		else
			*pos += n;
	} else if (!finished) {
		n = -EAGAIN;
	}
	mutex_unlock(&reading);
	return n;
}
