/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * libbarista: an analytical performance model and design-space explorer for
 * FPGA accelerators that train CNNs.
 *
 * Every quantity is SI: seconds, hertz, bits (or bits per second), watts,
 * joules; `op` counts a multiply and an add as two. Functions that can fail
 * return enum barista_status, take a caller-owned struct barista_err last, and
 * leave their outputs untouched on failure. The library never prints and never
 * exits. Nothing here is shared between threads: use one object per thread, or
 * share it read-only.
 *
 * [Barista] is "Caffe Barista: Brewing Caffe with FPGAs in the Training Loop"
 * (FPL 2020, arXiv 2006.13829); "derived" marks this project's own equations.
 */
#ifndef BARISTA_H
#define BARISTA_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BARISTA_VERSION "0.1.0"

/* The values are the program's exit codes. */
enum barista_status {
	BARISTA_OK = 0,
	BARISTA_E_INFEASIBLE = 1, /* no feasible design, or a check failed */
	BARISTA_E_ARGUMENT = 2,   /* an argument is wrong */
	BARISTA_E_INPUT = 3,      /* a file is wrong */
	BARISTA_E_SYSTEM = 4      /* memory, disk or a tool failed */
};

struct barista_err {
	int status;     /* enum barista_status */
	char msg[1600]; /* lower case, no full stop; may hold a source line and a caret */
};

/* ------------------------------------------------------------------ facts */

/* One number of a data file, in SI, and where it comes from. */
struct barista_quantity {
	double value;
	double low, high;   /* what it may be; both are the value when it is taken as certain */
	const char *source; /* the text behind the file's source key */
	const char
		*status;  /* verified, unverified, derived, fitted, measured, assumed or default */
	const char *note; /* may be NULL */
};

/* What a device file can say; one row each in barista_param_defs[]. */
enum barista_param {
	BARISTA_RES_DSP,
	BARISTA_RES_BRAM,
	BARISTA_RES_LUT,
	BARISTA_RES_FF,
	BARISTA_CLOCK,          /* Hz */
	BARISTA_MEM_BANDWIDTH,  /* bit/s, card memory to kernel */
	BARISTA_PCIE_BANDWIDTH, /* bit/s, host to card memory */
	BARISTA_TILE_TIME,      /* s per element on the host, tau of [Barista] */
	BARISTA_POWER_TOTAL,    /* W, constant; NaN when the linear model is used */
	BARISTA_POWER_STATIC,   /* W; NaN when the constant model is used */
	BARISTA_POWER_DSP,
	BARISTA_POWER_BRAM,
	BARISTA_POWER_LUT,
	BARISTA_POWER_FF,  /* W per block used */
	BARISTA_BUS_WIDTH, /* bit that a tile row must fill */
	BARISTA_USABLE_DSP,
	BARISTA_USABLE_BRAM,
	BARISTA_USABLE_LUT,
	BARISTA_USABLE_FF,         /* fractions */
	BARISTA_FLAG_DSP,          /* fraction of all DSPs above which routing is in doubt */
	BARISTA_OUTPUTS_PER_CYCLE, /* w_out of equation (2) */
	BARISTA_BUFFERS,           /* 2: double-buffered inputs, 1: not */
	BARISTA_OUT_BUFFERS,       /* 2: outputs drain while the next tile computes, 1: before */
	BARISTA_PORTS,             /* memory channels that one replica reaches */
	BARISTA_MEM_CHANNELS,      /* over which the memory bandwidth spreads */
	BARISTA_BURST,             /* bit, longest burst */
	BARISTA_BURST_OVERHEAD,    /* bit that could have moved in the gap after a burst */
	BARISTA_DERATE_ABOVE,      /* fraction of all DSPs above which the clock falls */
	BARISTA_DERATE_SLOPE,      /* fraction of the clock lost per fraction of DSPs above that */
	BARISTA_FIXED_DSP,
	BARISTA_FIXED_BRAM,
	BARISTA_FIXED_LUT,
	BARISTA_FIXED_FF,
	BARISTA_LAUNCH_TIME,    /* s, the host's to start one OpenCL kernel */
	BARISTA_TRANSFER_TIME,  /* s, of one transfer over PCIe beside its bits */
	BARISTA_STREAM_SHARE,   /* of the memory bandwidth that an OpenCL kernel reaches */
	BARISTA_LINK_BANDWIDTH, /* bit/s per direction, between neighbours of a chain of boards */
	BARISTA_CHAIN_USE,      /* share of the MACs of a board of the chain that work in a cycle */
	BARISTA_NPARAMS
};

enum barista_dimension {
	BARISTA_DIM_COUNT,
	BARISTA_DIM_FRACTION,
	BARISTA_DIM_HZ,
	BARISTA_DIM_BIT_PER_S,
	BARISTA_DIM_SECOND,
	BARISTA_DIM_WATT,
	BARISTA_DIM_JOULE,
	BARISTA_DIM_BIT,
	BARISTA_DIM_CYCLE,
	BARISTA_DIM_OP,
	BARISTA_DIM_OP_PER_S,
	BARISTA_DIM_OP_PER_S_W,
	BARISTA_DIM_OP_PER_BIT,
	BARISTA_NDIMS
};

struct barista_param_def {
	const char *path; /* "memory.bandwidth", as in the file and for --set */
	enum barista_dimension dimension;
	double lo, hi; /* inclusive */
	bool integer;  /* a whole number */
	bool required;
	double default_value; /* value when absent; NaN: none */
	const char *default_source;
	const char *help;
	double default_error; /* a fact without low and high may be this fraction off (assumed) */
};
extern const struct barista_param_def barista_param_defs[BARISTA_NPARAMS];

/* ------------------------------------------------------------- precisions */

enum barista_precision {
	BARISTA_FP32,
	BARISTA_FP16,
	BARISTA_BF16,
	BARISTA_INT16,
	BARISTA_INT8,
	BARISTA_INT8_PACKED,
	BARISTA_INT4_PACKED,
	BARISTA_NPRECISIONS
};

enum barista_pe_param {
	BARISTA_PE_DSP,     /* DSP blocks per multiply-accumulate */
	BARISTA_PE_LATENCY, /* cycles of accumulation latency: L partial sums */
	BARISTA_PE_LUT,
	BARISTA_PE_FF, /* per PE */
	BARISTA_NPE_PARAMS
};

struct barista_precision_def {
	const char *name;
	int bits;         /* WL: bits of an element in memory */
	int sum_bits;     /* of an accumulator */
	const char *help; /* how products and sums are rounded */
};
extern const struct barista_precision_def barista_precision_defs[BARISTA_NPRECISIONS];

/* ---------------------------------------------------------------- devices */

enum barista_block_ram { BARISTA_RAMB36, BARISTA_RAMB36_POW2, BARISTA_M20K, BARISTA_NBLOCK_RAMS };
extern const char *const barista_block_ram_names[]; /* as in the file, NULL-terminated */

struct barista_device {
	const char *name, *title, *part, *path;
	enum barista_block_ram block_ram;
	const char *precision_table; /* name of the table of precisions */
	struct barista_quantity param[BARISTA_NPARAMS];
	bool has_precision[BARISTA_NPRECISIONS];
	struct barista_quantity pe[BARISTA_NPRECISIONS][BARISTA_NPE_PARAMS];
	char sha256[65]; /* of the file, and of its table of precisions */
	char precision_sha256[65];
	struct barista_arena *arena; /* owns every string above */
};

/* Loads devices/NAME.yaml below data_dir, or the file when name is a path (holds
 * '/' or ends in .yaml). Errors: BARISTA_E_INPUT with file:line:col. */
int barista_device_load(struct barista_device **out, const char *name, const char *data_dir,
			struct barista_err *err);
void barista_device_free(struct barista_device *dev);

/* Applies "path=value", value with its unit ("memory.bandwidth=3 Gbit/s"). */
int barista_device_set(struct barista_device *dev, const char *assignment, struct barista_err *err);

/* -------------------------------------------------------------- workloads */

enum barista_mac_layer_type { BARISTA_CONV, BARISTA_FC, BARISTA_DECONV };

/* A layer that does multiply-accumulates. Shapes are elements; all at least 1
 * but pad. fc: cin and cout are its sizes, h and oh the rows that it works on per
 * image, everything else 1. */
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

/* What a layer of any kind does to its data. A row each in barista_layer_defs[]. */
enum barista_layer_type {
	BARISTA_LAYER_MAC, /* one of the layers above */
	BARISTA_LAYER_MAX_POOL,
	BARISTA_LAYER_AVE_POOL,
	BARISTA_LAYER_ACTIVATION, /* ReLU and all else that works on each element by itself */
	BARISTA_LAYER_LRN,
	BARISTA_LAYER_BATCH_NORM,
	BARISTA_LAYER_SCALE,
	BARISTA_LAYER_DROPOUT,
	BARISTA_LAYER_SUM,    /* of several inputs, element by element; also products and maxima */
	BARISTA_LAYER_CONCAT, /* also splits and slices: data move, nothing is computed */
	BARISTA_LAYER_SOFTMAX,
	BARISTA_LAYER_LOSS,  /* loss: softmax and its cross-entropy; other losses too */
	BARISTA_LAYER_VIEW,  /* flatten, reshape: nothing moves */
	BARISTA_LAYER_OTHER, /* what is none of these: reads its inputs, writes its outputs */
	BARISTA_NLAYER_TYPES
};

struct barista_layer_def {
	const char *name, *help; /* name: as `type` in a workload file */
	bool kernel, window;     /* which of these two says what one output is made from */
	bool many;               /* it may read several blobs */
	bool learns;             /* it may have parameters */
};
extern const struct barista_layer_def barista_layer_defs[BARISTA_NLAYER_TYPES];

/* One layer of the whole network, in its order. */
struct barista_layer {
	const char *name;
	enum barista_layer_type type;
	size_t mac_layer; /* index into the layers that multiply; SIZE_MAX for the others */
	int64_t inputs;   /* blobs that it reads, at least 1 */
	int64_t in, out;  /* elements per image, of all inputs and outputs together */
	int64_t window; /* elements that one output is made from: kernel of a pooling, size of LRN;
			   else 1 */
	int64_t params,
		blobs; /* elements that learn, and the blobs that they are in; bias included */
	bool input_gradient; /* its backward pass runs */
};

struct barista_workload {
	const char *name, *title, *source, *status, *path;
	int64_t batch;      /* images of one pass through the network */
	int64_t iterations; /* passes per update of the weights: Caffe's iter_size */
	int64_t input[3];   /* channels, height, width */
	size_t nmac_layers;
	struct barista_mac_layer *mac_layer; /* those that multiply */
	size_t nlayers;
	struct barista_layer *layer; /* all of them */
	bool macs_only; /* the file names none but those that multiply: the others are not known */
	bool imported;  /* from Caffe or ONNX, now or before */
	const char
		*incomplete; /* what share of the multiply-accumulates import left out; or NULL */
	const char *yaml;    /* the text of a workload file that import has made; or NULL */
	const char *remarks; /* lines that its user should read, of import; or NULL */
	char sha256[65];     /* of the file at path */
	struct barista_arena *arena;
};

/* Loads workloads/NAME.yaml below data_dir, or a path; errors as above. A path that ends in
 * .prototxt, .pbtxt or .onnx is imported with the default options. */
int barista_workload_load(struct barista_workload **out, const char *name, const char *data_dir,
			  struct barista_err *err);

struct barista_import_options {
	const char *solver;       /* Caffe: path of a solver that trains the network; or NULL */
	const char *const *input; /* "3x224x224" or "NAME=3x224x224": sizes without the batch */
	size_t ninputs;
	int64_t batch;   /* images of a pass; 0: the file's */
	bool test_phase; /* Caffe: layers of the test phase; no gradients */
	bool lenient;    /* leave out what is not understood, and say so in `remarks` */
};

/* Reads a Caffe network or solver (text) or an ONNX model (a file that ends in .onnx). Shapes
 * follow the rules of Caffe and of the ONNX operators; which gradients exist follows Caffe's
 * lr_mult and propagate_down, and for ONNX all weights learn. What is not understood fails, unless
 * lenient. Errors: BARISTA_E_INPUT with file:line:col, or the node; BARISTA_E_ARGUMENT when an
 * input's size is missing. */
int barista_workload_import(struct barista_workload **out, const char *path,
			    const struct barista_import_options *options, struct barista_err *err);
void barista_workload_free(struct barista_workload *net);

/* --------------------------------------------------- CPU and GPU baselines */

struct barista_gemm_time {
	int64_t m, n, k;
	double seconds;
};

struct barista_published {
	const char *workload;
	double mean; /* op/s/W; NaN when not published */
	size_t n;
	const char **layer;
	double *ppw; /* op/s/W per layer */
	const char *source, *status;
};

/* A processor that could run the GEMMs instead, or the host that feeds the board. */
struct barista_baseline {
	const char *name, *title, *path, *kind; /* kind: cpu or gpu */
	struct barista_quantity power;          /* W */
	struct barista_quantity peak_fp32;      /* op/s; value NaN when absent */
	struct barista_quantity mem_bandwidth;  /* bit/s; value NaN when absent */
	struct barista_quantity tile_time;      /* s per element; value NaN when absent */
	double tile_time_lo, tile_time_hi;      /* 95 % interval; NaN when absent */
	size_t npublished;
	struct barista_published *published;
	size_t ntimes;
	struct barista_gemm_time *time; /* measured OpenBLAS times, fp32 */
	char sha256[65];
	struct barista_arena *arena;
};

int barista_baseline_load(struct barista_baseline **out, const char *name, const char *data_dir,
			  struct barista_err *err);
void barista_baseline_free(struct barista_baseline *base);

/* ------------------------------------------------------- lowering to GEMMs */

enum barista_pass { BARISTA_FWD, BARISTA_WGRAD, BARISTA_IGRAD, BARISTA_NPASSES };
extern const char *const barista_pass_names[BARISTA_NPASSES];

struct barista_lowering {
	bool batched_gemm;    /* one GEMM covers the batch; else one per image, as Caffe does */
	bool all_layers;      /* fully connected too; else convolutions only, as [Barista] does */
	bool distinct_layers; /* layers with the same GEMMs do not share a layer class: they differ
				 in more than these */
	bool other_layers; /* also the layers that multiply nothing, as layer classes without GEMMs;
			      goes with `apart` */
};

/* C[m x n] = A[m x k] * B[k x n] */
struct barista_gemm {
	enum barista_pass pass;
	int64_t m, n, k;
};

/* The GEMMs of a layer; layers with the same GEMMs share one shape. */
struct barista_layer_class {
	size_t ngemms, gemm[BARISTA_NPASSES]; /* indices into lowered network->gemm */
	double per_image[BARISTA_NPASSES];    /* GEMMs per training image */
	double ops;                           /* real op per image, all passes */
	size_t multiplicity;                  /* layers of this layer class */
};

struct barista_lowered {
	const struct barista_workload *net;
	struct barista_lowering lowering;
	size_t ngemms;
	struct barista_gemm *gemm; /* distinct */
	size_t nclasses;
	struct barista_layer_class *layer_class;
	size_t nlayers;
	size_t *mac_layer, *class_of; /* index into net->layer (SIZE_MAX: it multiplies nothing),
					 into layer class */
	size_t *layer;                /* [nlayers] index into net->step */
	const char **name;            /* [nlayers] */
	size_t nworking;              /* layers that multiply */
	size_t nsides[3];
	int64_t *side[3];   /* distinct m, n and k */
	size_t *gemm_depth; /* [ngemms] index of its k in side[2] */
	double ops;         /* op per image, all layers */
	bool training;      /* false: no layer needs a gradient */
	int64_t max_m, max_n, max_k;
	struct barista_arena *arena;
};

/* Lowers a network (models: [Barista] III-A and Caffe's convolution layers).
 * Fails with BARISTA_E_INPUT when no layer is left, or a product passes 2^53. */
int barista_lower(struct barista_lowered **out, const struct barista_workload *net,
		  struct barista_lowering lowering, struct barista_err *err);
void barista_lowered_free(struct barista_lowered *lowered);

/* ------------------------------------------------ design points and metrics */

enum { BARISTA_MAX_KNOBS = 16 };

/* Factors by which one layer is unrolled. */
struct barista_unroll {
	uint16_t in, out, kernel;
};
enum { BARISTA_MAX_UNROLLED = 128 };

/* One design: a value per knob of its family, and where that unrolls every layer by itself, how. */
struct barista_point {
	double knob[BARISTA_MAX_KNOBS];
	size_t nstages; /* 0: the family does not */
	struct barista_unroll
		stage[BARISTA_MAX_UNROLLED]; /* the first nstages; the rest may hold anything */
};

enum barista_metric {
	BARISTA_PPW_MEAN,  /* op/s/W, arithmetic mean over the layers that multiply; of a pipelined
			      family the total */
	BARISTA_PPW_TOTAL, /* op/s/W, total op / total time / power */
	BARISTA_TIME,      /* s per training image */
	BARISTA_RATE,      /* op/s */
	BARISTA_ENERGY,    /* J per training image */
	BARISTA_POWER,     /* W */
	BARISTA_DSP,
	BARISTA_BRAM,
	BARISTA_LUT,
	BARISTA_FF,           /* blocks */
	BARISTA_ROW_BITS,     /* bits of the narrowest tile row */
	BARISTA_PEAK,         /* op/s when every PE works in every cycle */
	BARISTA_BOARDS,       /* boards together; the blocks are of the one that uses the most */
	BARISTA_TILE_DIVIDES, /* 1 when the tile divides evenly over the mesh, else 0 */
	BARISTA_NMETRICS
};

struct barista_metric_def {
	const char *name, *key, *unit, *help; /* key: the name in JSON, with its unit */
	enum barista_dimension dimension;
	int better; /* +1 higher, -1 lower, 0 neither */
};
extern const struct barista_metric_def barista_metric_defs[BARISTA_NMETRICS];

/* A budget: a metric that must stay at or below (or above) a limit. */
struct barista_budget_def {
	enum barista_metric metric;
	int total, usable; /* enum barista_param; usable < 0: the total is the limit; total < 0: 1
			      is */
	bool at_least;
	const char *lift; /* what to change to lift it */
};
enum { BARISTA_NBUDGETS = 6 };
extern const struct barista_budget_def barista_budget_defs[BARISTA_NBUDGETS];
double barista_budget_limit(const struct barista_device *dev, int budget);

struct barista_model {
	const struct barista_device *dev;
	const struct barista_lowered *lowered;
	const struct barista_family *family;
};

/* Column-wise design points and results; the caller owns every array.
 * Call barista_resources() first, then barista_evaluate(). */
struct barista_batch {
	size_t n;                              /* points */
	const double *knob[BARISTA_MAX_KNOBS]; /* [n] each; NULL: the knob's preset */
	const struct barista_point
		*points; /* [n] the same as whole points; may be NULL for families that are swept */
	double *metric[BARISTA_NMETRICS]; /* [n] each */
	unsigned char *over;              /* [n] bit b set: budget b is exceeded; 0: feasible */
	double *class_time;               /* [nclasses][n] s per image of each layer class */
	unsigned char *not_conserved;     /* [n] conservation: 0, or 1 when a count fails */
	double *scratch;                  /* [n] */
};

/* Resource metrics and budgets of every point. Returns the number feasible. */
size_t barista_resources(const struct barista_model *model, struct barista_batch *batch);

/* Times and all other metrics. Fails with BARISTA_E_SYSTEM when a point breaks
 * conservation (MACs before padding, or fewer bytes than compulsory traffic). */
int barista_evaluate(const struct barista_model *model, struct barista_batch *batch,
		     struct barista_err *err);

/* The metrics that follow from the times of the layer classes (stride apart) and
 * metric[BARISTA_POWER]; the PPW of each layer class into ppw[nclasses], unless that is NULL. */
void barista_totals(const struct barista_lowered *lowered, const double *class_time, size_t stride,
		    double *metric, double *ppw);

/* PPW of one layer class, op/s/W; 0 when it multiplies nothing. Source: [Barista] V; equation
 * derived. */
double barista_class_ppw(const struct barista_layer_class *layer_class, double time_s,
			 double power_w);

/* Points that differ in one knob, the family's inner one, and use the same resources:
 * point n of the run has value[from + n]. The caller owns every array. */
struct barista_inner_batch {
	const struct barista_model *model;
	struct barista_point point;      /* the other knobs */
	double metric[BARISTA_NMETRICS]; /* of resources, as barista_resources() gives them */
	size_t from, n;
	const double *value; /* [stride] values of the inner knob */
	size_t stride;
	const double *table; /* the family's, of these values */
	int isa;             /* enum barista_isa: instructions to use */
	double *class_time;  /* out, [nclasses][n] s per image: the bits of barista_evaluate() */
	double *least;       /* out, [nclasses] the least of each */
	double *scratch;     /* [n] */
};

/* Boxes of points: knob `varied` takes one value in each, the others all of lo to hi (a knob
 * that is the same in both is fixed). The caller owns every array. */
struct barista_box_batch {
	const struct barista_model *model;
	struct barista_point lo, hi;
	size_t varied, n;
	const double *value; /* [n] of the varied knob */
	int isa;
	double dsp_limit; /* only points with at most this many DSPs count */
	/* Out, for the points of the box that are within the budgets and that limit: */
	double *metric[BARISTA_NMETRICS]; /* [n] each, of resources: none uses less; of a budget's
					   * lower limit and of the peak: none reaches more */
	double *class_time;               /* [nclasses][n]: none takes less */
};

/* One point at a time: the same code with a batch of one. */
struct barista_result {
	double metric[BARISTA_NMETRICS];
	unsigned over;
	double *class_time; /* [nclasses], owned by the caller */
};
int barista_evaluate_point(const struct barista_model *model, const struct barista_point *point,
			   struct barista_result *out, struct barista_err *err);

/* Which budgets the result exceeds, by how much, and what lifts them: one clause each. */
void barista_explain_infeasible(const struct barista_model *model,
				const struct barista_result *result, char *buf, size_t size);

/* ---------------------------------------------------------------- families */

struct barista_knob {
	const char *name, *unit, *help;
	double lo, hi;
	bool categorical;              /* not a number to sweep, but one of several: a precision */
	bool monotone_resources;       /* resources grow (weakly) with it, the other knobs fixed */
	unsigned dominance_depends_on; /* 1 << knob: values, when fixed, that the family's
					  undominated() of this one depends on */
	double default_value; /* searched only on demand, else fixed at this; NaN: always searched
			       */
	void (*format)(double value, char *buf, size_t size); /* of a choice, else NULL */
};

/* Values that a knob takes in a sweep. */
struct barista_range {
	double lo, hi;
	bool powers_of_two;
};

struct barista_space {
	struct barista_range range[BARISTA_MAX_KNOBS];
	size_t nchoices; /* of the choice knob, in order */
	double choice[64];
};

/* evaluated: points so far, NaN where it means nothing */
typedef void (*barista_progress)(void *user, double done, double total, double evaluated);

enum {
	BARISTA_MAX_TERMS = 48,
	BARISTA_POINT_TEXT = 2560 /* bytes that hold any design as text */
};

/* One line of a layer's time: a GEMM of a pass, a kernel that is launched, a stage of a pipeline.
 */
struct barista_time_part {
	const char *name;                /* pass or kernel; lives as long as the model */
	double m, n, k;                  /* of a GEMM, else NaN */
	double per_image;                /* how often, per training image */
	double value[BARISTA_MAX_TERMS]; /* of the family's terms; NaN where one means nothing */
};

/* A family that lists its designs itself writes what it did here. */
struct barista_enumeration {
	const struct barista_model *model;
	const struct barista_space *space;
	int (*insert)(void *user, const struct barista_point *point, struct barista_err *err);
	void *user;
	const volatile sig_atomic_t *stop; /* not 0: end, with `stopped`; or NULL */
	barista_progress progress;         /* or NULL */
	void *progress_user;
	double points; /* out: designs of the space */
	bool stopped;  /* out */
};

/* What a term is in its equation system. */
enum barista_role {
	BARISTA_ROLE_BINDS = 1,   /* a time that competes for what binds; label says what */
	BARISTA_ROLE_PART = 2,    /* a summand of the total time */
	BARISTA_ROLE_TOTAL = 4,   /* the total time */
	BARISTA_ROLE_TRAFFIC = 8, /* bits between card memory and kernel */
	BARISTA_ROLE_DEVICE = 16  /* the part that the accelerator itself takes */
};

/* A quantity of the equations, for tables and --explain. The formula names other terms
 * of the same family and may use + - * / ( ) ceil min max; NULL for an input. */
struct barista_term {
	const char *symbol, *label, *formula, *source;
	enum barista_dimension dimension;
	int role; /* enum barista_role, or 0 */
};

/* A fact of the device that the equations of a family use, for the head of a report: "memory 30
 * Gbit/s". */
struct barista_headline {
	enum barista_param param;
	const char *before, *after;
};

/* An architecture: data and pure functions. None does I/O, and none but list() allocates. */
struct barista_family {
	const char *name, *summary, *notation;
	const char *default_board, *default_precision,
		*default_design; /* when none is named: of devices/, for searches, to look at */
	bool all_layers, other_layers, distinct_layers; /* the lowering that it needs */
	bool per_layer; /* layers may have kernels of their own, or be left to another processor:
			   ranked each by itself */
	bool pipelined; /* layers work at the same time: times() also writes BARISTA_TIME; else that
			   is their sum */
	const struct barista_knob *knob;
	size_t nknobs;
	size_t scaling_knob; /* of a family that lists: the knob whose values reports show a curve
				over; SIZE_MAX: none */
	const struct barista_term *term;
	size_t nterms;
	const struct barista_headline *headline;
	size_t nheadline; /* at most 5: what --what-if scales beside clock and blocks */
	/* Text to point and back; buf holds at least BARISTA_POINT_TEXT bytes. */
	int (*parse)(const char *text, struct barista_point *out, struct barista_err *err);
	void (*format)(const struct barista_point *point, char *buf, size_t size);
	/* Largest useful value of a knob: beyond it only padding grows and no budget is met
	 * that was not met before. */
	double (*max_useful)(const struct barista_model *model, size_t knob);
	/* BARISTA_E_INFEASIBLE when the device cannot build the point at all (precision missing),
	 * BARISTA_E_ARGUMENT when it is no design of this network. */
	int (*validate)(const struct barista_model *model, const struct barista_point *point,
			struct barista_err *err);
	/* Resource metrics; each grows (weakly) with every knob that says so. A budget that means
	 * nothing to the family is met: infinite where it asks for at least something. */
	void (*resources)(const struct barista_model *model, struct barista_batch *batch);
	/* class_time and broken of every point. Of a pipelined family class_time is what the layer
	 * takes by itself, per image. */
	void (*times)(const struct barista_model *model, struct barista_batch *batch);
	/* Families with few designs, or with a way of their own to find the best ones: offers
	 * points so that for every point of the space within the budgets there is one among them
	 * that takes no more time and no more of any resource, and, unless pipelined, one with no
	 * less a mean PPW and no more of any resource; when none is within the budgets, at least
	 * the one that is least over them. May allocate. Then all from inner to why_dominated but
	 * the latter is absent; else this is NULL. */
	int (*enumerate)(struct barista_enumeration *listing, struct barista_err *err);
	/* For sweeps: the knob whose values run fastest, and a table over them, of so many columns;
	 * false when a count in it breaks conservation. */
	size_t inner_knob;
	size_t (*table_columns)(const struct barista_model *model);
	bool (*tabulate)(const struct barista_model *model, const double *value, size_t n,
			 double *table);
	void (*sweep_inner)(const struct barista_inner_batch *run);
	/* For proofs: lower bounds over boxes, in the very arithmetic of the times, so that no
	 * rounding can make a bound pass a point of its box. */
	void (*lower_bound)(const struct barista_box_batch *boxes);
	/* Marks in keep[v - lo[knob]] the whole values v of a knob, from lo to hi of the box, that
	 * can be best in it: a point with any other value is infeasible, or a smaller value of this
	 * knob and no larger ones of the others in the box make one that takes no longer and uses
	 * no more of anything (its peak may be lower). */
	void (*mark_undominated)(const struct barista_model *model, const struct barista_point *lo,
				 const struct barista_point *hi, size_t knob, unsigned char *keep);
	const size_t
		*knob_order; /* [nknobs] knobs from the outermost in; inner last, choice first */
	const char *dominance_rule; /* the rule of undominated(), in words */
	/* Families whose layers are GEMMs and nothing else: values of all terms for one distinct
	 * GEMM. */
	void (*terms)(const struct barista_model *model, const struct barista_point *point,
		      size_t gemm, double *value);
	/* The others: how many parts the time of a layer class has, at least 1, and one of them. */
	size_t (*time_part_count)(const struct barista_model *model,
				  const struct barista_point *point, size_t layer_class);
	void (*time_part)(const struct barista_model *model, const struct barista_point *point,
			  size_t layer_class, size_t i, struct barista_time_part *out);
	/* What binds the network as a whole, in a few words; NULL: the term that takes most of its
	 * time. */
	void (*bottleneck)(const struct barista_model *model, const struct barista_point *point,
			   char *buf, size_t size);
};
extern const struct barista_family *const barista_families[]; /* NULL-terminated */
const struct barista_family *barista_family_find(const char *name);

/* The lowering of a family; conv: convolutions only. */
struct barista_lowering barista_family_lowering(const struct barista_family *family,
						bool whole_batch, bool conv);

/* Parts of a layer class's time, of any family. */
size_t barista_time_part_count(const struct barista_model *model, const struct barista_point *point,
			       size_t layer_class);
void barista_time_part(const struct barista_model *model, const struct barista_point *point,
		       size_t layer_class, size_t i, struct barista_time_part *out);

/* ------------------------------------------------------------------ search */

/* Powers of two up to what is useful on this network; knobs that are searched only on demand at
 * their presets. */
void barista_space_default(struct barista_space *space, const struct barista_model *model);

struct barista_candidate {
	struct barista_point point;
	double score; /* what it was kept for, op/s/W */
	double metric[BARISTA_NMETRICS];
	double *class_ppw;  /* [nclasses] op/s/W */
	double *class_time; /* [nclasses] s per image */
};

/* Best first; ties: fewer DSPs, fewer block RAMs, then the smaller knobs in order. */
struct barista_ranking {
	size_t n, cap;
	struct barista_candidate *item;
};

/* Where every point of the space went. All but the seeds add up to the points (as doubles: exactly
 * below 2^53). */
struct barista_certificate {
	double points;
	double over_budget; /* over a budget, or below a rule: found by the smallest point of a box
			     */
	double dominated;   /* the family's undominated() left them out */
	double pruned;      /* in a box whose bound no ranking and no front wants */
	double evaluated;
	double unvisited; /* not reached: the search was stopped */
	double seeds;     /* evaluated before, to have something to compare bounds with */
};

/* Points of which none is at least as good in all metrics of the front; of equals the one that
 * ranks first. In ranking order of the first metric. */
struct barista_front {
	size_t nmetrics;
	enum barista_metric metric[BARISTA_NMETRICS];
	size_t n, cap;
	struct barista_candidate *item; /* without class_ppw and class_time */
	double *value; /* [n][nmetrics] of the items, less is better: what is compared */
};

/* The fastest design for each value of the family's `scales` knob, values ascending; none without
 * it. */
struct barista_scaling_curve {
	size_t n;
	struct barista_candidate *item;
};

struct barista_search {
	const struct barista_model *model;
	const double *baseline; /* [nlayers of the lowered network] op/s/W, NaN unknown; or NULL */
	double points;          /* of the space */
	double feasible;        /* of the evaluated; of the space after an exhaustive sweep */
	bool exhaustive, partial; /* partial: stopped before the end, the best so far */
	struct barista_certificate certificate;
	size_t nranked; /* layer classes that are ranked by themselves: all, or none where the
			   family has no kernels per layer */
	struct barista_ranking *class_ranking; /* [nranked], by that layer class's PPW */
	struct barista_ranking single;         /* by mean PPW */
	struct barista_ranking unflagged;      /* by mean PPW, at or below the DSP flag */
	struct barista_ranking fastest; /* by time, score -s per image; at or below the DSP flag,
					 * unless every feasible kernel is above it */
	struct barista_ranking fastest_flagged; /* by time, whatever its DSPs */
	struct barista_ranking offload;         /* by mean over layers of max(FPGA, baseline) */
	struct barista_front front;
	struct barista_scaling_curve curve;
	double *scratch; /* [2 * nclasses] */
	struct barista_arena *arena;
};

struct barista_search_options {
	const double *
		baseline; /* [lowered network->nlayers] PPW of the alternative processor, or NULL */
	size_t top;       /* kernels to keep per ranking */
	bool exhaustive;  /* evaluate every feasible point */
	int threads;      /* of an exhaustive sweep; 0: as many as there are processors */
	size_t npareto;   /* metrics of the front; 0: none */
	enum barista_metric pareto[BARISTA_NMETRICS];
	const volatile sig_atomic_t *stop; /* looked at now and then: not 0 ends the search with the
					      best so far; or NULL */
	barista_progress progress;         /* or NULL */
	void *user;
	/* Receives every feasible point of an exhaustive sweep, in order; or NULL. */
	int (*each)(void *user, const struct barista_batch *batch, struct barista_err *err);
	void *each_user;
	const char *checkpoint; /* file to keep the state of an exhaustive sweep in; or NULL */
	const char *inputs;     /* what the checkpoint is of: a resumed search must have the same */
};

/* Finds the best of the space, exactly: by evaluating every feasible point, or by leaving out what
 * is proven not to matter (dominated values, bounded boxes), with the same result bit for bit; of a
 * family that lists its designs, by evaluating those (then BARISTA_E_ARGUMENT for `exhaustive`).
 * BARISTA_E_INFEASIBLE when no point is feasible, with the nearest one named. */
int barista_search_run(struct barista_search **out, const struct barista_model *model,
		       const struct barista_space *space,
		       const struct barista_search_options *options, struct barista_err *err);
void barista_search_free(struct barista_search *search);

/* ---- how sure: uncertain facts of the device, propagated ---- */

struct barista_interval {
	double lo, hi;
}; /* 5th and 95th percentile */

struct barista_uncertainty {
	struct barista_interval time;     /* s per training image */
	struct barista_interval ppw_mean; /* op/s/W */
	double win_share; /* share of the samples in which point 0's mean PPW is higher;
			   * 1 for point 0 */
};

/* Spreads of n points, at most 128, over 256 samples of a Sobol sequence within low and high of
 * every uncertain fact, the same samples for all points. class_time: [nclasses] intervals of
 * point 0's layer classes, or NULL. */
int barista_uncertainty_run(const struct barista_model *model, const struct barista_point *point,
			    size_t n, struct barista_uncertainty *out,
			    struct barista_interval *class_time, struct barista_err *err);

/* Point 0 is told from another when it wins in at least this share of the samples. */
#define BARISTA_CLEAR_WIN_SHARE 0.95

/* ---- what if: how the optimum moves with a resource of the device, so which one to buy next ----
 */

enum { BARISTA_WHAT_IF_PARAMS = 8, BARISTA_WHAT_IF_ROWS = 5 };

/* The optimum with one fact scaled. Gains are fractions of what is now: 0.1 is 10 % more. */
struct barista_what_if_row {
	double factor;              /* 0.5, 0.8, 1, 1.25 or 2 */
	double value;               /* of the fact: in its bounds, and whole if it is a count */
	bool feasible;              /* false: no kernel fits, the rest is NaN and the point zeros */
	struct barista_point point; /* best single kernel, by mean PPW */
	double ppw_mean, ppw_gain;  /* op/s/W of that kernel */
	double time, time_gain;     /* s per image of the fastest kernel */
};

struct barista_what_if {
	enum barista_param param;
	bool less; /* less of it is better: a time */
	size_t n;  /* rows; that of factor 1 is always there. 0: the family has no more facts */
	struct barista_what_if_row
		row[BARISTA_WHAT_IF_ROWS]; /* by factor, ascending; without those that the
					    * bounds or rounding make equal to another */
	double sensitivity; /* d ln PPW / d ln value around 1, from 0.8 and 1.25 or, where one of
			     * them can't be, from 1 and the other; NaN when neither can */
	double gain;        /* ppw_gain at 1.25, at 0.8 when less is better; 0 when that can't be */
};

/* Searches the space exactly, with one fact of the device scaled at a time: clock, DSPs, block
 * RAMs, and what the family shows at the head of a report, at most BARISTA_WHAT_IF_PARAMS. Nothing
 * else changes with it, power neither (but where it counts the blocks used). The useful range of a
 * knob depends on the network, the precision and the bus only, so that the space of the device as
 * it is serves for all. `out` is in the order of buying: largest gain first. stop: as in
 * barista_search_options; stopping is a failure (BARISTA_E_SYSTEM). BARISTA_E_INFEASIBLE when no
 * kernel fits the device as it is. */
int barista_what_if(const struct barista_model *model, const struct barista_space *space,
		    const volatile sig_atomic_t *stop,
		    struct barista_what_if out[BARISTA_WHAT_IF_PARAMS], struct barista_err *err);

/* The row of a factor, or NULL. */
const struct barista_what_if_row *barista_what_if_at(const struct barista_what_if *what_if,
						     double factor);

/* The best k kernels together, each layer on the best of them. */
struct barista_kernel_set {
	size_t n;
	const struct barista_candidate *kernel[8];
	double ppw_mean; /* op/s/W */
	double bound;    /* no set of any size from this space has a higher mean */
	bool exact;      /* proven best of the whole space; else bound says what may be missed */
};
int barista_search_kernel_set(const struct barista_search *search, size_t k,
			      struct barista_kernel_set *out, struct barista_err *err);

#endif
