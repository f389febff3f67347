/* SPDX-License-Identifier: GPL-2.0-only */
#include "guest.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "error.h"

static volatile sig_atomic_t signals;

static void on_signal(int sig)
{
	if (signals++)
		_exit(EXIT_INTERRUPTED);	/* children die by PR_SET_PDEATHSIG */
	(void)sig;
}

void guest_catch_signals(void)
{
	struct sigaction sa = { .sa_handler = on_signal };

	sigaction(SIGINT, &sa, NULL);
	sigaction(SIGTERM, &sa, NULL);
	sigaction(SIGHUP, &sa, NULL);
}

bool guest_interrupted(void)
{
	return signals != 0;
}

void guest_child(pid_t parent)
{
	struct sigaction sa = { .sa_handler = SIG_DFL };
	sigset_t none;

	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(127);
	sigaction(SIGINT, &sa, NULL);
	sigaction(SIGTERM, &sa, NULL);
	sigaction(SIGHUP, &sa, NULL);
	sigaction(SIGPIPE, &sa, NULL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

int guest_none(struct guest *g)
{
	memset(g, 0, sizeof(*g));
	g->console = g->stderr_fd = g->qmp_fd = -1;
	return -1;
}

/* dup2() onto itself keeps CLOEXEC, and may hit a descriptor still needed: go by copies high up. */
void guest_place(const int *from, const int *to, int n)
{
	int high[8];

	for (int i = 0; i < n; i++)
		high[i] = fcntl(from[i], F_DUPFD_CLOEXEC, 64);
	for (int i = 0; i < n; i++)
		if (high[i] >= 0)
			dup2(high[i], to[i]);
}

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + 1e-9 * (double)ts.tv_nsec;
}

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

pid_t guest_fork(struct guest *g, char *err, size_t size)
{
	static const int to[] = { STDOUT_FILENO, STDERR_FILENO };
	int con[2] = { -1, -1 }, bad[2] = { -1, -1 };
	pid_t parent = getpid(), pid;

	guest_none(g);
	if (pipe2(con, O_CLOEXEC) || pipe2(bad, O_CLOEXEC)) {
		snprintf(err, size, "cannot make pipes: %s", strerror(errno));
		close_fd(&con[0]);
		close_fd(&con[1]);
		return -1;
	}
	fflush(NULL);
	pid = fork();
	if (!pid) {
		guest_child(parent);
		guest_place((int[]){ con[1], bad[1] }, to, 2);
		return 0;
	}
	close(con[1]);
	close(bad[1]);
	g->console = con[0];
	g->stderr_fd = bad[0];
	if (pid < 0) {
		snprintf(err, size, "cannot start a process: %s", strerror(errno));
		close_fd(&g->console);
		close_fd(&g->stderr_fd);
		return -1;
	}
	g->pid = pid;
	return pid;
}

/* Reads what is there; closes the descriptor at its end. Returns bytes, 0 at the end, -1 for none. */
static ssize_t take(int *fd, char *buf, size_t size)
{
	ssize_t n = read(*fd, buf, size);

	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return -1;
	if (n <= 0) {
		close_fd(fd);
		return 0;
	}
	return n;
}

static void take_stderr(struct guest *g)
{
	char buf[512];
	ssize_t n = take(&g->stderr_fd, buf, sizeof(buf));
	size_t room = sizeof(g->stderr_text) - 1 - g->stderr_used;

	if (n <= 0)
		return;
	memcpy(g->stderr_text + g->stderr_used, buf, (size_t)n < room ? (size_t)n : room);
	g->stderr_used += (size_t)n < room ? (size_t)n : room;
	g->stderr_text[g->stderr_used] = 0;
}

static void take_qmp(struct guest *g, const struct guest_watch *w)
{
	char buf[4096];
	bool before = g->qmp.answered;
	ssize_t n = take(&g->qmp_fd, buf, sizeof(buf));

	if (n > 0 && !qmp_feed(&g->qmp, buf, (size_t)n))
		close_fd(&g->qmp_fd);
	if (!before && g->qmp.answered && w->cpus)
		w->cpus(w->arg, g->qmp.tids, g->qmp.ntids);
}

/*
 * The guest's UART hands over a byte at a time, and waking a sleeping reader costs the writer more than the
 * byte. Within a line a short nap lets the rest of it gather in the pipe.
 */
static void let_gather(char last)
{
	struct timespec nap = { .tv_nsec = 100000 };

	if (last != '\n')
		nanosleep(&nap, NULL);
}

/* Lets the signals in only while waiting, so that none slips in between test and wait. */
static int wait_for_bytes(struct pollfd *fds, nfds_t n)
{
	struct timespec tick = { .tv_nsec = 100000000 };
	sigset_t block, old;
	int r;

	sigemptyset(&block);
	sigaddset(&block, SIGINT);
	sigaddset(&block, SIGTERM);
	sigaddset(&block, SIGHUP);
	sigprocmask(SIG_BLOCK, &block, &old);
	r = signals ? -1 : ppoll(fds, n, &tick, &old);
	sigprocmask(SIG_SETMASK, &old, NULL);
	return r;
}

enum guest_end guest_watch(struct guest *g, const struct guest_watch *w)
{
	double heard = now();
	static char buf[65536];

	while (g->console >= 0) {
		struct pollfd fds[3] = { { g->console, POLLIN, 0 }, { g->stderr_fd, POLLIN, 0 },
					 { g->qmp_fd, POLLIN, 0 } };
		int r = wait_for_bytes(fds, 3);

		if (signals)
			return GUEST_INTERRUPTED;
		if (w->tick)
			w->tick(w->arg);
		if (r > 0 && fds[1].revents)
			take_stderr(g);
		if (r > 0 && fds[2].revents)
			take_qmp(g, w);
		if (r > 0 && fds[0].revents) {
			ssize_t n = take(&g->console, buf, sizeof(buf));

			if (n > 0 && w->data(w->arg, buf, (size_t)n))
				heard = now();
			if (w->finished(w->arg))
				return GUEST_ENDED;
			let_gather(n > 0 ? buf[n - 1] : '\n');
		}
		if (now() - heard > w->silence)
			return GUEST_SILENT;
	}
	return GUEST_ENDED;
}

/* What it still says: the greeting, the reason why it went. Waits a moment when it is going by itself. */
static void drain(struct guest *g)
{
	static const struct guest_watch none = { 0 };

	for (int i = 0; i < 50 && (g->stderr_fd >= 0 || g->qmp_fd >= 0); i++) {
		struct pollfd fds[2] = { { g->stderr_fd, POLLIN, 0 }, { g->qmp_fd, POLLIN, 0 } };

		if (poll(fds, 2, 0) <= 0)
			break;
		if (fds[0].revents)
			take_stderr(g);
		if (fds[1].revents)
			take_qmp(g, &none);
	}
}

/* A process whose console closed is about to go: its own status is worth a short wait. */
static void await_exit(pid_t pid)
{
	struct pollfd fd = { .fd = (int)syscall(SYS_pidfd_open, pid, 0), .events = POLLIN };

	if (fd.fd < 0 || signals)
		return;
	poll(&fd, 1, 200);
	close(fd.fd);
}

static void kill_group(pid_t pid)
{
	kill(-pid, SIGKILL);
	kill(pid, SIGKILL);
}

static void reap(pid_t pid, int *status)
{
	while (waitpid(pid, status, 0) < 0 && errno == EINTR)
		;
}

static void close_all(struct guest *g)
{
	drain(g);
	g->pid = 0;
	close_fd(&g->console);
	close_fd(&g->stderr_fd);
	close_fd(&g->qmp_fd);
	qmp_free(&g->qmp);
}

void guest_stop(struct guest *g)
{
	if (!g->pid)
		return;
	drain(g);
	if (g->console < 0)
		await_exit(g->pid);
	drain(g);
	kill_group(g->pid);
	reap(g->pid, &g->status);
	close_all(g);
}

static pid_t dying;

void guest_reap(void)
{
	if (dying)
		reap(dying, NULL);
	dying = 0;
}

void guest_let_go(struct guest *g)
{
	guest_reap();
	if (!g->pid)
		return;
	kill_group(g->pid);
	dying = g->pid;
	close_all(g);
}

const char *guest_how(const struct guest *g, char *buf, size_t size)
{
	const char *text = g->stderr_text, *sep = *text ? ": " : "";
	size_t len = strcspn(text, "\n");

	if (len > 250)
		len = 250;
	if (WIFSIGNALED(g->status))
		snprintf(buf, size, "was killed by signal %d%s%.*s", WTERMSIG(g->status), sep, (int)len, text);
	else
		snprintf(buf, size, "exited with status %d%s%.*s", WEXITSTATUS(g->status), sep, (int)len,
			 text);
	return buf;
}
