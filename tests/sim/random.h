/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Random numbers of the simulators' designs, the same everywhere: xorshift64*. A seed must not be 0
 * and moves on with each number. */
#ifndef SIM_RANDOM_H
#define SIM_RANDOM_H

#include <stdint.h>

/* 53 bits. */
static inline uint64_t sim_random_bits(uint64_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return *seed * 0x2545f4914f6cdd1d >> 11;
}

/* In [0, 1). */
static inline double sim_random_unit(uint64_t *seed)
{
	return (double)sim_random_bits(seed) * 0x1p-53;
}

/* From low to high, both included. */
static inline int64_t sim_random_int(uint64_t *seed, int64_t low, int64_t high)
{
	return low + (int64_t)(sim_random_bits(seed) % (uint64_t)(high - low + 1));
}

#endif
