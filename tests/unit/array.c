/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/array.h"

#include "check.h"

/* Items stay, room at least doubles, and nothing changes when the size overflows. */
static void grows(void **state)
{
	size_t room = 0, grown = 0;
	int *item = NULL;

	(void)state;
	for (int n = 0; n < 10000; n++) {
		size_t before = room;

		assert_true(barista_array_reserve(&item, &room, (size_t)n + 1, sizeof *item));
		CHECK(room > (size_t)n && (room == before || room >= 2 * before), "%zu, then %zu",
		      before, room);
		grown += room != before;
		item[n] = n;
	}
	assert_true(grown < 12);
	for (int n = 0; n < 10000; n++)
		CHECK(item[n] == n, "item %d is %d", n, item[n]);
	for (size_t n = SIZE_MAX; n > SIZE_MAX / sizeof *item; n /= 2) {
		size_t before = room;
		int *where = item;

		assert_false(barista_array_reserve(&item, &room, n, sizeof *item));
		assert_true(item == where && room == before);
	}
	free(item);
}

int test_array(void)
{
	static const struct CMUnitTest tests[] = {cmocka_unit_test(grows)};

	return GROUP(tests);
}
