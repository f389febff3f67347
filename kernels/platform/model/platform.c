// SPDX-License-Identifier: GPL-2.0-only
/* The rest of platform.h on the host: environment, spaces, fixmap window, probes, records. */
#include <stdlib.h>

#include "model.h"

const char plat_name[] = "model";
struct model_machine model;

#define ALL_FEATURES ((1ull << MMU_FEAT_BIT_MAX) - 1)
/* No clock, no PMU and no SIMD: the model counts, it does not time. And it is no kernel. */
#define MODEL_FEATURES (ALL_FEATURES & ~(u64)(FEAT_PMU | FEAT_PMU_INSNS | FEAT_FP | FEAT_MM_NOTIFIER))

static struct bench_env env = {
	.features = MODEL_FEATURES,
	.zva_bytes = MODEL_ZVA_BYTES,
	.dline_bytes = MODEL_DLINE_BYTES,
	.pa_bits = 52,
	.cpus = MODEL_CPUS,
	.el = 1,
	.ram_base = MODEL_RAM_BASE,
	.ram_bytes = MODEL_RAM_BYTES,
	.clock_hz = 0,
};

static void (*emit_fn)(const char *line, u32 len, void *arg);
static void *emit_arg;

const struct bench_env *plat_env(void)
{
	return &env;
}

void plat_model_features(u64 features)
{
	env.features = features & MODEL_FEATURES;
}

void plat_model_emit(void (*fn)(const char *line, u32 len, void *arg), void *arg)
{
	emit_fn = fn;
	emit_arg = arg;
}

void plat_emit(const char *line, u32 len)
{
	if (emit_fn)
		emit_fn(line, len, emit_arg);
}

u64 plat_midr(void)
{
	return 0;
}

const char *plat_build(void)
{
	return "model-gcc-" __VERSION__;
}

u64 plat_clock(void)
{
	return 0;
}

const char *plat_events_open(const char *list)
{
	return *list ? "the model has no PMU events: leave events empty" : NULL;
}

void plat_events_read(struct plat_events *ev)
{
	memset(ev, 0, sizeof(*ev));
}

const char *plat_event_name(unsigned int slot)
{
	(void)slot;
	return NULL;
}

void plat_sample_begin(void)
{
}

void plat_sample_end(void)
{
}

/* ---- spaces ---- */

struct mmu_space *model_space_of(u64 va)
{
	return va >> 63 ? model.high : model.low;
}

static struct mmu_space **installed(enum mmu_regime regime)
{
	switch (regime) {
	case MMU_REGIME_HIGH:
		return &model.high;
	case MMU_REGIME_LOW:
		return &model.low;
	case MMU_REGIME_STAGE2:
		return &model.stage2;
	default:
		return NULL;
	}
}

/* Whose translations stage-1 TLBIs act on, as the set-up leaves it. */
void model_regime_reset(void)
{
	model.guest_regime = model.stage2 && !model.low && !model.high;
	model.hcr_unsynced = false;
}

/* What an install leaves behind on a machine: a clean TLB, everything ordered. */
static void clean(void)
{
	for (u32 cpu = 0; cpu < MODEL_CPUS; cpu++)
		model_tlb_clear(&model.tlb[cpu]);
	model_stage2_reset();
	model_order_reset();
	model_regime_reset();
}

const char *plat_space_create(struct mmu_space *s, enum mmu_regime regime, const struct pt_geom *g)
{
	struct mmu_space **slot = installed(regime);
	u64 top = pt_size(g, (int)g->start_level);

	if (slot && *slot)
		return "the model has one space of each regime, and it is taken";
	memset(s, 0, sizeof(*s));
	s->regime = regime;
	s->g = *g;
	s->root = plat_phys_alloc(pt_page(g), pt_page(g));
	if (!s->root)
		return "out of simulated memory";
	s->va_start = regime == MMU_REGIME_HIGH ? ~0ull << g->va_bits : 0;
	s->va_end = s->va_start + top * g->top_entries;
	if (regime == MMU_REGIME_HIGH)
		s->va_end -= top;		/* the last entry holds the fixmap window */
	else if (regime == MMU_REGIME_LOW && g->top_entries > 1)
		s->va_start = top;		/* where the runtime sits on bare metal */
	s->asid = regime == MMU_REGIME_LOW ? 0x2a : 0;
	s->vmid = regime == MMU_REGIME_STAGE2 ? 0x17 : 0;
	s->live = slot != NULL;
	plat_phys_zero(s->root, pt_page(g));
	if (slot) {
		*slot = s;
		model_tree_root(s, true);
	}
	clean();
	return NULL;
}

void plat_space_destroy(struct mmu_space *s)
{
	struct mmu_space **slot = installed(s->regime);

	clean();
	if (slot && *slot == s) {
		model_tree_root(s, false);
		*slot = NULL;
		model_regime_reset();
	}
	if (s->root)
		plat_phys_free(s->root, pt_page(&s->g));
	s->root = 0;
}

void plat_space_reset(struct mmu_space *s)
{
	u32 kept = s->regime == MMU_REGIME_HIGH ? s->g.top_entries - 1 : s->g.top_entries;

	for (u32 i = 0; i < kept; i++)
		plat_phys_write64(s->root + 8ull * i, 0);
	clean();
}

/* ---- the fixmap window: one chain of tables below the last top-level entry ---- */

struct window {
	struct mmu_space *s;
	u64 table[PT_LEVELS_MAX];
	u32 tables;
};

const char *plat_fixmap_create(struct mmu_fixmap *fm, struct mmu_space *s, u32 slots)
{
	struct window *w = plat_alloc(sizeof(*w));
	u64 table = s->root, va;

	if (!w)
		return "out of memory for the fixmap window";
	if (slots > pt_entries(&s->g))
		return "a fixmap window has at most one table of slots";
	w->s = s;
	va = s->va_end + pt_size(&s->g, (int)s->g.start_level) - slots * pt_page(&s->g);
	for (int level = (int)s->g.start_level; level < 3; level++) {
		u64 next = plat_phys_alloc(pt_page(&s->g), pt_page(&s->g));

		plat_phys_zero(next, pt_page(&s->g));
		plat_phys_write64(table + 8ull * pt_index(&s->g, level, va), pt_table(&s->g, next));
		w->table[w->tables++] = table = next;
	}
	*fm = (struct mmu_fixmap){
		.va = va,
		.pte = plat_phys_va(table + 8ull * pt_index(&s->g, 3, va)),
		.slots = slots,
		.page_shift = s->g.page_shift,
		.prot = PT_PROT_KERNEL,
		.g = s->g,
		.plat = w,
	};
	return NULL;
}

void plat_fixmap_destroy(struct mmu_fixmap *fm)
{
	struct window *w = fm->plat;

	if (!w)
		return;
	plat_phys_write64(w->s->root + 8ull * (w->s->g.top_entries - 1), 0);
	while (w->tables)
		plat_phys_free(w->table[--w->tables], pt_page(&w->s->g));
	plat_free(w, sizeof(*w));
	fm->plat = NULL;
	clean();
}

/* ---- probes ---- */

static enum plat_probe_result result(enum model_fault fault, int level, u64 *val)
{
	if (fault == MODEL_TRANSLATION || fault == MODEL_PERMISSION)
		*val = (u64)level;
	return fault == MODEL_TRANSLATION ? PROBE_TRANSLATION :
	       fault == MODEL_PERMISSION ? PROBE_PERMISSION : PROBE_OTHER;
}

enum plat_probe_result plat_probe_read(mmu_va_t va, u64 *val)
{
	enum model_fault fault;
	int level = 0;
	u64 pa = 0;

	model_probing = true;
	fault = model_translate(va, false, &pa, &level);
	model_probing = false;
	if (fault != MODEL_OK)
		return result(fault, level, val);
	*val = model_mem_read(pa & ~7ull);
	return PROBE_OK;
}

enum plat_probe_result plat_probe_write(mmu_va_t va, u64 val)
{
	enum model_fault fault;
	int level = 0;
	u64 pa = 0;

	model_probing = true;
	fault = model_translate(va, true, &pa, &level);
	model_probing = false;
	if (fault != MODEL_OK)
		return result(fault, level, &val);
	plat_phys_write64(pa & ~7ull, val);
	return PROBE_OK;
}

enum plat_probe_result plat_at(mmu_va_t va, u64 *pa)
{
	struct mmu_space *s = model_space_of(va);
	struct model_walk w;
	enum model_fault fault;

	if (!s)
		return PROBE_OTHER;
	fault = model_walk_tables(s, va, &w);
	if (fault != MODEL_OK)
		return result(fault, w.level, pa);
	*pa = w.pa & ~(pt_page(&s->g) - 1);
	return PROBE_OK;
}

void plat_tlb_flush_all(void)
{
	for (u32 cpu = 0; cpu < MODEL_CPUS; cpu++)
		model_tlb_clear(&model.tlb[cpu]);
	model_order.condemned = 0;
	model_order.published = ++model_order.epoch;
	model_violation_forget();	/* only set-up and checks come here */
}

void plat_tlb_grow(struct mmu_space *s, u64 pages)
{
	(void)s;
	(void)pages;
}

const char *plat_at_el(u32 el, void (*fn)(void *arg), void *arg)
{
	if (el == 2 && !(env.features & FEAT_EL2))
		return "no EL2 here";
	fn(arg);
	return NULL;
}

void plat_model_reset(void)
{
	clean();
	env.features = MODEL_FEATURES;
}
