/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MODEL_POINT_H
#define MODEL_POINT_H

#include "barista.h"
#include "barista/family.h"

#include <string.h>

/* Copies a point without the stages that it does not have, which are most of its bytes. */
static inline void barista_point_copy(struct barista_point *to, const struct barista_point *from)
{
	memcpy(to->knob, from->knob, sizeof to->knob);
	to->nstages = from->nstages;
	memcpy(to->stage, from->stage, from->nstages * sizeof *from->stage);
}

#endif
