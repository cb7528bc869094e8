/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench.h"

#include "base/clock.h"
#include "base/err.h"
#include "base/processors.h"
#include "measure/tile.h"
#include "measure/timer.h"

#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics.h>
#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SAMPLES = 7, MOST_WORKS = 6 };

/* Sides of fp32 matrices of 64 KiB to 64 MiB, as `calibrate` has them. */
static const size_t sides[] = {128, 181, 256, 362, 512, 724, 1024, 1448, 2048, 2896, 4096};
static const size_t shapes[][2] = {{16, 64}, {32, 64}, {64, 64}, {16, 128}, {64, 256}};
enum { SIDES = sizeof sides / sizeof *sides, SHAPES = sizeof shapes / sizeof *shapes };

struct buffers {
	struct barista_tiling t;
	float *matrix, *tiled;
	struct growing tiles, rows; /* what append() makes of them */
};

static void *allocate(size_t bytes)
{
	void *p = barista_alloc_lines(bytes);

	if (!p)
		exit(BARISTA_E_SYSTEM);
	memset(p, 1, bytes);
	return p;
}

static void make_buffers(struct buffers *b, size_t side, size_t t_rows, size_t t_cols,
			 bool transposed)
{
	*b = (struct buffers){.t = {.rows = side,
				    .cols = side,
				    .t_rows = t_rows,
				    .t_cols = t_cols,
				    .transposed = transposed}};
	b->matrix = allocate(side * side * sizeof(float));
	b->tiled = allocate(barista_tiled_size(&b->t) * sizeof(float));
}

static void free_buffers(struct buffers *b)
{
	free(b->matrix);
	free(b->tiled);
	free(b->tiles.data);
	free(b->rows.data);
}

/* ---- what is measured ---- */

static void tile(void *arg)
{
	struct buffers *b = arg;

	barista_tile(b->tiled, b->matrix, &b->t, sizeof(float));
}

static void untile(void *arg)
{
	struct buffers *b = arg;

	barista_untile(b->matrix, b->tiled, &b->t, sizeof(float));
}

static void copy(void *arg)
{
	struct buffers *b = arg;

	memcpy(b->tiled, b->matrix, b->t.rows * b->t.cols * sizeof(float));
}

static void push(struct growing *a, float element)
{
	if (!append(a, element))
		exit(BARISTA_E_SYSTEM);
}

/* Tile by tile, row by row, column by column. */
static void append_tiles(void *arg)
{
	struct buffers *b = arg;
	const struct barista_tiling *t = &b->t;

	b->tiles.n = 0;
	for (size_t i = 0; i < t->rows; i += t->t_rows)
		for (size_t j = 0; j < t->cols; j += t->t_cols)
			for (size_t r = i; r < i + t->t_rows; r++)
				for (size_t c = j; c < j + t->t_cols; c++)
					push(&b->tiles, r < t->rows && c < t->cols
								? b->matrix[r * t->cols + c]
								: 0);
}

/* And back: row by row, the part of it in each tile. */
static void append_rows(void *arg)
{
	struct buffers *b = arg;
	const struct barista_tiling *t = &b->t;
	size_t across = barista_tiles_across(t);

	b->rows.n = 0;
	for (size_t r = 0; r < t->rows; r++)
		for (size_t j = 0; j < across; j++) {
			const float *row = b->tiled + barista_tile_at(t, r / t->t_rows, j) +
					   r % t->t_rows * t->t_cols;

			for (size_t c = 0; c < t->t_cols && j * t->t_cols + c < t->cols; c++)
				push(&b->rows, row[c]);
		}
}

/* Into arrays that start empty each time, with the memory that growing takes from the system. */
static void append_afresh(void *arg)
{
	struct buffers *b = arg;

	free(b->tiles.data);
	free(b->rows.data);
	b->tiles = b->rows = (struct growing){0};
	append_tiles(b);
	append_rows(b);
}

/* ---- how ---- */

struct work {
	barista_timed run;
	struct buffers *on;
	double seconds;
};

static double sample(const struct work *w)
{
	double start = barista_now(), now;
	size_t n = 0;

	do {
		w->run(w->on);
		n++;
		now = barista_now();
	} while (now - start < 5e-4);
	return (now - start) / (double)n;
}

/* Medians, the works taking turns so that a busy machine slows all of them; the first turn, which
 * touches the memory, does not count. */
static void measure(struct work *w, size_t n)
{
	double t[MOST_WORKS][SAMPLES];

	for (size_t k = 0; k < n; k++)
		w[k].run(w[k].on);
	for (int i = 0; i < SAMPLES; i++)
		for (size_t k = 0; k < n; k++)
			t[k][i] = sample(&w[k]);
	for (size_t k = 0; k < n; k++) {
		gsl_sort(t[k], 1, SAMPLES);
		w[k].seconds = gsl_stats_median_from_sorted_data(t[k], 1, SAMPLES);
	}
}

static double median_of_sides(double *x)
{
	gsl_sort(x, 1, SIDES);
	return gsl_stats_median_from_sorted_data(x, 1, SIDES);
}

/* ---- the figures ---- */

/* The lesser of tiling's and untiling's bandwidth, both medians over the sizes, relative to
 * memcpy's. Bytes are those read and written, padding included where it is written. */
static double shape_vs_memcpy(size_t t_rows, size_t t_cols, bool transposed)
{
	double there[SIDES], back[SIDES], a, b;

	for (size_t i = 0; i < SIDES; i++) {
		struct buffers on;
		struct work w[] = {{copy, &on, 0}, {tile, &on, 0}, {untile, &on, 0}};
		double padding;

		make_buffers(&on, sides[i], t_rows, t_cols, transposed);
		padding = (double)barista_tiled_size(&on.t) / (double)(sides[i] * sides[i]);
		measure(w, 3);
		there[i] = w[0].seconds / w[1].seconds * (1 + padding) / 2;
		back[i] = w[0].seconds / w[2].seconds;
		free_buffers(&on);
	}
	a = median_of_sides(there);
	b = median_of_sides(back);
	printf("  %3zu x %-3zu  %-10s  %4.2f  %6.2f\n", t_rows, t_cols,
	       transposed ? "transposed" : "", a, b);
	return fmin(a, b);
}

static double least_vs_memcpy(bool transposed)
{
	double least = INFINITY;

	for (size_t i = 0; i < SHAPES; i++)
		least = fmin(least, shape_vs_memcpy(shapes[i][0], shapes[i][1], transposed));
	return least;
}

/* Tiling and untiling, both by transforms and both by appending to arrays that start empty, as the
 * paper's runtime does for every GEMM, on its one thread; also to arrays that have grown before,
 * and twice memcpy's time, as a bound of one thread. */
static void bench_append(json_t *out)
{
	double all[SIDES], warm[SIDES], fresh[SIDES], bound[SIDES];
	int threads = (int)barista_processors();

	printf("\n16 x 64 fp32, there and back:\n"
	       "  matrix [KiB]  one thread [ns/element]  memcpy  append  append, grown before  "
	       "[times that]  %d threads: "
	       "append [times that]\n",
	       threads);
	for (size_t i = 0; i < SIDES; i++) {
		struct buffers on, growing, shared;
		struct work w[] = {{tile, &on, 0},         {untile, &on, 0},
				   {append_tiles, &on, 0}, {append_rows, &on, 0},
				   {tile, &shared, 0},     {untile, &shared, 0}};
		struct work limits[] = {{copy, &on, 0}, {append_afresh, &growing, 0}};
		double ours, elements = (double)(sides[i] * sides[i]);

		make_buffers(&on, sides[i], 16, 64, false);
		growing = shared = on;
		shared.t.threads = threads;
		measure(w, 6);
		measure(limits, 2);
		ours = w[0].seconds + w[1].seconds;
		warm[i] = (w[2].seconds + w[3].seconds) / ours;
		fresh[i] = limits[1].seconds / ours;
		all[i] = limits[1].seconds / (w[4].seconds + w[5].seconds);
		bound[i] = (w[2].seconds + w[3].seconds) / (2 * limits[0].seconds);
		printf("  %12.0f  %23.3f  %6.2f  %6.1f  %20.1f  %45.1f\n",
		       elements * sizeof(float) / 1024, ours / (2 * elements) * 1e9,
		       2 * limits[0].seconds / ours, fresh[i], warm[i], all[i]);
		free(growing.tiles.data);
		free(growing.rows.data);
		free_buffers(&on);
	}
	json_object_set_new(out, "tile_vs_append", json_real(median_of_sides(all)));
	json_object_set_new(out, "tile_vs_append_one_thread", json_real(median_of_sides(fresh)));
	json_object_set_new(out, "tile_vs_append_grown_before", json_real(median_of_sides(warm)));
	json_object_set_new(out, "memcpy_vs_append", json_real(median_of_sides(bound)));
	printf("  medians: %.1f times an append with all processors; with one %.1f, %.1f when its "
	       "array has grown before, "
	       "where memcpy would be %.1f\n",
	       gsl_stats_median_from_sorted_data(all, 1, SIDES),
	       gsl_stats_median_from_sorted_data(fresh, 1, SIDES),
	       gsl_stats_median_from_sorted_data(warm, 1, SIDES),
	       gsl_stats_median_from_sorted_data(bound, 1, SIDES));
}

/* What two threads gain over one, by size, sorted; returns how many sizes. */
static size_t thread_gains(double gain[SIDES])
{
	size_t n = 0;

	for (size_t i = 0; i < SIDES; i++) {
		struct buffers one, two;
		struct work w[] = {
			{tile, &one, 0}, {untile, &one, 0}, {tile, &two, 0}, {untile, &two, 0}};

		if (sides[i] < 512)
			continue;
		make_buffers(&one, sides[i], 16, 64, false);
		two = one;
		two.t.threads = 2;
		measure(w, 4);
		gain[n++] = (w[0].seconds + w[1].seconds) / (w[2].seconds + w[3].seconds);
		free_buffers(&one);
	}
	gsl_sort(gain, 1, n);
	return n;
}

static void *spin(void *stop)
{
	while (!atomic_load((atomic_bool *)stop))
		;
	return NULL;
}

/* Alone, and while something else keeps a processor busy: a thread that has to wait for one must
 * not make both slower than one. */
static void bench_threads(json_t *out)
{
	double gain[SIDES];
	atomic_bool stop = false;
	pthread_t other;
	size_t n = thread_gains(gain);

	printf("two threads, 1 to 64 MiB: %.2f times one (%.2f to %.2f)\n",
	       gsl_stats_median_from_sorted_data(gain, 1, n), gain[0], gain[n - 1]);
	json_object_set_new(out, "tile_threads2_speedup",
			    json_real(gsl_stats_median_from_sorted_data(gain, 1, n)));
	if (pthread_create(&other, NULL, spin, &stop))
		return;
	n = thread_gains(gain);
	atomic_store(&stop, true);
	pthread_join(other, NULL);
	printf("  with a busy processor: %.2f times one (%.2f to %.2f)\n",
	       gsl_stats_median_from_sorted_data(gain, 1, n), gain[0], gain[n - 1]);
	json_object_set_new(out, "tile_threads2_disturbed",
			    json_real(gsl_stats_median_from_sorted_data(gain, 1, n)));
	json_object_set_new(out, "tile_threads2_disturbed_least", json_real(gain[0]));
}

void bench_tiling(json_t *out)
{
	printf("tiling fp32, one thread, bandwidth relative to memcpy's, medians over 64 KiB to 64 "
	       "MiB:\n"
	       "  tile                   tile  untile\n");
	json_object_set_new(out, "tile_vs_memcpy", json_real(least_vs_memcpy(false)));
	json_object_set_new(out, "tile_transposed_vs_memcpy", json_real(least_vs_memcpy(true)));
	bench_append(out);
	bench_threads(out);
}
