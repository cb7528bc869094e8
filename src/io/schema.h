/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_SCHEMA_H
#define IO_SCHEMA_H

#include "io/yaml.h"
#include "barista/family.h"

enum barista_field_type {
	BARISTA_FIELD_STRING,   /* const char *, not empty */
	BARISTA_FIELD_INT,      /* int64_t within lo..hi */
	BARISTA_FIELD_BOOL,     /* bool: true or false */
	BARISTA_FIELD_QUANTITY, /* double of that dimension within lo..hi */
	BARISTA_FIELD_INTS,     /* int64_t[count], each within lo..hi: a sequence of that length */
	BARISTA_FIELD_MAP,      /* struct barista_node *, a mapping */
	BARISTA_FIELD_LIST,     /* struct barista_node *, a sequence */
	BARISTA_FIELD_ANY,      /* struct barista_node *, decoded by the caller */
};

/* A key of a mapping, what its value may be, and where the value goes: offset bytes into the
 * object. */
struct barista_field {
	const char *key;
	enum barista_field_type type;
	size_t offset;
	bool required;
	double lo, hi;                    /* inclusive */
	enum barista_dimension dimension; /* of a quantity */
	size_t count;                     /* of BARISTA_FIELD_INTS */
};

/* A row for a member of a struct: its key, the type of its value, and by their names what else of
 * struct barista_field is not zero. */
#define BARISTA_FIELD(name, kind, object, member, ...)                                           \
	{                                                                                        \
		.key = (name), .type = BARISTA_FIELD_##kind, .offset = offsetof(object, member), \
		__VA_ARGS__                                                                      \
	}

/* The rows for what every file of the catalog begins with. The object has members of these names.
 */
#define BARISTA_FIELDS_OF_FILE(object)                                         \
	BARISTA_FIELD("kind", STRING, object, kind, .required = true),         \
		BARISTA_FIELD("name", STRING, object, name, .required = true), \
		BARISTA_FIELD("title", STRING, object, title, .required = true)

/* Decodes a mapping into dest. Unknown, missing, mistyped and out-of-range keys fail at
 * their place; keys that are absent and not required leave dest as it is. */
int barista_decode(const struct barista_doc *doc, const struct barista_node *map,
		   const struct barista_field *field, size_t nfields, void *dest,
		   struct barista_err *err);

/* Decodes a sequence of exactly count whole numbers from lo to hi; count at most 8. */
int barista_decode_ints(const struct barista_doc *doc, const struct barista_node *node,
			const char *name, double lo, double hi, size_t count, int64_t *out,
			struct barista_err *err);
/* The same for a single number. */
int barista_decode_int(const struct barista_doc *doc, const struct barista_node *node,
		       const char *name, double lo, double hi, int64_t *out,
		       struct barista_err *err);

/* Decodes one scalar with its unit into SI, which must be within lo..hi; name is for the message.
 */
int barista_decode_quantity(const struct barista_doc *doc, const struct barista_node *node,
			    const char *name, enum barista_dimension dimension, double lo,
			    double hi, double *out, struct barista_err *err);

/* Decodes a fact {value, source, status, note, low, high}. The source is looked up in the file's
 * sources. A bound that is not given (low, high) is the value. */
int barista_decode_fact(const struct barista_doc *doc, const struct barista_node *node,
			const struct barista_node *sources, const char *name,
			enum barista_dimension dimension, double lo, double hi,
			struct barista_quantity *out, struct barista_err *err);

/* Checks the source that a fact names, which the file's sources must explain, and its status. *text
 * becomes the explanation. */
int barista_decode_origin(const struct barista_doc *doc, const struct barista_node *node,
			  const struct barista_node *sources, const char *source,
			  const char *status, const struct barista_node **text,
			  struct barista_err *err);

/* Fails unless every value of the mapping is a non-empty text. */
int barista_check_sources(const struct barista_doc *doc, const struct barista_node *sources,
			  struct barista_err *err);

/* Fails at an unknown word; `what` says of what sort it is. The message suggests a near one of
 * those known, or lists them. */
int barista_fail_unknown(const struct barista_doc *doc, const struct barista_node *node,
			 const char *what, const char *const *known, struct barista_err *err);

#endif
