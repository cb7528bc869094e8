/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/utf8.h"

#include <stdint.h>

size_t barista_utf8_length(const char *text)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	const unsigned char *s = (const unsigned char *)text;
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

bool barista_utf8_valid(const char *text)
{
	for (size_t n; *text; text += n)
		if (!(n = barista_utf8_length(text)))
			return false;
	return true;
}
