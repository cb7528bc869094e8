/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Options are grouped by what they are about, and a stage of a command takes the groups that it
 * needs. Texts are those of the command line; they are NULL where an option is not given. */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include "barista/family.h"

/* This holds the values of an option that may be given several times. */
struct cli_list {
	size_t n;
	const char *item[32];
};

/* This is a quantity with the text that it was given as. */
struct cli_quantity {
	double value; /* SI */
	const char *text;
};

/* These are the metrics of a Pareto front. */
struct cli_pareto {
	size_t n; /* 0: no front */
	enum barista_metric metric[BARISTA_NMETRICS];
	const char *text;
};

/* These options say how a file of Caffe or ONNX becomes a network, and how large its batch is. */
struct cli_import_options {
	const char *solver;
	struct cli_list input;
	int64_t batch; /* 0: the file's */
	int phase;     /* enum cli_phase */
	bool lenient;
};

enum cli_phase { CLI_TRAIN, CLI_TEST };
enum cli_gemm { CLI_GEMM_PER_IMAGE, CLI_GEMM_PER_BATCH };

/* These options say how a network becomes GEMMs. */
struct cli_lowering_options {
	int gemm;   /* enum cli_gemm */
	int layers; /* enum barista_layers */
};

/* These options name the boards, and change values of their files. */
struct cli_board_options {
	const char *device; /* names, with commas between them */
	const char *host;
	struct cli_list set;
	/* Limits beside those of the files; NULL texts: none. */
	struct cli_quantity max_dsp, max_power, max_boards;
};

/* These options name what is modelled: a network on a board under an architecture. */
struct cli_problem_options {
	const char *data; /* folder of boards and networks */
	const struct barista_family *family;
	const char *workload;
	struct cli_import_options import;
	struct cli_lowering_options lowering;
	struct cli_board_options board;
};

enum cli_grid { CLI_GRID_ALL, CLI_GRID_POW2 };

/* These options say which designs a search looks at. */
struct cli_space_options {
	const char *precision;
	int grid;                            /* enum cli_grid */
	const char *knob[BARISTA_MAX_KNOBS]; /* texts of the options of the family's knobs */
};

/* These options say what a search has to answer. */
struct cli_objective_options {
	int objective; /* enum barista_rank, of the objectives */
	int64_t top, kernels;
	const char *baseline;
	struct cli_quantity deadline; /* s per image; NaN without one */
	struct cli_pareto pareto;
	bool interval, what_if;
};

/* These options say how a search goes about it. */
struct cli_sweep_options {
	bool exhaustive;
	int64_t threads; /* 0: as many as there are processors */
	const char *checkpoint, *points;
};

/* These options say what `verify` runs. */
struct cli_check_options {
	int64_t images, seed;
	struct cli_quantity max_macs;
};

/* These options say what `calibrate` measures or fits. */
struct cli_calibration_options {
	const char *cpu, *bursts;
};

/* These options say where results go, and how they are written. */
struct cli_output_options {
	int format; /* of barista_formats[] */
	const char *path;
	bool no_plots, quiet;
};

/* These are all options. Only the parser, what writes a command line again, and the command
 * itself see all of them. */
struct cli_args {
	struct cli_problem_options problem;
	struct cli_space_options space;
	struct cli_objective_options objective;
	struct cli_sweep_options sweep;
	struct cli_check_options check;
	struct cli_calibration_options calibration;
	struct cli_output_options output;
	const char *kernel;
	bool explain, help;
	char **operand;
	int noperands;
};

/* Returns the boards to use: those given, or the one that the family was published for. */
const char *cli_device(const struct cli_board_options *board, const struct barista_family *family);
/* Returns the precisions to search, by the same rule. */
const char *cli_precision(const struct cli_space_options *space,
			  const struct barista_family *family);

#endif
