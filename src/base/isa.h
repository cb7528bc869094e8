/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BASE_ISA_H
#define BASE_ISA_H

#include "barista/family.h"

#include <stdbool.h>

/* Hot loops are compiled once per enum barista_isa, in files named *_avx2.c and *_avx512.c. Every
 * variant gives the same bits. */

extern const char *const barista_isa_names[BARISTA_NISAS];

/* Can this processor run it? */
bool barista_isa_runs(enum barista_isa isa);

/* The last one that it can. */
enum barista_isa barista_isa_best(void);

#endif
