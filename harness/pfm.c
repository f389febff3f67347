/* SPDX-License-Identifier: GPL-2.0-only */
#include "pfm.h"

#include <dlfcn.h>
#include <stdbool.h>

static bool load(struct pfm *p)
{
	void *lib = dlopen("libpfm.so.4", RTLD_NOW | RTLD_LOCAL), *sym;

	if (!lib)
		return false;
#define PFM_LOAD(f) \
	sym = dlsym(lib, "pfm_" #f); \
	if (!sym) \
		return false; \
	p->f = (typeof(p->f))sym;
	PFM_FUNCTIONS(PFM_LOAD)
#undef PFM_LOAD
	return p->initialize() == PFM_SUCCESS;
}

const struct pfm *pfm_library(void)
{
	static struct pfm p;
	static bool tried, works;

	if (!tried)
		works = load(&p);
	tried = true;
	return works ? &p : NULL;
}
