/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FAMILIES_REGISTRY_H
#define FAMILIES_REGISTRY_H

#include "barista/family.h"

extern const struct barista_family *const barista_families[]; /* NULL-terminated */

#endif
