// SPDX-License-Identifier: GPL-2.0-only
/*
 * Other CPUs as coroutines: one runs until it asks to relax or returns, so that every run of the model
 * is the same. Each has its own TLB.
 */
#include <stdlib.h>
#include <ucontext.h>

#include "model.h"

#define STACK_BYTES (256 * MMUB_KIB)

static struct cpu {
	ucontext_t context;
	void *stack;
	void (*fn)(void *arg);
	void *arg;
	bool running;
} cpus[MODEL_CPUS];

static ucontext_t boot_context;

static void enter(void)
{
	struct cpu *c = &cpus[model.cpu];

	c->fn(c->arg);
	c->running = false;
}

/* Lets the CPU go on until it relaxes or is done. Only CPU 0 does that. */
static void resume(u32 cpu)
{
	model.cpu = cpu;
	swapcontext(&boot_context, &cpus[cpu].context);
	model.cpu = 0;
}

const char *plat_cpu_start(u32 cpu, void (*fn)(void *arg), void *arg)
{
	struct cpu *c = &cpus[cpu];

	if (!cpu || cpu >= MODEL_CPUS)
		return "the model has 8 CPUs";
	if (c->running)
		return "the CPU is still busy";
	if (!c->stack)
		c->stack = malloc(STACK_BYTES);
	if (!c->stack || getcontext(&c->context))
		return "out of memory for a CPU's stack";
	c->context.uc_stack.ss_sp = c->stack;
	c->context.uc_stack.ss_size = STACK_BYTES;
	c->context.uc_link = &boot_context;
	c->fn = fn;
	c->arg = arg;
	c->running = true;
	makecontext(&c->context, enter, 0);
	resume(cpu);
	return NULL;
}

void plat_cpu_wait(u32 cpu)
{
	while (cpus[cpu].running)
		resume(cpu);
}

void plat_cpu_relax(void)
{
	u32 cpu = model.cpu;

	if (cpu) {
		swapcontext(&cpus[cpu].context, &boot_context);
		return;
	}
	for (cpu = 1; cpu < MODEL_CPUS; cpu++)
		if (cpus[cpu].running)
			resume(cpu);
}
