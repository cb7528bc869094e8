/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BENCH_H
#define BENCH_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/* The searches: evaluations per second, threads, ranks, and whole commands. */
void bench_search(json_t *out, const char *program, const char *mpi_program);

/* The import of a network of Caffe. */
void bench_import(json_t *out, const char *program);

/* Tiling against memcpy and against appending elements, over the sizes that `calibrate` has. */
void bench_tiling(json_t *out);

/* A growing array. append() is a call for each element, as the paper's runtime has it; false when
 * out of memory. */
struct growing {
	float *data;
	size_t n, room;
};
bool append(struct growing *a, float element);

#endif
