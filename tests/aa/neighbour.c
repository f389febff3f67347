// SPDX-License-Identifier: GPL-2.0-only
/*
 * A noisy machine that can be had again: neighbour SEED MEAN [CPU]
 *
 * One worker a CPU (or on CPU alone), the measured one's too, each with a schedule of its own: idle, or busy in
 * one of three ways (arithmetic; a stream through memory; that stream half of the time, in bursts), for a time
 * drawn from an exponential distribution of mean MEAN seconds (cut to MEAN / 8 .. 4 MEAN), half of the phases
 * idle. It is what a compile job, a backup or another guest looks like from inside a measurement: load that
 * stays for seconds and goes again. Schedules are drawn from SEED. Ends with its parent.
 */
#define _GNU_SOURCE
#include <math.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define BYTES (64u << 20)	/* past any cache: the stream goes to memory */
#define BURST 0.05		/* s of work, and of rest, of a worker that is half busy */

enum kind { IDLE, COMPUTE, STREAM, HALF_BUSY };

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + 1e-9 * (double)ts.tv_nsec;
}

static void rest_until(double end)
{
	struct timespec ts = { .tv_sec = (time_t)end };

	ts.tv_nsec = (long)((end - (double)ts.tv_sec) * 1e9);
	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &ts, NULL))
		;
}

static void compute_until(double end)
{
	volatile uint64_t x = 1;

	while (now() < end)
		for (int i = 0; i < 10000; i++)
			x = x * 6364136223846793005u + 1;
}

static void stream_until(volatile uint64_t *m, double end)
{
	static size_t at;

	while (now() < end)
		for (int i = 0; i < 4096; i++, at = (at + 8) % (BYTES / sizeof(*m)))
			m[at]++;
}

static void work(enum kind kind, volatile uint64_t *m, double end)
{
	switch (kind) {
	case IDLE:
		rest_until(end);
		break;
	case COMPUTE:
		compute_until(end);
		break;
	case STREAM:
		stream_until(m, end);
		break;
	case HALF_BUSY:
		while (now() < end) {
			stream_until(m, fmin(end, now() + BURST));
			rest_until(fmin(end, now() + BURST));
		}
		break;
	}
}

static _Noreturn void worker(int cpu, long seed, double mean)
{
	uint64_t *m = calloc(1, BYTES);
	double at = now();
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	if (!m || sched_setaffinity(0, sizeof(set), &set)) {
		perror("neighbour");
		exit(3);
	}
	srand48(seed * 1009 + cpu);
	for (;;) {
		double length = fmin(fmax(-log(1 - drand48()) * mean, mean / 8), mean * 4);
		enum kind kind = drand48() < 0.5 ? IDLE : COMPUTE + (enum kind)(drand48() * 3);

		at += length;
		work(kind, m, at);
	}
}

int main(int argc, char **argv)
{
	double mean = argc >= 3 ? strtod(argv[2], NULL) : 0;
	int only = argc == 4 ? atoi(argv[3]) : -1;
	pid_t parent = getppid();
	cpu_set_t set;

	if (!(mean > 0) || argc > 4) {
		fprintf(stderr, "usage: neighbour SEED MEAN [CPU] (MEAN: seconds of a phase)\n");
		return 2;
	}
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != parent || sched_getaffinity(0, sizeof(set), &set))
		return 3;
	for (int cpu = 0; cpu < CPU_SETSIZE; cpu++) {
		if (!CPU_ISSET(cpu, &set) || (only >= 0 && cpu != only) || fork())
			continue;
		prctl(PR_SET_PDEATHSIG, SIGTERM);
		worker(cpu, strtol(argv[1], NULL, 10), mean);
	}
	while (wait(NULL) > 0)
		;
	return 0;
}
