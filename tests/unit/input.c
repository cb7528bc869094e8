/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Installed files with one thing wrong: each says what, and on which line. */
#include "check.h"

#include "base/arena.h"
#include "io/file.h"
#include "model/baseline.h"

enum what { DEVICE, COSTS, NET, CPU };

/* The file's text with the first `find` replaced; line: where. The caller frees it. */
static char *edited(const char *path, const char *find, const char *replace, int *line)
{
	struct barista_arena *arena = barista_arena_make();
	char *text, *at, *out;
	struct barista_err err;
	size_t size;

	CHECK_OK(barista_read_file(path, arena, &text, &size, &err), &err);
	at = strstr(text, find);
	CHECK(at, "%s has no '%s'", path, find);
	*line = 1;
	for (const char *p = text; p < at; p++)
		*line += *p == '\n';
	out = malloc(size + strlen(replace) + 1);
	assert_non_null(out);
	sprintf(out, "%.*s%s%s", (int)(at - text), text, replace, at + strlen(find));
	barista_arena_free(arena);
	return out;
}

static int load_device(const char *path, struct barista_err *err)
{
	struct barista_device *dev;
	int rc = barista_device_load(&dev, path, ".", err);

	if (!rc)
		barista_device_free(dev);
	return rc;
}

static int load_costs(const char *path, struct barista_err *err)
{
	char set[500];
	int line, rc;
	char *text;

	snprintf(set, sizeof set, "precisions: %s", path);
	text = edited("devices/aws-f1-vu9p.yaml", "precisions: dsp48e2", set, &line);
	rc = load_device(write_text("costs-device.yaml", text), err);
	free(text);
	return rc;
}

static int load_net(const char *path, struct barista_err *err)
{
	struct barista_workload *net;
	int rc = barista_workload_load(&net, path, ".", err);

	if (!rc)
		barista_workload_free(net);
	return rc;
}

static int load_cpu(const char *path, struct barista_err *err)
{
	struct barista_baseline *base;
	int rc = barista_baseline_load(&base, path, ".", err);

	if (!rc)
		barista_baseline_free(base);
	return rc;
}

static const struct {
	const char *path;
	int (*load)(const char *, struct barista_err *);
} kinds[] = {
	[DEVICE] = {"devices/aws-f1-vu9p.yaml", load_device},
	[COSTS] = {"devices/precisions/dsp48e2.yaml", load_costs},
	[NET] = {"workloads/alexnet-cifar10.yaml", load_net},
	[CPU] = {"devices/xeon-e5-2686v4.yaml", load_cpu},
};

/* below: how many lines below the change the message points; -1: it is about the file. */
static const struct {
	enum what what;
	const char *find, *replace;
	int below;
	const char *message;
} rows[] = {
	{DEVICE, "kind: fpga", "kind: fpgas", 0, "the kind is 'fpgas', expected 'fpga'"},
	{DEVICE, "kind: fpga\n", "", -1, "missing key 'kind'"},
	{DEVICE, "kind: fpga", "kind: [fpga]", 0, "'kind' must be a single value"},
	{DEVICE, "title:", "titel:", 0, "unknown key 'titel', did you mean 'title'"},
	{DEVICE, "part: \"xcvu9p-flgb2104-2-i\"\n", "", -1, "missing key 'part'"},
	{DEVICE, "block_ram: ramb36", "block_ram: ramb18", 0, "'ramb18', did you mean 'ramb36'"},
	{DEVICE, "precisions: dsp48e2", "precisions: dsp48e3", -1, "did you mean 'dsp48e"},
	{DEVICE, "memory:\n  bandwidth:", "memory:\n  bandwith:", 1,
	 "'bandwith', did you mean 'bandwidth'"},
	{DEVICE, "value: 30 Gbit/s, source: barista, status: verified",
	 "value: 30, source: barista, status: verified", 0, "has no unit"},
	{DEVICE, "value: 250 MHz", "value: 250 Mbit/s", 0, "wrong unit 'Mbit/s'"},
	{DEVICE, "value: 250 MHz", "value: 250 Hz", 0,
	 "'clock.kernel' must be from 1 MHz to 10 GHz"},
	{DEVICE, "value: 6840,", "value: 6840.5,", 0, "'resources.dsp' must be a whole number"},
	{DEVICE, "value: 6840,", "value: -6840,", 0, "'resources.dsp' must be"},
	{DEVICE, "value: 6840,", "value: .nan,", 0, "'.nan'"},
	{DEVICE, "value: 6840,", "value: 1e99,", 0, "'resources.dsp' must be"},
	{DEVICE, "source: wiki, status: verified, note: 'DSP48E2'",
	 "source: wikki, status: verified", 0, "unknown source 'wikki'"},
	{DEVICE, "source: aws, status: derived", "source: aws, status: guessed", 0, "'guessed'"},
	{DEVICE, "clock:\n", "clocks:\n", 0, "unknown key 'clocks', did you mean 'clock'"},
	{DEVICE,
	 "clock:\n  kernel: {value: 250 MHz, source: barista, status: verified, note: 'also the "
	 "maximum of the main clock of the AWS shell'}\n",
	 "", -1, "missing key 'clock.kernel'"},
	{DEVICE, "power:\n  total:",
	 "power:\n  static: {value: 1 W, source: aws, status: derived}\n  total:", -1,
	 "give either 'power.total' or 'power.static', not both"},
	{DEVICE, "power:\n  total:", "power:\n  per_dsp:", -1,
	 "give either 'power.total' or 'power.static', not neither"},
	{DEVICE, "wiki:     \"device", "wiki:     \"\"\n  wiki2: \"device", 0, "'wiki' is empty"},
	{COSTS, "kind: precisions", "kind: fpga", 0, "expected 'precisions'"},
	{COSTS, "  fp16:", "  fp17:", 0, "'fp17', did you mean 'fp16'"},
	{COSTS, "    latency:     {value: 11 cycles", "    latenty:     {value: 11 cycles", -1,
	 "missing key 'latency'"},
	{COSTS, "value: 11 cycles", "value: 0 cycles", 0,
	 "'latency' must be from 1 cycles to 256 cycles"},
	{COSTS, "value: 11 cycles", "value: 1.5 cycles", -1,
	 "'latency' must be a whole number of cycles"},
	{COSTS, "value: 11 cycles", "value: 11", 0, "has no unit"},
	{COSTS, "{value: 5, source", "{value: 0, source", 0,
	 "'dsp_per_mac' must be from 0.01 to 64"},
	{COSTS, "    ff_per_pe:   {value: 812.8", "    bram: 1\n    ff_per_pe:   {value: 812.8", 0,
	 "'bram', expected one of"},
	{NET, "kind: workload", "kind: fpga", 0, "the kind is 'fpga', expected 'workload'"},
	{NET, "batch: 128", "batch: 0", 0, "'batch' must be"},
	{NET, "batch: 128", "batch: 1e3", 0, "'batch' must be a whole number"},
	{NET, "batch: 128\n", "", -1, "missing key 'batch'"},
	{NET, "status: verified", "status: fitted", 0, "'fitted'"},
	{NET, "input: [3, 32, 32]", "input: [3, 32]", 0, "'input' must hold 3"},
	{NET, "name: conv2", "name: conv1", 0, "two layers are named 'conv1'"},
	{NET, "name: conv2, ", "", 0, "missing key 'name'"},
	{NET, "{name: conv2", "[a]\n  - {name: conv2", 0, "a layer must be a mapping"},
	{CPU, "power:\n  total:", "power:\n  totals:", 1, "did you mean 'total'"},
	{CPU, "power:\n  total: {value: 145 W, source: barista, status: verified}", "power: {}", -1,
	 "missing key 'power.total'"},
	{CPU, "kind: cpu", "kind: tpu", 0, "the kind is 'tpu', expected"},
	{CPU, "    mean: 0.18 Gop/s/W\n    layers:\n", "    mean: 0.18\n    layers:\n", 0,
	 "has no unit"},
	{CPU, "conv1: 0.35 Gop/s/W", "conv1: [1]", 0, "'conv1' must be a single value"},
	{CPU, "    source: barista\n    status: verified\n    note: 'Table",
	 "    source: nobody\n    status: verified\n    note: 'Table", 0,
	 "unknown source 'nobody'"},
	{CPU, "published:\n", "gemms: [{m: 1, n: 2, k: 3, time: 0 s}]\npublished:\n", 0,
	 "'time' must be from 1 ps"},
	{CPU, "published:\n", "gemms: [{m: 0, n: 2, k: 3, time: 1 s}]\npublished:\n", 0,
	 "'m' must be"},
	{CPU, "published:\n", "gemms: [7]\npublished:\n", 0, "a measured GEMM must be a mapping"},
	{CPU, "published:\n", "host: {tile_time_low: 1 ns}\npublished:\n", 0,
	 "missing key 'tile_time'"},
};

static void one_thing_wrong(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct barista_err err = {0, ""};
		int line, rc;
		char place[300], *text = edited(kinds[rows[i].what].path, rows[i].find,
						rows[i].replace, &line);
		const char *path = write_text("edited.yaml", text);

		free(text);
		rc = kinds[rows[i].what].load(path, &err);
		CHECK(rc == BARISTA_E_INPUT && strstr(err.msg, rows[i].message), "'%s': %d %s",
		      rows[i].replace, rc, err.msg);
		snprintf(place, sizeof place, "/edited.yaml:%d:", line + rows[i].below);
		CHECK(rows[i].below < 0 || strstr(err.msg, place), "'%s': line %d expected in %s",
		      rows[i].replace, line + rows[i].below, err.msg);
	}
}

/* The copies themselves load: what fails above fails for its one fault. */
static void nothing_wrong(void **state)
{
	(void)state;
	for (size_t k = 0; k < COUNT(kinds); k++) {
		struct barista_err err;
		int line;
		char *text = edited(kinds[k].path, "\n", "\n", &line);
		const char *path = write_text("edited.yaml", text);

		free(text);
		CHECK_OK(kinds[k].load(path, &err), &err);
	}
}

#define NETWORK                                                                                   \
	"kind: workload\nname: n\ntitle: t\nsource: s\nstatus: assumed\nbatch: 1\ninput: [1, 1, " \
	"1]\n"
#define CPU_HEAD "kind: cpu\nname: n\ntitle: t\nsources: {s: a book}\n"
#define POWER "power: {total: {value: 1 W, source: s, status: derived}}\n"

static const struct {
	enum what what;
	const char *text, *message;
} small[] = {
	{NET, NETWORK "layers: []\n", ":8:9: the network has no layers"},
	{NET, NETWORK "layers: {}\n", ":8:9: 'layers' must be a list, not a mapping"},
	{NET, NETWORK, ":1:1: missing key 'layers'"},
	{NET, "", ":1:1: the file is empty"},
	{NET, "[]\n", ":1:1: the file must be a mapping"},
	{NET, "name: x\n", ":1:1: missing key 'kind'"},
	{NET, "kind: [workload]\n", ":1:7: 'kind' must be a single value"},
	{DEVICE, "kind: fpga\nsources: 3\n", ":2:10: 'sources' must be a mapping"},
	{DEVICE, "kind: fpga\nresources: {}\n", ":1:1: missing key 'name'"},
	{CPU, CPU_HEAD POWER "published: [3]\n", ":6:13: a published figure must be a mapping"},
	{CPU, CPU_HEAD POWER "published: [{workload: n, source: s, status: derived}]\n",
	 ":6:13: give a 'mean' or 'layers'"},
	{CPU, CPU_HEAD POWER "peak: {fp64: {value: 1 Gop/s, source: s, status: derived}}\n",
	 ":6:8: "},
	{CPU, CPU_HEAD "power: {total: 1 W}\n", ":5:16: 'total' must be a mapping"},
	{CPU, CPU_HEAD, ":1:1: missing key 'power'"},
};

static void small_files(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(small); i++) {
		const char *path = write_text("small.yaml", small[i].text);
		struct barista_err err = {0, ""};
		int rc = kinds[small[i].what].load(path, &err);

		CHECK(rc == BARISTA_E_INPUT && strstr(err.msg, small[i].message), "%s: %d %s",
		      small[i].text, rc, err.msg);
	}
}

int test_input(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_thing_wrong),
		cmocka_unit_test(nothing_wrong),
		cmocka_unit_test(small_files),
	};

	return GROUP(tests);
}
