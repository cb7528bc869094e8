/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The smallest architecture that the interface allows: `lanes` multipliers that are always busy. It
 * includes nothing but public headers, so that it works in the program, from its folder, and in a
 * program of a user's own, at run time. */
#include <barista/family.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct barista_knob knobs[] = {
	{.name = "lanes",
	 .unit = "",
	 .help = "multipliers",
	 .lo = 1,
	 .hi = 64,
	 .default_value = NAN},
};

static const struct barista_term terms[] = {
	{"lanes", "multipliers", NULL, "knob", BARISTA_DIM_COUNT, 0},
	{"f", "clock", NULL, "clock.kernel", BARISTA_DIM_HZ, 0},
	{"MACs", "multiply-accumulates", NULL, "lowering", BARISTA_DIM_COUNT, 0},
	{"T", "compute", "MACs / (lanes * f)", "toy", BARISTA_DIM_SECOND,
	 BARISTA_ROLE_BINDS | BARISTA_ROLE_PART | BARISTA_ROLE_TOTAL | BARISTA_ROLE_DEVICE},
};

static int parse(const char *text, struct barista_point *out, struct barista_err *err)
{
	struct barista_point p = {.nstages = 0};
	char *end;
	long lanes = strtol(text, &end, 10);

	if (end == text || strcmp(end, "lanes") != 0 || lanes < 1 || lanes > 64) {
		err->status = BARISTA_E_ARGUMENT;
		snprintf(err->msg, sizeof err->msg, "'%.60s' is not a toy: expected e.g. 8lanes",
			 text);
		return err->status;
	}
	p.knob[0] = (double)lanes;
	*out = p;
	return BARISTA_OK;
}

static void format(const struct barista_point *point, char *buf, size_t size)
{
	snprintf(buf, size, "%.0flanes", point->knob[0]);
}

static double max_useful(const struct barista_model *model, size_t knob)
{
	(void)model;
	return knobs[knob].hi;
}

static int validate(const struct barista_model *model, const struct barista_point *point,
		    struct barista_err *err)
{
	(void)model;
	(void)point;
	(void)err;
	return BARISTA_OK;
}

static void resources(const struct barista_model *model, struct barista_batch *b)
{
	double dsp = barista_device_pe(model->dev, BARISTA_FP32, BARISTA_PE_DSP);
	double clock = barista_device_param(model->dev, BARISTA_CLOCK);

	for (size_t i = 0; i < b->n; i++) {
		double lanes = b->points[i].knob[0];

		b->metric[BARISTA_DSP][i] = ceil(lanes * dsp);
		b->metric[BARISTA_POWER][i] = 1 + 0.01 * lanes;
		b->metric[BARISTA_PEAK][i] = 2 * lanes * clock;
	}
}

static double class_time(const struct barista_model *model, const struct barista_point *point,
			 size_t layer_class)
{
	double macs_hz = point->knob[0] * barista_device_param(model->dev, BARISTA_CLOCK);

	return model->lowered->layer_class[layer_class].ops / 2 / macs_hz;
}

static void times(const struct barista_model *model, struct barista_batch *b)
{
	for (size_t c = 0; c < model->lowered->nclasses; c++)
		for (size_t i = 0; i < b->n; i++)
			b->class_time[c * b->n + i] = class_time(model, &b->points[i], c);
}

static int enumerate(struct barista_enumeration *e, struct barista_err *err)
{
	const struct barista_range *range = &e->space->range[0];
	struct barista_point p = {.nstages = 0};
	int rc = BARISTA_OK;

	e->points = 0;
	for (double lanes = range->lo; lanes <= range->hi && !rc; lanes++, e->points++) {
		p.knob[0] = lanes;
		rc = e->insert(e->user, &p, err);
	}
	return rc;
}

static size_t time_part_count(const struct barista_model *model, const struct barista_point *point,
			      size_t layer_class)
{
	(void)model;
	(void)point;
	(void)layer_class;
	return 1;
}

static void time_part(const struct barista_model *model, const struct barista_point *point,
		      size_t layer_class, size_t i, struct barista_time_part *out)
{
	(void)i;
	*out = (struct barista_time_part){
		.name = "all", .m = NAN, .n = NAN, .k = NAN, .per_image = 1};
	out->value[0] = point->knob[0];
	out->value[1] = barista_device_param(model->dev, BARISTA_CLOCK);
	out->value[2] = model->lowered->layer_class[layer_class].ops / 2;
	out->value[3] = class_time(model, point, layer_class);
}

extern const struct barista_family barista_toy;
const struct barista_family barista_toy = {
	.name = "toy",
	.summary = "multipliers that are always busy",
	.notation = "Nlanes, e.g. 8lanes",
	.default_board = "aws-f1-vu9p",
	.default_precision = "fp32",
	.default_design = "8lanes",
	.knob = knobs,
	.nknobs = sizeof knobs / sizeof *knobs,
	.scaling_knob = 0,
	.term = terms,
	.nterms = sizeof terms / sizeof *terms,
	.parse = parse,
	.format = format,
	.max_useful = max_useful,
	.validate = validate,
	.resources = resources,
	.times = times,
	.enumerate = enumerate,
	.dominance_rule = "none is left out",
	.time_part_count = time_part_count,
	.time_part = time_part,
};
