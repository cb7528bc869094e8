/* SPDX-License-Identifier: GPL-3.0-or-later */
/* These are short ways to fill in JSON objects. */
#ifndef REPORT_JSON_SET_H
#define REPORT_JSON_SET_H

#include "io/table.h"

/* Sets a number, or null when it is not finite. */
static inline void barista_set_real(json_t *object, const char *key, double value)
{
	json_object_set_new(object, key, barista_json_real(value));
}

/* Sets a string, or null for NULL. */
static inline void barista_set_text(json_t *object, const char *key, const char *text)
{
	json_object_set_new(object, key, text ? json_string(text) : json_null());
}

static inline void barista_set_bool(json_t *object, const char *key, bool value)
{
	json_object_set_new(object, key, json_boolean(value));
}

#endif
