/* SPDX-License-Identifier: GPL-3.0-or-later */
/* This file writes what `calibrate` measured or fitted: the host file, and documents for its
 * user. */
#include "report/calibration.h"

#include "base/memory_stream.h"
#include "base/num.h"
#include "io/seal.h"
#include "measure/blas.h"
#include "model/baseline.h"

#include <math.h>
#include <stdlib.h>

/* ---- the host file */

static void put_real(FILE *f, double v)
{
	char text[32];

	barista_format_real(text, sizeof text, v);
	fputs(text, f);
}

/* Writes a scalar of YAML in single quotes. */
static void put_quoted(FILE *f, const char *s)
{
	fputc('\'', f);
	for (; *s; s++) {
		if (*s == '\'')
			fputc('\'', f);
		fputc(*s, f);
	}
	fputc('\'', f);
}

static void put_head(FILE *f, const struct barista_host *h)
{
	char title[200];

	snprintf(title, sizeof title, "%s%s", h->cpu,
		 barista_blas_is_behind() ? ", OpenBLAS with code for an older CPU" : "");
	fputs("# SPDX-License-Identifier: GPL-3.0-or-later\n# written by barista-dse calibrate\n"
	      "kind: cpu\nname: this-host\ntitle: ",
	      f);
	put_quoted(f, title);
	fputs("\nsources:\n  measured: 'measured by barista-dse calibrate on this host'\n"
	      "  file: 'the power of another CPU''s file'\n",
	      f);
}

static void put_power(FILE *f, const struct barista_calibration *c)
{
	fputs("power:\n  total: {value: ", f);
	put_real(f, c->power.watts);
	fprintf(f, " W, source: %s, status: %s, note: ", c->power.measured ? "measured" : "file",
		c->power.measured ? "measured" : "assumed");
	put_quoted(f, c->power.note);
	fputs("}\n", f);
}

static void put_tiling(FILE *f, const struct barista_host *h)
{
	fputs("host:\n  tile_time: {value: ", f);
	put_real(f, h->tile_time * 1e9);
	fputs(" ns, source: measured, status: measured, note: 'both ways in tiles of 16 x 64 "
	      "fp32,\n    one thread; robust fit over 64 KiB to 64 MiB'}\n  tile_time_low: ",
	      f);
	put_real(f, h->tile_lo * 1e9);
	fputs(" ns\n  tile_time_high: ", f);
	put_real(f, h->tile_hi * 1e9);
	fputs(" ns\n", f);
}

static void put_calibration(FILE *f, const struct barista_calibration *c)
{
	const struct barista_host *h = &c->host;

	put_head(f, h);
	put_power(f, c);
	fputs("memory:\n  bandwidth: {value: ", f);
	put_real(f, h->mem_bandwidth);
	fputs(" bit/s, source: measured, status: measured, note: 'copy of 256 MiB, bits read and "
	      "written'}\n",
	      f);
	put_tiling(f, h);
	fprintf(f, "# fp32, %s\ngemms:\n", h->blas);
	for (size_t i = 0; i < h->ngemms; i++) {
		fprintf(f, "  - {m: %lld, n: %lld, k: %lld, time: ", (long long)h->gemm[i].m,
			(long long)h->gemm[i].n, (long long)h->gemm[i].k);
		put_real(f, h->gemm[i].seconds * 1e6);
		fputs(" us}\n", f);
	}
}

int barista_calibration_write(const struct barista_calibration *c, FILE *f, struct barista_err *err)
{
	struct barista_memory_stream m;
	char *text;

	if (barista_memory_stream_open(&m))
		put_calibration(m.f, c);
	text = barista_memory_stream_close(&m);
	if (!text)
		return barista_no_memory(err);
	barista_seal_put(text, m.size, f);
	free(text);
	return 0;
}

/* ---- what was measured */

static struct barista_table *gemms_table(const void *calibration)
{
	const struct barista_calibration *c = calibration;
	struct barista_table *t = barista_table_headed(
		"M [1]; N [1]; K [1]; OpenBLAS time [s]; rate [op/s]; ppw [op/s/W]");

	for (size_t i = 0; t && i < c->host.ngemms; i++) {
		const struct barista_gemm_time *g = &c->host.gemm[i];
		double rate = 2 * (double)g->m * (double)g->n * (double)g->k / g->seconds;

		barista_cell_real(t, (double)g->m);
		barista_cell_real(t, (double)g->n);
		barista_cell_real(t, (double)g->k);
		barista_cell_real(t, g->seconds);
		barista_cell_real(t, rate);
		barista_cell_real(t, rate / c->power.watts);
	}
	return t;
}

static void calibration_text(struct barista_prose *p, const void *calibration)
{
	const struct barista_calibration *c = calibration;
	const struct barista_host *h = &c->host;

	fprintf(p->f,
		"%s\ntile and untile: %.3g ns per element (95 %% interval %.3g to %.3g)\n"
		"memory: %.4g GB/s (copy, read and written)\npower: %.4g W, %s: %s\n%s\n\n",
		h->cpu, h->tile_time * 1e9, h->tile_lo * 1e9, h->tile_hi * 1e9,
		h->mem_bandwidth / 8e9, c->power.watts, c->power.measured ? "measured" : "assumed",
		c->power.note, h->blas);
	barista_prose_table(p, gemms_table(c), true);
}

const struct barista_document barista_calibration_document = {calibration_text, gemms_table, NULL};

/* ---- a fit of bursts */

static void add_fitted(struct barista_table *t, const char *key, const double value[3],
		       const char *unit)
{
	barista_cell_text(t, key);
	for (int i = 0; i < 3; i++)
		barista_cell_real(t, value[i]);
	barista_cell_text(t, unit);
}

static struct barista_table *bursts_table(const void *burst_fit)
{
	const struct barista_burst_fit *fit = burst_fit;
	struct barista_table *t = barista_table_headed("fact; value [1]; low [1]; high [1]; unit");

	if (!t)
		return NULL;
	add_fitted(t, "memory.bandwidth",
		   (double[]){fit->peak / 8e9, fit->peak_lo / 8e9, fit->peak_hi / 8e9}, "GB/s");
	add_fitted(
		t, "memory.burst_overhead",
		(double[]){round(fit->overhead), round(fit->overhead_lo), round(fit->overhead_hi)},
		"bit");
	return t;
}

static void bursts_text(struct barista_prose *p, const void *burst_fit)
{
	const struct barista_burst_fit *fit = burst_fit;

	fprintf(p->f,
		"peak * burst/(burst + overhead), robust fit on %zu pairs, 95 %% intervals; "
		"largest error %.1f %%\n",
		fit->n, 100 * fit->worst);
	barista_prose_break(p);
	barista_prose_table(p, bursts_table(fit), true);
}

const struct barista_document barista_burst_fit_document = {bursts_text, bursts_table, NULL};
