/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one list of architectures. To add one: a folder, and a row here. */
#include "families/registry.h"

#include <string.h>

extern const struct barista_family barista_systolic, barista_layered, barista_streaming,
	barista_cluster;

const struct barista_family *const barista_families[] = {
	&barista_systolic, &barista_layered, &barista_streaming, &barista_cluster, NULL,
};

const char *barista_family_name(size_t i)
{
	size_t n = 0;

	while (barista_families[n])
		n++;
	return i < n ? barista_families[i]->name : NULL;
}

const struct barista_family *barista_family_find(const char *name)
{
	for (size_t i = 0; barista_families[i]; i++)
		if (!strcmp(barista_families[i]->name, name))
			return barista_families[i];
	return NULL;
}
