/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/num.h"
#include "barista/family.h"
#include "base/text.h"
#include "io/catalog.h"
#include "io/file.h"
#include "io/schema.h"
#include "io/unit.h"
#include "model/device.h"
#include "model/precision.h"

#include <stdlib.h>
#include <string.h>

const char *const barista_block_ram_names[] = {
	[BARISTA_RAMB36] = "ramb36",
	[BARISTA_RAMB36_POW2] = "ramb36-pow2",
	[BARISTA_M20K] = "m20k",
	NULL,
};

struct raw_device {
	const char *kind, *name, *title, *part, *block_ram, *precisions;
	const struct barista_node *sources;
	const struct barista_node *group[10];
};

/* The groups of facts, "resources" of "resources.dsp": in the order of raw_device.group. */
static const char *const groups[] = {"resources", "clock", "memory", "pcie",   "host",
				     "power",     "rules", "kernel", "opencl", "link"};
enum { NGROUPS = sizeof groups / sizeof *groups };

/* The part of a path behind "group.", or NULL when it is of another group. */
static const char *key_in_group(const char *path, const char *group)
{
	size_t n = strlen(group);

	return !strncmp(path, group, n) && path[n] == '.' ? path + n + 1 : NULL;
}

/* A fact that does not say how sure it is may be off by its kind's spread, within its bounds. */
static struct barista_quantity with_spread(const struct barista_param_def *def,
					   struct barista_quantity fact, bool given)
{
	if (!given) {
		fact.low = fact.value * (1 - def->default_error);
		fact.high = fact.value * (1 + def->default_error);
		if (fact.low < def->lo)
			fact.low = def->lo;
		if (fact.high > def->hi)
			fact.high = def->hi;
	}
	return fact;
}

static int decode_param(struct barista_device *dev, const struct barista_doc *doc,
			const struct barista_node *node, const struct barista_node *sources,
			enum barista_param p, struct barista_err *err)
{
	const struct barista_param_def *def = &barista_param_defs[p];
	struct barista_quantity fact;
	int rc = barista_decode_fact(doc, node, sources, def->path, def->dimension, def->lo,
				     def->hi, &fact, err);

	if (rc)
		return rc;
	if (def->integer && fact.value != floor(fact.value))
		return barista_fail_node(err, doc, barista_node_get(node, "value"),
					 "'%s' must be a whole number", def->path);
	dev->param[p] = with_spread(
		def, fact, barista_node_get(node, "low") || barista_node_get(node, "high"));
	return 0;
}

static int decode_group(struct barista_device *dev, const struct barista_doc *doc,
			const struct barista_node *map, const char *group,
			const struct barista_node *sources, struct barista_err *err)
{
	const char *known[BARISTA_NPARAMS + 1] = {NULL};
	enum barista_param index[BARISTA_NPARAMS];
	size_t n = 0;

	for (int p = 0; p < BARISTA_NPARAMS; p++) {
		const char *key = key_in_group(barista_param_defs[p].path, group);

		if (key) {
			index[n] = (enum barista_param)p;
			known[n++] = key;
		}
	}
	for (size_t i = 0; i < map->n; i++) {
		size_t k = barista_word_index(known, map->key[i]->text);
		int rc;

		if (k == n)
			return barista_fail_unknown(doc, map->key[i], "key", known, err);
		rc = decode_param(dev, doc, map->item[i], sources, index[k], err);
		if (rc)
			return rc;
	}
	return 0;
}

static void set_presets(struct barista_device *dev)
{
	for (int p = 0; p < BARISTA_NPARAMS; p++)
		dev->param[p] = with_spread(
			&barista_param_defs[p],
			(struct barista_quantity){.value = barista_param_defs[p].default_value,
						  .source = barista_param_defs[p].default_source,
						  .status = "default"},
			false);
}

static int check_complete(const struct barista_device *dev, const struct barista_doc *doc,
			  struct barista_err *err)
{
	for (int p = 0; p < BARISTA_NPARAMS; p++)
		if (barista_param_defs[p].required && isnan(dev->param[p].value))
			return barista_fail_node(err, doc, doc->root, "missing key '%s' (%s)",
						 barista_param_defs[p].path,
						 barista_param_defs[p].help);
	if (isnan(dev->param[BARISTA_POWER_TOTAL].value) ==
	    isnan(dev->param[BARISTA_POWER_STATIC].value))
		return barista_fail_node(
			err, doc, doc->root, "give either 'power.total' or 'power.static', not %s",
			isnan(dev->param[BARISTA_POWER_TOTAL].value) ? "neither" : "both");
	return 0;
}

static int decode_device(struct barista_device *dev, const struct barista_doc *doc,
			 struct barista_err *err)
{
	static const char *const kinds[] = {"fpga", NULL};
	struct barista_field fields[7 + NGROUPS] = {
		BARISTA_FIELDS_OF_FILE(struct raw_device),
		BARISTA_FIELD("part", STRING, struct raw_device, part, .required = true),
		BARISTA_FIELD("block_ram", STRING, struct raw_device, block_ram, .required = true),
		BARISTA_FIELD("precisions", STRING, struct raw_device, precisions,
			      .required = true),
		BARISTA_FIELD("sources", MAP, struct raw_device, sources, .required = true),
	};
	struct raw_device raw = {0};
	size_t b;
	int rc = barista_catalog_check_kind(doc, kinds, err);

	for (size_t g = 0; g < NGROUPS; g++)
		fields[7 + g] = (struct barista_field){
			.key = groups[g],
			.type = BARISTA_FIELD_MAP,
			.offset = offsetof(struct raw_device, group) + g * sizeof raw.group[0]};
	if (rc || (rc = barista_decode(doc, doc->root, fields, 7 + NGROUPS, &raw, err)) ||
	    (rc = barista_check_sources(doc, raw.sources, err)))
		return rc;
	b = barista_word_index(barista_block_ram_names, raw.block_ram);
	if (!barista_block_ram_names[b])
		return barista_fail_unknown(doc, barista_node_get(doc->root, "block_ram"),
					    "block RAM", barista_block_ram_names, err);
	dev->block_ram = (enum barista_block_ram)b;
	dev->name = raw.name;
	dev->title = raw.title;
	dev->part = raw.part;
	dev->precision_table = raw.precisions;
	set_presets(dev);
	for (size_t g = 0; g < NGROUPS; g++)
		if (raw.group[g] &&
		    (rc = decode_group(dev, doc, raw.group[g], groups[g], raw.sources, err)))
			return rc;
	return check_complete(dev, doc, err);
}

/* The table of precisions: an installed one by its name, or a path beside the board's file. */
static int load_costs(struct barista_doc *costs, struct barista_device *dev,
		      const struct barista_doc *board, const char *data_dir,
		      struct barista_arena *arena, struct barista_err *err)
{
	const char *slash = strrchr(board->path, '/'), *name = dev->precision_table;
	char path[4096];

	if (barista_catalog_is_path(name) && *name != '/') {
		snprintf(path, sizeof path, "%.*s%.2000s",
			 slash ? (int)(slash - board->path) + 1 : 0, board->path, name);
		name = path;
	}
	return barista_catalog_load(costs, name, data_dir, "devices/precisions", arena,
				    dev->precision_sha256, err);
}

static int decode_with_costs(void *object, const struct barista_doc *doc, const char *data_dir,
			     struct barista_err *err)
{
	struct barista_device *dev = object;
	struct barista_doc costs;
	int rc = decode_device(dev, doc, err);

	if (!rc && (rc = load_costs(&costs, dev, doc, data_dir, dev->arena, err)))
		barista_err_context(err, doc->path);
	return rc ? rc : barista_pe_params_decode(dev, &costs, err);
}

int barista_device_load(struct barista_device **out, const char *name, const char *data_dir,
			struct barista_err *err)
{
	static const struct barista_catalog_kind kind =
		BARISTA_CATALOG_KIND("devices", struct barista_device, decode_with_costs);

	return barista_catalog_read(out, &kind, name, data_dir, err);
}

void barista_device_free(struct barista_device *dev)
{
	if (dev)
		barista_arena_free(dev->arena);
}

static const char *param_at(const void *list, size_t i)
{
	(void)list;
	return i < BARISTA_NPARAMS ? barista_param_defs[i].path : NULL;
}

/* power.total and power.static exclude each other: the one set last wins. */
static void settle_power(struct barista_device *dev, int p)
{
	if (p == BARISTA_POWER_TOTAL)
		dev->param[BARISTA_POWER_STATIC].value = NAN;
	if (p == BARISTA_POWER_STATIC)
		dev->param[BARISTA_POWER_TOTAL].value = NAN;
}

int barista_device_set(struct barista_device *dev, const char *assignment, struct barista_err *err)
{
	const char *eq = strchr(assignment, '=');
	char path[80], why[256], hint[128], a[64], b[64];
	const struct barista_param_def *def;
	double value;
	int p = 0;

	if (!eq || (size_t)(eq - assignment) >= sizeof path)
		return barista_fail(err, BARISTA_E_ARGUMENT,
				    "'%.60s' is not PATH=VALUE, e.g. memory.bandwidth=3Gbit/s",
				    assignment);
	snprintf(path, sizeof path, "%.*s", (int)(eq - assignment), assignment);
	while (p < BARISTA_NPARAMS && strcmp(path, barista_param_defs[p].path))
		p++;
	if (p == BARISTA_NPARAMS) {
		barista_suggest(hint, sizeof hint, path, param_at, NULL);
		return barista_fail(err, BARISTA_E_ARGUMENT,
				    "unknown value '%s'%s (see `barista-dse list knobs`)", path,
				    hint);
	}
	def = &barista_param_defs[p];
	if (!barista_quantity_parse(eq + 1, def->dimension, &value, why, sizeof why))
		return barista_fail(err, BARISTA_E_ARGUMENT, "'%s': %s", path, why);
	if (value < def->lo || value > def->hi || (def->integer && value != floor(value))) {
		barista_quantity_format(a, sizeof a, def->lo, def->dimension);
		barista_quantity_format(b, sizeof b, def->hi, def->dimension);
		return barista_fail(err, BARISTA_E_ARGUMENT,
				    "'%s' must be %sfrom %s to %s, not '%.60s'", path,
				    def->integer ? "a whole number " : "", a, b, eq + 1);
	}
	dev->param[p] = with_spread(def,
				    (struct barista_quantity){.value = value,
							      .source = "the command line",
							      .status = "assumed"},
				    false);
	settle_power(dev, p);
	return 0;
}
