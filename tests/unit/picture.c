/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pictures that go on to their end, and all that do not. */
#include "check.h"

#include "report/charts/picture.h"

/* A PNG of one pixel. */
static const unsigned char png[] = {
	0x89, 'P',  'N',  'G',  '\r', '\n', 0x1a, '\n', 0,    0,    0,    13,   'I',  'H',
	'D',  'R',  0,    0,    0,    1,    0,    0,    0,    1,    8,    0,    0,    0,
	0,    0x3a, 0x7e, 0x9b, 0x55, 0,    0,    0,    10,   'I',  'D',  'A',  'T',  0x78,
	0x9c, 0x63, 0x60, 0,    0,    0,    2,    0,    1,    0x48, 0xaf, 0xa4, 0x71, 0,
	0,    0,    0,    'I',  'E',  'N',  'D',  0xae, 0x42, 0x60, 0x82,
};

static bool is_whole(const char *path)
{
	struct barista_err err;
	int rc = barista_picture_check(path, "the picture", &err);

	assert_true(!rc || rc == BARISTA_E_SYSTEM);
	return !rc;
}

static void png_whole(void **state)
{
	unsigned char other[sizeof png + 1] = {0};

	(void)state;
	assert_true(is_whole(write_bytes("whole.png", png, sizeof png)));
	for (size_t n = 0; n < sizeof png; n++)
		CHECK(!is_whole(write_bytes("cut.png", png, n)), "%zu bytes", n);
	memcpy(other, png, sizeof png);
	assert_false(is_whole(write_bytes("longer.png", other, sizeof other)));
	for (size_t i = 0; i < 16;
	     i++) { /* the signature, and length and type of the first chunk */
		other[i] ^= 0x80;
		CHECK(!is_whole(write_bytes("bad.png", other, sizeof png)), "%zu", i);
		other[i] ^= 0x80;
	}
	memset(other + 30, 0, sizeof png - 30); /* as a file with a hole */
	assert_false(is_whole(write_bytes("hole.png", other, sizeof png)));
	assert_false(is_whole(temp_path("absent.png")));
}

static void svg_whole(void **state)
{
	static const char whole[] = "<?xml version=\"1.0\"?>\n<svg>\n<g></g>\n</svg>\n\n";

	(void)state;
	assert_true(is_whole(write_text("whole.svg", whole)));
	assert_true(is_whole(write_text("short.svg", "</svg>")));
	for (size_t n = 0; n < strlen(whole) - 2; n++)
		CHECK(!is_whole(write_bytes("cut.svg", whole, n)), "%zu bytes", n);
	assert_true(is_whole(write_text("other.txt", "x")));
}

int test_picture(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(png_whole),
		cmocka_unit_test(svg_whole),
	};

	return GROUP(tests);
}
