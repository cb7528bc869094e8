/* SPDX-License-Identifier: GPL-3.0-or-later */
/* JSON documents that are written. Memory may run out at any of a thousand places of a document:
 * these functions remember that it did, for the thread that builds, and barista_json_print() then
 * refuses the document. So nothing is ever left out of one in silence, and only the end must be
 * asked. A document is built by one thread, in one go, and printed by it. */
#ifndef IO_JSON_H
#define IO_JSON_H

#include "base/err.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

/* A number; null when it is not finite. */
json_t *barista_json_real(double value);

/* A text; null for NULL. Bytes that are no UTF-8 become U+FFFD. */
json_t *barista_json_text(const char *text);

/* Set a member, and append an item. They take the value over; a NULL is one that there was no
 * memory for. */
void barista_json_set(json_t *object, const char *key, json_t *value);
void barista_json_append(json_t *list, json_t *value);

/* Sets all members of another object, and releases that. */
void barista_json_set_all(json_t *object, json_t *members);

void barista_json_set_real(json_t *object, const char *key, double value);
void barista_json_set_text(json_t *object, const char *key, const char *text);
void barista_json_set_bool(json_t *object, const char *key, bool value);

/* Returns the text of a value, for free(); NULL without memory. */
char *barista_json_dump(const json_t *value);

/* Reads such a text back. NULL without memory, and for any text that it is not, to the last space.
 */
json_t *barista_json_reload(const char *text, size_t size);

/* Releases the value, and writes all of it or nothing. Fails with BARISTA_E_SYSTEM when memory ran
 * out here or while it was built. */
int barista_json_print(json_t *value, FILE *f, struct barista_err *err);

#endif
