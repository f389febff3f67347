// SPDX-License-Identifier: GPL-2.0-only
/* Walks what the link gathered of BENCH_FAMILY() and BENCH_VARIANT(). */
#include "core.h"

extern const struct bench_family *const __start_mmub_families[], *const __stop_mmub_families[];
extern const struct bench_variant *const __start_mmub_variants[], *const __stop_mmub_variants[];

struct mmu_counter mmu_counter;

const struct bench_family *bench_family_find(const char *name)
{
	const struct bench_family *const *f;

	for (f = __start_mmub_families; f < __stop_mmub_families; f++)
		if (!strcmp((*f)->name, name))
			return *f;
	return NULL;
}

const struct bench_variant *bench_variant_find(const char *family, const char *name, u32 pass)
{
	const struct bench_variant *const *v;

	for (v = __start_mmub_variants; v < __stop_mmub_variants; v++)
		if ((*v)->pass == pass && !strcmp((*v)->family, family) && !strcmp((*v)->name, name))
			return *v;
	return NULL;
}

const struct bench_family *bench_family_at(unsigned int i)
{
	const struct bench_family *const *f, *const *g;

	for (f = __start_mmub_families; f < __stop_mmub_families; f++) {
		unsigned int before = 0;

		for (g = __start_mmub_families; g < __stop_mmub_families; g++)
			before += strcmp((*g)->name, (*f)->name) < 0;
		if (before == i)
			return *f;
	}
	return NULL;
}

static int variant_order(const struct bench_variant *a, const struct bench_variant *b)
{
	int d = strcmp(a->family, b->family);

	if (!d && a->rank != b->rank)
		d = a->rank < b->rank ? -1 : 1;
	return d ? d : strcmp(a->name, b->name);
}

/* The counted ones only: a variant that is compiled twice is still one variant. */
const struct bench_variant *bench_variant_at(unsigned int i)
{
	const struct bench_variant *const *v, *const *w;

	for (v = __start_mmub_variants; v < __stop_mmub_variants; v++) {
		unsigned int before = 0;

		if ((*v)->pass != MMU_PASS_COUNTED)
			continue;
		for (w = __start_mmub_variants; w < __stop_mmub_variants; w++)
			before += (*w)->pass == MMU_PASS_COUNTED && variant_order(*w, *v) < 0;
		if (before == i)
			return *v;
	}
	return NULL;
}
