/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Boards: decoded from their files, and changed value by value. The values that a board can have
 * are listed in quantities.c; this file only goes through that list. */
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

/* The groups of facts, such as "resources" of "resources.dsp". */
static const char *const groups[] = {"resources", "clock", "memory", "pcie",   "host",
				     "power",     "rules", "kernel", "opencl", "link"};
enum { NGROUPS = sizeof groups / sizeof *groups };

struct raw_device {
	const char *kind, *name, *title, *part, *block_ram, *precisions;
	const struct barista_node *sources;
	const struct barista_node *group[NGROUPS]; /* by groups[] */
};

/* Returns the part of a path behind "group.", or NULL when it is of another group. */
static const char *key_in_group(const char *path, const char *group)
{
	size_t n = strlen(group);

	return !strncmp(path, group, n) && path[n] == '.' ? path + n + 1 : NULL;
}

/* Returns the fact with low and high. When they are not given, it may be off by the error that its
 * parameter has by default, within that one's bounds. */
static struct barista_quantity with_error(const struct barista_param_def *def,
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
	dev->param[p] = with_error(def, fact,
				   barista_node_get(node, "low") || barista_node_get(node, "high"));
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

static void set_defaults(struct barista_device *dev)
{
	for (int p = 0; p < BARISTA_NPARAMS; p++)
		dev->param[p] = with_error(
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

static int decode_block_ram(struct barista_device *dev, const struct barista_doc *doc,
			    const char *name, struct barista_err *err)
{
	size_t i = barista_word_index(barista_block_ram_names, name);

	if (!barista_block_ram_names[i])
		return barista_fail_unknown(doc, barista_node_get(doc->root, "block_ram"),
					    "block RAM", barista_block_ram_names, err);
	dev->block_ram = (enum barista_block_ram)i;
	return 0;
}

/* Decodes the keys of a board's file: those of every board, and a mapping for each group. */
static int decode_keys(struct raw_device *raw, const struct barista_doc *doc,
		       struct barista_err *err)
{
	static const char *const kinds[] = {"fpga", NULL};
	enum { NKEYS = 7 };
	struct barista_field fields[NKEYS + NGROUPS] = {
		BARISTA_FIELDS_OF_FILE(struct raw_device),
		BARISTA_FIELD("part", STRING, struct raw_device, part, .required = true),
		BARISTA_FIELD("block_ram", STRING, struct raw_device, block_ram, .required = true),
		BARISTA_FIELD("precisions", STRING, struct raw_device, precisions,
			      .required = true),
		BARISTA_FIELD("sources", MAP, struct raw_device, sources, .required = true),
	};

	for (size_t g = 0; g < NGROUPS; g++)
		fields[NKEYS + g] = (struct barista_field){
			.key = groups[g],
			.type = BARISTA_FIELD_MAP,
			.offset = offsetof(struct raw_device, group) + g * sizeof raw->group[0]};
	return barista_catalog_decode(doc, kinds, fields, NKEYS + NGROUPS, raw, err);
}

static int decode_board(struct barista_device *dev, const struct barista_doc *doc,
			struct barista_err *err)
{
	struct raw_device raw = {0};
	int rc = decode_keys(&raw, doc, err);

	if (rc || (rc = barista_check_sources(doc, raw.sources, err)) ||
	    (rc = decode_block_ram(dev, doc, raw.block_ram, err)))
		return rc;
	dev->name = raw.name;
	dev->title = raw.title;
	dev->part = raw.part;
	dev->precision_table = raw.precisions;
	set_defaults(dev);
	for (size_t g = 0; !rc && g < NGROUPS; g++)
		if (raw.group[g])
			rc = decode_group(dev, doc, raw.group[g], groups[g], raw.sources, err);
	return rc ? rc : check_complete(dev, doc, err);
}

/* Loads the table of precisions: an installed one by its name, or one by its path, which begins at
 * the folder of the board's file. */
static int load_precisions(struct barista_doc *precisions, struct barista_device *dev,
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
	return barista_catalog_load(precisions, name, data_dir, "devices/precisions", arena,
				    dev->precision_sha256, err);
}

static int decode(void *object, const struct barista_doc *doc, const char *data_dir,
		  struct barista_err *err)
{
	struct barista_device *dev = object;
	struct barista_doc precisions;
	int rc = decode_board(dev, doc, err);

	if (!rc && (rc = load_precisions(&precisions, dev, doc, data_dir, dev->arena, err)))
		barista_err_context(err, doc->path);
	return rc ? rc : barista_pe_params_decode(dev, &precisions, err);
}

BARISTA_DEFINE_CATALOG_KIND(barista_device_load, barista_device_free, "devices",
			    struct barista_device, decode)

static const char *param_at(const void *list, size_t i)
{
	(void)list;
	return i < BARISTA_NPARAMS ? barista_param_defs[i].path : NULL;
}

/* power.total and power.static exclude each other, so that the one that is set last removes the
 * other. */
static void settle_power(struct barista_device *dev, int p)
{
	if (p == BARISTA_POWER_TOTAL)
		dev->param[BARISTA_POWER_STATIC].value = NAN;
	if (p == BARISTA_POWER_STATIC)
		dev->param[BARISTA_POWER_TOTAL].value = NAN;
}

static int find_param(const char *path, int *p, struct barista_err *err)
{
	char hint[128];

	for (*p = 0; *p < BARISTA_NPARAMS; ++*p)
		if (!strcmp(path, barista_param_defs[*p].path))
			return 0;
	barista_suggest(hint, sizeof hint, path, param_at, NULL);
	return barista_fail(err, BARISTA_E_ARGUMENT,
			    "unknown value '%s'%s (see `enum barista_param`)", path, hint);
}

static int parse_param(const struct barista_param_def *def, const char *text, double *value,
		       struct barista_err *err)
{
	char why[256], low[64], high[64];

	if (!barista_quantity_parse(text, def->dimension, value, why, sizeof why))
		return barista_fail(err, BARISTA_E_ARGUMENT, "'%s': %s", def->path, why);
	if (*value >= def->lo && *value <= def->hi && (!def->integer || *value == floor(*value)))
		return 0;
	barista_quantity_format(low, sizeof low, def->lo, def->dimension);
	barista_quantity_format(high, sizeof high, def->hi, def->dimension);
	return barista_fail(err, BARISTA_E_ARGUMENT, "'%s' must be %sfrom %s to %s, not '%.60s'",
			    def->path, def->integer ? "a whole number " : "", low, high, text);
}

int barista_device_set(struct barista_device *dev, const char *assignment, struct barista_err *err)
{
	const char *equals = strchr(assignment, '=');
	struct barista_quantity set = {.source = "set by the caller", .status = "assumed"};
	char path[80];
	int p, rc;

	if (!equals || (size_t)(equals - assignment) >= sizeof path)
		return barista_fail(err, BARISTA_E_ARGUMENT,
				    "'%.60s' is not PATH=VALUE, e.g. memory.bandwidth=3Gbit/s",
				    assignment);
	snprintf(path, sizeof path, "%.*s", (int)(equals - assignment), assignment);
	if ((rc = find_param(path, &p, err)) ||
	    (rc = parse_param(&barista_param_defs[p], equals + 1, &set.value, err)))
		return rc;
	dev->param[p] = with_error(&barista_param_defs[p], set, false);
	settle_power(dev, p);
	return 0;
}
