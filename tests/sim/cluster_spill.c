/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where boards put what they have no room for, pair of boards by pair of boards. */
#include "cluster.h"

#include <math.h>

static void carry(int from, int to, double amount, double *stored_bits, double *bits)
{
	int step = from < to ? 1 : -1;

	stored_bits[from] -= amount;
	stored_bits[to] += amount;
	for (int i = from; i != to; i += step)
		bits[step > 0 ? i : i - 1] += amount;
}

/* Pairs of boards come by their distance, those side by side first. */
void sim_cluster_spill(int boards, double room_bits, double *stored_bits, double *bits)
{
	for (int distance = 1; distance < boards; distance++) {
		for (int pair = 0; pair < 2 * boards; pair++) {
			int from = pair / 2, to = pair % 2 ? from + distance : from - distance;
			double over = stored_bits[from] - room_bits;

			if (over <= 0 || to < 0 || to >= boards || stored_bits[to] >= room_bits)
				continue;
			carry(from, to, fmin(over, room_bits - stored_bits[to]), stored_bits, bits);
		}
	}
}
