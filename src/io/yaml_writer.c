/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/yaml_writer.h"

#include "base/utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* ---- text ---- */

static int append(void *data, unsigned char *bytes, size_t n)
{
	struct barista_yaml_writer *w = data;

	return barista_buffer_append(&w->text, w->arena, bytes, n);
}

/* Text that a workload file may hold: no control characters, valid UTF-8, of a length that people
 * read. */
void barista_yaml_writer_clean(char *to, size_t size, const char *from)
{
	bool plain;

	snprintf(to, size, "%s", from);
	for (char *p = to; *p; p++)
		if ((unsigned char)*p < 0x20 || *p == 0x7f)
			*p = '?';
	/* Byte-order marks and U+FFFE and U+FFFF are characters, but YAML has none. */
	plain = barista_utf8_valid(to) && !strstr(to, "\xef\xbb\xbf") &&
		!strstr(to, "\xef\xbf\xbe") && !strstr(to, "\xef\xbf\xbf");
	for (char *p = to; *p && !plain; p++)
		if ((unsigned char)*p >= 0x80)
			*p = '?';
}

void barista_yaml_writer_comment(struct barista_yaml_writer *w, const char *fmt, ...)
{
	char text[600], safe[600];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	barista_yaml_writer_clean(safe, sizeof safe, text);
	w->failed |= !append(w, (unsigned char *)"# ", 2) ||
		     !append(w, (unsigned char *)safe, strlen(safe)) ||
		     !append(w, (unsigned char *)"\n", 1);
}

/* ---- YAML ---- */

bool barista_yaml_writer_open(struct barista_yaml_writer *w, struct barista_arena *arena)
{
	*w = (struct barista_yaml_writer){.arena = arena};
	if (!yaml_emitter_initialize(&w->emitter))
		return false;
	yaml_emitter_set_output(&w->emitter, append, w);
	yaml_emitter_set_unicode(&w->emitter, 1);
	yaml_emitter_set_width(&w->emitter, -1);
	return true;
}

void barista_yaml_writer_close(struct barista_yaml_writer *w)
{
	yaml_emitter_delete(&w->emitter);
}

void barista_yaml_writer_event(struct barista_yaml_writer *w, yaml_event_t *event, int made)
{
	if (made && w->failed)
		yaml_event_delete(event);
	else if (!made || !yaml_emitter_emit(&w->emitter, event))
		w->failed = true;
}

void barista_yaml_writer_scalar(struct barista_yaml_writer *w, const char *text, bool quoted)
{
	yaml_event_t e;

	barista_yaml_writer_event(
		w, &e,
		yaml_scalar_event_initialize(
			&e, NULL, NULL, (const yaml_char_t *)text, (int)strlen(text), 1, 1,
			quoted ? YAML_DOUBLE_QUOTED_SCALAR_STYLE : YAML_PLAIN_SCALAR_STYLE));
}

void barista_yaml_writer_pair(struct barista_yaml_writer *w, const char *key, const char *text)
{
	char safe[600];

	barista_yaml_writer_clean(safe, sizeof safe, text);
	barista_yaml_writer_scalar(w, key, false);
	barista_yaml_writer_scalar(w, safe, true);
}

void barista_yaml_writer_number(struct barista_yaml_writer *w, int64_t value)
{
	char text[32];

	snprintf(text, sizeof text, "%lld", (long long)value);
	barista_yaml_writer_scalar(w, text, false);
}

void barista_yaml_writer_number_pair(struct barista_yaml_writer *w, const char *key, int64_t value)
{
	barista_yaml_writer_scalar(w, key, false);
	barista_yaml_writer_number(w, value);
}

void barista_yaml_writer_open_map(struct barista_yaml_writer *w, bool flow)
{
	yaml_mapping_style_t style = flow ? YAML_FLOW_MAPPING_STYLE : YAML_BLOCK_MAPPING_STYLE;
	yaml_event_t e;

	barista_yaml_writer_event(w, &e,
				  yaml_mapping_start_event_initialize(&e, NULL, NULL, 1, style));
}

void barista_yaml_writer_open_list(struct barista_yaml_writer *w, bool flow)
{
	yaml_event_t e;
	yaml_sequence_style_t style = YAML_BLOCK_SEQUENCE_STYLE;

	if (flow)
		style = YAML_FLOW_SEQUENCE_STYLE;
	barista_yaml_writer_event(w, &e,
				  yaml_sequence_start_event_initialize(&e, NULL, NULL, 1, style));
}

void barista_yaml_writer_close_map(struct barista_yaml_writer *w)
{
	yaml_event_t e;

	barista_yaml_writer_event(w, &e, yaml_mapping_end_event_initialize(&e));
}

void barista_yaml_writer_close_list(struct barista_yaml_writer *w)
{
	yaml_event_t e;

	barista_yaml_writer_event(w, &e, yaml_sequence_end_event_initialize(&e));
}

void barista_yaml_writer_numbers_pair(struct barista_yaml_writer *w, const char *key,
				      const int64_t *value, size_t n)
{
	barista_yaml_writer_scalar(w, key, false);
	barista_yaml_writer_open_list(w, true);
	for (size_t i = 0; i < n; i++)
		barista_yaml_writer_number(w, value[i]);
	barista_yaml_writer_close_list(w);
}

void barista_yaml_writer_flag(struct barista_yaml_writer *w, const char *key, bool value)
{
	barista_yaml_writer_scalar(w, key, false);
	barista_yaml_writer_scalar(w, value ? "true" : "false", false);
}
