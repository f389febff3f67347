/* SPDX-License-Identifier: GPL-2.0-only */
/* Geometries by the levels a build can have, and the switch that picks a case's instance. */
#ifndef MMUB_FOLD_INSTANCES_H
#define MMUB_FOLD_INSTANCES_H

/* id, granule, VA bits, page shift, levels */
#define FOLD_GEOMETRIES_4(X)									\
	X(4k_32, 4096, 32, 12, 3) X(4k_39, 4096, 39, 12, 3) X(4k_48, 4096, 48, 12, 4)		\
	X(16k_36, 16384, 36, 14, 2) X(16k_47, 16384, 47, 14, 3) X(16k_48, 16384, 48, 14, 4)	\
	X(64k_42, 65536, 42, 16, 2) X(64k_48, 65536, 48, 16, 3)
#define FOLD_GEOMETRIES_5(X) X(4k_52, 4096, 52, 12, 5)

#define FOLD_K(bits_, shift_, levels_) ((struct fold_k){ .bits = bits_, .shift = shift_, .levels = levels_ })

#define FOLD_INSTANCE_fixup5(id, g, va, s, l) FOLD_FUNCTIONS(fixup5, id, FOLD_K(va, s, l))
#define FOLD_INSTANCE_nop4d(id, g, va, s, l) FOLD_FUNCTIONS(nop4d, id, FOLD_K(va, s, l))
#define FOLD_INSTANCE_real5(id, g, va, s, l) FOLD_FUNCTIONS(real5, id, FOLD_K(va, s, l))

#define FOLD_CASE(name, id, g, va, s)								\
	if (c->p->granule == (g) && c->p->va_bits == (va)) {					\
		fold_run(c, FOLD_NAME(name, walk, id), FOLD_NAME(name, populate, id), s);	\
		return;										\
	}
#define FOLD_CASE_fixup5(id, g, va, s, l) FOLD_CASE(fixup5, id, g, va, s)
#define FOLD_CASE_nop4d(id, g, va, s, l) FOLD_CASE(nop4d, id, g, va, s)
#define FOLD_CASE_real5(id, g, va, s, l) FOLD_CASE(real5, id, g, va, s)
#define FOLD_DISPATCH(geometries, one) geometries(one)

#endif
