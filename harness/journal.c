/* SPDX-License-Identifier: GPL-2.0-only */
#include "journal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "error.h"
#include "file.h"

#define SYNC_EVERY 0.25
#define JOURNAL_MAX (1ull << 30)

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + 1e-9 * (double)ts.tv_nsec;
}

/* The harness may have died within a line: what follows must not be taken for the rest of it. */
static int drop_cut_line(int fd)
{
	off_t end = lseek(fd, 0, SEEK_END), at = end;
	char c;

	while (at > 0 && pread(fd, &c, 1, at - 1) == 1 && c != '\n')
		at--;
	return at == end ? 0 : ftruncate(fd, at);
}

static int refuse(char *err, const char *path, const char *why)
{
	snprintf(err, WORK_ERR_MAX, "%.300s: %s", path, why);
	return -1;
}

int journal_open(struct journal *j, const char *path, char *err)
{
	struct stat st;

	j->failed = false;
	j->synced = now();
	for (;;) {
		j->fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_APPEND | O_NOFOLLOW, 0666);
		if (j->fd < 0) {
			snprintf(err, WORK_ERR_MAX, "%.300s: cannot write: %s", path, strerror(errno));
			return -1;
		}
		if (flock(j->fd, LOCK_EX | LOCK_NB)) {
			journal_close(j, path, false);
			return refuse(err, path, "another run is writing it: wait for it, or use another -o");
		}
		/* the run that had it may have removed it before we had the lock */
		if (!fstat(j->fd, &st) && st.st_nlink)
			return 0;
		close(j->fd);
	}
}

int journal_begin(struct journal *j, const char *path, const char *fingerprint, bool append, char *err)
{
	if (append ? drop_cut_line(j->fd) : ftruncate(j->fd, 0)) {
		snprintf(err, WORK_ERR_MAX, "%.300s: cannot write: %s", path, strerror(errno));
		return -1;
	}
	if (!append)
		journal_printf(j, "mmub-journal 1 %s", fingerprint);
	return 0;
}

/* After a line that did not fit none is written any more: what is there stays a true beginning of the run. */
void journal_line(struct journal *j, const char *line, size_t len)
{
	char buf[REC_LINE_MAX + 8];

	if (j->fd < 0 || j->failed || len > REC_LINE_MAX)
		return;
	memcpy(buf, line, len);
	buf[len] = '\n';
	if (write(j->fd, buf, len + 1) == (ssize_t)len + 1)
		return;
	j->failed = true;
	warn("the journal cannot be written (%s): the run goes on; --resume would go on from here",
	     strerror(errno));
}

void journal_printf(struct journal *j, const char *fmt, ...)
{
	char buf[REC_LINE_MAX];
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(buf, sizeof(buf), fmt, ap);
	va_end(ap);
	journal_line(j, buf, n < (int)sizeof(buf) ? (size_t)n : sizeof(buf) - 1);
}

void journal_sync(struct journal *j, bool at_once)
{
	double t = now();

	if (j->fd < 0 || (!at_once && t - j->synced < SYNC_EVERY))
		return;
	fdatasync(j->fd);
	j->synced = t;
}

/* Removed before the lock goes: nobody can have begun to write into it. */
void journal_close(struct journal *j, const char *path, bool remove)
{
	if (j->fd < 0)
		return;
	if (remove)
		unlink(path);
	close(j->fd);
	j->fd = -1;
}

struct replay {
	struct collector *c;
	bool *done;
	uint32_t boots;
	bool in_boot;
	bool damaged;			/* names a boot or a machine that cannot be */
};

static void replay_boot_over(struct replay *p)
{
	if (p->in_boot) {
		collect_forget_pending(p->c);
		p->in_boot = false;
	}
}

static void all_pending(struct work *w)
{
	for (size_t i = 0; i < w->ncases; i++)
		if (w->cases[i].state == WORK_DONE)
			w->cases[i].state = WORK_PENDING;
}

static void replay_line(struct replay *p, char *line, size_t len)
{
	struct work *w = p->c->w;
	unsigned int n, m;
	int at = 0;

	if (len && line[0] == '@') {
		if (p->in_boot)
			collect_line(p->c, line, len);
	} else if (sscanf(line, "boot %u %u", &n, &m) == 2) {
		replay_boot_over(p);
		p->damaged |= n >= p->boots || m >= w->nmachines || n < p->c->boot || n > p->c->boot + 1;
		if (p->damaged)
			return;
		if (n != p->c->boot)
			all_pending(w);
		collect_boot(p->c, n, m);
		p->in_boot = true;
	} else if (sscanf(line, "broken %u %n", &n, &at) == 1 && at && n < w->ncases) {
		collect_break(p->c, n, "%s", line + at);
	} else if (sscanf(line, "gone %u %u", &n, &m) == 2) {
		replay_boot_over(p);
		if (n < p->boots && m < w->nmachines)
			p->done[n * w->nmachines + m] = true;
	}
}

int journal_replay(const char *path, const char *fingerprint, struct collector *c, bool *boots_done,
		   uint32_t boots, char *err)
{
	struct replay p = { .c = c, .done = boots_done, .boots = boots };
	char head[64], line[REC_LINE_MAX + 2];
	size_t len, n;
	char *text, *at, *nl;

	if (access(path, F_OK))
		return 0;
	text = file_read(path, JOURNAL_MAX, &len, err, WORK_ERR_MAX);
	if (!text)
		return -1;
	if (!len) {
		file_release(text, len);
		return 0;
	}
	n = (size_t)snprintf(head, sizeof(head), "mmub-journal 1 %s\n", fingerprint);
	if (len < n || memcmp(text, head, n)) {
		snprintf(err, WORK_ERR_MAX, "%.200s: of another plan or another version: use the same words, "
			 "or remove it to start anew", path);
		file_release(text, len);
		return -1;
	}
	c->quiet = true;
	for (at = text + n; at < text + len && !p.damaged; at = nl + 1) {
		nl = memchr(at, '\n', (size_t)(text + len - at));
		if (!nl)
			break;		/* cut in the middle of the last line */
		n = (size_t)(nl - at);
		if (n > REC_LINE_MAX)
			continue;
		memcpy(line, at, n);
		line[n] = 0;
		replay_line(&p, line, n);
	}
	replay_boot_over(&p);
	c->quiet = false;
	file_release(text, len);
	if (!p.damaged)
		return 1;
	return refuse(err, path, "damaged: remove it to start anew");
}
