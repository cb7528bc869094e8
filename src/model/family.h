/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MODEL_FAMILY_H
#define MODEL_FAMILY_H

#include "barista.h"

extern const struct barista_family barista_systolic, barista_layered, barista_streaming,
	barista_cluster;

/* Index of a term by its symbol; nterms when the family has none of that name. */
size_t barista_term_find(const struct barista_family *family, const char *symbol);

#endif
