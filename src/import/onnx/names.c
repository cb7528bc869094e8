/* SPDX-License-Identifier: GPL-3.0-or-later */
/* This file makes names of a model fit to be shown: the file may hold any bytes. */
#include "base/utf8.h"
#include "import/onnx/tensor.h"

const char *barista_onnx_name(struct barista_arena *arena, const char *text)
{
	char *copy = barista_arena_strdup(arena, text ? text : ""), *s = copy;

	while (s && *s) {
		size_t n = barista_utf8_length(s);

		if (!n)
			*s = '?';
		s += n ? n : 1;
	}
	return copy;
}
