/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Intervals: the device's uncertain facts are drawn, each evenly between its low and high, from
 * a Sobol sequence (GSL), and every point is evaluated at every draw. */
#include "base/err.h"

#include "base/memory.h"
#include "barista/family.h"
#include "model/device.h"
#include "model/evaluate.h"
#include "search/rankings.h"
#include "search/uncertainty.h"

#include <gsl/gsl_errno.h>
#include <gsl/gsl_qrng.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>

enum { SAMPLES = 256, MAX_POINTS = 128 };

struct draws {
	struct barista_device dev; /* a copy whose facts are drawn */
	struct barista_model model;
	enum barista_param uncertain[BARISTA_NPARAMS];
	unsigned nuncertain;
	enum barista_metric by;
	double *time, *ppw, *score;        /* [n][SAMPLES] */
	double *class;                     /* [nclasses][SAMPLES] */
	double *class_time;                /* [nclasses] of one evaluation */
	const volatile sig_atomic_t *stop; /* or NULL */
};

static void find_uncertain(struct draws *d, const struct barista_device *dev)
{
	for (int p = 0; p < BARISTA_NPARAMS; p++)
		if (dev->param[p].high >
		    dev->param[p].low) /* never of an absent fact, which is NaN */
			d->uncertain[d->nuncertain++] = (enum barista_param)p;
}

static void sample_device(struct draws *d, const struct barista_device *dev, const double *unit)
{
	for (unsigned i = 0; i < d->nuncertain; i++) {
		const struct barista_quantity *fact = &dev->param[d->uncertain[i]];

		d->dev.param[d->uncertain[i]].value =
			fact->low + unit[i] * (fact->high - fact->low);
	}
}

static int evaluate_all(struct draws *d, const struct barista_point *point, size_t n, size_t sample,
			struct barista_err *err)
{
	if (d->stop && *d->stop)
		return barista_fail(err, BARISTA_E_STOPPED,
				    "stopped before all intervals were there");
	for (size_t i = 0; i < n; i++) {
		struct barista_result r = {.class_time = d->class_time};
		int rc = barista_evaluate_point(&d->model, &point[i], &r, err);

		if (rc)
			return rc;
		d->time[i * SAMPLES + sample] = r.metric[BARISTA_TIME];
		d->ppw[i * SAMPLES + sample] = r.metric[BARISTA_PPW_MEAN];
		d->score[i * SAMPLES + sample] = barista_metric_score(d->by, r.metric);
		for (size_t s = 0; !i && s < d->model.lowered->nclasses; s++)
			d->class[s * SAMPLES + sample] = d->class_time[s];
	}
	return 0;
}

/* A generator, or NULL without memory. GSL's handler of errors, which ends the process, belongs to
 * the caller: it is off for this call only, and by one thread at a time, so that each thread puts
 * back what the caller had set. */
static gsl_qrng *make_sobol(unsigned dimensions)
{
	static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
	gsl_error_handler_t *callers;
	gsl_qrng *q;

	pthread_mutex_lock(&lock);
	callers = gsl_set_error_handler_off();
	q = gsl_qrng_alloc(gsl_qrng_sobol, dimensions);
	gsl_set_error_handler(callers);
	pthread_mutex_unlock(&lock);
	return q;
}

static int evaluate_samples(struct draws *d, const struct barista_model *model,
			    const struct barista_point *point, size_t n, struct barista_err *err)
{
	gsl_qrng *q = d->nuncertain ? make_sobol((unsigned)d->nuncertain) : NULL;
	double unit[BARISTA_NPARAMS] = {0};
	int rc = q || !d->nuncertain ? 0 : barista_no_memory(err);

	for (size_t s = 0; !rc && s < SAMPLES; s++) {
		if (q)
			gsl_qrng_get(q, unit);
		sample_device(d, model->dev, unit);
		rc = evaluate_all(d, point, n, s, err);
	}
	if (q)
		gsl_qrng_free(q);
	return rc;
}

/* Sorts the samples. */
static struct barista_interval percentiles(double *sample)
{
	gsl_sort(sample, 1, SAMPLES);
	return (struct barista_interval){
		gsl_stats_quantile_from_sorted_data(sample, 1, SAMPLES, 0.05),
		gsl_stats_quantile_from_sorted_data(sample, 1, SAMPLES, 0.95)};
}

static void summarize(struct draws *d, size_t n, struct barista_uncertainty *out,
		      struct barista_interval *class_time)
{
	for (size_t i = 0; i < n; i++) {
		size_t win_share = 0;

		for (size_t s = 0; s < SAMPLES; s++)
			win_share += d->score[s] > d->score[i * SAMPLES + s];
		out[i].win_share = i ? (double)win_share / SAMPLES : 1;
	}
	for (size_t i = 0; i < n; i++) {
		out[i].time = percentiles(d->time + i * SAMPLES);
		out[i].ppw_mean = percentiles(d->ppw + i * SAMPLES);
	}
	for (size_t s = 0; class_time && s < d->model.lowered->nclasses; s++)
		class_time[s] = percentiles(d->class + s * SAMPLES);
}

int barista_uncertainty_run(const struct barista_model *model, const struct barista_point *point,
			    size_t n, enum barista_metric by, struct barista_uncertainty *out,
			    struct barista_interval *class_time, const volatile sig_atomic_t *stop,
			    struct barista_err *err)
{
	size_t nclasses = model->lowered->nclasses;
	struct draws d = {.dev = *model->dev, .model = *model, .by = by, .stop = stop};
	int rc;

	if (n < 1 || n > MAX_POINTS)
		return barista_fail(err, BARISTA_E_ARGUMENT, "intervals are for 1 to %d points",
				    MAX_POINTS);
	d.model.dev = &d.dev;
	find_uncertain(&d, model->dev);
	d.time = calloc(n * SAMPLES, sizeof *d.time);
	d.ppw = calloc(n * SAMPLES, sizeof *d.ppw);
	d.score = calloc(n * SAMPLES, sizeof *d.score);
	d.class = calloc(nclasses * SAMPLES, sizeof *d.class);
	d.class_time = calloc(nclasses, sizeof *d.class_time);
	rc = d.time && d.ppw && d.score && d.class && d.class_time
		     ? evaluate_samples(&d, model, point, n, err)
		     : barista_no_memory(err);
	if (!rc)
		summarize(&d, n, out, class_time);
	barista_free_all(d.time, d.ppw, d.score, d.class, d.class_time);
	return rc;
}
