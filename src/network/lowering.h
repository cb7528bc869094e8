/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NETWORK_LOWERING_H
#define NETWORK_LOWERING_H

#include "barista/family.h"

/* Names of the passes, as reports and precisions have them. */
extern const char *const barista_pass_names[BARISTA_NPASSES];

/* Lowers a network to GEMMs, as [Barista] III-A and Caffe's layers do. Fails with BARISTA_E_INPUT
 * when no layer is left that multiplies, or when a product passes 2^53. The network must outlive
 * it. */
int barista_lower(struct barista_lowered **out, const struct barista_workload *net,
		  struct barista_lowering lowering, struct barista_err *err);

void barista_lowered_free(struct barista_lowered *lowered);

#endif
