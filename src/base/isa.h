/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BASE_ISA_H
#define BASE_ISA_H

#include "barista/family.h"

#include <stdbool.h>

/* Hot loops are compiled once per enum barista_isa, in files named *_avx2.c and *_avx512.c. Every
 * variant gives the same bits. */

/* Names for messages, by enum barista_isa. */
extern const char *const barista_isa_names[BARISTA_NISAS];

/* Returns whether this processor can run such code. */
bool barista_isa_runs(enum barista_isa isa);

/* Returns the fastest set of instructions that this processor can run. */
enum barista_isa barista_isa_best(void);

#endif
