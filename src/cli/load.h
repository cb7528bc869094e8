/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Loads what the options name. Remarks go to stderr, unless `quiet`. */
#ifndef CLI_LOAD_H
#define CLI_LOAD_H

#include "cli/options.h"
#include "model/baseline.h"

/* The baseline is this processor of [Barista] where none is named. */
#define CLI_DEFAULT_CPU "xeon-e5-2686v4"

/* Returns the folder that holds devices/ and workloads/: the one given, or the one where the
 * library finds them. */
const char *cli_data_dir(const char *given);

/* Returns the options of import as the library takes them; they point into o. */
struct barista_import_options cli_import_options(const struct cli_import_options *o);

/* Loads a network of whatever format. */
int cli_load_workload(struct barista_workload **out, const char *name, const char *data_dir,
		      const struct cli_import_options *o, bool quiet, struct barista_err *err);

/* Lowers it for a family, and remarks on it where the family works on layers that the network's
 * file does not name. */
int cli_lower(struct barista_lowered **out, const struct barista_workload *net,
	      const struct barista_family *family, const struct cli_lowering_options *o, bool quiet,
	      struct barista_err *err);

/* Loads a host file of `calibrate`; NULL when no name is given. */
int cli_load_host(struct barista_baseline **out, const char *name, const char *data_dir,
		  struct barista_err *err);

/* Loads one board, with the host's tiling time, if there is a host, the changes of --set and the
 * limits. */
int cli_load_device(struct barista_device **out, const char *name, const char *data_dir,
		    const struct barista_baseline *host, const struct cli_board_options *o,
		    struct barista_err *err);

/* Remarks on options that say how fast the host tiles, for a family where it does not tile. */
void cli_remark_idle_host(const struct cli_board_options *o, const struct barista_family *family,
			  bool quiet);

/* These are a network, a board and the model of the two, and what the host file says. */
struct cli_inputs {
	struct barista_workload *net;
	struct barista_lowered *lowered;
	struct barista_device *dev;
	struct barista_baseline *host; /* NULL when not asked for */
	struct barista_model model;
};

/* Loads the network and lowers it. Whatever comes of it, cli_release() the inputs. */
int cli_load_network(struct cli_inputs *in, const struct cli_problem_options *o, bool quiet,
		     struct barista_err *err);
/* Loads the network, the host and the one board that is named. */
int cli_load_model(struct cli_inputs *in, const struct cli_problem_options *o, bool quiet,
		   struct barista_err *err);
void cli_release(struct cli_inputs *in);

/* Parses a kernel that the board can build, whether it fits or not. */
int cli_parse_kernel(const struct barista_model *model, const char *text, struct barista_point *out,
		     struct barista_err *err);

#endif
