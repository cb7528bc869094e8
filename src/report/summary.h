/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPORT_SUMMARY_H
#define REPORT_SUMMARY_H

#include "report/prose.h"
#include "report/report.h"

/* Writes the head of a report: what was searched and how surely, and what to build. */
void barista_report_summary(struct barista_prose *p, const struct barista_report *r);

#endif
