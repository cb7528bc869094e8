/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifdef __x86_64__
#define LOOPS barista_loops_avx2
#endif
#include "families/systolic/loops.inc.h"
