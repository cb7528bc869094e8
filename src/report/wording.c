/* SPDX-License-Identifier: GPL-3.0-or-later */
/* This file puts kernels and counts into words. */
#include "report/wording.h"

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
