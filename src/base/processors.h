/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BASE_PROCESSORS_H
#define BASE_PROCESSORS_H

#include <stddef.h>

/* Returns how many processors this process may run on, at least 1. */
size_t barista_processors(void);

#endif
