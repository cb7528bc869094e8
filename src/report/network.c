/* SPDX-License-Identifier: GPL-3.0-or-later */
/* This file shows a network as it is modelled: its layers with MACs one by one, the others by
 * their types. */
#include "report/network.h"

#include "network/workload.h"

static const char *const mac_types[] = {"conv", "fc", "deconv"};

static void cell_pair(struct barista_table *t, int64_t a, int64_t b)
{
	char buf[64];

	snprintf(buf, sizeof buf, "%lldx%lld", (long long)a, (long long)b);
	barista_cell_text(t, buf);
}

static void cell_shape(struct barista_table *t, int64_t channels, int64_t h, int64_t w)
{
	char buf[96];

	snprintf(buf, sizeof buf, "%lldx%lldx%lld", (long long)channels, (long long)h,
		 (long long)w);
	barista_cell_text(t, buf);
}

/* Where a direction is padded differently at its ends, the cell is BEGIN:END for each. */
static void cell_pad(struct barista_table *t, const struct barista_mac_layer *l)
{
	char buf[96];

	if (l->pad_h == l->pad_end_h && l->pad_w == l->pad_end_w) {
		cell_pair(t, l->pad_h, l->pad_w);
		return;
	}
	snprintf(buf, sizeof buf, "%lld:%lldx%lld:%lld", (long long)l->pad_h,
		 (long long)l->pad_end_h, (long long)l->pad_w, (long long)l->pad_end_w);
	barista_cell_text(t, buf);
}

static const char *gradients(const struct barista_mac_layer *l)
{
	if (l->weight_gradient)
		return l->input_gradient ? "weight, input" : "weight";
	return l->input_gradient ? "input" : "none";
}

static double activations(const struct barista_mac_layer *l)
{
	return (double)l->cout * (double)l->oh * (double)l->ow;
}

static void add_layer(struct barista_table *t, const struct barista_mac_layer *l)
{
	barista_cell_text(t, l->name);
	barista_cell_text(t, mac_types[l->type]);
	cell_shape(t, l->cin, l->h, l->w);
	cell_shape(t, l->cout, l->oh, l->ow);
	cell_pair(t, l->kh, l->kw);
	cell_pair(t, l->stride_h, l->stride_w);
	cell_pad(t, l);
	barista_cell_real(t, (double)l->groups);
	barista_cell_text(t, gradients(l));
	barista_cell_real(t, (double)l->macs);
	barista_cell_real(t, (double)l->weights);
	barista_cell_real(t, activations(l));
}

static struct barista_table *layers_table(const void *network)
{
	const struct barista_workload *net = network;
	struct barista_table *t =
		barista_table_headed("layer; type; in; out; kernel; stride; pad; groups [1]; "
				     "gradients; MACs [1]; weights [1]; activations [1]");

	for (size_t i = 0; t && i < net->nmac_layers; i++)
		add_layer(t, &net->mac_layer[i]);
	return t;
}

/* Layers without MACs have a row per type. */
static struct barista_table *others_table(const struct barista_workload *net)
{
	struct {
		double n, in, out, params;
	} sum[BARISTA_NLAYER_TYPES] = {{0, 0, 0, 0}};
	struct barista_table *t =
		barista_table_headed("type; layers [1]; in [1]; out [1]; parameters [1]");

	for (size_t i = 0; i < net->nlayers; i++) {
		const struct barista_layer *l = &net->layer[i];

		sum[l->type].n++;
		sum[l->type].in += (double)l->in;
		sum[l->type].out += (double)l->out;
		sum[l->type].params += (double)l->params;
	}
	for (int type = BARISTA_LAYER_MAC + 1; t && type < BARISTA_NLAYER_TYPES; type++) {
		if (!sum[type].n)
			continue;
		barista_cell_text(t, barista_layer_defs[type].name);
		barista_cell_real(t, sum[type].n);
		barista_cell_real(t, sum[type].in);
		barista_cell_real(t, sum[type].out);
		barista_cell_real(t, sum[type].params);
	}
	return t;
}

/* These are sums over the MAC layers, forward and per image; n and macs are indexed by enum
 * barista_mac_layer_type. */
struct totals {
	double n[3], macs[3], weights, activations;
};

static struct totals add_up(const struct barista_workload *net)
{
	struct totals s = {.weights = 0};

	for (size_t i = 0; i < net->nmac_layers; i++) {
		const struct barista_mac_layer *l = &net->mac_layer[i];

		s.n[l->type]++;
		s.macs[l->type] += (double)l->macs;
		s.weights += (double)l->weights;
		s.activations += activations(l);
	}
	return s;
}

static void put_head(FILE *f, const struct barista_workload *net)
{
	fprintf(f, "%s: %s\nsource: %s (%s)\n", net->name, net->title, net->source, net->status);
	if (net->incomplete)
		fprintf(f, "INCOMPLETE: %s\n", net->incomplete);
	fprintf(f, "batch %lld, ", (long long)net->batch);
	if (net->iterations > 1)
		fprintf(f, "%lld passes per update, ", (long long)net->iterations);
	fprintf(f, "input %lldx%lldx%lld, activations per image\n\n", (long long)net->input[0],
		(long long)net->input[1], (long long)net->input[2]);
}

static void text(struct barista_prose *p, const void *network)
{
	const struct barista_workload *net = network;
	struct totals s = add_up(net);

	put_head(p->f, net);
	barista_prose_table(p, layers_table(net), true);
	fprintf(p->f,
		"\nper image: %.0f MACs in %.0f convolutions, %.0f in deconvolutions, %.0f in "
		"fully "
		"connected layers; %.0f weights, %.0f activations\n",
		s.macs[BARISTA_CONV], s.n[BARISTA_CONV], s.macs[BARISTA_DECONV], s.macs[BARISTA_FC],
		s.weights, s.activations);
	if (net->macs_only)
		return;
	fputs("\nother layers, elements in and out per image, parameters that learn\n\n", p->f);
	barista_prose_table(p, others_table(net), true);
}

/* Lists every layer, in the network's order. */
static json_t *all_layers_json(const struct barista_workload *net)
{
	json_t *list = json_array();

	for (size_t i = 0; i < net->nlayers; i++) {
		const struct barista_layer *l = &net->layer[i];
		const char *type = l->type == BARISTA_LAYER_MAC
					   ? mac_types[net->mac_layer[l->mac_layer].type]
					   : barista_layer_defs[l->type].name;

		barista_json_append(
			list, json_pack("{s:s, s:s, s:I, s:I, s:I, s:I, s:I, s:I, s:b}", "layer",
					l->name, "type", type, "inputs", (json_int_t)l->inputs,
					"in", (json_int_t)l->in, "out", (json_int_t)l->out,
					"window", (json_int_t)l->window, "parameters",
					(json_int_t)l->params, "parameter_blobs",
					(json_int_t)l->blobs, "input_gradient", l->input_gradient));
	}
	return list;
}

static json_t *json(const void *network)
{
	const struct barista_workload *net = network;
	struct totals s = add_up(net);
	json_t *root = json_object();

	barista_json_set_text(root, "workload", net->name);
	barista_json_set_text(root, "title", net->title);
	barista_json_set_text(root, "source", net->source);
	barista_json_set_text(root, "status", net->status);
	barista_json_set_text(root, "incomplete", net->incomplete);
	barista_json_set(root, "batch", json_integer(net->batch));
	barista_json_set(root, "iterations", json_integer(net->iterations));
	barista_json_set(root, "input",
			 json_pack("[I, I, I]", (json_int_t)net->input[0],
				   (json_int_t)net->input[1], (json_int_t)net->input[2]));
	barista_json_set_real(root, "conv_layers", s.n[BARISTA_CONV]);
	barista_json_set_real(root, "conv_macs_per_image", s.macs[BARISTA_CONV]);
	barista_json_set_real(root, "deconv_macs_per_image", s.macs[BARISTA_DECONV]);
	barista_json_set_real(root, "fc_macs_per_image", s.macs[BARISTA_FC]);
	barista_json_set_real(root, "weights", s.weights);
	barista_json_set_real(root, "activations_per_image", s.activations);
	barista_json_set(root, "layers", barista_table_json_free(layers_table(net)));
	barista_json_set(root, "steps", all_layers_json(net));
	return root;
}

const struct barista_document barista_network_document = {text, layers_table, json};
