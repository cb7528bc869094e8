/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPORT_REPORT_DOCUMENT_H
#define REPORT_REPORT_DOCUMENT_H

#include "report/format.h"

/* This document writes a struct barista_report, the whole report of a search. Its table is that
 * of the layers. */
extern const struct barista_document barista_report_document;

#endif
