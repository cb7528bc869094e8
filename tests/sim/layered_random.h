/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SIM_LAYERED_RANDOM_H
#define SIM_LAYERED_RANDOM_H

#include <stdint.h>

#include "layered.h"

enum { SIM_RANDOM_LAYERS = 64 };

/* low to high, inclusive; and a real number between two, spread over its decades. */
int sim_pick(uint64_t *seed, int low, int high);
double sim_pick_decades(uint64_t *seed, double low, double high);

/* A network of convolutions with what may stand behind them, fully connected layers and a loss:
 * some pointwise, grouped, strided, without bias or frozen. Returns how many layers. */
int sim_random_caffe(uint64_t *seed, struct sim_caffe_layer *layer);

/* A board and a design for it, without the network. */
struct sim_layered sim_random_layered(uint64_t *seed);

#endif
