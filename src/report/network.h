/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPORT_NETWORK_H
#define REPORT_NETWORK_H

#include "report/format.h"

/* This document writes a struct barista_workload and its layers. Its table is that of the MAC
 * layers. */
extern const struct barista_document barista_network_document;

#endif
