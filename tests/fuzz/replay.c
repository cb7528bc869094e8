/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs the fuzz target on files, without a fuzzer. */
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>

static int replay(const char *path)
{
	enum { MAX = 8 << 20 };
	FILE *f = fopen(path, "rb");
	uint8_t *data = malloc(MAX);
	size_t n = 0;
	int ok = f && data;

	if (ok) {
		n = fread(data, 1, MAX, f);
		ok = !ferror(f) && n < MAX;
	}
	if (ok)
		LLVMFuzzerTestOneInput(data, n);
	else
		fprintf(stderr, "cannot read '%s'\n", path);
	if (f)
		fclose(f);
	free(data);
	return ok;
}

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		if (!replay(argv[i]))
			return 1;
	printf("%d inputs replayed\n", argc - 1);
	return argc < 2;
}
