/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "measure/fit_burst.h"

#include "barista/family.h"
#include "base/arena.h"
#include "io/file.h"
#include "io/unit.h"
#include "measure/robust_fit.h"

#include <math.h>
#include <string.h>

enum { MAX_PAIRS = 4096 };

struct pairs {
	size_t n;
	double burst[MAX_PAIRS], rate[MAX_PAIRS];
};

/* Ends a field at the blanks before its end. */
static void trim(char *text)
{
	size_t n = strlen(text);

	while (n && strchr(" \t\r", text[n - 1]))
		text[--n] = '\0';
}

static int parse_line(struct pairs *p, const char *path, const char *text, int line, char *copy,
		      struct barista_err *err)
{
	char *comma, *rate, why[256];

	copy[strcspn(copy, "#")] = '\0';
	copy += strspn(copy, " \t");
	trim(copy);
	if (!*copy)
		return 0;
	comma = strchr(copy, ',');
	if (!comma)
		return barista_fail_at(err, path, text, line, 1,
				       "expected BURST, RATE, e.g. 4096 B, 11.2 GB/s");
	*comma = '\0';
	trim(copy);
	rate = comma + 1 + strspn(comma + 1, " \t");
	if (p->n == MAX_PAIRS)
		return barista_fail_at(err, path, text, line, 1, "more than %d pairs", MAX_PAIRS);
	if (!barista_quantity_parse(copy, BARISTA_DIM_BIT, &p->burst[p->n], why, sizeof why) ||
	    !barista_quantity_parse(rate, BARISTA_DIM_BIT_PER_S, &p->rate[p->n], why, sizeof why))
		return barista_fail_at(err, path, text, line, 1, "%s", why);
	if (!(p->burst[p->n] > 0) || !(p->rate[p->n] > 0))
		return barista_fail_at(err, path, text, line, 1, "both must be above zero");
	p->n++;
	return 0;
}

static int parse(struct pairs *p, const char *path, const char *text, struct barista_err *err)
{
	char copy[512];
	int line = 1;

	for (const char *at = text; *at; line++) {
		size_t len = strcspn(at, "\n");
		int rc;

		if (len >= sizeof copy)
			return barista_fail_at(err, path, text, line, 1, "the line is too long");
		memcpy(copy, at, len);
		copy[len] = '\0';
		if ((rc = parse_line(p, path, text, line, copy, err)))
			return rc;
		at += len + (at[len] == '\n');
	}
	return 0;
}

/* Seconds per burst are linear in it: burst/rate = burst/peak + overhead/peak; rows divided by
 * the measured seconds, so that relative errors are fitted (GSL, robust). */
static int fit(struct barista_burst_fit *out, const struct pairs *p, struct barista_err *err)
{
	struct barista_robust_fit line;
	double scale = p->burst[0] / p->rate[0], slope = 0, offset = 0, ds = 0, d0 = 0;
	int rc = barista_robust_fit_make(&line, p->n, 2, err);

	for (size_t i = 0; !rc && i < p->n; i++) {
		double seconds = p->burst[i] / p->rate[i];
		const double x[] = {p->burst[i] / p->burst[0] * scale / seconds, scale / seconds};

		barista_robust_fit_add(&line, x, 1);
	}
	if (!rc) {
		double per_burst = scale / p->burst[0];

		barista_robust_fit_solve(&line);
		slope = line.constant[0] * per_burst; /* 1/peak */
		offset = line.constant[1] * scale;    /* overhead/peak */
		ds = barista_robust_fit_half_width(&line, 0) * per_burst;
		d0 = barista_robust_fit_half_width(&line, 1) * scale;
	}
	barista_robust_fit_free(&line);
	if (rc)
		return rc;
	if (!(slope > ds) || !isfinite(d0))
		return barista_fail(err, BARISTA_E_INPUT,
				    "the pairs do not determine a peak: give more, over a wider "
				    "range of bursts");
	offset = fmax(offset, 0);
	*out = (struct barista_burst_fit){.n = p->n,
					  .peak = 1 / slope,
					  .peak_lo = 1 / (slope + ds),
					  .peak_hi = 1 / (slope - ds),
					  .overhead = offset / slope,
					  .overhead_lo = fmax(offset - d0, 0) / slope,
					  .overhead_hi = (offset + d0) / slope};
	for (size_t i = 0; i < p->n; i++)
		out->worst =
			fmax(out->worst, fabs(out->peak * p->burst[i] /
						      (p->burst[i] + out->overhead) / p->rate[i] -
					      1));
	return 0;
}

int barista_burst_fit_file(struct barista_burst_fit *out, const char *path, struct barista_err *err)
{
	struct barista_arena *arena = barista_arena_make();
	struct pairs *p = arena ? barista_arena_alloc(arena, 1, sizeof *p) : NULL;
	bool differ = false;
	size_t size;
	char *text;
	int rc = p ? barista_read_file(path, arena, &text, &size, err) : barista_no_memory(err);

	if (!rc)
		rc = parse(p, path, text, err);
	for (size_t i = 1; !rc && i < p->n; i++)
		differ |= p->burst[i] != p->burst[0];
	if (!rc && (p->n < 3 || !differ))
		rc = barista_fail(
			err, BARISTA_E_INPUT,
			"%.600s: at least three pairs with two different bursts are needed", path);
	if (!rc)
		rc = fit(out, p, err);
	barista_arena_free(arena);
	return rc;
}
