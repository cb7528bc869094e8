/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPORT_QUANTITIES_H
#define REPORT_QUANTITIES_H

#include "report/format.h"

/* Every quantity of a board (a struct barista_device), or of a CPU, a GPU or a host (a struct
 * barista_baseline), with its range, unit and source. */
extern const struct barista_document barista_device_document, barista_baseline_document;

#endif
