/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MODEL_POWER_H
#define MODEL_POWER_H

#include "barista.h"

/* Returns the W of a board whose design uses these blocks (used[BARISTA_DSP] and so on): the
 * constant power of its file, else the static power and so much per block. */
double barista_board_power(const struct barista_device *dev, const double *used);

#endif
