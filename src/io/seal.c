/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/seal.h"

#include "io/file.h"

#include <string.h>
#include <sys/stat.h>

static const char mark[] = "# sha256 of what follows: ";
enum { MARK = sizeof mark - 1, HEX = 64, LINE = MARK + HEX + 1 };

void barista_seal_put(const char *text, size_t size, FILE *f)
{
	char hex[HEX + 1];

	barista_sha256(text, size, hex);
	fprintf(f, "%s%s\n", mark, hex);
	fwrite(text, 1, size, f);
}

static bool is_sealed(const char *text, size_t size)
{
	return size >= MARK && !memcmp(text, mark, MARK);
}

int barista_seal_check(const char *path, const char *text, size_t size, struct barista_err *err)
{
	char hex[HEX + 1] = "";

	if (!is_sealed(text, size))
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

int barista_seal_check_replaceable(const char *path, struct barista_err *err)
{
	struct barista_arena *arena;
	struct barista_err ignored;
	struct stat st;
	size_t size;
	char *text;
	int rc;

	/* What is no file is refused by those who write files. */
	if (stat(path, &st) || !S_ISREG(st.st_mode))
		return 0;
	if (!(arena = barista_arena_make()))
		return barista_no_memory(err);
	rc = barista_read_file(path, arena, &text, &size, err);
	if (!rc && size &&
	    (!is_sealed(text, size) || barista_seal_check(path, text, size, &ignored)))
		rc = barista_fail(err, BARISTA_E_ARGUMENT,
				  "'%.300s' exists and is not a file of measurements, or was "
				  "edited: it is left alone; name another file",
				  path);
	barista_arena_free(arena);
	return rc;
}
