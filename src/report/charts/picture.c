/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gnuplot does not notice a full disk: whether a picture is whole shows in the file alone. */
#include "report/charts/picture.h"

#include "base/text.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* A PNG is a signature and chunks: length, type, data and checksum. IHDR is the first chunk and
 * IEND, without data, the last. */
static bool png_is_whole(FILE *f)
{
	static const unsigned char signature[8] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
	const char *expected = "IHDR";
	unsigned char head[8];

	if (fread(head, 1, sizeof head, f) != sizeof head || memcmp(head, signature, 8) != 0)
		return false;
	while (fread(head, 1, sizeof head, f) == sizeof head) {
		uint32_t length = (uint32_t)head[0] << 24 | (uint32_t)head[1] << 16 |
				  (uint32_t)head[2] << 8 | head[3];

		if (expected && memcmp(head + 4, expected, 4) != 0)
			return false;
		expected = NULL;
		if (!memcmp(head + 4, "IEND", 4))
			return !length && fread(head, 1, 4, f) == 4 && fgetc(f) == EOF;
		if (length > INT32_MAX || fseek(f, (long)length + 4, SEEK_CUR))
			return false;
	}
	return false;
}

static bool svg_is_whole(FILE *f)
{
	char end[65];
	size_t n;

	if (fseek(f, -64, SEEK_END))
		rewind(f);
	n = fread(end, 1, sizeof end - 1, f);
	while (n && strchr(" \t\r\n", end[n - 1]))
		n--;
	end[n] = '\0';
	return barista_ends_with(end, "</svg>");
}

int barista_picture_check(const char *path, const char *name, struct barista_err *err)
{
	bool png = barista_ends_with(path, ".png"), svg = barista_ends_with(path, ".svg"), whole;
	FILE *f;

	if (!png && !svg)
		return 0;
	f = fopen(path, "rb");
	if (!f)
		return barista_fail_system(err, "cannot open", path);
	whole = png ? png_is_whole(f) : svg_is_whole(f);
	whole &= !ferror(f);
	fclose(f);
	return whole ? 0
		     : barista_fail(err, BARISTA_E_SYSTEM,
				    "gnuplot left '%.200s' unfinished: is the disk full?", name);
}
