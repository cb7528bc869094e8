/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "check.h"

#include "measure/tile.h"
#include "measure/workers.h"

#include <pthread.h>
#include <stdatomic.h>

enum { GUARD = 64 }; /* bytes before and after what may be written */

/* Where element (row, col) lies, from the description of the layout alone. */
static size_t place(const struct barista_tiling *t, size_t row, size_t col)
{
	size_t down = (t->rows + t->t_rows - 1) / t->t_rows,
	       across = (t->cols + t->t_cols - 1) / t->t_cols;
	size_t i = row / t->t_rows, j = col / t->t_cols;
	size_t before = t->by_columns ? j * down + i : i * across + j;

	return before * t->t_rows * t->t_cols + row % t->t_rows * t->t_cols + col % t->t_cols;
}

static void naive_tile(unsigned char *tiled, const unsigned char *matrix,
		       const struct barista_tiling *t, size_t size)
{
	memset(tiled, 0, barista_tiled_size(t) * size);
	for (size_t r = 0; r < t->rows; r++)
		for (size_t c = 0; c < t->cols; c++)
			memcpy(tiled + place(t, r, c) * size,
			       matrix + (t->transposed ? c * t->rows + r : r * t->cols + c) * size,
			       size);
}

/* What one case works on; `to` is what is written, with guards around it. */
struct buffers {
	unsigned char *matrix, *tiles, *to;
};

static void make_buffers(struct buffers *b, const struct barista_tiling *t, size_t size,
			 struct random *r)
{
	size_t n = t->rows * t->cols * size, tiled = barista_tiled_size(t) * size;

	*b = (struct buffers){malloc(n), malloc(tiled), barista_alloc_lines(tiled + 2 * GUARD)};
	assert_true(b->matrix && b->tiles && b->to);
	for (size_t i = 0; i < n; i++)
		b->matrix[i] = (unsigned char)(i % 8 ? b->matrix[i - i % 8] * (2 * i + 1) + i
						     : random_next(r));
	naive_tile(b->tiles, b->matrix, t, size);
}

static void free_buffers(struct buffers *b)
{
	free(b->matrix);
	free(b->tiles);
	free(b->to);
}

/* The n bytes at `shift` are the expected ones, and no other was touched. */
static void check_bytes(const struct buffers *b, const unsigned char *expected, size_t n,
			size_t shift, const struct barista_tiling *t, size_t size,
			struct barista_tile_way way)
{
	bool same = !memcmp(b->to + shift, expected, n);

	for (size_t i = 0; i < shift; i++)
		same = same && b->to[i] == 0xee;
	for (size_t i = shift + n; i < n + 2 * GUARD; i++)
		same = same && b->to[i] == 0xee;
	CHECK(same,
	      "%s, streamed %d, %zu x %zu by %zu x %zu, size %zu, at %zu, by columns %d, "
	      "transposed %d, "
	      "threads %d",
	      barista_isa_names[way.isa], way.streamed, t->rows, t->cols, t->t_rows, t->t_cols,
	      size, shift, t->by_columns, t->transposed, t->threads);
}

static void check_variant(const struct buffers *b, const struct barista_tiling *t, size_t size,
			  size_t shift, struct barista_tile_way way)
{
	size_t n = t->rows * t->cols * size, tiled = barista_tiled_size(t) * size;

	memset(b->to, 0xee, tiled + 2 * GUARD);
	assert_int_equal(barista_tile_by(way, b->to + shift, b->matrix, t, size),
			 barista_tiled_size(t));
	check_bytes(b, b->tiles, tiled, shift, t, size, way);
	memset(b->to, 0xee, n + 2 * GUARD);
	assert_int_equal(barista_untile_by(way, b->to + shift, b->tiles, t, size),
			 barista_tiled_size(t));
	check_bytes(b, b->matrix, n, shift, t, size, way);
}

/* Both orders of both, in every way that runs here. */
static void check_shape(struct barista_tiling t, size_t size, size_t shift, struct random *r)
{
	for (int order = 0; order < 4; order++) {
		struct buffers b;

		t.by_columns = order & 1;
		t.transposed = order & 2;
		make_buffers(&b, &t, size, r);
		for (int way = 0; way < 2 * BARISTA_NISAS; way++)
			if (barista_tile_runs((enum barista_isa)(way / 2)))
				check_variant(&b, &t, size, shift,
					      (struct barista_tile_way){(enum barista_isa)(way / 2),
									way % 2});
		free_buffers(&b);
	}
}

static void layouts(void **state)
{
	static const struct {
		size_t rows, cols, t_rows, t_cols;
	} shapes[] = {
		{1, 1, 1, 1},       {1, 1, 7, 5},     {3, 5, 8, 16},    {16, 64, 16, 64},
		{17, 65, 16, 64},   {31, 1, 4, 9},    {1, 31, 9, 4},    {33, 33, 1, 1},
		{12, 20, 4, 5},     {12, 20, 5, 3},   {64, 64, 64, 64}, {63, 95, 32, 64},
		{70, 130, 16, 128}, {65, 66, 67, 68}, {48, 80, 24, 40}, {64, 128, 64, 64},
		{128, 64, 16, 64},
	};
	static const size_t sizes[] = {1, 2, 3, 4, 8, 16};
	struct random r = {16};

	(void)state;
	for (size_t i = 0; i < COUNT(shapes); i++)
		for (size_t k = 0; k < COUNT(sizes); k++)
			for (int threads = 1; threads <= 3; threads++)
				check_shape((struct barista_tiling){shapes[i].rows, shapes[i].cols,
								    shapes[i].t_rows,
								    shapes[i].t_cols, false, false,
								    threads},
					    sizes[k], threads == 1 ? GUARD : (size_t)threads, &r);
}

static void random_layouts(void **state)
{
	struct random r = {17};

	(void)state;
	for (int i = 0; i < 160; i++) {
		struct barista_tiling t = {.rows = (size_t)random_int(&r, 1, 90),
					   .cols = (size_t)random_int(&r, 1, 90),
					   .t_rows = (size_t)random_int(&r, 1, 50),
					   .t_cols = (size_t)random_int(&r, 1, 90),
					   .threads = i % 4};

		check_shape(t, (size_t)random_int(&r, 1, 17), (size_t)random_int(&r, 0, GUARD), &r);
	}
}

/* Enough work for threads to be woken. */
static void threads(void **state)
{
	struct random r = {18};

	(void)state;
	for (int n = 2; n <= 3; n++)
		check_shape((struct barista_tiling){.rows = 1601,
						    .cols = 1103,
						    .t_rows = 16,
						    .t_cols = 64,
						    .threads = n},
			    8, GUARD, &r);
}

enum { PIECES = 5000 };

static void count_piece(void *arg, size_t i)
{
	atomic_fetch_add(&((atomic_int *)arg)[i], 1);
}

static void *share_pieces(void *arg)
{
	for (int i = 0; i < 100; i++)
		barista_workers_run(4, PIECES, count_piece, arg);
	return NULL;
}

/* Every piece is run once per call, also when two threads call at the same time. */
static void pieces(void **state)
{
	static atomic_int first[PIECES], second[PIECES];
	pthread_t other;

	(void)state;
	assert_false(pthread_create(&other, NULL, share_pieces, second));
	share_pieces(first);
	assert_false(pthread_join(other, NULL));
	for (size_t i = 0; i < PIECES; i++)
		CHECK(first[i] == 100 && second[i] == 100, "piece %zu: %d and %d times", i,
		      first[i], second[i]);
	barista_workers_run(4, 0, count_piece, NULL);
}

/* No tiles, and tiles so large that counting them must not overflow. */
static void extremes(void **state)
{
	struct barista_tiling none = {.rows = 0, .cols = 5, .t_rows = 2, .t_cols = 2, .threads = 3};
	struct barista_tiling huge = {
		.rows = 3, .cols = 5, .t_rows = SIZE_MAX, .t_cols = SIZE_MAX - 1};
	unsigned char untouched = 7;

	(void)state;
	assert_int_equal(barista_tile(&untouched, &untouched, &none, 1), 0);
	assert_int_equal(barista_untile(&untouched, &untouched, &none, 1), 0);
	assert_int_equal(untouched, 7);
	assert_int_equal(barista_tiles_down(&huge), 1);
	assert_int_equal(barista_tiles_across(&huge), 1);
}

int test_tile(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(layouts),  cmocka_unit_test(random_layouts),
		cmocka_unit_test(threads),  cmocka_unit_test(pieces),
		cmocka_unit_test(extremes),
	};

	return GROUP(tests);
}
