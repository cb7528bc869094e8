/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * libbarista: an analytical performance model and design-space explorer for FPGA accelerators that
 * train neural networks.
 *
 * The way through it: load a board and a network, make a model of the two under an architecture,
 * then evaluate designs that you name or search for the best ones. <barista/family.h> is for those
 * who write an architecture of their own.
 *
 * Units. Every number is SI: seconds, hertz, bits, bits per second, watts, joules. `op` counts a
 * multiply and an add as two. PPW is performance per watt, op/s/W, the same as op/J. NaN stands for
 * "not known" wherever a comment says so.
 *
 * Errors. Functions that can fail return enum barista_status and take a caller-owned struct
 * barista_err last, for the message; it must not be NULL. On failure they leave their outputs
 * untouched, on success the message. The library never prints, never exits and starts no other
 * program.
 *
 * Ownership. What a function hands out through `struct ... **out` is the caller's, to be freed by
 * the function named ..._free(), which takes NULL too. Pointers that accessors return belong to the
 * object that was asked and live as long as it does. A model keeps pointers to its board and its
 * network, a search to its model: free them in the reverse order.
 *
 * Threads. Objects are not shared behind the caller's back: different threads may use different
 * objects at the same time, and may read the same one as long as none changes it. A search of many
 * points starts threads of its own; callbacks say which thread calls them.
 *
 * [Barista] is "Caffe Barista: Brewing Caffe with FPGAs in the Training Loop" (FPL 2020, arXiv
 * 2006.13829). The equations, with their sources, are printed by `barista-dse eval --explain`.
 */
#ifndef BARISTA_H
#define BARISTA_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BARISTA_VERSION_MAJOR 0
#define BARISTA_VERSION_MINOR 2
#define BARISTA_VERSION_PATCH 0
#define BARISTA_VERSION "0.2.0"

#ifdef __cplusplus
extern "C" {
#endif
#pragma GCC visibility push(default)

/* The version of the library that runs, which may be newer than BARISTA_VERSION. */
const char *barista_version(void);

enum barista_status {
	BARISTA_OK = 0,
	BARISTA_E_INFEASIBLE, /* no design fits the board, or a check failed */
	BARISTA_E_ARGUMENT,   /* an argument is wrong: a name, a range, a design's text */
	BARISTA_E_INPUT,      /* a file is wrong; the message has its file:line:column */
	BARISTA_E_SYSTEM,     /* memory, disk or a tool failed */
	BARISTA_E_STOPPED     /* the caller's stop flag ended it before there was a result */
};

struct barista_err {
	int status;     /* enum barista_status */
	char msg[1600]; /* lower case, no full stop; may hold a line of a file and a caret */
};

/* -------------------------------------------------------------------------- data folder
 * Boards and networks are looked up by name in a folder that holds devices/ and workloads/.
 * Wherever data_dir is NULL it is this one: beside the shared library, or the program that is
 * linked with the static one, as it was installed or built; else where it was to be installed. A
 * name that holds '/' or ends in .yaml is a path instead. */
const char *barista_data_dir(void);

/* Names that can be loaded, sorted. Errors: BARISTA_E_INPUT. */
struct barista_names;
int barista_device_names(struct barista_names **out, const char *data_dir, struct barista_err *err);
int barista_workload_names(struct barista_names **out, const char *data_dir,
			   struct barista_err *err);
/* Name i; NULL past the last. */
const char *barista_names_item(const struct barista_names *names, size_t i);
void barista_names_free(struct barista_names *names);

/* -------------------------------------------------------------------------------- boards */

struct barista_device;

/* Loads a board, e.g. "aws-f1-vu9p". Errors: BARISTA_E_INPUT. */
int barista_device_load(struct barista_device **out, const char *name, const char *data_dir,
			struct barista_err *err);
void barista_device_free(struct barista_device *device);

/* Changes one quantity of a board, with its unit: "memory.bandwidth=3 Gbit/s". Models of the board
 * made before see the change. Errors: BARISTA_E_ARGUMENT. */
int barista_device_set(struct barista_device *device, const char *assignment,
		       struct barista_err *err);

const char *barista_device_name(const struct barista_device *device);
const char *barista_device_title(const struct barista_device *device);

/* One number of a file, in SI, and where it comes from. */
struct barista_quantity {
	double value;
	double low, high;   /* what it may be; both are the value when it is taken as certain */
	const char *source; /* the text behind the file's source key */
	const char
		*status;  /* verified, unverified, derived, fitted, measured, assumed or default */
	const char *note; /* may be NULL */
};

/* A quantity of the board by its path in the file, e.g. "clock.kernel". value is NaN where the file
 * has none and there is no default. Errors: BARISTA_E_ARGUMENT for an unknown path. */
int barista_device_quantity(const struct barista_device *device, const char *path,
			    struct barista_quantity *out, struct barista_err *err);

/* ------------------------------------------------------------------------------ networks */

struct barista_workload;

/* Loads a network: the name of a workload, or a path of a workload (.yaml), a Caffe network
 * (.prototxt, .pbtxt) or an ONNX model (.onnx), which is imported with the default options.
 * Errors: BARISTA_E_INPUT, and those of barista_workload_import(). */
int barista_workload_load(struct barista_workload **out, const char *name, const char *data_dir,
			  struct barista_err *err);

struct barista_import_options {
	const char *solver;       /* Caffe: path of a solver that trains the network; or NULL */
	const char *const *input; /* "3x224x224" or "NAME=3x224x224": sizes without the batch */
	size_t ninputs;
	int64_t batch;   /* images of a pass; 0: the file's */
	bool test_phase; /* Caffe: layers of the test phase; no gradients */
	bool lenient;    /* leave out what is not understood, and say so in the remarks */
};

/* Reads a Caffe network or solver (text) or an ONNX model (a file that ends in .onnx). Shapes
 * follow the rules of Caffe and of the ONNX operators; which gradients exist follows Caffe's
 * lr_mult and propagate_down, and for ONNX all weights learn. What is not understood fails, unless
 * lenient. options may be NULL. Errors: BARISTA_E_INPUT with file:line:column, or the node;
 * BARISTA_E_ARGUMENT when the size of an input is missing. */
int barista_workload_import(struct barista_workload **out, const char *path,
			    const struct barista_import_options *options, struct barista_err *err);
void barista_workload_free(struct barista_workload *network);

const char *barista_workload_name(const struct barista_workload *network);
const char *barista_workload_title(const struct barista_workload *network);
/* Images of one pass through the network. */
int64_t barista_workload_batch(const struct barista_workload *network);
/* Lines that the user of an imported network should read; NULL: none. */
const char *barista_workload_remarks(const struct barista_workload *network);
/* What share of the multiply-accumulates import left out, in words; NULL: none. */
const char *barista_workload_incomplete(const struct barista_workload *network);

/* A MAC layer: one that does multiply-accumulates. */
enum barista_mac_layer_type { BARISTA_CONV, BARISTA_FC, BARISTA_DECONV };

/* Shapes are elements, all at least 1 but pad. fc: cin and cout are its sizes, h and oh the rows
 * that it works on per image, everything else 1. */
struct barista_mac_layer {
	const char *name;
	enum barista_mac_layer_type type;
	int64_t cin, h, w, cout, kh, kw, stride_h, stride_w, pad_h, pad_w, dil_h, dil_w, groups;
	int64_t pad_end_h, pad_end_w; /* below and to the right; of a deconv they may be negative */
	int64_t oh, ow;               /* by Caffe's rule: convolution floors */
	bool input_gradient;          /* false when nothing below needs a gradient */
	bool weight_gradient;         /* false when its weights are frozen */
	bool bias;                    /* adds one learned number per output channel */
	int64_t macs;                 /* forward, per image */
	int64_t weights;              /* elements, without bias */
};

size_t barista_workload_mac_layers(const struct barista_workload *network);
/* Layer i in the order of the file; NULL past the last. */
const struct barista_mac_layer *barista_workload_mac_layer(const struct barista_workload *network,
							   size_t i);

/* -------------------------------------------------------------------------------- models */

struct barista_family; /* an architecture, see <barista/family.h> */

/* The architecture of that name, e.g. "systolic"; NULL when there is none. */
const struct barista_family *barista_family_find(const char *name);
/* Name of architecture i; NULL past the last. */
const char *barista_family_name(size_t i);

/* Which layers are on the board; the others are left to the host. */
enum barista_layers {
	BARISTA_LAYERS_DEFAULT, /* what the architecture was published for */
	BARISTA_LAYERS_CONV,    /* convolutions, as [Barista] does */
	BARISTA_LAYERS_ALL      /* fully connected ones too */
};

struct barista_model_options {
	const struct barista_family *family; /* NULL: systolic */
	bool batched_gemm; /* one GEMM covers the batch; else one per image, as Caffe does */
	enum barista_layers layers;
};

/* A network on a board under an architecture. */
struct barista_model;

/* Lowers the network to GEMMs ([Barista] III-A and Caffe's layers). options may be NULL. Errors:
 * BARISTA_E_INPUT when no layer is left, or a product passes 2^53. */
int barista_model_make(struct barista_model **out, const struct barista_workload *network,
		       const struct barista_device *device,
		       const struct barista_model_options *options, struct barista_err *err);
void barista_model_free(struct barista_model *model);

/* The layers that the model counts, in the network's order, and their names. */
size_t barista_model_layers(const struct barista_model *model);
const char *barista_model_layer_name(const struct barista_model *model, size_t layer);

/* ------------------------------------------------------------------------------- designs */

enum barista_metric {
	BARISTA_PPW_MEAN,     /* op/s/W, arithmetic mean over the MAC layers; where layers work at
			       * the same time (streaming, cluster) it is the total */
	BARISTA_PPW_TOTAL,    /* op/s/W, total op / total time / power */
	BARISTA_TIME,         /* s per training image */
	BARISTA_RATE,         /* op/s */
	BARISTA_ENERGY,       /* J per training image */
	BARISTA_POWER,        /* W */
	BARISTA_DSP,          /* blocks */
	BARISTA_BRAM,         /* blocks; a RAMB18 counts half */
	BARISTA_LUT,          /* blocks */
	BARISTA_FF,           /* blocks */
	BARISTA_ROW_BITS,     /* bits of the narrowest tile row */
	BARISTA_PEAK,         /* op/s when every PE works in every cycle */
	BARISTA_BOARDS,       /* boards together; the blocks are of the one that uses the most */
	BARISTA_TILE_DIVIDES, /* 1 when the tile divides evenly over the mesh, else 0 */
	BARISTA_EDP,          /* J s: energy times delay of a training image */
	BARISTA_NMETRICS      /* grows as metrics are added */
};

/* Name of a metric as in JSON, with its unit: "time_s". NULL when there is none of that number. */
const char *barista_metric_key(enum barista_metric metric);

/* A design and what it reaches. Those of a search belong to it; one that was evaluated by itself
 * may outlive its model, which functions that take a model must get again. */
struct barista_candidate;

/* Evaluates the design that the text names in its architecture's notation, e.g. "16x16x64:fp32".
 * It need not fit the board: see barista_candidate_feasible(). Errors: BARISTA_E_ARGUMENT;
 * BARISTA_E_INFEASIBLE when the board cannot build it at all (a precision is missing). */
int barista_evaluate_design(struct barista_candidate **out, const struct barista_model *model,
			    const char *text, struct barista_err *err);
void barista_candidate_free(struct barista_candidate *candidate);

/* NaN for a metric that there is not. */
double barista_candidate_metric(const struct barista_candidate *candidate,
				enum barista_metric metric);
/* Is it within every budget of the board? */
bool barista_candidate_feasible(const struct barista_model *model,
				const struct barista_candidate *candidate);
/* Seconds per training image, and PPW (0 where it multiplies nothing), of one of the model's
 * layers. NaN for candidates of a Pareto front, which keep no times of layers. */
double barista_candidate_layer_time(const struct barista_model *model,
				    const struct barista_candidate *candidate, size_t layer);
double barista_candidate_layer_ppw(const struct barista_model *model,
				   const struct barista_candidate *candidate, size_t layer);
/* Writes the design in its architecture's notation, at most size bytes with the closing NUL;
 * returns how long the whole text is. */
size_t barista_candidate_text(const struct barista_model *model,
			      const struct barista_candidate *candidate, char *buf, size_t size);

/* ---------------------------------------------------------------------------- the search */

/* The designs to search: a range for every knob of the architecture, and precisions. */
struct barista_space;

/* Every useful value of every knob, in the architecture's usual precision; knobs that are searched
 * on demand only are fixed. Knobs are those of struct barista_family, which `barista-dse list
 * knobs` prints. The model must outlive it. */
int barista_space_make(struct barista_space **out, const struct barista_model *model,
		       struct barista_err *err);
void barista_space_free(struct barista_space *space);
/* Limits a knob, by its name ("tile_m"), to whole values from low to high. Errors:
 * BARISTA_E_ARGUMENT. */
int barista_space_set_range(struct barista_space *space, const char *knob, double low, double high,
			    struct barista_err *err);
/* Powers of two only, for all knobs: a quick look. */
void barista_space_set_powers_of_two(struct barista_space *space);
/* Name of precision i; NULL past the last. */
const char *barista_precision_name(size_t i);
/* Precisions to search, by their names; "fwd=int8" sets one pass and leaves the others in fp32,
 * "bf16,fwd=int8" in bf16. Errors: BARISTA_E_ARGUMENT. A search fails when the board has no
 * multipliers for one. */
int barista_space_set_precisions(struct barista_space *space, const char *const *names, size_t n,
				 struct barista_err *err);

/* done of total is how far the search is, in units of its own; evaluated counts designs, and is NaN
 * where it means nothing. Called now and then, by any thread of the search, one at a time. */
typedef void (*barista_progress)(void *user, double done, double total, double evaluated);

struct barista_batch;
struct barista_ranks;

enum { BARISTA_MAX_KEPT = 10000 };

/* The rankings of a search. Those before BARISTA_NOBJECTIVES, by a metric of the whole network, are
 * what it can be for. */
enum barista_rank {
	BARISTA_RANK_PPW_MEAN,
	BARISTA_RANK_PPW_TOTAL,
	BARISTA_RANK_TIME,
	BARISTA_RANK_ENERGY,
	BARISTA_RANK_EDP,
	BARISTA_NOBJECTIVES,
	BARISTA_RANK_ROUTABLE = BARISTA_NOBJECTIVES, /* by the objective, among designs that use no
						      * more of the DSPs than the board's
						      * rules.flag_dsp; one is kept */
	BARISTA_RANK_OFFLOAD, /* by mean over layers of max(board, baseline); empty without a
			       * baseline, and where all layers share one design */
	BARISTA_NRANKINGS     /* grows as rankings are added */
};

/* The name of an objective, e.g. "ppw-mean"; NULL when there is none of that number. */
const char *barista_objective_name(enum barista_rank objective);

/* All zero is the default. */
struct barista_search_options {
	enum barista_rank objective; /* what the best design of all layers, and of each, is best by:
				      * one of those before BARISTA_NOBJECTIVES */
	double deadline;   /* s per training image: the best design by each objective is sought
			    * among those within it; where none is, it is the fastest. 0: none */
	size_t keep;       /* designs to keep by the objective, at most BARISTA_MAX_KEPT; 0: 5.
			    * Of other objectives one is kept. */
	bool exhaustive;   /* evaluate every feasible design; else branch and bound, same result */
	bool network_only; /* find the best for the network, and none for its layers: faster */
	int threads;       /* of an exhaustive search; 0: as many as there are processors */
	const double *baseline; /* [layers of the model] PPW of another processor that could run a
				 * layer instead, NaN: unknown; or NULL */
	const enum barista_metric *pareto; /* [npareto] metrics of the Pareto front */
	size_t npareto;                    /* 0: no front */
	const volatile sig_atomic_t *stop; /* not 0: end, with the best so far; or NULL. Any thread
					    * and any signal handler may set it. */
	barista_progress progress;         /* or NULL */
	void *progress_user;
	const char *checkpoint; /* file to keep the state of an exhaustive search in, which a later
				 * one resumes; or NULL */
	const char *inputs;     /* with checkpoint or ranks: text that tells all inputs of the
				 * search. A checkpoint or a process of others is refused. */
	/* Receives every feasible design of an exhaustive search, in order, see <barista/family.h>;
	 * not with a checkpoint. Called by the calling thread, which then works alone. To end the
	 * search it fills err and returns err->status, a barista_status. */
	int (*each)(void *user, const struct barista_batch *batch, struct barista_err *err);
	void *each_user;
	const struct barista_ranks *ranks; /* processes that share an exhaustive search; NULL: this
					    * one alone */
};

struct barista_search;

/* Finds the best designs of the space, exactly: by evaluating every feasible one, or by leaving out
 * what is proven not to matter (dominated values, bounded boxes), with the same result bit for bit.
 * space and options may be NULL. Cost: milliseconds to seconds, an exhaustive search minutes.
 * Errors: BARISTA_E_INFEASIBLE, the message names the design that is least over its budgets;
 * BARISTA_E_STOPPED; BARISTA_E_ARGUMENT for an empty range. */
int barista_search_run(struct barista_search **out, const struct barista_model *model,
		       const struct barista_space *space,
		       const struct barista_search_options *options, struct barista_err *err);
void barista_search_free(struct barista_search *search);

/* Candidates of a ranking, best first. Equal ones rank by fewer DSPs, fewer block RAMs, then the
 * smaller knobs in their order. NULL past the last. */
const struct barista_candidate *barista_search_best(const struct barista_search *search,
						    enum barista_rank rank, size_t i);
/* The same for one layer of the model, by the objective of this layer alone: its PPW, time, energy
 * or EDP. NULL in architectures that have one design for all layers, and after a search for the
 * network only. */
const struct barista_candidate *barista_search_layer_best(const struct barista_search *search,
							  size_t layer, size_t i);
/* The Pareto front, in ranking order of its first metric: no other design is at least as good in
 * all its metrics. NULL past the last. */
const struct barista_candidate *barista_search_front(const struct barista_search *search, size_t i);

/* Was it stopped, so that there may be better designs? */
bool barista_search_partial(const struct barista_search *search);

/* Where every point of the space went. All but the seeds add up to the points (as doubles: exactly
 * below 2^53). */
struct barista_certificate {
	double points;
	double over_budget; /* or below a rule: found by the smallest point of a box */
	double dominated;   /* the architecture proves that another point does as well */
	double pruned;      /* in a box whose bound no ranking and no front wants */
	double evaluated;
	double unvisited; /* not reached: the search was stopped */
	double seeds;     /* evaluated before, to have something to compare bounds with */
};
struct barista_certificate barista_search_certificate(const struct barista_search *search);

#pragma GCC visibility pop
#ifdef __cplusplus
}
#endif

#endif
