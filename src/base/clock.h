/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

/* Seconds of a clock that never goes back. */
double barista_now(void);

#endif
