/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _XOPEN_SOURCE 700 /* nftw */
#include "check.h"

#include "model/device.h"
#include "model/evaluate.h"
#include "model/family.h"
#include "model/precision.h"
#include "network/lowering.h"
#include "network/workload.h"

#include <dirent.h>
#include <ftw.h>
#include <unistd.h>

static char temp_folder[200];

bool near(double a, double b, double tolerance)
{
	return fabs(a - b) <= tolerance * fabs(b);
}

uint64_t random_next(struct random *r)
{
	uint64_t z = r->state += 0x9e3779b97f4a7c15U;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
	return z ^ (z >> 31);
}

double random_unit(struct random *r)
{
	return (double)(random_next(r) >> 11) * 0x1p-53;
}

int64_t random_int(struct random *r, int64_t lo, int64_t hi)
{
	return lo + (int64_t)(random_next(r) % (uint64_t)(hi - lo + 1));
}

double random_size(struct random *r, double hi)
{
	double x = exp2(random_unit(r) * log2(hi + 1));

	if (random_next(r) & 1)
		x = exp2(floor(log2(x)));
	x = floor(x);
	return x < 1 ? 1 : x > hi ? floor(hi) : x;
}

void temp_make(void)
{
	const char *base = getenv("TMPDIR");

	snprintf(temp_folder, sizeof temp_folder, "%.150s/barista-unit-XXXXXX",
		 base ? base : "/tmp");
	if (!mkdtemp(temp_folder)) {
		perror(temp_folder);
		exit(1);
	}
}

static int remove_entry(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st, (void)type, (void)ftw;
	return remove(path);
}

void temp_remove(void)
{
	nftw(temp_folder, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
}

const char *temp_path(const char *name)
{
	static char path[8][400];
	static unsigned turn;
	char *p = path[turn++ % 8];

	snprintf(p, sizeof path[0], "%s/%.150s", temp_folder, name);
	return p;
}

const char *write_bytes(const char *name, const void *data, size_t size)
{
	const char *path = temp_path(name);
	FILE *f = fopen(path, "wb");

	CHECK(f && fwrite(data, 1, size, f) == size && !fclose(f), "cannot write %s", path);
	return path;
}

const char *write_text(const char *name, const char *text)
{
	return write_bytes(name, text, strlen(text));
}

size_t files_in(const char *folder)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;
	size_t n = 0;

	CHECK(dir, "cannot open %s", folder);
	while ((entry = readdir(dir)))
		n += strcmp(entry->d_name, ".") && strcmp(entry->d_name, "..");
	closedir(dir);
	return n;
}

/* By the directory itself, not by the library's own listing. */
size_t data_names(const char *folder, char name[DATA_NAMES][64])
{
	DIR *dir = opendir(folder);
	struct dirent *entry;
	size_t n = 0;

	CHECK(dir, "cannot open %s: run the tests from the project's root", folder);
	while ((entry = readdir(dir))) {
		size_t len = strlen(entry->d_name);

		if (len < 6 || strcmp(entry->d_name + len - 5, ".yaml"))
			continue;
		assert_true(n < DATA_NAMES && len < 64);
		snprintf(name[n++], 64, "%.*s", (int)len - 5, entry->d_name);
	}
	closedir(dir);
	return n;
}

void fixture_open(struct fixture *f, const char *device, const char *network,
		  struct barista_lowering lowering)
{
	struct barista_err err;

	CHECK_OK(barista_device_load(&f->dev, device, ".", &err), &err);
	CHECK_OK(barista_workload_load(&f->net, network, ".", &err), &err);
	CHECK_OK(barista_lower(&f->lowered, f->net, lowering, &err), &err);
	f->model = (struct barista_model){f->dev, f->lowered, barista_family_find("systolic")};
	assert_non_null(f->model.family);
}

void fixture_close(struct fixture *f)
{
	barista_lowered_free(f->lowered);
	barista_workload_free(f->net);
	barista_device_free(f->dev);
}

void fixture_set(struct fixture *f, const char *assignment)
{
	struct barista_err err;

	CHECK_OK(barista_device_set(f->dev, assignment, &err), &err);
}

static const char *layer_file(const char *line, int batch)
{
	const char *in = strstr(line, "input_gradient: false") ? strstr(line, "in: ") : NULL;
	char text[1000], input[64] = "[1, 1, 1]";

	/* The layer may read the network's input, so that has the layer's shape. */
	if (in && in[4] == '[')
		snprintf(input, sizeof input, "%.*s]", (int)strcspn(in + 4, "]"), in + 4);
	else if (in)
		snprintf(input, sizeof input, "[%.*s, 1, 1]", (int)strspn(in + 4, "0123456789"),
			 in + 4);
	snprintf(text, sizeof text,
		 "kind: workload\nname: one\ntitle: one layer\nsource: a test\nstatus: assumed\n"
		 "batch: %d\ninput: %s\nlayers:\n  - {name: l, %s}\n",
		 batch, input, line);
	return write_text("layer.yaml", text);
}

int load_layer(const char *line, int batch, struct barista_workload **net, struct barista_err *err)
{
	return barista_workload_load(net, layer_file(line, batch), ".", err);
}

void fixture_layer(struct fixture *f, const char *device, const char *line, int batch,
		   bool whole_batch)
{
	fixture_open(f, device, layer_file(line, batch),
		     (struct barista_lowering){.batched_gemm = whole_batch, .all_layers = true});
}

struct barista_point kernel(const char *text)
{
	struct barista_point p;
	struct barista_err err;

	CHECK_OK(barista_family_find("systolic")->parse(text, &p, &err), &err);
	return p;
}

struct barista_result evaluate(const struct barista_model *model, const char *kernel_text,
			       double *class_time)
{
	struct barista_point point = kernel(kernel_text);
	double *own = calloc(model->lowered->nclasses, sizeof *own);
	struct barista_result r = {.class_time = class_time ? class_time : own};
	struct barista_err err;
	int rc;

	assert_non_null(own);
	rc = barista_evaluate_point(model, &point, &r, &err);
	free(own);
	CHECK_OK(rc, &err);
	r.class_time = class_time;
	return r;
}

void gemm_open(struct fixture *f, struct one_gemm *one, struct barista_device *dev, int64_t m,
	       int64_t n, int64_t k)
{
	struct barista_err err;

	one->layer = (struct barista_mac_layer){
		.name = "fc",
		.type = BARISTA_FC,
		.cin = k,
		.cout = n,
		.h = 1,
		.w = 1,
		.kh = 1,
		.kw = 1,
		.stride_h = 1,
		.stride_w = 1,
		.dil_h = 1,
		.dil_w = 1,
		.groups = 1,
		.oh = 1,
		.ow = 1,
		.input_gradient = true,
		.weight_gradient = true,
		.macs = n * k,
		.weights = n * k,
	};
	one->step = (struct barista_layer){.name = "fc"};
	one->net = (struct barista_workload){.name = "one",
					     .batch = m,
					     .nmac_layers = 1,
					     .mac_layer = &one->layer,
					     .nlayers = 1,
					     .layer = &one->step};
	*f = (struct fixture){.dev = dev, .net = &one->net};
	CHECK_OK(barista_lower(&f->lowered, f->net,
			       (struct barista_lowering){.batched_gemm = false, .all_layers = true},
			       &err),
		 &err);
	f->model = (struct barista_model){dev, f->lowered, barista_family_find("systolic")};
}

size_t find_gemm(const struct barista_lowered *lowered, enum barista_pass pass)
{
	for (size_t g = 0; g < lowered->ngemms; g++)
		if (lowered->gemm[g].pass == pass)
			return g;
	fail_msg("no %s GEMM", barista_pass_names[pass]);
	return 0;
}

double term_of(const struct fixture *f, const struct barista_point *point, size_t gemm,
	       const char *symbol)
{
	size_t i = barista_term_find(f->model.family, symbol);
	double v[BARISTA_MAX_TERMS];

	CHECK(i < f->model.family->nterms, "no term %s", symbol);
	f->model.family->terms(&f->model, point, gemm, v);
	return v[i];
}

double random_precision(struct random *r, const struct barista_device *dev)
{
	enum barista_precision has[BARISTA_NPRECISIONS], pass[BARISTA_NPASSES];
	int64_t n = 0;

	for (int p = 0; p < BARISTA_NPRECISIONS; p++)
		if (dev->has_precision[p])
			has[n++] = (enum barista_precision)p;
	for (int i = 0; i < BARISTA_NPASSES; i++)
		pass[i] = i && random_next(r) & 1 ? pass[0] : has[random_int(r, 0, n - 1)];
	return barista_precision_knob(pass);
}

struct barista_point random_point(struct random *r, const struct barista_device *dev, double hi)
{
	return plain_point(random_size(r, hi), random_size(r, hi), random_size(r, hi),
			   random_precision(r, dev));
}

struct barista_point random_rich_point(struct random *r, const struct barista_device *dev,
				       double hi)
{
	struct barista_point p = random_point(r, dev, hi);

	p.knob[4] = (double)random_int(r, 1, 16);
	p.knob[5] = (double)random_int(r, 1, 8);
	p.knob[6] = (double)random_int(r, 1, 8);
	p.knob[7] = (double)random_int(r, 1, 5);
	return p;
}

struct barista_point plain_point(double m, double n, double k, double precision)
{
	return (struct barista_point){.knob = {m, n, k, precision, 1, 1, 1, 1}};
}

void plain_ranges(struct barista_space *space)
{
	for (int k = 4; k < 8; k++)
		space->range[k] = (struct barista_range){1, 1, true};
	for (int k = 8; k < 10; k++)
		space->range[k] = (struct barista_range){0, 0, true};
}

int run_search(struct barista_search **out, const struct fixture *f,
	       const struct barista_space *space, const double *baseline, size_t top, int how,
	       struct barista_err *err)
{
	struct barista_search_options options = {
		.baseline = baseline, .keep = top, .exhaustive = how == SWEPT};

	return barista_search_run(out, &f->model, space, &options, err);
}
