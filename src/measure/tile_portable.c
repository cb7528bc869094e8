/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "measure/tile_kernels.h"

const struct barista_tile_ops barista_tile_portable = TILE_OPS;
