/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/seal.h"

#include "io/file.h"

#include <string.h>

static const char mark[] = "# sha256 of what follows: ";
enum { MARK = sizeof mark - 1, HEX = 64, LINE = MARK + HEX + 1 };

void barista_seal_put(const char *text, size_t size, FILE *f)
{
	char hex[HEX + 1];

	barista_sha256(text, size, hex);
	fprintf(f, "%s%s\n", mark, hex);
	fwrite(text, 1, size, f);
}

int barista_seal_check(const char *path, const char *text, size_t size, struct barista_err *err)
{
	char hex[HEX + 1] = "";

	if (size < MARK || memcmp(text, mark, MARK) != 0)
		return 0;
	if (size >= LINE)
		barista_sha256(text + LINE, size - LINE, hex);
	if (*hex && !memcmp(text + MARK, hex, HEX) && text[LINE - 1] == '\n')
		return 0;
	return barista_fail(err, BARISTA_E_INPUT,
			    "%s:1:1: the checksum is not that of what follows: the file is "
			    "damaged, or was edited; if you edited it, remove this line",
			    path);
}
