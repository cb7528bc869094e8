/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Random chains of boards, and the model's view of them. */
#include "cluster_designs.h"
#include "random.h"

#include "barista/family.h"
#include "model/device.h"
#include "model/family.h"
#include "network/lowering.h"
#include "network/workload.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static int64_t random_int(uint64_t *seed, int64_t low, int64_t high)
{
	return low + (int64_t)(sim_random_unit(seed) * (double)(high - low + 1));
}

/* Numbers from 10 to 20 are as frequent as those from 100 to 200. */
static double random_log(uint64_t *seed, double low, double high)
{
	return low * pow(high / low, sim_random_unit(seed));
}

double cluster_term(const struct cluster_design *d, size_t layer, const char *symbol)
{
	const struct barista_family *family = d->model.family;
	struct barista_time_part part;
	size_t t = 0;

	while (t < family->nterms && strcmp(family->term[t].symbol, symbol))
		t++;
	if (t == family->nterms)
		return (double)NAN;
	barista_time_part(&d->model, &d->point, d->lowered->class_of[layer], 0, &part);
	return part.value[t];
}

static struct barista_mac_layer make_conv(uint64_t *seed, int64_t channels, int64_t size)
{
	struct barista_mac_layer l = {.name = "conv",
				      .type = BARISTA_CONV,
				      .cin = channels,
				      .h = size,
				      .w = size,
				      .cout = 4 * (int64_t)random_log(seed, 2, 128),
				      .dil_h = 1,
				      .dil_w = 1,
				      .groups = 1};

	l.kh = l.kw = 1 + 2 * random_int(seed, 0, 2);
	l.pad_h = l.pad_w = l.pad_end_h = l.pad_end_w = l.kh / 2;
	l.stride_h = l.stride_w = size > 8 && !random_int(seed, 0, 7) ? 2 : 1;
	l.groups = channels % 4 == 0 && !random_int(seed, 0, 4) ? 2 : 1;
	l.oh = l.ow = (size - 1) / l.stride_h + 1;
	l.weights = l.cout * (l.cin / l.groups) * l.kh * l.kw;
	l.macs = l.weights * l.oh * l.ow;
	return l;
}

static struct barista_mac_layer make_fc(uint64_t *seed, int64_t in)
{
	struct barista_mac_layer l = {.name = "fc",
				      .type = BARISTA_FC,
				      .cin = in,
				      .h = 1,
				      .w = 1,
				      .cout = (int64_t)random_log(seed, 10, 1000),
				      .kh = 1,
				      .kw = 1,
				      .stride_h = 1,
				      .stride_w = 1,
				      .dil_h = 1,
				      .dil_w = 1,
				      .groups = 1,
				      .oh = 1,
				      .ow = 1};

	l.macs = l.weights = l.cin * l.cout;
	return l;
}

/* The network has convolutions, pooled now and then, and behind two thirds of them fully connected
 * layers if images are small there. The weights of the first layers may not learn. */
static void make_network(uint64_t *seed, struct cluster_design *d, const struct cluster_kind *kind)
{
	size_t n = (size_t)random_int(seed, 3, 20),
	       frozen = random_int(seed, 0, 7) ? 0 : (size_t)random_int(seed, 1, (int64_t)n / 2);
	int64_t channels = random_int(seed, 1, 4),
		size = (int64_t)random_log(seed, kind->least_size, kind->most_size);

	for (size_t l = 0; l < n; l++) {
		struct barista_mac_layer *it = &d->mac_layer[l];

		*it = kind->fcs && 3 * l > 2 * n && size <= 16
			      ? make_fc(seed, channels * size * size)
			      : make_conv(seed, channels, size);
		it->weight_gradient = l >= frozen;
		it->input_gradient = l > frozen;
		d->layer[l] = (struct barista_layer){.name = it->name, .mac_layer = l};
		channels = it->cout;
		size = it->oh;
		size = 4 * size >= kind->least_size && size >= 8 && !random_int(seed, 0, 2)
			       ? size / 2
			       : size;
	}
	d->made = (struct barista_workload){.name = "random",
					    .batch = random_int(seed, 8, 64),
					    .iterations = 1,
					    .nmac_layers = n,
					    .mac_layer = d->mac_layer,
					    .nlayers = n,
					    .layer = d->layer};
}

static double stored_bits(const struct cluster_design *d)
{
	double sum = 0;

	for (size_t l = 0; l < d->lowered->nlayers; l++)
		sum += cluster_term(d, l, "S_feat") + cluster_term(d, l, "S_wgt");
	return sum;
}

/* The boards have block RAM for all, or hardly enough, and links from idle to far too slow. */
static void set_board(uint64_t *seed, struct cluster_design *d, struct barista_device *dev,
		      const struct cluster_kind *kind)
{
	double boards = d->point.knob[0], tight = random_log(seed, 1, 1.5),
	       link = random_log(seed, kind->least_link, kind->most_link);
	double block_bits;

	dev->param[BARISTA_CHAIN_USE].value = 0.3 + 0.7 * sim_random_unit(seed);
	dev->param[BARISTA_USABLE_BRAM].value = 1;
	dev->param[BARISTA_RES_BRAM].value = 1e9;
	dev->param[BARISTA_LINK_BANDWIDTH].value = 1e18;
	block_bits = cluster_term(d, 0, "S") / 1e9;
	if (boards > 1)
		dev->param[BARISTA_LINK_BANDWIDTH].value = cluster_term(d, 0, "b") *
							   cluster_term(d, 0, "words_max") /
							   (cluster_term(d, 0, "t_busiest") * link);
	if (!random_int(seed, 0, 2))
		dev->param[BARISTA_RES_BRAM].value =
			ceil(tight * stored_bits(d) / boards / block_bits);
}

static int set_point(uint64_t *seed, struct cluster_design *d, const struct cluster_kind *kind,
		     struct barista_err *err)
{
	static const char *const precision[] = {"int16", "int16", "int8", "fp32"};
	char text[64];

	snprintf(text, sizeof text, "%.0fx/%s:%s",
		 floor(random_log(seed, 1, kind->most_boards + 0.999)),
		 random_int(seed, 0, 3) ? "fine" : "whole", precision[random_int(seed, 0, 3)]);
	return d->model.family->parse(text, &d->point, err);
}

int cluster_design_open(struct cluster_design *d, struct barista_device *dev, const char *name,
			const struct cluster_kind *kind, uint64_t *seed, struct barista_err *err)
{
	const struct barista_family *family = barista_family_find("cluster");
	int rc;

	memset(d, 0, sizeof *d);
	if (name && (rc = barista_workload_load(&d->loaded, name, ".", err)))
		return rc;
	if (!name)
		make_network(seed, d, kind);
	if ((rc = barista_lower(&d->lowered, d->loaded ? d->loaded : &d->made,
				barista_family_lowering(family, false, BARISTA_LAYERS_DEFAULT),
				err)))
		return rc;
	d->model = (struct barista_model){dev, d->lowered, family};
	if ((rc = set_point(seed, d, kind, err)) ||
	    (rc = family->validate(&d->model, &d->point, err)))
		return rc;
	set_board(seed, d, dev, kind);
	return 0;
}

void cluster_design_close(struct cluster_design *d)
{
	barista_lowered_free(d->lowered);
	barista_workload_free(d->loaded);
}
