/* SPDX-License-Identifier: GPL-3.0-or-later */
/* This file asks the processor which sets of instructions it can run. */
#include "base/isa.h"

const char *const barista_isa_names[BARISTA_NISAS] = {"portable", "avx2", "avx512"};

bool barista_isa_runs(enum barista_isa isa)
{
#ifdef __x86_64__
	if (isa == BARISTA_AVX2)
		return __builtin_cpu_supports("avx2");
	if (isa == BARISTA_AVX512)
		return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
		       __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl");
#endif
	return isa == BARISTA_PORTABLE;
}

enum barista_isa barista_isa_best(void)
{
	enum barista_isa best = BARISTA_PORTABLE;

	for (int i = 0; i < BARISTA_NISAS; i++)
		if (barista_isa_runs((enum barista_isa)i))
			best = (enum barista_isa)i;
	return best;
}
