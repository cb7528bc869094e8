/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For the tables of terms of the architectures: only they include this. */
#ifndef MODEL_TERMS_H
#define MODEL_TERMS_H

#include "barista/family.h"

#define COUNT BARISTA_DIM_COUNT
#define SECOND BARISTA_DIM_SECOND
#define CYCLE BARISTA_DIM_CYCLE
#define BIT BARISTA_DIM_BIT

/* The enumeration of terms, which ends with `last`, is as long as the table. */
#define CHECK_TERMS(last, in_table)                                                             \
	_Static_assert((int)(last) == (int)(in_table) && (int)(last) <= (int)BARISTA_MAX_TERMS, \
		       "the table has every term, and there is room for them")

#endif
