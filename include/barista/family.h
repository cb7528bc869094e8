/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * For those who write an architecture: what libbarista asks of one, and what it gives to it.
 *
 * An architecture is data (knobs, terms, quantities that it shows) and pure functions (resources,
 * times, lower bounds or an enumeration of its best designs). Points go through in columns. Nothing
 * here does I/O, and only enumerate() may allocate. Hand it to barista_model_make(), or add it to
 * src/families/registry.c.
 *
 * Capacities (BARISTA_MAX_*) are fixed; counts (BARISTA_N*) may grow from version to version.
 */
#ifndef BARISTA_FAMILY_H
#define BARISTA_FAMILY_H

#include <barista.h>

#ifdef __cplusplus
extern "C" {
#endif
#pragma GCC visibility push(default)

#define BARISTA_MAX_KNOBS 16
#define BARISTA_MAX_UNROLLED 128 /* layers that a design may unroll one by one */
#define BARISTA_MAX_METRICS 32
#define BARISTA_MAX_PASSES 4
#define BARISTA_MAX_TERMS 48
#define BARISTA_MAX_CHOICES 64
#define BARISTA_POINT_TEXT 2560 /* bytes that hold any design as text */

/* ------------------------------------------------------------------------- the board */

/* What a device file can say. */
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
	BARISTA_MAX_POWER,         /* W; NaN: no limit */
	BARISTA_MAX_BOARDS,        /* that work together; NaN: no limit */
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
	BARISTA_DIM_JOULE_SECOND,
	BARISTA_DIM_BIT,
	BARISTA_DIM_CYCLE,
	BARISTA_DIM_OP,
	BARISTA_DIM_OP_PER_S,
	BARISTA_DIM_OP_PER_S_W,
	BARISTA_DIM_OP_PER_BIT,
	BARISTA_NDIMS
};

/* The value of one of the board's quantities, in SI; NaN where there is none. */
double barista_device_param(const struct barista_device *device, enum barista_param param);

/* What the board's table of precisions says of one multiplier of the mesh (PE). */
enum barista_pe_param {
	BARISTA_PE_DSP,     /* DSP blocks per multiply-accumulate */
	BARISTA_PE_LATENCY, /* cycles of accumulation latency: L partial sums */
	BARISTA_PE_LUT,     /* per PE */
	BARISTA_PE_FF,      /* per PE */
	BARISTA_NPE_PARAMS
};

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

/* NaN when the board has no multipliers of the precision. */
double barista_device_pe(const struct barista_device *device, enum barista_precision precision,
			 enum barista_pe_param param);

/* Bits of an element in memory, WL. */
int barista_precision_bits(enum barista_precision precision);

/* ----------------------------------------------------------------- the lowered network */

/* Passes of a training step. */
enum barista_pass { BARISTA_FWD, BARISTA_WGRAD, BARISTA_IGRAD, BARISTA_NPASSES };

/* The lowering that an architecture needs. */
struct barista_lowering {
	bool batched_gemm;    /* one GEMM covers the batch; else one per image, as Caffe does */
	bool all_layers;      /* fully connected too; else convolutions only, as [Barista] does */
	bool distinct_layers; /* no two layers share a class: they differ in more than GEMMs */
	bool other_layers;    /* also layers without MACs, as classes without GEMMs; this goes with
			       * distinct_layers */
};

/* C[m x n] = A[m x k] * B[k x n], sizes in elements. */
struct barista_gemm {
	enum barista_pass pass;
	int64_t m, n, k;
};

/* The GEMMs of a layer; layers with the same GEMMs share one class. */
struct barista_layer_class {
	size_t ngemms, gemm[BARISTA_MAX_PASSES]; /* indices into lowered->gemm */
	double per_image[BARISTA_MAX_PASSES];    /* GEMMs per training image */
	double ops;                              /* real op per image, all passes */
	size_t multiplicity;                     /* layers of this class */
};

struct barista_lowered {
	const struct barista_workload *net;
	struct barista_lowering lowering;
	size_t ngemms;
	struct barista_gemm *gemm; /* [ngemms] distinct */
	size_t nclasses;
	struct barista_layer_class *layer_class; /* [nclasses] */
	size_t nlayers;
	size_t *mac_layer; /* [nlayers] index of the network's MAC layer; SIZE_MAX: it is none */
	size_t *class_of;  /* [nlayers] index into layer_class */
	size_t *layer;     /* [nlayers] index of the network's layer of any kind */
	const char **name; /* [nlayers] */
	size_t nworking;   /* layers that multiply */
	size_t nsides[3];
	int64_t *side[3];   /* distinct m, n and k */
	size_t *gemm_depth; /* [ngemms] index of its k in side[2] */
	double ops;         /* op per image, all layers */
	bool training;      /* false: no layer needs a gradient */
	int64_t max_m, max_n, max_k;
	struct barista_arena *arena;
};

struct barista_model {
	const struct barista_device *dev;
	const struct barista_lowered *lowered;
	const struct barista_family *family;
};

/* ------------------------------------------------------------------------------ designs */

/* Factors by which one layer is unrolled. */
struct barista_unroll {
	uint16_t in, out, kernel;
};

/* One design: a value per knob of its family, and where that unrolls every layer by itself, how. */
struct barista_point {
	double knob[BARISTA_MAX_KNOBS];
	size_t nstages;                                    /* 0: the family does not */
	struct barista_unroll stage[BARISTA_MAX_UNROLLED]; /* only the first nstages are set */
};

struct barista_knob {
	const char *name, *unit, *help;
	double lo, hi;
	bool categorical;        /* not a number to sweep, but one of several: a precision */
	bool monotone_resources; /* resources grow (weakly) with it, the other knobs fixed */
	/* 1 << knob: values, when fixed, that mark_undominated() of this one depends on */
	unsigned dominance_depends_on;
	/* searched only on demand, else fixed at this; NaN: always searched */
	double default_value;
	void (*format)(double value, char *buf, size_t size); /* of a categorical one, else NULL */
};

/* Values that a knob takes in a search. */
struct barista_range {
	double lo, hi;
	bool powers_of_two;
};

struct barista_space {
	struct barista_range range[BARISTA_MAX_KNOBS];
	size_t nchoices;                    /* of the categorical knob */
	double choice[BARISTA_MAX_CHOICES]; /* in order */
	const struct barista_model *model;  /* NULL: the space was not made for one */
};

/* ----------------------------------------------------------------------- what is asked */

/* Points in columns, and results. The caller owns every array. */
struct barista_batch {
	size_t n;                              /* points */
	const double *knob[BARISTA_MAX_KNOBS]; /* [n] each; NULL: the knob's default */
	/* [n] the same as whole points; may be NULL for families that are swept */
	const struct barista_point *points;
	double *metric[BARISTA_MAX_METRICS]; /* [n] each, by enum barista_metric */
	uint16_t *over;                      /* [n] bit b set: budget b is exceeded; 0: feasible */
	double *class_time;                  /* [nclasses][n] s per image of each layer class */
	unsigned char *not_conserved;        /* [n] 0, or 1 when a count fails */
	double *scratch;                     /* [n] */
};

/* Instructions that hot loops are compiled for, slowest first. All give the same bits. */
enum barista_isa { BARISTA_PORTABLE, BARISTA_AVX2, BARISTA_AVX512, BARISTA_NISAS };

/* Points that differ in one knob, the family's inner one, and use the same resources: point i of
 * the batch has value[from + i]. The caller owns every array. */
struct barista_inner_batch {
	const struct barista_model *model;
	struct barista_point point;         /* the other knobs */
	double metric[BARISTA_MAX_METRICS]; /* those that resources() writes, of all these points */
	size_t from, n;
	const double *value; /* [stride] values of the inner knob */
	size_t stride;
	const double *table; /* the family's, of these values */
	enum barista_isa isa;
	double *class_time; /* out, [nclasses][n] s per image: the bits of times() */
	double *least;      /* out, [nclasses] the least of each */
	double *scratch;    /* [n] */
};

/* Boxes of points: knob `varied` takes one value in each, the others all of lo to hi (a knob that
 * is the same in both is fixed). The caller owns every array. */
struct barista_box_batch {
	const struct barista_model *model;
	struct barista_point lo, hi;
	size_t varied, n;
	const double *value; /* [n] of the varied knob */
	enum barista_isa isa;
	double dsp_limit; /* only points with at most this many DSPs count */
	/* Out, [n] each, for the points of the box that are within the budgets and that limit: of
	 * resources, none uses less; of a budget's lower limit and of the peak, none reaches more.
	 */
	double *metric[BARISTA_MAX_METRICS];
	double *class_time; /* out, [nclasses][n]: none takes less */
};

/* A family that enumerates its best designs itself writes what it did here. */
struct barista_enumeration {
	const struct barista_model *model;
	const struct barista_space *space;
	/* Takes one design, evaluates it and keeps it if it is among the best. */
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

/* A quantity of the equations, for tables and --explain. The formula names other terms of the same
 * family and may use + - * / ( ) ceil min max; NULL for an input. */
struct barista_term {
	const char *symbol, *label, *formula, *source;
	enum barista_dimension dimension;
	int role; /* of enum barista_role, or 0 */
};

/* One line of a layer's time: a GEMM of a pass, a kernel that is launched, a stage of a pipeline.
 */
struct barista_time_part {
	const char *name;                /* pass or kernel; lives as long as the model */
	double m, n, k;                  /* of a GEMM, else NaN */
	double per_image;                /* how often, per training image */
	double value[BARISTA_MAX_TERMS]; /* of the family's terms; NaN where one means nothing */
};

/* A quantity of the board for the head of a report: "memory 30 Gbit/s". */
struct barista_headline {
	enum barista_param param;
	const char *before, *after;
};

/* -------------------------------------------------------------------- the architecture */

struct barista_family {
	const char *name, *summary, *notation;
	/* When none is named: a board of devices/, a precision to search, a design to look at. */
	const char *default_board, *default_precision, *default_design;
	bool all_layers, other_layers, distinct_layers; /* as in struct barista_lowering */
	/* Layers may have kernels of their own, or be left to another processor: each is ranked. */
	bool per_layer;
	/* Layers work at the same time: times() also writes BARISTA_TIME, else that is their sum.
	 */
	bool pipelined;
	const struct barista_knob *knob; /* [nknobs] */
	size_t nknobs;
	/* Of a family that enumerates: reports show a curve over this knob; SIZE_MAX: none. */
	size_t scaling_knob;
	const struct barista_term *term; /* [nterms] */
	size_t nterms;
	const struct barista_headline *headline; /* [nheadline], at most 5 */
	size_t nheadline;

	/* Text to point and back; buf holds at least BARISTA_POINT_TEXT bytes. */
	int (*parse)(const char *text, struct barista_point *out, struct barista_err *err);
	void (*format)(const struct barista_point *point, char *buf, size_t size);
	/* Largest useful value of a knob: beyond it only padding grows, and no budget is met that
	 * was not met before. */
	double (*max_useful)(const struct barista_model *model, size_t knob);
	/* BARISTA_E_INFEASIBLE when the board cannot build the point at all (a precision is
	 * missing), BARISTA_E_ARGUMENT when it is no design of this network. */
	int (*validate)(const struct barista_model *model, const struct barista_point *point,
			struct barista_err *err);
	/* Writes the resource metrics; each grows (weakly) with every knob that says so. A budget
	 * that means nothing to the family is met: infinite where it asks for at least something.
	 */
	void (*resources)(const struct barista_model *model, struct barista_batch *batch);
	/* Writes class_time and not_conserved of every point. Of a pipelined family class_time is
	 * what the layer takes by itself, per image. */
	void (*times)(const struct barista_model *model, struct barista_batch *batch);

	/* Families with few designs, or with a way of their own to find the best ones, insert
	 * points so that for every point of the space within the budgets there is one among them
	 * that takes no more time and no more of any resource, and, unless pipelined, one with no
	 * less a mean PPW and no more of any resource; when none is within the budgets, at least
	 * the one that is least over them. May allocate. Then all from inner_knob to knob_order is
	 * absent. NULL: the family is swept by them. */
	int (*enumerate)(struct barista_enumeration *enumeration, struct barista_err *err);

	/* For sweeps: the knob whose values run fastest, and a table over them, of so many
	 * columns; false when a count in it breaks conservation. */
	size_t inner_knob;
	size_t (*table_columns)(const struct barista_model *model);
	bool (*tabulate)(const struct barista_model *model, const double *value, size_t n,
			 double *table);
	void (*sweep_inner)(const struct barista_inner_batch *batch);
	/* For proofs: lower bounds over boxes, in the very arithmetic of the times, so that no
	 * rounding can make a bound pass a point of its box. */
	void (*lower_bound)(const struct barista_box_batch *boxes);
	/* Marks in keep[v - lo[knob]] the whole values v of a knob, from lo to hi of the box, that
	 * can be best in it. A point with any other value is infeasible, or there is a smaller
	 * value of this knob, with no larger ones of the others in the box, that takes no longer
	 * and uses no more of anything (its peak may be lower). */
	void (*mark_undominated)(const struct barista_model *model, const struct barista_point *lo,
				 const struct barista_point *hi, size_t knob, unsigned char *keep);
	/* [nknobs] knobs from the outermost in: the categorical one first, inner_knob last. */
	const size_t *knob_order;

	const char *dominance_rule; /* why designs are left out, in words */
	/* Families whose layers are GEMMs and nothing else: values of all terms for one distinct
	 * GEMM. The others have the two below instead. */
	void (*terms)(const struct barista_model *model, const struct barista_point *point,
		      size_t gemm, double *value);
	/* How many parts the time of a layer class has, at least 1, and one of them. */
	size_t (*time_part_count)(const struct barista_model *model,
				  const struct barista_point *point, size_t layer_class);
	void (*time_part)(const struct barista_model *model, const struct barista_point *point,
			  size_t layer_class, size_t i, struct barista_time_part *out);
	/* What binds the network as a whole, in a few words; NULL: the term that takes most of its
	 * time. */
	void (*bottleneck)(const struct barista_model *model, const struct barista_point *point,
			   char *buf, size_t size);
};

#pragma GCC visibility pop
#ifdef __cplusplus
}
#endif

#endif
