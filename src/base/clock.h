/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

/* Returns the seconds of a clock that never goes back; only differences mean something. */
double barista_now(void);

#endif
