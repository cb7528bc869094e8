/* SPDX-License-Identifier: GPL-3.0-or-later */
/* This file makes names of a model fit to be shown: the file may hold any bytes. */
#include "import/onnx/tensor.h"

/* Returns how many bytes the UTF-8 character at s has, or 0 when they are no valid character or one
 * that no terminal should see. */
static size_t character(const unsigned char *s)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	size_t n = s[0] < 0x80       ? 1
		   : s[0] >> 5 == 6  ? 2
		   : s[0] >> 4 == 14 ? 3
		   : s[0] >> 3 == 30 ? 4
				     : 0;
	uint32_t code;

	if (n < 2)
		return n && s[0] >= 0x20 && s[0] != 0x7f;
	code = s[0] & (0x7fu >> n);
	for (size_t i = 1; i < n; i++) {
		if (s[i] >> 6 != 2)
			return 0;
		code = code << 6 | (s[i] & 0x3f);
	}
	/* What is written in more bytes than it needs, the control characters below 0xa0, halves of
	 * surrogate pairs, and what lies past the last code point are not valid. */
	return code < least[n] || code < 0xa0 || code >> 11 == 0x1b || code > 0x10ffff ? 0 : n;
}

const char *barista_onnx_name(struct barista_arena *arena, const char *text)
{
	unsigned char *copy = (unsigned char *)barista_arena_strdup(arena, text ? text : ""),
		      *s = copy;

	while (s && *s) {
		size_t n = character(s);

		if (!n)
			*s = '?';
		s += n ? n : 1;
	}
	return (char *)copy;
}
