/* SPDX-License-Identifier: GPL-3.0-or-later */
/* This file loads networks, boards and hosts as the options say. */
#include "cli/load.h"
#include "cli/print.h"

#include "base/err.h"
#include "import/load.h"
#include "model/baseline.h"
#include "model/device.h"
#include "model/family.h"
#include "network/lowering.h"
#include "network/workload.h"

#include <math.h>
#include <string.h>

const char *cli_data_dir(const char *given)
{
	return given ? given : barista_data_dir();
}

struct barista_import_options cli_import_options(const struct cli_import_options *o)
{
	return (struct barista_import_options){
		.solver = o->solver,
		.input = o->input.item,
		.ninputs = o->input.n,
		.batch = o->batch,
		.test_phase = o->phase == CLI_TEST,
		.lenient = o->lenient,
	};
}

/* Only the batch of a workload file can be changed; all else is decided in it. */
static int load_native(struct barista_workload **out, const char *name, const char *data_dir,
		       const struct cli_import_options *o, bool quiet, struct barista_err *err)
{
	const char *option = o->solver              ? "--solver"
			     : o->input.n           ? "--input"
			     : o->phase == CLI_TEST ? "--phase"
			     : o->lenient           ? "--lenient"
						    : NULL;
	int rc;

	if (option)
		return barista_fail(
			err, BARISTA_E_ARGUMENT,
			"%s is for networks of Caffe or ONNX (.prototxt, .pbtxt, .onnx), "
			"not '%.300s'",
			option, name);
	rc = barista_workload_load_native(out, name, data_dir, err);
	if (rc)
		return rc;
	if (o->batch)
		(*out)->batch = o->batch;
	if ((*out)->incomplete && !quiet)
		fprintf(stderr, "barista-dse: %s: incomplete: %s\n", name, (*out)->incomplete);
	return 0;
}

int cli_load_workload(struct barista_workload **out, const char *name, const char *data_dir,
		      const struct cli_import_options *o, bool quiet, struct barista_err *err)
{
	const struct barista_import_format *format = barista_import_format_find(name);
	const struct barista_import_options options = cli_import_options(o);
	int rc;

	if (!format)
		return load_native(out, name, data_dir, o, quiet, err);
	rc = barista_workload_import_as(out, name, format, &options, err);
	if (!rc && (*out)->remarks && !quiet)
		cli_put_message((*out)->remarks);
	return rc;
}

int cli_lower(struct barista_lowered **out, const struct barista_workload *net,
	      const struct barista_family *family, const struct cli_lowering_options *o, bool quiet,
	      struct barista_err *err)
{
	struct barista_lowering how = barista_family_lowering(family, o->gemm == CLI_GEMM_PER_BATCH,
							      (enum barista_layers)o->layers);
	int rc = barista_lower(out, net, how, err);

	if (rc)
		barista_err_context(err, net->path);
	else if (how.other_layers && net->macs_only && !quiet)
		fprintf(stderr,
			"barista-dse: %s names only layers that multiply: family '%s' leaves out "
			"the time of all others\n",
			net->path, family->name);
	return rc;
}

int cli_load_host(struct barista_baseline **out, const char *name, const char *data_dir,
		  struct barista_err *err)
{
	struct barista_baseline *host = NULL;
	int rc = name ? barista_baseline_load(&host, name, data_dir, err) : 0;

	if (!rc && host && isnan(host->tile_time.value)) {
		rc = barista_fail(err, BARISTA_E_INPUT,
				  "%.600s has no host.tile_time: --host takes a file that "
				  "`calibrate` wrote",
				  host->path);
		barista_baseline_free(host);
	}
	if (!rc)
		*out = host;
	return rc;
}

static bool host_tiles(const struct barista_family *family)
{
	for (size_t i = 0; i < family->nheadline; i++)
		if (family->headline[i].param == BARISTA_TILE_TIME)
			return true;
	return false;
}

void cli_remark_idle_host(const struct cli_board_options *o, const struct barista_family *family,
			  bool quiet)
{
	static const char key[] = "host.tile_time";
	const char *given = o->host ? "--host" : NULL;

	for (size_t i = 0; i < o->set.n; i++)
		if (!strncmp(o->set.item[i], key, sizeof key - 1))
			given = "--set host.tile_time";
	if (given && !host_tiles(family))
		cli_remark(quiet, "%s changes nothing: in family '%s' the host tiles no matrices",
			   given, family->name);
}

/* A limit that the board has already, or a tighter one, stays. */
static int set_limit(struct barista_device *dev, const char *option, enum barista_param param,
		     const struct cli_quantity *limit, struct barista_err *err)
{
	char assignment[128];
	int rc;

	if (!limit->text || dev->param[param].value <= limit->value)
		return 0;
	snprintf(assignment, sizeof assignment, "%s=%.60s", barista_param_defs[param].path,
		 limit->text);
	rc = barista_device_set(dev, assignment, err);
	if (rc)
		barista_err_context(err, option);
	return rc;
}

static int set_limits(struct barista_device *dev, const struct cli_board_options *o,
		      struct barista_err *err)
{
	int rc = set_limit(dev, "--max-dsp", BARISTA_USABLE_DSP, &o->max_dsp, err);

	if (!rc)
		rc = set_limit(dev, "--max-power", BARISTA_MAX_POWER, &o->max_power, err);
	return rc ? rc : set_limit(dev, "--max-boards", BARISTA_MAX_BOARDS, &o->max_boards, err);
}

int cli_load_device(struct barista_device **out, const char *name, const char *data_dir,
		    const struct barista_baseline *host, const struct cli_board_options *o,
		    struct barista_err *err)
{
	struct barista_device *dev;
	int rc = barista_device_load(&dev, name, data_dir, err);

	if (rc)
		return rc;
	if (host)
		dev->param[BARISTA_TILE_TIME] = host->tile_time;
	for (size_t i = 0; !rc && i < o->set.n; i++) {
		rc = barista_device_set(dev, o->set.item[i], err);
		if (rc)
			barista_err_context(err, "--set");
	}
	if (!rc)
		rc = set_limits(dev, o, err);
	if (rc)
		barista_device_free(dev);
	else
		*out = dev;
	return rc;
}

int cli_load_network(struct cli_inputs *in, const struct cli_problem_options *o, bool quiet,
		     struct barista_err *err)
{
	int rc = cli_load_workload(&in->net, o->workload, cli_data_dir(o->data), &o->import, quiet,
				   err);

	return rc ? rc : cli_lower(&in->lowered, in->net, o->family, &o->lowering, quiet, err);
}

int cli_load_model(struct cli_inputs *in, const struct cli_problem_options *o, bool quiet,
		   struct barista_err *err)
{
	const char *data_dir = cli_data_dir(o->data), *device = cli_device(&o->board, o->family);
	int rc = cli_load_network(in, o, quiet, err);

	if (!rc)
		rc = cli_load_host(&in->host, o->board.host, data_dir, err);
	if (!rc && strchr(device, ','))
		rc = barista_fail(err, BARISTA_E_ARGUMENT, "--device: one board, not '%.80s'",
				  device);
	if (!rc)
		rc = cli_load_device(&in->dev, device, data_dir, in->host, &o->board, err);
	if (rc)
		return rc;
	in->model = (struct barista_model){in->dev, in->lowered, o->family};
	cli_remark_idle_host(&o->board, o->family, quiet);
	return 0;
}

void cli_release(struct cli_inputs *in)
{
	barista_lowered_free(in->lowered);
	barista_workload_free(in->net);
	barista_device_free(in->dev);
	barista_baseline_free(in->host);
}

int cli_parse_kernel(const struct barista_model *model, const char *text, struct barista_point *out,
		     struct barista_err *err)
{
	int rc = model->family->parse(text, out, err);

	if (!rc)
		rc = model->family->validate(model, out, err);
	if (rc)
		barista_err_context(err, "--kernel");
	return rc;
}
