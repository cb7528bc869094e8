/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Networks and points of the tests of the cluster family. */
#ifndef UNIT_CHAINS_H
#define UNIT_CHAINS_H

#include "check.h"

#include "families/cluster/cluster.h"

/* Opens a network on a board with the cluster family; conv: only its convolutions. */
void chain_net(struct fixture *f, const char *device, const char *network, bool conv);

/* The text of a network file that is being written. */
struct net_text {
	char at[16000];
	size_t n;
};
void net_begin(struct net_text *t, int64_t batch, int64_t c, int64_t h);
void net_add(struct net_text *t, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Writes a network of small convolutions, of which only the first has no input gradient, and
 * returns its path. */
const char *random_convs(struct random *r, int64_t layers);

struct barista_point chain_point(const char *text);
/* A chain in int16; split is "fine" or "whole". */
struct barista_point boards(size_t n, const char *split);
/* The class_time of the result is NULL. */
struct barista_result chain_result(const struct fixture *f, const struct barista_point *p);
double chain_term(const struct fixture *f, const struct barista_point *p, size_t layer_class,
		  const char *symbol);

#endif
