/* SPDX-License-Identifier: GPL-3.0-or-later */
/* This file reads what training changes in a layer, and where its gradients come from and go to. */
#include "import/caffe/caffe.h"

#include "base/text.h"

#include <string.h>

/* Reads the learning rate of the next parameter, which stands in `param { lr_mult }`, or in
 * blobs_lr of old layers, and is 1 by default. *field is where to look from, and is moved behind
 * it. */
static int learning_rate(struct barista_caffe_layer *l, struct barista_proto **field,
			 const char *name, bool *learns)
{
	struct barista_proto *f = *field = barista_proto_find(*field, name);
	double rate = 1;
	int rc = 0;

	if (f && f->kind == BARISTA_PROTO_MESSAGE)
		rc = barista_proto_real(&l->net->text, f, "lr_mult", &rate, l->net->err);
	else if (f && !strcmp(name, "blobs_lr"))
		rc = barista_proto_real_value(&l->net->text, f, &rate, l->net->err);
	if (f)
		*field = f->next;
	*learns = rate != 0;
	return rc;
}

/* Counts the parameters of a layer. Scale and Bias have one less when it comes as a second bottom,
 * and layers that may have a bias have one less without it, which Scale is by default. */
static int count_parameters(struct barista_caffe_layer *l, int *n)
{
	bool scale = !strcmp(l->type->name, "Scale"),
	     second = l->op->nin > 1 && (scale || !strcmp(l->type->name, "Bias"));
	bool bias = !scale;
	struct barista_proto *params;
	int rc = barista_caffe_params(l, &params);

	if (rc || (rc = barista_proto_bool(&l->net->text, params, "bias_term", &bias, l->net->err)))
		return rc;
	*n = l->type->parameters - second - (l->type->parameters == 2 && !bias);
	return 0;
}

/* Refuses the learning rates of the other format. Caffe reads no such file, so that taking its
 * default instead would silently change which gradients there are. */
static int check_format(struct barista_caffe_layer *l, bool old)
{
	struct barista_proto *f = barista_proto_find(l->p->first, old ? "param" : "blobs_lr");

	if (!f || (old && f->kind != BARISTA_PROTO_MESSAGE))
		return 0;
	return barista_fail_proto(
		l->net->err, &l->net->text, f,
		old ? "'param { lr_mult }' belongs in 'layer': in the old 'layers' it is blobs_lr"
		    : "'blobs_lr' belongs in the old 'layers': in 'layer' it is param { lr_mult }");
}

static int read_learning(struct barista_caffe_layer *l, bool old)
{
	const char *name = old ? "blobs_lr" : "param";
	struct barista_proto *field = l->p->first;
	/* Net::Init sees the statistics of BatchNorm as parameters that learn, because Caffe
	 * freezes them only afterwards. Only the three `param` of old files freeze them in time. */
	bool frozen =
		     !strcmp(l->type->name, "BatchNorm") && barista_proto_count(l->p, "param") == 3,
	     learns;
	int n = 0, rc = check_format(l, old);

	if (!rc && l->type->parameters && !frozen)
		rc = count_parameters(l, &n);
	l->op->bias = l->type->role == BARISTA_MULTIPLIES && n == 2;
	for (int i = 0; i < n && !rc; i++) {
		rc = learning_rate(l, &field, name, &learns);
		l->op->learns |= learns;
		if (!i)
			l->op->weights_learn = learns;
		if (i < 2)
			l->learning[i] = learns;
	}
	return rc;
}

int barista_caffe_read_loss(struct barista_caffe_layer *l)
{
	struct barista_proto *f = barista_proto_find(l->p->first, "loss_weight");

	l->op->loss = !f && barista_ends_with(l->op->type, "Loss");
	for (; f; f = barista_proto_find(f->next, "loss_weight")) {
		double weight;
		int rc = barista_proto_real_value(&l->net->text, f, &weight, l->net->err);

		if (rc)
			return rc;
		l->op->loss |= weight != 0;
	}
	return 0;
}

/* Reads propagate_down, which stands once for every bottom or not at all. */
static int read_flow(struct barista_caffe_layer *l)
{
	struct barista_proto *first = barista_proto_find(l->p->first, "propagate_down");
	size_t i = 0, n = barista_proto_count(l->p, "propagate_down");

	if (n && n != l->op->nin)
		return barista_fail_proto(l->net->err, &l->net->text, first,
					  "layer '%.80s' has %zu propagate_down for %zu bottoms, "
					  "expected none or as many",
					  l->op->name, n, l->op->nin);
	for (struct barista_proto *f = first; f;
	     f = barista_proto_find(f->next, "propagate_down")) {
		bool on;
		int rc = barista_proto_bool_value(&l->net->text, f, &on, l->net->err);

		if (rc)
			return rc;
		l->op->flow[i++] = on ? BARISTA_FLOW_ON : BARISTA_FLOW_OFF;
	}
	return 0;
}

int barista_caffe_read_training(struct barista_caffe_layer *l, bool old)
{
	int rc = read_learning(l, old);

	if (!rc)
		rc = barista_caffe_read_loss(l);
	return rc ? rc : read_flow(l);
}
