/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every file that is installed. */
#include "check.h"

#include "barista/family.h"
#include "io/catalog.h"
#include "model/baseline.h"
#include "model/device.h"
#include "model/precision.h"
#include "network/lowering.h"
#include "network/workload.h"

/* Multiply-accumulates of the convolutions, forward, of one image: counted by hand or by
 * other programs from the published network files. */
static void conv_macs(void **state)
{
	static const struct {
		const char *name;
		int64_t macs;
		size_t convs;
	} rows[] = {
		{"lenet-mnist", 1888000, 2},
		{"cifar10-quick", 12288000, 3},
		{"cifar10-full", 12288000, 3},
		{"alexnet-cifar10", 14954496, 5},
		{"resnet20-cifar10-b", 40812544, 21},
		{"resnet20-cifar10-a", 40550400, 19},
		{"alexnet", 665784864, 5},
		{"caffenet", 665784864, 5},
		{"vgg16", 15346630656, 13},
		{"vgg19", 19508428800, 16},
		{"googlenet", 1581647872, 57},
		{"squeezenet-1.0", 861339936, 26},
		{"mobilenet-v1", 568740352, 28},
		{"resnet50", 3855925248, 53},
		{"resnet101", 7568146432, 104},
		{"nin", 1100188800, 12},
		{"segnet-basic", 59188838400, 9},
		{"dilation8-voc", 826395410952, 24},
	};
	char name[DATA_NAMES][64];

	(void)state;
	assert_int_equal(data_names("workloads", name), COUNT(rows));
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct barista_workload *net;
		struct barista_err err;
		int64_t macs = 0;
		size_t convs = 0;

		CHECK_OK(barista_workload_load(&net, rows[i].name, ".", &err), &err);
		for (size_t l = 0; l < net->nmac_layers; l++) {
			bool conv = net->mac_layer[l].type == BARISTA_CONV;

			macs += conv ? net->mac_layer[l].macs : 0;
			convs += conv;
		}
		CHECK(macs == rows[i].macs && convs == rows[i].convs,
		      "%s: %lld in %zu convolutions", rows[i].name, (long long)macs, convs);
		assert_string_equal(net->name, rows[i].name);
		assert_int_equal(strlen(net->sha256), 64);
		barista_workload_free(net);
	}
}

/* Both lowerings hold the layers' operations: 6 per MAC with an input gradient, 4 without. */
static void plans_conserve_ops(void **state)
{
	char name[DATA_NAMES][64];
	size_t n = data_names("workloads", name);

	(void)state;
	for (size_t i = 0; i < 4 * n; i++) {
		struct barista_lowering lowering = {.batched_gemm = i & 1, .all_layers = i & 2};
		struct barista_workload *net;
		struct barista_lowered *lowered;
		struct barista_err err;
		double ops = 0;
		size_t layers = 0;

		CHECK_OK(barista_workload_load(&net, name[i / 4], ".", &err), &err);
		CHECK_OK(barista_lower(&lowered, net, lowering, &err), &err);
		for (size_t l = 0; l < net->nmac_layers; l++) {
			if (net->mac_layer[l].type == BARISTA_FC && !lowering.all_layers)
				continue;
			ops += (net->mac_layer[l].input_gradient ? 6 : 4) *
			       (double)net->mac_layer[l].macs;
			layers++;
		}
		CHECK(near(lowered->ops, ops, 1e-12), "%s: %.17g, expected %.17g", name[i / 4],
		      lowered->ops, ops);
		assert_int_equal(lowered->nlayers, layers);
		barista_lowered_free(lowered);
		barista_workload_free(net);
	}
}

/* Every device file loads as what its `kind` says and as nothing else. */
static void devices_load(void **state)
{
	char name[DATA_NAMES][64], kind[32];
	size_t n = data_names("devices", name), fpgas = 0;

	(void)state;
	for (size_t i = 0; i < n; i++) {
		struct barista_device *dev = NULL;
		struct barista_baseline *base = NULL;
		struct barista_err err;
		bool fpga;

		CHECK_OK(barista_catalog_find_kind(name[i], ".", kind, sizeof kind, &err), &err);
		fpga = !strcmp(kind, "fpga");
		fpgas += fpga;
		CHECK((barista_device_load(&dev, name[i], ".", &err) == 0) == fpga, "%s: %s",
		      name[i], err.msg);
		CHECK((barista_baseline_load(&base, name[i], ".", &err) == 0) != fpga, "%s: %s",
		      name[i], err.msg);
		assert_string_equal(fpga ? dev->name : base->name, name[i]);
		CHECK(!fpga || dev->has_precision[BARISTA_FP32], "%s has no fp32", name[i]);
		barista_device_free(dev);
		barista_baseline_free(base);
	}
	CHECK(fpgas >= 15 && n - fpgas >= 8, "%zu boards of %zu files", fpgas, n);
}

/* Every number of every board: in range, with a source and a status. */
static void facts_have_sources(void **state)
{
	char name[DATA_NAMES][64];
	size_t n = data_names("devices", name);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		struct barista_device *dev;
		struct barista_err err;

		if (barista_device_load(&dev, name[i], ".", &err))
			continue;
		for (int p = 0; p < BARISTA_NPARAMS; p++) {
			const struct barista_param_def *def = &barista_param_defs[p];
			double v = dev->param[p].value;

			CHECK(isnan(v) || (v >= def->lo && v <= def->hi), "%s: %s = %g", name[i],
			      def->path, v);
			CHECK(isnan(v) || (dev->param[p].source && *dev->param[p].source &&
					   dev->param[p].status),
			      "%s: %s has no source", name[i], def->path);
		}
		CHECK(isnan(dev->param[BARISTA_POWER_TOTAL].value) !=
			      isnan(dev->param[BARISTA_POWER_STATIC].value),
		      "%s: one power model", name[i]);
		barista_device_free(dev);
	}
}

static void names_and_paths(void **state)
{
	static const struct {
		const char *name;
		int status;
		const char *message;
	} rows[] = {
		{"aws-f1-vu9p", 0, ""},
		{"./devices/aws-f1-vu9p.yaml", 0, ""},
		{"devices/aws-f1-vu9p.yaml", 0, ""},
		{"aws-f1-vu9q", BARISTA_E_INPUT, "did you mean 'aws-f1-vu9p'"},
		{"no-such-thing", BARISTA_E_INPUT,
		 "no 'no-such-thing' among the installed devices"},
		{"nowhere/x.yaml", BARISTA_E_INPUT, "cannot open 'nowhere/x.yaml'"},
		{"./devices/", BARISTA_E_INPUT, "it is a folder"},
		{"alexnet", BARISTA_E_INPUT, "no 'alexnet'"},
		{"workloads/alexnet.yaml", BARISTA_E_INPUT,
		 "the kind is 'workload', expected 'fpga'"},
		{"devices/gtx-1080.yaml", BARISTA_E_INPUT, "the kind is 'gpu', expected 'fpga'"},
		{"", BARISTA_E_ARGUMENT, "an empty name"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct barista_device *dev = NULL;
		struct barista_err err = {0, ""};
		int rc = barista_device_load(&dev, rows[i].name, ".", &err);

		CHECK(rc == rows[i].status && strstr(err.msg, rows[i].message), "'%s': %d %s",
		      rows[i].name, rc, err.msg);
		CHECK(!dev == !!rc, "'%s': the output is touched on failure", rows[i].name);
		barista_device_free(dev);
	}
}

/* What the lists name can be loaded, and nothing that can be loaded is missing. */
static void listed_names(void **state)
{
	struct barista_names *boards = NULL, *networks = NULL, *none = NULL;
	char name[DATA_NAMES][64];
	const char *item;
	struct barista_err err;
	size_t loaded = 0, listed = 0;
	double knob;

	(void)state;
	CHECK_OK(barista_device_names(&boards, ".", &err), &err);
	CHECK_OK(barista_workload_names(&networks, ".", &err), &err);
	for (size_t i = 0, n = data_names("devices", name); i < n; i++) {
		struct barista_device *dev = NULL;

		loaded += !barista_device_load(&dev, name[i], ".", &err);
		barista_device_free(dev);
	}
	for (; (item = barista_names_item(boards, listed)); listed++) {
		struct barista_device *dev = NULL;

		CHECK_OK(barista_device_load(&dev, item, ".", &err), &err);
		barista_device_free(dev);
	}
	assert_int_equal(listed, loaded);
	assert_string_equal(barista_names_item(networks, 0), "alexnet");
	assert_null(barista_names_item(networks, data_names("workloads", name)));
	assert_int_equal(barista_workload_names(&none, "/nowhere", &err), BARISTA_E_INPUT);
	assert_null(none);
	for (size_t i = 0; (item = barista_precision_name(i)); i++)
		CHECK_OK(barista_precision_parse(item, &knob, &err), &err);
	assert_string_equal(barista_precision_name(0), "fp32");
	barista_names_free(boards);
	barista_names_free(networks);
}

int test_data(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(conv_macs),       cmocka_unit_test(plans_conserve_ops),
		cmocka_unit_test(devices_load),    cmocka_unit_test(facts_have_sources),
		cmocka_unit_test(names_and_paths), cmocka_unit_test(listed_names),
	};

	return GROUP(tests);
}
