// SPDX-License-Identifier: GPL-3.0-or-later
/* One GEMM on a device, tile step by tile step. */
#include "layered.h"

#include <math.h>

enum { WORD_BYTES = 4 };

struct port {
	double rate_bytes_hz;
	double free_s;
	double bytes;
};

static double port_move(struct port *p, double words, double ready_s)
{
	p->free_s = fmax(p->free_s, ready_s) + words * WORD_BYTES / p->rate_bytes_hz;
	p->bytes += words * WORD_BYTES;
	return p->free_s;
}

struct gemm_walk {
	const struct sim_gemm *g;
	struct port port;
	double step_s;            /* of computing one tile step */
	double computed_s[2];     /* end of the last step and of the one before it */
	double stored_s[2];       /* when each of the two C buffers is free again */
	double to_store_words[2]; /* C tile that ended with that step, 0: none */
	long to_store_tile[2];
	long tile;
};

static void store_ended(struct gemm_walk *w, int steps_ago)
{
	double words = w->to_store_words[steps_ago];

	if (words <= 0)
		return;
	w->stored_s[w->to_store_tile[steps_ago] % 2] =
		port_move(&w->port, words, w->computed_s[steps_ago]);
	w->to_store_words[steps_ago] = 0;
}

/* Loads of this step may start when the step before last has given its buffer back. */
static void gemm_step(struct gemm_walk *w, double load_words, double read_words, double store_words)
{
	double ready_s = port_move(&w->port, load_words, w->computed_s[1]);
	double end_s;

	store_ended(w, 1);
	if (read_words > 0)
		ready_s = port_move(&w->port, read_words, 0);
	end_s = fmax(fmax(w->computed_s[0], ready_s), w->stored_s[w->tile % 2]) + w->step_s;
	w->computed_s[1] = w->computed_s[0];
	w->to_store_words[1] = w->to_store_words[0];
	w->to_store_tile[1] = w->to_store_tile[0];
	w->computed_s[0] = end_s;
	w->to_store_words[0] = store_words;
	w->to_store_tile[0] = w->tile;
}

static void gemm_tile(struct gemm_walk *w, double rows, double cols, double tile_k)
{
	double done = 0;

	while (done < w->g->k) {
		double depth = fmin(tile_k, w->g->k - done);
		double read = w->g->accumulates && done <= 0 ? rows * cols : 0;

		done += depth;
		gemm_step(w, (rows + cols) * depth, read, done < w->g->k ? 0 : rows * cols);
	}
	w->tile++;
}

double sim_gemm_s(const struct sim_layered *s, const struct sim_gemm *g, double *bytes)
{
	struct gemm_walk w = {
		.g = g,
		.port.rate_bytes_hz = s->memory_bytes_hz,
		.step_s =
			(double)s->tile_m * s->tile_n * s->tile_k / s->macs_per_cycle / s->clock_hz,
	};

	for (double i = 0; i < g->m; i += s->tile_m)
		for (double j = 0; j < g->n; j += s->tile_n)
			gemm_tile(&w, fmin(s->tile_m, g->m - i), fmin(s->tile_n, g->n - j),
				  s->tile_k);
	store_ended(&w, 1);
	store_ended(&w, 0);
	if (bytes)
		*bytes = w.port.bytes;
	return fmax(w.port.free_s, w.computed_s[0]);
}
