/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/inputs.h"

#include "barista/family.h"
#include "base/num.h"
#include "import/load.h"
#include "model/baseline.h"
#include "model/device.h"
#include "model/family.h"
#include "model/precision.h"
#include "network/lowering.h"
#include "network/workload.h"
#include "search/space.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void cli_data_dir(const struct cli_args *args, char *buf, size_t size)
{
	snprintf(buf, size, "%s", args->data ? args->data : barista_data_dir());
}

/* A workload file has decided all but the batch. */
static int load_native(struct barista_workload **out, const struct cli_args *args, const char *name,
		       const char *data, struct barista_err *err)
{
	const struct barista_import_options *o = &args->import;
	const char *option = o->solver       ? "--solver"
			     : o->ninputs    ? "--input"
			     : o->test_phase ? "--phase"
			     : o->lenient    ? "--lenient"
					     : NULL;
	int rc;

	if (option)
		return barista_fail(
			err, BARISTA_E_ARGUMENT,
			"%s is for networks of Caffe or ONNX (.prototxt, .pbtxt, .onnx), "
			"not '%.300s'",
			option, name);
	rc = barista_workload_load_native(out, name, data, err);
	if (rc)
		return rc;
	if (o->batch)
		(*out)->batch = o->batch;
	if ((*out)->incomplete && !args->quiet)
		fprintf(stderr, "barista-dse: %s: incomplete: %s\n", name, (*out)->incomplete);
	return 0;
}

int cli_load_workload(struct barista_workload **out, const struct cli_args *args, const char *name,
		      const char *data, struct barista_err *err)
{
	const struct barista_import_format *format = barista_import_format_find(name);
	int rc;

	if (!format)
		return load_native(out, args, name, data, err);
	rc = barista_workload_import_as(out, name, format, &args->import, err);
	if (!rc && (*out)->remarks && !args->quiet)
		fputs((*out)->remarks, stderr);
	return rc;
}

/* How the family lowers a network, under --lowering and --layers. */
static struct barista_lowering lowering(const struct cli_args *args)
{
	bool conv = args->layers && !strcmp(args->layers, "conv");
	struct barista_lowering l = barista_family_lowering(args->family, args->whole_batch, conv);

	l.all_layers |= args->layers && !conv;
	return l;
}

int cli_lower_network(struct barista_lowered **out, const struct barista_workload *net,
		      const struct cli_args *args, struct barista_err *err)
{
	struct barista_lowering how = lowering(args);
	int rc = barista_lower(out, net, how, err);

	if (rc)
		barista_err_context(err, net->path);
	else if (how.other_layers && net->macs_only && !args->quiet)
		fprintf(stderr,
			"barista-dse: %s names only layers that multiply: family '%s' leaves out "
			"the time of all others\n",
			net->path, args->family->name);
	return rc;
}

int cli_load_network(struct cli_inputs *in, const struct cli_args *args, struct barista_err *err)
{
	int rc;

	cli_data_dir(args, in->data, sizeof in->data);
	if ((rc = cli_load_workload(&in->net, args, args->workload, in->data, err)))
		return rc;
	return cli_lower_network(&in->lowered, in->net, args, err);
}

int cli_load_host(struct cli_inputs *in, const struct cli_args *args, struct barista_err *err)
{
	int rc;

	if (!args->host)
		return 0;
	if ((rc = barista_baseline_load(&in->host, args->host, in->data, err)))
		return rc;
	if (isnan(in->host->tile_time.value))
		return barista_fail(
			err, BARISTA_E_INPUT,
			"%.600s has no host.tile_time: --host takes a file that `calibrate` wrote",
			in->host->path);
	return 0;
}

int cli_load_baseline(struct cli_inputs *in, const struct cli_args *args, struct barista_err *err)
{
	const char *name = args->baseline;

	if (!name)
		name = in->host && in->host->ntimes ? args->host : "xeon-e5-2686v4";
	return barista_baseline_load(&in->baseline, name, in->data, err);
}

int cli_load_device(struct cli_inputs *in, const struct cli_args *args, const char *name,
		    struct barista_device **out, struct barista_err *err)
{
	struct barista_device *dev;
	int rc = barista_device_load(&dev, name, in->data, err);

	if (rc)
		return rc;
	if (in->host)
		dev->param[BARISTA_TILE_TIME] = in->host->tile_time;
	for (size_t i = 0; !rc && i < args->nsets; i++) {
		rc = barista_device_set(dev, args->set[i], err);
		if (rc)
			barista_err_context(err, "--set");
	}
	if (rc)
		barista_device_free(dev);
	else
		*out = dev;
	return rc;
}

int cli_load(struct cli_inputs *in, const struct cli_args *args, struct barista_err *err)
{
	int rc;

	*in = (struct cli_inputs){.net = NULL};
	if ((rc = cli_load_network(in, args, err)) || (rc = cli_load_host(in, args, err)))
		return rc;
	if (strchr(cli_device(args), ','))
		return barista_fail(err, BARISTA_E_ARGUMENT, "--device: one board, not '%.80s'",
				    cli_device(args));
	if ((rc = cli_load_device(in, args, cli_device(args), &in->dev, err)))
		return rc;
	in->model = (struct barista_model){in->dev, in->lowered, args->family};
	return 0;
}

void cli_release(struct cli_inputs *in)
{
	barista_lowered_free(in->lowered);
	barista_workload_free(in->net);
	barista_device_free(in->dev);
	barista_baseline_free(in->host);
	barista_baseline_free(in->baseline);
}

int cli_parse_kernel(const struct cli_inputs *in, const char *text, struct barista_point *out,
		     struct barista_err *err)
{
	int rc = in->model.family->parse(text, out, err);

	if (!rc)
		rc = in->model.family->validate(&in->model, out, err);
	if (rc)
		barista_err_context(err, "--kernel");
	return rc;
}

static int add_precision(struct barista_space *space, const char *text, struct barista_err *err)
{
	size_t room = sizeof space->choice / sizeof *space->choice;
	double knob;
	int rc;

	if (space->nchoices == room)
		return barista_fail(err, BARISTA_E_ARGUMENT, "more than %zu precisions", room);
	if ((rc = barista_precision_parse(text, &knob, err)))
		return rc;
	for (size_t i = 0; i < space->nchoices; i++)
		if (space->choice[i] == knob)
			return barista_fail(err, BARISTA_E_ARGUMENT, "'%.60s' twice", text);
	space->choice[space->nchoices++] = knob;
	return 0;
}

static int split_precisions(const char *list, struct barista_space *space, struct barista_err *err)
{
	char word[80];

	for (const char *p = list;; p++) {
		size_t len = strcspn(p, ",");
		int rc;

		if (len >= sizeof word)
			return barista_fail(err, BARISTA_E_ARGUMENT, "'%.60s' is no precision", p);
		snprintf(word, sizeof word, "%.*s", (int)len, p);
		if ((rc = add_precision(space, word, err)))
			return rc;
		p += len;
		if (!*p)
			return 0;
	}
}

int cli_parse_precisions(const struct cli_args *args, const struct barista_device *dev,
			 struct barista_space *space, struct barista_err *err)
{
	int rc = 0;

	space->nchoices = 0;
	if (!strcmp(cli_precision(args), "all")) {
		for (int p = 0; !rc && p < BARISTA_NPRECISIONS; p++)
			if (dev->has_precision[p])
				rc = add_precision(space, barista_precision_defs[p].name, err);
	} else if (strchr(cli_precision(args), '=')) {
		rc = add_precision(space, cli_precision(args), err);
	} else {
		rc = split_precisions(cli_precision(args), space, err);
	}
	if (rc)
		barista_err_context(err, "--precision");
	return rc;
}

static int parse_range(const char *option, const char *text, const struct barista_knob *knob,
		       struct barista_range *range, struct barista_err *err)
{
	const char *colon = strchr(text, ':');
	char low[32];
	int64_t lo, hi;

	snprintf(low, sizeof low, "%.*s", (int)(colon ? colon - text : (long)strlen(text)), text);
	if (!barista_parse_int(low, &lo) || !barista_parse_int(colon ? colon + 1 : text, &hi))
		return barista_fail(err, BARISTA_E_ARGUMENT,
				    "--%s: '%.60s' is not a whole number or LOW:HIGH, e.g. 1:256",
				    option, text);
	if (lo > hi)
		return barista_fail(err, BARISTA_E_ARGUMENT,
				    "--%s: in '%.60s' the low end is above the high end", option,
				    text);
	if ((double)lo < knob->lo || (double)hi > knob->hi)
		return barista_fail(err, BARISTA_E_ARGUMENT,
				    "--%s: '%.60s' is not within %.0f:%.0f", option, text, knob->lo,
				    knob->hi);
	range->lo = (double)lo;
	range->hi = (double)hi;
	return 0;
}

int cli_make_space(const struct cli_args *args, const struct barista_model *model,
		   struct barista_space *space, struct barista_err *err)
{
	const struct barista_family *f = model->family;
	int rc;

	if (args->grid_pow2)
		barista_space_default(space, model);
	else
		barista_space_full(space, model);
	for (size_t k = 0; k < f->nknobs; k++) {
		char option[48];

		cli_knob_option(option, sizeof option, &f->knob[k]);
		if (args->knob[k] &&
		    (rc = parse_range(option, args->knob[k], &f->knob[k], &space->range[k], err)))
			return rc;
	}
	return cli_parse_precisions(args, model->dev, space, err);
}
