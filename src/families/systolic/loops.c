/* SPDX-License-Identifier: GPL-3.0-or-later */
#define LOOPS barista_loops_portable
#include "families/systolic/loops.inc.h"

static const struct barista_loops *const loops[BARISTA_NISAS] = {
	[BARISTA_PORTABLE] = &barista_loops_portable,
#ifdef __x86_64__
	[BARISTA_AVX2] = &barista_loops_avx2,
	[BARISTA_AVX512] = &barista_loops_avx512,
#endif
};

const struct barista_loops *barista_loops_for(enum barista_isa isa)
{
	return loops[isa];
}
