/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FAMILIES_STREAMING_ROW_DEPENDENCE_H
#define FAMILIES_STREAMING_ROW_DEPENDENCE_H

/* Which rows of a stage wait for which rows of the one before it. Private to the family. */
#include "barista/family.h"
#include "network/workload.h"

/* A pass of one layer along the height of its images. */
struct streaming_axis {
	int64_t in, out; /* rows */
	int64_t reach;   /* rows that the kernel spans, the holes of a dilated one included */
	int64_t stride, pad;
	bool spread; /* an input row spreads over `reach` output rows; else a window gathers */
};

struct streaming_axis barista_streaming_axis(const struct barista_mac_layer *l,
					     enum barista_pass pass);

/* Rows that a producer, which makes so many per sample, must have made before row r can start. */
int64_t barista_streaming_needed_rows(const struct streaming_axis *a, int64_t producer_rows,
				      int64_t r);

/* Rows of a line buffer with which a stage at the pace of its producer never holds it up. */
int64_t barista_streaming_line_buffer_rows(const struct streaming_axis *a, int64_t producer_rows);

#endif
