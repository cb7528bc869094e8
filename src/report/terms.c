/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/terms.h"

#include "base/num.h"
#include "io/unit.h"
#include "model/family.h"

#include <ctype.h>
#include <string.h>

const char *barista_binds(const struct barista_family *f, const double *value)
{
	const char *label = "";
	double most = -1;

	for (size_t t = 0; t < f->nterms; t++) {
		if ((f->term[t].role & BARISTA_ROLE_BINDS) && value[t] > most) {
			most = value[t];
			label = f->term[t].label;
		}
	}
	return label;
}

void barista_shape_stages(const struct barista_model *model, const struct barista_point *point,
			  size_t shape, struct barista_stages *out)
{
	const struct barista_family *f = model->family;
	const struct barista_shape *s = &model->plan->shape[shape];
	double value[BARISTA_MAX_TERMS];

	memset(out, 0, sizeof *out);
	for (size_t g = 0; g < s->ngemms; g++) {
		f->terms(model, point, s->gemm[g], value);
		for (size_t t = 0; t < f->nterms; t++) {
			if (f->term[t].role)
				out->time[t] += s->per_image[g] * value[t];
			if (f->term[t].role & BARISTA_ROLE_TOTAL)
				out->total += s->per_image[g] * value[t];
		}
	}
	out->binds = barista_binds(f, out->time);
}

/* Copies the formula, each symbol replaced by its value. */
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
			barista_format_real(number, sizeof number, value[barista_term_find(f, word)]);
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

		barista_quantity_format(text, sizeof text, value[t], term->dim);
		fprintf(out, "  %-11s = ", term->symbol);
		if (term->formula) {
			fprintf(out, "%s\n  %-11s = ", term->formula, "");
			substitute(f, term->formula, value, out);
			fprintf(out, "\n  %-11s = ", "");
		}
		fprintf(out, "%s  (%s; %s)\n", text, term->label, term->source);
	}
}
