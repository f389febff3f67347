// SPDX-License-Identifier: GPL-2.0-only
/* Names of operations, features and parameters, from the .def tables. */
#include "core.h"

static const char *const op_names[] = {
#define MMU_OP(id, name, group) [MMU_##id] = name,
#include "ops.def"
#undef MMU_OP
};

static const char *const feature_names[] = {
#define MMU_FEAT(id, name, where) [MMU_FEAT_BIT_##id] = name,
#include "features.def"
#undef MMU_FEAT
};

static const char *const feature_where[] = {
#define MMU_FEAT(id, name, where) [MMU_FEAT_BIT_##id] = where,
#include "features.def"
#undef MMU_FEAT
};

struct param_row {
	const char *name, *doc, *values;	/* values: "a b c", NULL for a number */
	u64 dflt;
	bool size;
};

#define SIZE true
#define COUNT false
static const struct param_row rows[] = {
#define BENCH_PARAM_U64(field, def, unit, text) { #field, text, NULL, def, unit },
#define BENCH_PARAM_ENUM(field, names, text) { #field, text, names, 0, false },
#include "params.def"
#undef BENCH_PARAM_U64
#undef BENCH_PARAM_ENUM
};
#undef SIZE
#undef COUNT

const char *mmu_op_name(enum mmu_op op)
{
	return (u32)op < MMU_OP_MAX ? op_names[op] : NULL;
}

int mmu_op_find(const char *name)
{
	for (int i = 0; i < MMU_OP_MAX; i++)
		if (!strcmp(op_names[i], name))
			return i;
	return -1;
}

const char *mmu_feature_name(u32 bit)
{
	return bit < MMU_FEAT_BIT_MAX ? feature_names[bit] : NULL;
}

const char *mmu_feature_where(u32 bit)
{
	return bit < MMU_FEAT_BIT_MAX ? feature_where[bit] : NULL;
}

u64 *bench_param_slot(struct bench_params *p, u32 index)
{
	return index < BENCH_PARAM_MAX ? (u64 *)p + index : NULL;
}

const char *bench_param_name(u32 index)
{
	return index < BENCH_PARAM_MAX ? rows[index].name : NULL;
}

const char *bench_param_doc(u32 index)
{
	return index < BENCH_PARAM_MAX ? rows[index].doc : NULL;
}

bool bench_param_is_size(u32 index)
{
	return index < BENCH_PARAM_MAX && rows[index].size;
}

/* The val'th word of "a b c": its start and length; false past the last. */
static bool nth_word(const char *s, u64 val, const char **word, u64 *len)
{
	for (; *s; s += *len) {
		while (*s == ' ')
			s++;
		for (*len = 0; s[*len] && s[*len] != ' ';)
			++*len;
		if (!val--) {
			*word = s;
			return *len > 0;
		}
	}
	return false;
}

const char *bench_param_value_name(u32 index, u64 val)
{
	static char name[16];
	const char *word;
	u64 len;

	if (index >= BENCH_PARAM_MAX || !rows[index].values ||
	    !nth_word(rows[index].values, val, &word, &len) || len >= sizeof(name))
		return NULL;
	memcpy(name, word, len);
	name[len] = 0;
	return name;
}

bool bench_param_parse(u32 index, const char *s, u64 len, u64 *val)
{
	const char *word;
	u64 n, v = 0;

	if (index >= BENCH_PARAM_MAX || !len)
		return false;
	if (rows[index].values) {
		for (u64 i = 0; nth_word(rows[index].values, i, &word, &n); i++) {
			if (n == len && !memcmp(word, s, n)) {
				*val = i;
				return true;
			}
		}
		return false;
	}
	for (u64 i = 0; i < len; i++) {
		u64 digit = (u64)s[i] - '0';

		if (digit > 9 || v > (~0ull - digit) / 10)
			return false;
		v = v * 10 + digit;
	}
	*val = v;
	return true;
}

void bench_params_default(struct bench_params *p, const struct bench_family *f)
{
	if (f && f->defaults) {
		*p = *f->defaults;
		return;
	}
	for (u32 i = 0; i < BENCH_PARAM_MAX; i++)
		*bench_param_slot(p, i) = rows[i].dflt;
}
