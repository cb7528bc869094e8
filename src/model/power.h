/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MODEL_POWER_H
#define MODEL_POWER_H

#include "barista.h"

/* W of a board whose design uses these blocks (used[BARISTA_DSP] and so on): the constant of its
 * file, else static plus so much per block. */
double barista_board_power(const struct barista_device *dev, const double *used);

#endif
