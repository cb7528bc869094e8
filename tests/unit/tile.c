/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "check.h"

#include "host/tile.h"

/* Where element (row, col) lies, from the description of the layout alone. */
static size_t place(const struct barista_tiling *t, size_t row, size_t col)
{
	size_t down = (t->rows + t->t_rows - 1) / t->t_rows, across = (t->cols + t->t_cols - 1) / t->t_cols;
	size_t i = row / t->t_rows, j = col / t->t_cols;
	size_t before = t->by_columns ? j * down + i : i * across + j;

	return before * t->t_rows * t->t_cols + row % t->t_rows * t->t_cols + col % t->t_cols;
}

static void check_layout(const struct barista_tiling *t, const uint32_t *matrix, const uint32_t *tiled)
{
	size_t rows = barista_tiles_down(t) * t->t_rows, cols = barista_tiles_across(t) * t->t_cols;

	assert_int_equal(rows * cols, barista_tiled_size(t));
	for (size_t r = 0; r < rows; r++)
		for (size_t c = 0; c < cols; c++) {
			uint32_t expected = r < t->rows && c < t->cols ? matrix[r * t->cols + c] : 0;

			CHECK(tiled[place(t, r, c)] == expected, "%zu x %zu by %zu x %zu: element %zu, %zu", t->rows,
			      t->cols, t->t_rows, t->t_cols, r, c);
		}
}

static void check_round_trip(const struct barista_tiling *t, struct random *r)
{
	size_t n = t->rows * t->cols, size = barista_tiled_size(t);
	uint32_t *matrix = malloc(n * sizeof *matrix), *back = malloc((n + 1) * sizeof *back);
	uint32_t *tiled = malloc((size + 1) * sizeof *tiled);

	assert_true(matrix && back && tiled);
	for (size_t i = 0; i < n; i++)
		matrix[i] = (uint32_t)random_next(r) | 1;
	/* What was there must not shine through, and nothing beyond the end is touched. */
	memset(tiled, 0xff, (size + 1) * sizeof *tiled);
	memset(back, 0xee, (n + 1) * sizeof *back);
	barista_tile(tiled, matrix, t, sizeof *matrix);
	assert_int_equal(tiled[size], 0xffffffff);
	check_layout(t, matrix, tiled);
	barista_untile(back, tiled, t, sizeof *matrix);
	assert_memory_equal(back, matrix, n * sizeof *matrix);
	assert_int_equal(back[n], 0xeeeeeeee);
	free(matrix);
	free(back);
	free(tiled);
}

static void round_trip(void **state)
{
	static const struct barista_tiling rows[] = {
		{1, 1, 1, 1, false}, {1, 1, 7, 5, true}, {3, 5, 8, 16, false}, {3, 5, 8, 16, true},
		{16, 64, 16, 64, false}, {17, 65, 16, 64, false}, {17, 65, 16, 64, true}, {31, 1, 4, 9, true},
		{1, 31, 9, 4, false}, {33, 33, 1, 1, true}, {12, 20, 4, 5, true}, {12, 20, 5, 3, false},
	};
	struct random r = {16};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		check_round_trip(&rows[i], &r);
	for (int i = 0; i < 400; i++) {
		struct barista_tiling t = {(size_t)random_int(&r, 1, 70), (size_t)random_int(&r, 1, 70),
					   (size_t)random_int(&r, 1, 40), (size_t)random_int(&r, 1, 40), i & 1};

		check_round_trip(&t, &r);
	}
}

/* Elements of any size; odd bytes too. */
static void element_sizes(void **state)
{
	static const struct barista_tiling t = {3, 5, 2, 4, true};
	unsigned char matrix[15 * 8], tiled[32 * 8], back[15 * 8];

	(void)state;
	for (size_t i = 0; i < sizeof matrix; i++)
		matrix[i] = (unsigned char)(i + 1);
	for (size_t size = 1; size <= 8; size++) {
		assert_int_equal(barista_tiled_size(&t), 32);
		barista_tile(tiled, matrix, &t, size);
		memset(back, 0, sizeof back);
		barista_untile(back, tiled, &t, size);
		assert_memory_equal(back, matrix, 15 * size);
		/* tile (1, 1): row 2, column 4, one element, then padding */
		assert_memory_equal(tiled + barista_tile_at(&t, 1, 1) * size, matrix + 14 * size, size);
		assert_int_equal(tiled[(barista_tile_at(&t, 1, 1) + 1) * size], 0);
	}
}

int test_tile(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(round_trip), cmocka_unit_test(element_sizes),
	};

	return GROUP(tests);
}
