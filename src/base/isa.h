/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BASE_ISA_H
#define BASE_ISA_H

#include <stdbool.h>

/* Instruction sets that hot loops are compiled for, in files named *_avx2.c and *_avx512.c;
 * slowest first. Every variant gives the same bits. */
enum barista_isa { BARISTA_PORTABLE, BARISTA_AVX2, BARISTA_AVX512, BARISTA_NISAS };

extern const char *const barista_isa_names[BARISTA_NISAS];

/* Can this processor run it? */
bool barista_isa_runs(enum barista_isa isa);

/* The last one that it can. */
enum barista_isa barista_isa_best(void);

#endif
