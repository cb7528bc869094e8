/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the unit tests share. [Barista] is arXiv 2006.13829. */
#ifndef UNIT_CHECK_H
#define UNIT_CHECK_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "barista.h"
#include "barista/family.h"
#include "network/workload.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define GROUP(tests) cmocka_run_group_tests_name(__FILE__, tests, NULL, NULL)

/* Fails with the condition and the row it failed on. */
#define CHECK(ok, ...)                                      \
	do {                                                \
		if (!(ok)) {                                \
			print_error("not true: %s\n", #ok); \
			fail_msg(__VA_ARGS__);              \
		}                                           \
	} while (0)
#define CHECK_OK(rc, err) CHECK((rc) == BARISTA_OK, "status %d: %s", (rc), (err)->msg)

/* |a - b| <= tolerance * |b| */
bool near(double a, double b, double tolerance);

/* SplitMix64: the same numbers everywhere. */
struct random {
	uint64_t state;
};
uint64_t random_next(struct random *r);
double random_unit(struct random *r);                         /* in [0, 1) */
int64_t random_int(struct random *r, int64_t lo, int64_t hi); /* inclusive */
/* Whole, from 1 to hi, small and large values alike; powers of two half of the time. */
double random_size(struct random *r, double hi);

/* A folder of this run's own, removed at its end, and files in it. The path is valid
 * until the eighth call after. */
const char *temp_path(const char *name);
const char *write_text(const char *name, const char *text);
const char *write_bytes(const char *name, const void *data, size_t size);
size_t files_in(const char *folder);
void temp_make(void);
void temp_remove(void);

/* Runs an attempt as it is, and with one request for memory failing: the first, the second and so
 * on, up to more than it makes; of the later ones some are left out. It must come to the same, or
 * say that memory ran out; the attempt checks what it makes, and frees it. */
void each_out_of_memory(int (*attempt)(void *user, struct barista_err *err), void *user);
/* The same up to the request `most`, for attempts that take long. */
void first_out_of_memory(int (*attempt)(void *user, struct barista_err *err), void *user,
			 long most);

enum { DATA_NAMES = 64 };
/* The names of the files of a folder below the project's root. */
size_t data_names(const char *folder, char name[DATA_NAMES][64]);

struct fixture {
	struct barista_device *dev;
	struct barista_workload *net;
	struct barista_lowered *lowered;
	struct barista_model model;
};
void fixture_open(struct fixture *f, const char *device, const char *network,
		  struct barista_lowering lowering);
void fixture_close(struct fixture *f);
void fixture_set(struct fixture *f, const char *assignment);

/* A network file with one layer's line, loaded; the caller frees it. */
int load_layer(const char *line, int batch, struct barista_workload **net, struct barista_err *err);
/* The same as a fixture, with both layer kinds lowered. */
void fixture_layer(struct fixture *f, const char *device, const char *line, int batch,
		   bool whole_batch);

/* A network as the streaming family has it. */
void streaming_open(struct fixture *f, const char *device, const char *network);

/* A network of one fully connected layer whose forward GEMM is m x n x k; no file. */
struct one_gemm {
	struct barista_mac_layer layer;
	struct barista_layer step;
	struct barista_workload net;
};
void gemm_open(struct fixture *f, struct one_gemm *one, struct barista_device *dev, int64_t m,
	       int64_t n, int64_t k);
size_t find_gemm(const struct barista_lowered *lowered, enum barista_pass pass);
double term_of(const struct fixture *f, const struct barista_point *point, size_t gemm,
	       const char *symbol);
/* Any precision or mix of precisions that the device has. */
double random_precision(struct random *r, const struct barista_device *dev);
/* Any tiles up to hi and any precision. */
/* Barista's kernel, one output and one multiplier per PE; and ranges that keep to it. */
struct barista_point plain_point(double m, double n, double k, double precision);
void plain_ranges(struct barista_space *space);
/* A search with this many kernels kept per ranking; `how` is EXACT or SWEPT. */
enum { EXACT, SWEPT };
int run_search(struct barista_search **out, const struct fixture *f,
	       const struct barista_space *space, const double *baseline, size_t top, int how,
	       struct barista_err *err);
struct barista_point random_rich_point(struct random *r, const struct barista_device *dev,
				       double hi);
struct barista_point random_point(struct random *r, const struct barista_device *dev, double hi);

/* spaces.c: random boards, networks and spaces of the richer kernel. */
enum { SPACE_POINTS = 4000 };
/* One of the small networks, or a layer, on a board whose facts are all over the place. */
void random_fixture(struct random *r, struct fixture *f);
struct barista_space random_rich_space(struct random *r, const struct fixture *f);
/* A point of it. */
struct barista_point random_in_space(struct random *r, const struct fixture *f,
				     const struct barista_space *space);
/* What is past the last stage does not count. */
bool same_point(const struct barista_point *a, const struct barista_point *b);
double space_points(const struct fixture *f, const struct barista_space *space);
struct barista_search_options random_front(struct random *r, enum barista_metric metric[4]);
/* Fails unless two searches kept the same, bit for bit. */
void check_same_kept(const struct barista_search *a, const struct barista_search *b);

/* "16x16x64:fp32" on the model. class_time is the caller's or NULL. */
struct barista_point kernel(const char *text);
struct barista_result evaluate(const struct barista_model *model, const char *kernel_text,
			       double *class_time);

int test_base(void);
int test_array(void);
int test_text(void);
int test_unit(void);
int test_yaml(void);
int test_schema(void);
int test_table(void);
int test_file(void);
int test_folder(void);
int test_picture(void);
int test_data(void);
int test_layer(void);
int test_lower(void);
int test_equations(void);
int test_explain(void);
int test_resources(void);
int test_device(void);
int test_input(void);
int test_precision(void);
int test_baseline(void);
int test_calibrate(void);
int test_public(void);
int test_published(void);
int test_properties(void);
int test_search(void);
int test_set(void);
int test_tile(void);
int test_refgemm(void);
int test_half(void);
int test_verify(void);
int test_richer(void);
int test_spread(void);
int test_points(void);
int test_robust_fit(void);
int test_exact(void);
int test_bounds(void);
int test_checkpoint(void);
int test_ranks(void);
int test_no_memory(void);
int test_objectives(void);
int test_whatif(void);
int test_layered(void);
int test_layered_list(void);
int test_layered_sim(void);
int test_onnx(void);
int test_onnx_errors(void);
int test_prototext(void);
int test_caffe(void);
int test_steps(void);
int test_cluster(void);
int test_cluster_points(void);
int test_cluster_random(void);
int test_streaming(void);
int test_streaming_list(void);

#endif
