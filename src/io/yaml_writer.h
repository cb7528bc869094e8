/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_YAML_WRITER_H
#define IO_YAML_WRITER_H

#include "base/buffer.h"

#include <stdint.h>

#include <yaml.h>

/* YAML that is written into memory. What fails is kept in `failed`, to be asked once at the end. */
struct barista_yaml_writer {
	yaml_emitter_t emitter;
	struct barista_arena *arena;
	struct barista_buffer text;
	bool failed;
};

bool barista_yaml_writer_open(struct barista_yaml_writer *w, struct barista_arena *arena);
void barista_yaml_writer_close(struct barista_yaml_writer *w);

/* Text that a workload file may hold: no control characters, valid UTF-8, of a length that people
 * read. */
void barista_yaml_writer_clean(char *to, size_t size, const char *from);
/* A line of its own. */
void barista_yaml_writer_comment(struct barista_yaml_writer *w, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* An event, if it was made. */
void barista_yaml_writer_event(struct barista_yaml_writer *w, yaml_event_t *event, int made);
void barista_yaml_writer_scalar(struct barista_yaml_writer *w, const char *text, bool quoted);
void barista_yaml_writer_number(struct barista_yaml_writer *w, int64_t value);
/* flow: in one line. */
void barista_yaml_writer_open_map(struct barista_yaml_writer *w, bool flow);
void barista_yaml_writer_close_map(struct barista_yaml_writer *w);
void barista_yaml_writer_open_list(struct barista_yaml_writer *w, bool flow);
void barista_yaml_writer_close_list(struct barista_yaml_writer *w);

/* A key and its value: text, which is cleaned and quoted, or something else. */
void barista_yaml_writer_pair(struct barista_yaml_writer *w, const char *key, const char *text);
void barista_yaml_writer_number_pair(struct barista_yaml_writer *w, const char *key, int64_t value);
void barista_yaml_writer_numbers_pair(struct barista_yaml_writer *w, const char *key,
				      const int64_t *value, size_t n);
void barista_yaml_writer_flag(struct barista_yaml_writer *w, const char *key, bool value);

#endif
