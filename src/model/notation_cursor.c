/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the notations of all architectures are read with. */
#include "model/notation_cursor.h"

#include "base/err.h"
#include "base/num.h"
#include "base/text.h"
#include "model/precision.h"

#include <stdio.h>
#include <string.h>

bool barista_cursor_fail(struct barista_cursor *c, const char *why)
{
	barista_fail(c->err, BARISTA_E_ARGUMENT, "'%.60s' is not a %s: %s%sexpected %s", c->text,
		     c->noun, why ? why : "", why ? "; " : "", c->expected);
	return false;
}

bool barista_cursor_take(struct barista_cursor *c, char character)
{
	if (*c->at != character)
		return barista_cursor_fail(c, NULL);
	c->at++;
	return true;
}

bool barista_cursor_digits(struct barista_cursor *c, int64_t *out)
{
	size_t len = strspn(c->at, "0123456789");
	char digits[24];

	if (!len || len >= sizeof digits)
		return false;
	snprintf(digits, sizeof digits, "%.*s", (int)len, c->at);
	if (!barista_parse_int(digits, out))
		return false;
	c->at += len;
	return true;
}

bool barista_cursor_number(struct barista_cursor *c, const char *what, int64_t limit, int64_t *out)
{
	const char *from = c->at;
	char why[120];

	if (barista_cursor_digits(c, out) && *out >= 1 && *out <= limit)
		return true;
	snprintf(why, sizeof why, "%s must be a whole number from 1 to %lld, not '%.20s'", what,
		 (long long)limit, from);
	return barista_cursor_fail(c, why);
}

bool barista_cursor_word(struct barista_cursor *c, const char *what, const char *const *words,
			 size_t *out)
{
	size_t len = strcspn(c->at, "/:");
	char word[24], hint[64], list[120] = "", why[260];

	snprintf(word, sizeof word, "%.*s", (int)(len < sizeof word ? len : sizeof word - 1),
		 c->at);
	*out = barista_word_index(words, word);
	if (words[*out]) {
		c->at += len;
		return true;
	}
	barista_suggest_from(hint, sizeof hint, word, words);
	for (size_t i = 0; words[i]; i++)
		snprintf(list + strlen(list), sizeof list - strlen(list), "%s%s", i ? " or " : "",
			 words[i]);
	snprintf(why, sizeof why, "unknown %s '%s'%s (%s)", what, word, hint, list);
	return barista_cursor_fail(c, why);
}

bool barista_cursor_knob(struct barista_cursor *c, const struct barista_knob *knob, double *out)
{
	const char *from = c->at;
	int64_t v;

	if (!barista_cursor_digits(c, &v))
		return barista_cursor_fail(c, NULL);
	if ((double)v < knob->lo || (double)v > knob->hi) {
		const char *noun = strrchr(c->noun, ' ');

		barista_fail(c->err, BARISTA_E_ARGUMENT,
			     "%s '%.60s': %s must be from %.0f to %.0f, not %.*s",
			     noun ? noun + 1 : c->noun, c->text, knob->name, knob->lo, knob->hi,
			     (int)(c->at - from), from);
		return false;
	}
	*out = (double)v;
	return true;
}

bool barista_cursor_precision(struct barista_cursor *c, const char *default_name, double *out)
{
	if (*c->at && (*c->at != ':' || !c->at[1]))
		return barista_cursor_fail(c, NULL);
	return !barista_precision_parse(*c->at ? c->at + 1 : default_name, out, c->err);
}

int barista_cursor_parse(const char *text, const char *noun, const char *expected,
			 bool (*design)(struct barista_cursor *cursor, struct barista_point *point),
			 struct barista_point *out, struct barista_err *err)
{
	struct barista_cursor c = {text, text, noun, expected, err};
	struct barista_point p = {.nstages = 0};

	if (!design(&c, &p))
		return err->status;
	*out = p;
	return 0;
}
