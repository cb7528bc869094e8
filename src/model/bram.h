/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MODEL_BRAM_H
#define MODEL_BRAM_H

#include "barista.h"
#include "model/device.h"

/* Returns the blocks that one bank of depth words of width bits takes, both at least 1; a RAMB18 is
 * half a RAMB36. It is 0 for a bank so small that tools map it to LUT RAM, whose LUTs are not
 * counted, and grows weakly with depth and width. Sources: port configurations of AMD UG473
 * and UG573, Intel M20K; the LUT-RAM threshold is a rule of thumb. */
double barista_bank_blocks(enum barista_block_ram kind, double depth, double width);

/* Returns the bits that a block holds, parity included, in its widest shape. */
double barista_block_bits(enum barista_block_ram kind);

#endif
