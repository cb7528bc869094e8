/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tiling a matrix for the device, and back: which tile lies where, and who moves it. */
#include "measure/tile.h"

#include "measure/tile_ops.h"
#include "measure/workers.h"

#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct barista_tile_ops *const variants[BARISTA_NISAS] = {
	[BARISTA_PORTABLE] = &barista_tile_portable,
	[BARISTA_AVX2] = &barista_tile_avx2,
	[BARISTA_AVX512] = &barista_tile_avx512,
};

struct job {
	const struct barista_tiling *t;
	const struct barista_tile_ops *ops;
	size_t size;
	char *to;
	const char *from;
	bool streamed;
	void (*one)(const struct job *job, size_t i, size_t j);
};

void *barista_alloc_lines(size_t bytes)
{
	enum { LINE = BARISTA_TILE_LINE };

	return bytes > SIZE_MAX - LINE ? NULL
				       : aligned_alloc(LINE, (bytes + LINE - 1) / LINE * LINE);
}

/* ---- one tile ---- */

struct block {
	size_t rows, cols;
}; /* the part of a tile inside the matrix */

static struct block inside(const struct barista_tiling *t, size_t i, size_t j)
{
	struct block b = {t->rows - i * t->t_rows, t->cols - j * t->t_cols};

	if (b.rows > t->t_rows)
		b.rows = t->t_rows;
	if (b.cols > t->t_cols)
		b.cols = t->t_cols;
	return b;
}

/* Of the matrix as it is stored. */
static size_t stride_of(const struct job *job)
{
	return (job->t->transposed ? job->t->rows : job->t->cols) * job->size;
}

static size_t matrix_at(const struct job *job, size_t i, size_t j)
{
	const struct barista_tiling *t = job->t;
	size_t row = i * t->t_rows, col = j * t->t_cols;

	return (t->transposed ? col * t->rows + row : row * t->cols + col) * job->size;
}

static void move(const struct job *job, char *to, size_t to_stride, const char *from,
		 size_t from_stride, struct block b)
{
	const struct barista_tile_ops *ops = job->ops;
	bool lines = ((uintptr_t)to | to_stride) % BARISTA_TILE_LINE == 0;

	if (job->t->transposed)
		(job->streamed && lines ? ops->transpose_streamed : ops->transpose)(
			to, to_stride, from, from_stride, b.rows, b.cols, job->size);
	else
		(job->streamed ? ops->copy_streamed : ops->copy)(to, to_stride, from, from_stride,
								 b.rows, b.cols, job->size);
}

static void tile_one(const struct job *job, size_t i, size_t j)
{
	const struct barista_tiling *t = job->t;
	struct block b = inside(t, i, j);
	char *to = job->to + barista_tile_at(t, i, j) * job->size;
	size_t stride = t->t_cols * job->size, used = b.cols * job->size;

	move(job, to, stride, job->from + matrix_at(job, i, j), stride_of(job), b);
	if (used < stride)
		for (size_t r = 0; r < b.rows; r++)
			memset(to + r * stride + used, 0, stride - used);
	memset(to + b.rows * stride, 0, (t->t_rows - b.rows) * stride);
}

static void untile_one(const struct job *job, size_t i, size_t j)
{
	const struct barista_tiling *t = job->t;
	struct block b = inside(t, i, j);

	if (t->transposed)
		b = (struct block){b.cols, b.rows};
	move(job, job->to + matrix_at(job, i, j), stride_of(job),
	     job->from + barista_tile_at(t, i, j) * job->size, t->t_cols * job->size, b);
}

/* ---- all of them ---- */

static size_t bytes_moved(const struct barista_tiling *t, size_t size)
{
	return (t->rows * t->cols + barista_tiled_size(t)) * size;
}

/* The tiles of a job, cut into pieces of equal number, in the order in which the matrix is stored.
 */
struct pieces {
	const struct job *job;
	size_t n, tiles;
	atomic_size_t visited; /* elements */
};

static void run_piece(void *arg, size_t i)
{
	struct pieces *p = arg;
	const struct job *job = p->job;
	const struct barista_tiling *t = job->t;
	size_t down = barista_tiles_down(t), across = barista_tiles_across(t);
	size_t rest = p->tiles % p->n, length = p->tiles / p->n;
	size_t first = length * i + (i < rest ? i : rest), end = first + length + (i < rest);

	for (size_t k = first; k < end; k++) {
		if (t->transposed)
			job->one(job, k % down, k / down);
		else
			job->one(job, k / across, k % across);
	}
	if (job->streamed)
		job->ops->fence();
	atomic_fetch_add(&p->visited, (end - first) * t->t_rows * t->t_cols);
}

/* A thread is worth waking for 8 MiB, which takes several times as long to move as the two
 * wake-ups, of the thread and then of the caller, take on a machine that is busy (measured). Each
 * thread gets several pieces, so that one which gets no processor leaves them to the others. */
static size_t run(const struct job *job)
{
	enum { WORTH = 8 << 20, PIECES_PER_THREAD = 8 };
	size_t tiles = barista_tiles_down(job->t) * barista_tiles_across(job->t);
	size_t threads = bytes_moved(job->t, job->size) / WORTH, most = (size_t)job->t->threads;
	struct pieces p = {.job = job, .n = 1, .tiles = tiles};

	if (threads > most)
		threads = most;
	if (threads > 1 && tiles > 1)
		p.n = PIECES_PER_THREAD * threads < tiles ? PIECES_PER_THREAD * threads : tiles;
	barista_workers_run(threads, p.n, run_piece, &p);
	return p.visited;
}

/* Bytes of the cache that this core can count on: a quarter of the last one, which others share,
 * and of one that many share not more than 24 MiB (measured). */
static size_t cache_bytes(void)
{
	const long unknown = 4L << 20, most = 24L << 20;
	long bytes = -1;

#ifdef _SC_LEVEL3_CACHE_SIZE
	bytes = sysconf(_SC_LEVEL3_CACHE_SIZE) / 4;
#endif
	return (size_t)(bytes <= 0 ? unknown : bytes < most ? bytes : most);
}

static struct barista_tile_way best(const struct barista_tiling *t, size_t size)
{
	struct barista_tile_way way = {barista_isa_best(), bytes_moved(t, size) > cache_bytes()};

	while (!barista_tile_runs(way.isa))
		way.isa--;
	return way;
}

bool barista_tile_runs(enum barista_isa isa)
{
	return variants[isa]->copy && barista_isa_runs(isa);
}

size_t barista_tile_by(struct barista_tile_way way, void *tiled, const void *matrix,
		       const struct barista_tiling *t, size_t size)
{
	struct job job = {t, variants[way.isa], size, tiled, matrix, way.streamed, tile_one};

	return run(&job);
}

size_t barista_untile_by(struct barista_tile_way way, void *matrix, const void *tiled,
			 const struct barista_tiling *t, size_t size)
{
	struct job job = {t, variants[way.isa], size, matrix, tiled, way.streamed, untile_one};

	return run(&job);
}

size_t barista_tile(void *tiled, const void *matrix, const struct barista_tiling *t, size_t size)
{
	return barista_tile_by(best(t, size), tiled, matrix, t, size);
}

size_t barista_untile(void *matrix, const void *tiled, const struct barista_tiling *t, size_t size)
{
	return barista_untile_by(best(t, size), matrix, tiled, t, size);
}
