/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BASE_REAL_H
#define BASE_REAL_H

#include <stddef.h>

enum { BARISTA_REAL_ROOM = 32 }; /* bytes that hold any double, and a NUL */

/* Writes the same bytes as barista_format_real(), several times faster for whole numbers and for
 * magnitudes from 1e-15 to 1e15. Returns how many there are, without the closing NUL. */
size_t barista_write_real(char buf[BARISTA_REAL_ROOM], double x);

#endif
