/* SPDX-License-Identifier: GPL-3.0-or-later */
/* This file tells where the time of a layer and of the network goes, from the terms of the
 * family's equations. */
#include "report/breakdown.h"

#include "base/num.h"
#include "io/unit.h"
#include "model/family.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

bool barista_next_part(const struct barista_family *family, size_t *term)
{
	while (*term < family->nterms && !(family->term[*term].role & BARISTA_ROLE_PART))
		(*term)++;
	return *term < family->nterms;
}

double barista_own_ops(const struct barista_model *model, size_t class)
{
	double ops = model->lowered->layer_class[class].ops;

	return ops > 0 && !model->family->pipelined ? ops : (double)NAN;
}

const char *barista_bottleneck(const struct barista_family *f, const double *value)
{
	const char *label = "";
	double largest = -1;

	for (size_t t = 0; t < f->nterms; t++) {
		if ((f->term[t].role & BARISTA_ROLE_BINDS) && value[t] > largest) {
			largest = value[t];
			label = f->term[t].label;
		}
	}
	return label;
}

void barista_class_stages(const struct barista_model *model, const struct barista_point *point,
			  size_t class, struct barista_stages *out)
{
	const struct barista_family *f = model->family;
	size_t n = barista_time_part_count(model, point, class);
	struct barista_time_part part;

	memset(out, 0, sizeof *out);
	for (size_t i = 0; i < n; i++) {
		barista_time_part(model, point, class, i, &part);
		for (size_t t = 0; t < f->nterms; t++) {
			double time = isnan(part.value[t]) ? 0 : part.per_image * part.value[t];

			if (f->term[t].role)
				out->time[t] += time;
			if (f->term[t].role & BARISTA_ROLE_TOTAL)
				out->total += time;
		}
	}
	out->binds = barista_bottleneck(f, out->time);
}

/* Writes the share of every term in the time of the network; 0 for one without a role. */
static void time_shares(const struct barista_model *model, const struct barista_point *point,
			double *share)
{
	const struct barista_family *f = model->family;
	const struct barista_lowered *lowered = model->lowered;
	double total = 0;

	memset(share, 0, f->nterms * sizeof *share);
	for (size_t s = 0; s < lowered->nclasses; s++) {
		struct barista_stages stages;

		barista_class_stages(model, point, s, &stages);
		total += (double)lowered->layer_class[s].multiplicity * stages.total;
		for (size_t t = 0; t < f->nterms; t++)
			share[t] += (double)lowered->layer_class[s].multiplicity * stages.time[t];
	}
	for (size_t t = 0; t < f->nterms; t++)
		share[t] /= total;
}

void barista_network_bottleneck(const struct barista_model *model,
				const struct barista_point *point, char *buf, size_t size)
{
	const struct barista_family *f = model->family;
	double share[BARISTA_MAX_TERMS];
	size_t largest = f->nterms;

	if (f->bottleneck) {
		f->bottleneck(model, point, buf, size);
		return;
	}
	time_shares(model, point, share);
	for (size_t t = 0; barista_next_part(f, &t); t++)
		if (largest == f->nterms || share[t] > share[largest])
			largest = t;
	snprintf(buf, size, "%s takes %.0f %% of the time", f->term[largest].label,
		 100 * share[largest]);
}

/* Copies the formula and puts values in place of symbols. */
static void substitute(const struct barista_family *f, const char *formula, const double *value,
		       FILE *out)
{
	char word[32], number[32];

	while (*formula) {
		size_t len = 0;

		while (isalnum((unsigned char)formula[len]) || formula[len] == '_')
			len++;
		if (!len || isdigit((unsigned char)*formula) || len >= sizeof word) {
			fputc(*formula++, out);
			continue;
		}
		snprintf(word, sizeof word, "%.*s", (int)len, formula);
		formula += len;
		if (barista_term_find(f, word) < f->nterms)
			barista_format_real(number, sizeof number,
					    value[barista_term_find(f, word)]);
		else
			snprintf(number, sizeof number, "%s", word); /* ceil, min, max */
		fputs(number, out);
	}
}

void barista_explain(const struct barista_family *f, const double *value, FILE *out)
{
	char text[64];

	for (size_t t = 0; t < f->nterms; t++) {
		const struct barista_term *term = &f->term[t];

		if (isnan(value[t]))
			continue;
		barista_quantity_format(text, sizeof text, value[t], term->dimension);
		fprintf(out, "  %-11s = ", term->symbol);
		if (term->formula) {
			fprintf(out, "%s\n  %-11s = ", term->formula, "");
			substitute(f, term->formula, value, out);
			fprintf(out, "\n  %-11s = ", "");
		}
		fprintf(out, "%s  (%s; %s)\n", text, term->label, term->source);
	}
}
