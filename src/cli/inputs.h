/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_INPUTS_H
#define CLI_INPUTS_H

#include "cli/options.h"
#include "barista/family.h"

/* What the options name, loaded. */
struct cli_inputs {
	char data[4096];
	struct barista_workload *net;
	struct barista_device *dev;
	struct barista_baseline *host, *baseline; /* NULL when not asked for */
	struct barista_lowered *lowered;
	struct barista_model model;
};

/* The folder that holds devices/ and workloads/: --data, else the library's own. */
void cli_data_dir(const struct cli_args *args, char *buf, size_t size);

/* Loads a network of whatever format, with the options of import; its remarks go to stderr. */
int cli_load_workload(struct barista_workload **out, const struct cli_args *args, const char *name,
		      const char *data, struct barista_err *err);
/* Lowers the network for the family; says so where the family works on layers that its file does
 * not name. */
int cli_lower_network(struct barista_lowered **out, const struct barista_workload *net,
		      const struct cli_args *args, struct barista_err *err);
/* Loads the network and lowers it. */
int cli_load_network(struct cli_inputs *in, const struct cli_args *args, struct barista_err *err);
/* Loads one board, applies the host's tiling time and the --set options. */
int cli_load_device(struct cli_inputs *in, const struct cli_args *args, const char *name,
		    struct barista_device **out, struct barista_err *err);
/* Loads --host, when given. */
int cli_load_host(struct cli_inputs *in, const struct cli_args *args, struct barista_err *err);
/* Loads --baseline, or the default one. */
int cli_load_baseline(struct cli_inputs *in, const struct cli_args *args, struct barista_err *err);
/* Network, host and one board. */
int cli_load(struct cli_inputs *in, const struct cli_args *args, struct barista_err *err);
void cli_release(struct cli_inputs *in);

/* A kernel that the board can build, whether it fits or not. */
int cli_parse_kernel(const struct cli_inputs *in, const char *text, struct barista_point *out,
		     struct barista_err *err);

/* The list of --precision as values of the choice knob. */
int cli_parse_precisions(const struct cli_args *args, const struct barista_device *dev,
			 struct barista_space *space, struct barista_err *err);
/* The space of --grid, --precision and the knob options. */
int cli_make_space(const struct cli_args *args, const struct barista_model *model,
		   struct barista_space *space, struct barista_err *err);

/* All that decides the result, as a command that can be given again: what it is written to and how
 * is left out. *out is the caller's to free. */
int cli_describe_command(const struct cli_args *args, const struct cli_command *cmd, char **out,
			 struct barista_err *err);

/* Bold heads: stdout is a terminal, NO_COLOR is not set. */
bool cli_bold(void);
/* Prints a table in the chosen format and frees it. */
int cli_print_table(const struct cli_args *args, struct barista_table *table,
		    struct barista_err *err);

/* Progress on stderr after two seconds, unless quiet: a bar on a terminal, else a line every five
 * seconds. */
struct cli_progress {
	const char *what;
	double start, last;
	bool on, terminal, shown;
};
void cli_progress_start(struct cli_progress *p, const struct cli_args *args, const char *what);
void cli_progress_step(void *progress, double done, double total, double evaluated);
void cli_progress_end(struct cli_progress *p);

#endif
