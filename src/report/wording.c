/* SPDX-License-Identifier: GPL-3.0-or-later */
/* This file puts kernels and counts into words. */
#include "report/wording.h"

#include "model/metric.h"
#include "report/prose.h"
#include "search/rankings.h"

#include <stdio.h>

const char *barista_kernel_text(char buf[BARISTA_POINT_TEXT], const struct barista_board *b,
				const struct barista_candidate *c)
{
	b->model.family->format(&c->point, buf, BARISTA_POINT_TEXT);
	return buf;
}

const char *barista_count_text(char buf[32], double n)
{
	snprintf(buf, 32, n < 1e9 ? "%.0f" : "%.3g", n);
	return buf;
}

const char *barista_ppw_label(const struct barista_family *family)
{
	return family->pipelined ? "PPW" : "mean PPW";
}

const char *barista_objective_label(const struct barista_board *b, enum barista_rank objective)
{
	static const char *const label[BARISTA_NOBJECTIVES] = {
		[BARISTA_RANK_PPW_TOTAL] = "total PPW",
		[BARISTA_RANK_TIME] = "time per image",
		[BARISTA_RANK_ENERGY] = "energy per image",
		[BARISTA_RANK_EDP] = "energy times delay",
	};

	return label[objective] ? label[objective] : barista_ppw_label(b->model.family);
}

const char *barista_objective_text(char buf[64], enum barista_rank objective, double value)
{
	enum barista_metric metric = barista_objective_metric(objective);

	return barista_prose_quantity(buf, value, barista_metric_defs[metric].dimension);
}
