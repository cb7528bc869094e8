/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPORT_QUANTITIES_H
#define REPORT_QUANTITIES_H

#include "report/format.h"

/* These documents write every quantity, with its range, unit and source: of a board (a struct
 * barista_device), and of a CPU, a GPU or a host (a struct barista_baseline). */
extern const struct barista_document barista_device_document, barista_baseline_document;

#endif
