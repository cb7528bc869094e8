/* SPDX-License-Identifier: GPL-3.0-or-later */
/* This document writes a report in every format. */
#include "report/report_document.h"

#include "report/sections.h"
#include "report/summary.h"

static void text(struct barista_prose *p, const void *report)
{
	barista_report_summary(p, report);
	barista_report_sections(p, report);
}

static struct barista_table *table(const void *report)
{
	return barista_layers_table(report, true);
}

static json_t *json(const void *report)
{
	return barista_report_json(report);
}

const struct barista_document barista_report_document = {text, table, json};
