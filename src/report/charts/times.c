/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The layers of the best design, for families in which all layers share one: what each takes, part
 * by part. */
#include "report/breakdown.h"
#include "barista/family.h"
#include "report/charts/chart.h"
#include "search/search.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const struct barista_term *next_part(const struct barista_family *f, size_t *t)
{
	while (*t < f->nterms && !(f->term[*t].role & BARISTA_ROLE_PART))
		(*t)++;
	return *t < f->nterms ? &f->term[*t] : NULL;
}

static int times_data(const struct chart *c, FILE *f)
{
	const struct barista_family *fam = c->b->model.family;
	const struct barista_lowered *lowered = c->r->lowered;

	fputs("layer", f);
	for (size_t t = 0; next_part(fam, &t); t++)
		fprintf(f, ",%s [us]", fam->term[t].label);
	fputc('\n', f);
	for (size_t l = 0; l < lowered->nlayers; l++) {
		struct barista_stages s;

		barista_class_stages(&c->b->model,
				     &c->b->search->ranking[BARISTA_RANK_PPW].item[0].point,
				     lowered->class_of[l], &s);
		barista_script_name(f, lowered->name[l]);
		for (size_t t = 0; next_part(fam, &t); t++) {
			fputc(',', f);
			barista_script_real(f, s.time[t], 1e-6);
		}
		fputc('\n', f);
	}
	return 0;
}

static int times_script(const struct chart *c, FILE *f)
{
	const struct barista_family *fam = c->b->model.family;
	char plot[2048] = "plot ", size[32];
	size_t column = 2;

	barista_script_head(
		c, f,
		fam->pipelined
			? "Time of each layer by itself, per image; in the pipeline they overlap"
			: "Time of each layer per image");
	fputs("set style data histograms\nset style histogram rowstacked\nset boxwidth 0.8\nset "
	      "yrange [0:*]\n"
	      "set ylabel 'time [us]'\nset xtics rotate by 40 right font ',8' noenhanced\n",
	      f);
	for (size_t t = 0; next_part(fam, &t); t++, column++)
		snprintf(plot + strlen(plot), sizeof plot - strlen(plot),
			 "%s'layer_times.csv' skip 1 using %zu:xtic(1) lt %zu title '%s'",
			 column > 2 ? ", " : "", column, column - 1, fam->term[t].label);
	snprintf(size, sizeof size, "%zu,480",
		 c->r->lowered->nlayers > 30 ? 200 + 22 * c->r->lowered->nlayers : 900);
	barista_script_plot(f, "layer_times", size, plot);
	return 0;
}

static bool shares_design(const struct barista_report *r)
{
	return !barista_ranks_layers(r);
}

const struct chart_def barista_chart_times = {"layer_times", times_data, times_script,
					      shares_design};
