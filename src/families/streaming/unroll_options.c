/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What there is to choose from for every layer of a streaming design. */
#include "base/err.h"
#include "barista/family.h"
#include "families/streaming/front.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static size_t divisors(double size, uint16_t *out)
{
	size_t n = 0;

	for (double v = 1; v <= size && v <= UINT16_MAX; v++) {
		if (fmod(size, v) != 0)
			continue;
		if (out)
			out[n] = (uint16_t)v;
		n++;
	}
	return n;
}

double barista_streaming_unroll_triples(const struct stage *s)
{
	return (double)divisors(s->in, NULL) * (double)divisors(s->out, NULL) *
	       (double)divisors(s->taps, NULL);
}

static struct stream_option option_of(const struct stage_cost *c, struct barista_unroll u)
{
	struct stream_option o = {
		.unroll = u, .fill = c->fill, .multipliers = c->multipliers, .bram = c->bram};

	memcpy(o.high, c->high, sizeof o.high);
	return o;
}

static bool beats(const struct stream_option *a, const struct stream_option *b)
{
	for (int p = 0; p < STREAM_PASSES; p++)
		if (a->high[p] > b->high[p])
			return false;
	return a->fill <= b->fill && a->multipliers <= b->multipliers && a->bram <= b->bram;
}

/* What can beat another stands before it, and of equals one. */
static int by_cost(const void *a, const void *b)
{
	const struct stream_option *x = a, *y = b;
	const double pair[][2] = {{x->multipliers, y->multipliers},
				  {x->bram, y->bram},
				  {x->fill, y->fill},
				  {x->high[0], y->high[0]},
				  {x->high[1], y->high[1]},
				  {x->high[2], y->high[2]},
				  {x->unroll.in, y->unroll.in},
				  {x->unroll.out, y->unroll.out}};

	for (size_t i = 0; i < sizeof pair / sizeof *pair; i++)
		if (pair[i][0] != pair[i][1])
			return pair[i][0] < pair[i][1] ? -1 : 1;
	return 0;
}

static size_t unbeaten(struct stream_option *option, size_t n)
{
	size_t kept = 0;

	qsort(option, n, sizeof *option, by_cost);
	for (size_t i = 0; i < n; i++) {
		size_t k = 0;

		while (k < kept && !beats(&option[k], &option[i]))
			k++;
		if (k == kept)
			option[kept++] = option[i];
	}
	return kept;
}

static int fill_menu(struct stream_front *f, size_t l, bool all, struct barista_err *err)
{
	const struct barista_model *model = f->listing->model;
	const struct stage *s = &f->stage[l];
	uint16_t in[UINT8_MAX], out[UINT8_MAX],
		taps[UINT8_MAX]; /* no number below 2^24 has more divisors */
	size_t ni = divisors(s->in, in), no = divisors(s->out, out), nk = divisors(s->taps, taps),
	       n = 0;
	struct stream_option *option = malloc(ni * no * nk * sizeof *option);

	if (!option)
		return barista_no_memory(err);
	for (size_t i = 0; i < ni * no * nk; i++) {
		struct barista_unroll u = {in[i / nk / no], out[i / nk % no], taps[i % nk]};
		struct stage_cost c = barista_streaming_cost(model, s, u, f->knob);

		if (all || (c.multipliers <= f->most_multipliers && c.bram <= f->most_bram))
			option[n++] = option_of(&c, u);
	}
	f->menu[l] = (struct stream_menu){option, unbeaten(option, n)};
	for (int p = 0; p < STREAM_PASSES; p++)
		f->ngroups = s->group[p] < f->ngroups ? f->ngroups : s->group[p] + 1;
	return 0;
}

int barista_streaming_unroll_options(struct stream_front *f, bool all, struct barista_err *err)
{
	int rc = 0;

	for (size_t l = 0; l < f->nlayers && !rc; l++)
		rc = fill_menu(f, l, all, err);
	return rc;
}

void barista_streaming_unroll_options_free(struct stream_front *f)
{
	for (size_t l = 0; l < f->nlayers; l++)
		free(f->menu[l].option);
	memset(f->menu, 0, sizeof f->menu);
}
