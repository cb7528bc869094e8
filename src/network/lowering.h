/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NETWORK_LOWERING_H
#define NETWORK_LOWERING_H

#include "barista/family.h"

extern const char *const barista_pass_names[BARISTA_NPASSES];

/* Lowers a network (models: [Barista] III-A and Caffe's convolution layers).
 * Fails with BARISTA_E_INPUT when no layer is left, or a product passes 2^53. */
int barista_lower(struct barista_lowered **out, const struct barista_workload *net,
		  struct barista_lowering lowering, struct barista_err *err);

void barista_lowered_free(struct barista_lowered *lowered);

#endif
