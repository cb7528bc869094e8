/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one list of architectures. */
#include "model/family.h"

#include <string.h>

const struct barista_family *const barista_families[] = {
	&barista_systolic,
	NULL,
};

const struct barista_family *barista_family_find(const char *name)
{
	for (size_t i = 0; barista_families[i]; i++)
		if (!strcmp(barista_families[i]->name, name))
			return barista_families[i];
	return NULL;
}

size_t barista_term_find(const struct barista_family *family, const char *symbol)
{
	size_t i = 0;

	while (i < family->nterms && strcmp(family->term[i].symbol, symbol))
		i++;
	return i;
}
