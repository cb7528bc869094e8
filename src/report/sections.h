/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPORT_SECTIONS_H
#define REPORT_SECTIONS_H

#include "report/prose.h"
#include "report/report.h"

/* Writes the sections of a report below its head, those that this run has, each with its table. */
void barista_report_sections(struct barista_prose *p, const struct barista_report *r);

#endif
