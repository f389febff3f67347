/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The contract between families, variants, the runner and the platforms.
 *
 * A family (one folder of kernels/) defines BENCH_FAMILY() in family.c; each other .c file of the
 * folder is one variant, named as the file, and registers itself with BENCH_VARIANT(). The build
 * globs the folders: adding either edits no other file.
 */
#ifndef MMUB_VARIANT_H
#define MMUB_VARIANT_H

#include "mmu.h"
#include "arch/arm64/pgtable.h"

struct bench_case;

struct bench_params {
#define BENCH_PARAM_U64(field, dflt, unit, doc) u64 field;
#define BENCH_PARAM_ENUM(field, names, doc) u64 field;
#include "params.def"
#undef BENCH_PARAM_U64
#undef BENCH_PARAM_ENUM
};

/* Index of a parameter, and its bit in bench_family.params. */
enum bench_param_index {
#define BENCH_PARAM_U64(field, dflt, unit, doc) BENCH_PARAM_##field,
#define BENCH_PARAM_ENUM(field, names, doc) BENCH_PARAM_##field,
#include "params.def"
#undef BENCH_PARAM_U64
#undef BENCH_PARAM_ENUM
	BENCH_PARAM_MAX
};
#define BENCH_USES(field) (1ull << BENCH_PARAM_##field)

/* Values of the enumerated parameters, in the order of params.def. */
enum { LEAF_PAGE, LEAF_CONT, LEAF_BLOCK, LEAF_HUGE };
enum { REGIME_HIGH, REGIME_LOW };
enum { OTHERS_IDLE, OTHERS_TOUCH };
enum { FREE_LAST, FREE_TABLE };
enum { FOLD_WALK, FOLD_POPULATE };
enum { EVENT_COW, EVENT_KSM, EVENT_UPROBE };
enum { SECONDARY_STAGE2, SECONDARY_SMMUV3 };

/* What the expected counts depend on besides the parameters. Filled by the platform at boot. */
struct bench_env {
	u64 features;		/* FEAT_* */
	u32 zva_bytes;		/* DC ZVA block */
	u32 dline_bytes;	/* smallest data cache line */
	u32 pa_bits;
	u32 cpus;		/* CPUs that this boot can bring up */
	u32 el;			/* exception level of the runtime: 1 or 2 */
	u64 ram_base, ram_bytes;
	u64 clock_hz;
	u64 pmceid[2];		/* PMCEID0_EL0, PMCEID1_EL0: PMUv3 common events; 0 where not known */
};

/* What QEMU (or the board) must be given for a case; the harness groups cases by it. */
struct bench_machine {
	u64 ram_bytes;		/* least RAM */
	u32 cpus;
	bool el2;		/* the case runs at EL2: virtualization=on */
	bool smmuv3;		/* iommu=smmuv3 and the edu device */
};

/*
 * Verdict of a check: NULL = pass, else one line that says what was expected, what was found and
 * where. Build it with bench_fail(); it lives until the next case.
 */
typedef const char *(*bench_check_fn)(struct bench_case *c);
typedef void (*bench_run_fn)(struct bench_case *c);
typedef void (*bench_expect_fn)(const struct bench_params *p, const struct bench_env *e,
				struct mmu_counts *want);

struct bench_family {
	const char *name;
	const char *question;		/* one line, shown by `mmubench list families` */
	u64 params;			/* BENCH_USES() of what a case shows */
	const struct bench_params *defaults; /* NULL: those of params.def */
	u64 needs;			/* FEAT_*; a CPU that lacks one skips with its name */
	/* What the machine must have; NULL: enough RAM for the runtime, one CPU. */
	void (*machine)(const struct bench_params *p, struct bench_machine *m);
	/* A reason not to run this point here (one line), or NULL. Also rejects bad parameters. */
	const char *(*skip)(const struct bench_case *c);
	/*
	 * Once per group of cases with the same parameters: memory, spaces, targets. c->family_data is
	 * the family's own. NULL = done, else why it cannot (one line); teardown is called either way.
	 */
	const char *(*setup)(struct bench_case *c);
	void (*teardown)(struct bench_case *c);
	/* Before and after every single run, untimed, uncounted. */
	void (*prep)(struct bench_case *c);
	void (*post)(struct bench_case *c);
	/*
	 * After each timed run, untimed by default; returns extra figures of the sample
	 * through c->extra[]. Names in extra_names, NULL-terminated; what is named NAME_ns is handed over in
	 * ticks of plat_clock(), and the harness makes ns of it.
	 */
	const char *const *extra_names;
};

struct bench_variant {
	const char *family;
	const char *name;
	const char *source;		/* kernel version, commit or mail it reproduces */
	bench_run_fn run;		/* the timed section, whole */
	bench_check_fn check;		/* after every counted run, before post() */
	bench_expect_fn expect;		/* exact counts, closed forms in the parameters */
	u64 needs;			/* FEAT_*, beyond the family's */
	u32 pass;			/* MMU_PASS_TIMED or MMU_PASS_COUNTED */
	u32 flags;			/* BENCH_* below */
	u32 rank;			/* place in lists: history's order, baseline first; then by name */
	const char *(*skip)(const struct bench_case *c); /* beyond the family's, or NULL */
	void (*prep)(struct bench_case *c);	/* after the family's, or NULL */
	void (*post)(struct bench_case *c);	/* before the family's, or NULL */
	/* Name of the timed function whose bytes of code are this point's (read from the ELF by the host); or NULL. */
	void (*code_symbol)(const struct bench_params *p, char *name, u32 size);
};

#define BENCH_REPEATABLE 1	/* run() may be called again without prep(): loops go inside the clock */
#define BENCH_COUNT_ONLY 2	/* makes no sense to time (reported as skip for time metrics) */

#define BENCH_EXTRA_MAX 4
#define BENCH_WHY_MAX 240

struct bench_case {
	const struct bench_params *p;
	const struct bench_env *e;
	const struct bench_family *f;
	const struct bench_variant *v;
	void *family_data;		/* the family's, shared by the variants of a group */
	u64 extra[BENCH_EXTRA_MAX];	/* what post() or run() measured beside, see extra_names */
	char why[BENCH_WHY_MAX];	/* bench_fail() writes here */
};

/* Formats a verdict into c->why and returns it. Knows %s %d %u %x %lx %lu %llx %llu %c %%. */
const char *bench_fail(struct bench_case *c, const char *fmt, ...) __printf(2, 3);
/* For skip(): a granule that is none, or that this CPU lacks, with LPA2 descriptors where lpa2 = 1; else NULL. */
const char *bench_skip_granule(const struct bench_case *c, u64 lpa2);
const char *bench_skip_stage2(const struct bench_case *c);	/* the granule, and its start level at stage 2 */

/* Adds n operations of a kind to an expectation: bench_want(want, TLBI_VAALE1IS, n). */
#define bench_want(want, id, count) ((want)->n[MMU_##id] += (count))

/*
 * Registration. The entry is a pointer in a section that each platform walks (bench_variants()).
 * The static asserts are the contract: without a check or a closed form for the counts there is no
 * variant, NULL included.
 */
#define BENCH_CAT_(a, b) a##b
#define BENCH_CAT(a, b) BENCH_CAT_(a, b)
#define BENCH_IS(type, x) _Generic((x), type: 1, default: 0)

#define BENCH_VARIANT(family_, name_, source_, run_, check_, expect_, ...)			\
	_Static_assert(BENCH_IS(bench_run_fn, run_), #name_ ": run is not a bench_run_fn");	\
	_Static_assert(BENCH_IS(bench_check_fn, check_), #name_ ": a variant needs a check");	\
	_Static_assert(BENCH_IS(bench_expect_fn, expect_),					\
		       #name_ ": a variant needs its expected counts");				\
	static const struct bench_variant BENCH_CAT(bench_variant_, name_) = {			\
		.family = #family_, .name = #name_, .source = source_,				\
		.run = run_, .check = check_, .expect = expect_, .pass = MMU_PASS,		\
		__VA_ARGS__									\
	};											\
	static const struct bench_variant *const BENCH_CAT(bench_entry_, name_)			\
		__attribute__((used, section("mmub_variants"))) = &BENCH_CAT(bench_variant_, name_)

#define BENCH_FAMILY(name_, ...)								\
	static const struct bench_family BENCH_CAT(bench_family_, name_) = {			\
		.name = #name_, __VA_ARGS__							\
	};											\
	static const struct bench_family *const BENCH_CAT(bench_fentry_, name_)			\
		__attribute__((used, section("mmub_families"))) = &BENCH_CAT(bench_family_, name_)

/* The registry (core/registry.c): walks what the link gathered. Order: family, rank, name. */
const struct bench_family *bench_family_find(const char *name);
const struct bench_family *bench_family_at(unsigned int i);	/* NULL past the end */
const struct bench_variant *bench_variant_find(const char *family, const char *name, u32 pass);
const struct bench_variant *bench_variant_at(unsigned int i);	/* NULL past the end */

/* Defaults of params.def, then the family's. */
void bench_params_default(struct bench_params *p, const struct bench_family *f);

#endif
