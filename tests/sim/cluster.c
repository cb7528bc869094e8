/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The simulation of a chain of boards, event by event. */
#include "cluster.h"

#include <math.h>
#include <stdlib.h>

enum { FORWARD, BACKWARD, DIRECTIONS };
enum { SENDER_PLACES = 2 };

/* Pieces never pass one another, so that a piece is a number and a queue the difference of two
 * counts. */
struct station {
	long started[DIRECTIONS], done[DIRECTIONS];
	long arrived[DIRECTIONS], taken[DIRECTIONS];
	double end_s; /* INFINITY: idle */
	int job;
};

struct wire {
	double end_s;
};

struct chain {
	const struct sim_cluster *c;
	struct station *board;
	struct wire *wire; /* 2 * i + direction: between boards i and i + 1 */
	double *left_s;    /* when each image left */
	double now_s;
	long images;
};

static long least(long a, long b)
{
	return a < b ? a : b;
}

static int last(const struct chain *h)
{
	return h->c->boards - 1;
}

/* Pieces that must have come in before piece `n` (from 0) can be worked on. */
static long needed(const struct chain *h, int board, long n)
{
	long pieces = h->c->pieces;
	long lead = h->c->lead ? h->c->lead[board] : 0;

	return n - n % pieces + least(pieces, n % pieces + 1 + lead);
}

static int next_board(int board, int dir)
{
	return dir == FORWARD ? board + 1 : board - 1;
}

/* The board at which a direction ends: nothing is sent on from there. */
static int ends_at(const struct chain *h, int dir)
{
	return dir == FORWARD ? last(h) : 0;
}

static int output_has_place(const struct chain *h, int board, int dir)
{
	const struct station *s = &h->board[board];

	if (board != ends_at(h, dir))
		return s->started[dir] - h->board[next_board(board, dir)].arrived[dir] <
		       SENDER_PLACES;
	if (dir == BACKWARD)
		return 1;
	/* The last board turns an image round: it waits in the buffers of the backward pass. */
	return s->started[FORWARD] / h->c->pieces - s->started[BACKWARD] / h->c->pieces <
	       h->c->buffers;
}

static int input_is_there(const struct chain *h, int board, int dir)
{
	const struct station *s = &h->board[board];
	long n = s->started[dir], pieces = h->c->pieces;

	if (dir == FORWARD && !board)
		return n / pieces - s->done[BACKWARD] / pieces < h->c->window;
	if (dir == BACKWARD && board == last(h))
		return s->done[FORWARD] / pieces > n / pieces;
	return s->arrived[dir] >= needed(h, board, n);
}

static int board_can_start(const struct chain *h, int board, int dir)
{
	return h->board[board].started[dir] < h->images * h->c->pieces &&
	       input_is_there(h, board, dir) && output_has_place(h, board, dir);
}

static void board_start(struct chain *h, int board, int dir)
{
	struct station *s = &h->board[board];
	const double *service_s = dir == FORWARD ? h->c->forward_s : h->c->backward_s;

	s->taken[dir] = needed(h, board, s->started[dir]++);
	s->job = dir;
	s->end_s = h->now_s + service_s[board] / h->c->pieces;
}

static void board_end(struct chain *h, int board)
{
	struct station *s = &h->board[board];
	long n = ++s->done[s->job], pieces = h->c->pieces;

	s->end_s = INFINITY;
	if (s->job == BACKWARD && !board && n % pieces == 0)
		h->left_s[n / pieces - 1] = h->now_s;
}

static int sender(int wire, int dir)
{
	return dir == FORWARD ? wire : wire + 1;
}

static int wire_can_start(const struct chain *h, int wire, int dir)
{
	const struct station *from = &h->board[sender(wire, dir)];
	const struct station *to = &h->board[next_board(sender(wire, dir), dir)];

	return from->done[dir] > to->arrived[dir] &&
	       to->arrived[dir] - to->taken[dir] < (long)h->c->buffers * h->c->pieces;
}

static void wire_start(struct chain *h, int wire, int dir)
{
	const double *bits = dir == FORWARD ? h->c->forward_bits : h->c->backward_bits;

	h->wire[2 * wire + dir].end_s = h->now_s + bits[wire] / h->c->link_bits_hz / h->c->pieces;
}

/* The direction that did not run last time goes first. With backward always first the work comes in
 * bursts, which changes the rate by up to 12 %. */
static int board_try(struct chain *h, int board)
{
	struct station *s = &h->board[board];
	int turn = s->job == FORWARD ? BACKWARD : FORWARD;

	if (!isinf(s->end_s))
		return 0;
	if (board_can_start(h, board, turn))
		board_start(h, board, turn);
	else if (board_can_start(h, board, s->job))
		board_start(h, board, s->job);
	return !isinf(s->end_s);
}

static int wire_try(struct chain *h, int wire, int dir)
{
	if (!isinf(h->wire[2 * wire + dir].end_s) || !wire_can_start(h, wire, dir))
		return 0;
	wire_start(h, wire, dir);
	return 1;
}

static int start_what_can(struct chain *h)
{
	int n = 0;

	for (int i = 0; i < h->c->boards; i++) {
		n += board_try(h, i);
		for (int dir = 0; dir < DIRECTIONS && i < last(h); dir++)
			n += wire_try(h, i, dir);
	}
	return n;
}

static void end_all_due(struct chain *h)
{
	for (int i = 0; i < h->c->boards; i++) {
		if (h->board[i].end_s <= h->now_s)
			board_end(h, i);
		for (int dir = 0; dir < DIRECTIONS && i < last(h); dir++) {
			struct wire *w = &h->wire[2 * i + dir];

			if (w->end_s > h->now_s)
				continue;
			w->end_s = INFINITY;
			h->board[next_board(sender(i, dir), dir)].arrived[dir]++;
		}
	}
}

static double next_end_s(const struct chain *h)
{
	double t = INFINITY;

	for (int i = 0; i < h->c->boards; i++)
		t = fmin(t, h->board[i].end_s);
	for (int i = 0; i < 2 * last(h); i++)
		t = fmin(t, h->wire[i].end_s);
	return t;
}

static int chain_run(struct chain *h)
{
	while (h->board[0].done[BACKWARD] < h->images * h->c->pieces) {
		double next_s;

		while (start_what_can(h))
			;
		next_s = next_end_s(h);
		if (isinf(next_s))
			return 1;
		h->now_s = next_s;
		end_all_due(h);
	}
	return 0;
}

static int chain_open(struct chain *h, const struct sim_cluster *c, long images)
{
	size_t n = (size_t)c->boards;

	*h = (struct chain){
		.c = c,
		.images = images,
		.board = calloc(n, sizeof *h->board),
		.wire = calloc(2 * n, sizeof *h->wire),
		.left_s = calloc((size_t)images, sizeof *h->left_s),
	};
	if (!h->board || !h->wire || !h->left_s)
		return -1;
	for (size_t i = 0; i < n; i++)
		h->board[i].end_s = h->wire[2 * i].end_s = h->wire[2 * i + 1].end_s = INFINITY;
	return 0;
}

static void chain_close(struct chain *h)
{
	free(h->board);
	free(h->wire);
	free(h->left_s);
}

/* The end, when nothing enters any more, is not steady, so that the rate is taken up to `window`
 * images before it. */
static void set_rate(const struct chain *h, struct sim_cluster_result *out)
{
	long from = h->images / 2 - 1;
	long to = h->images - 1 - least(h->c->window, h->images / 4);

	out->images_hz = (double)(to - from) / (h->left_s[to] - h->left_s[from]);
}

static int run_long(const struct sim_cluster *c, struct sim_cluster_result *out)
{
	struct chain h;
	int rc = chain_open(&h, c, c->images);

	if (!rc)
		out->stuck = chain_run(&h);
	if (!rc && !out->stuck)
		set_rate(&h, out);
	chain_close(&h);
	return rc;
}

static int run_minibatch(const struct sim_cluster *c, struct sim_cluster_result *out)
{
	struct chain h;
	int rc = chain_open(&h, c, c->minibatch);

	if (!rc)
		out->stuck |= chain_run(&h);
	out->minibatch_s = h.now_s;
	chain_close(&h);
	return rc;
}

int sim_cluster_run(const struct sim_cluster *c, struct sim_cluster_result *out)
{
	*out = (struct sim_cluster_result){.stuck = 0};
	return run_long(c, out) || run_minibatch(c, out) ? -1 : 0;
}
