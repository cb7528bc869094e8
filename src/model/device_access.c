/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The functions by which callers of the library, and architectures, ask for what a board has. */
#include "base/err.h"
#include "base/text.h"
#include "model/device.h"

#include <math.h>
#include <string.h>

const char *barista_device_name(const struct barista_device *device)
{
	return device->name;
}

const char *barista_device_title(const struct barista_device *device)
{
	return device->title;
}

int barista_device_quantity(const struct barista_device *device, const char *path,
			    struct barista_quantity *out, struct barista_err *err)
{
	const char *names[BARISTA_NPARAMS + 1] = {NULL};
	char hint[128];

	for (size_t p = 0; p < BARISTA_NPARAMS; p++) {
		names[p] = barista_param_defs[p].path;
		if (strcmp(path, names[p]))
			continue;
		*out = device->param[p];
		return 0;
	}
	barista_suggest_from(hint, sizeof hint, path, names);
	return barista_fail(err, BARISTA_E_ARGUMENT, "a board has no quantity '%.80s'%s", path,
			    hint);
}

double barista_device_param(const struct barista_device *device, enum barista_param param)
{
	return param < BARISTA_NPARAMS ? device->param[param].value : (double)NAN;
}

double barista_device_pe(const struct barista_device *device, enum barista_precision precision,
			 enum barista_pe_param param)
{
	if (precision >= BARISTA_NPRECISIONS || param >= BARISTA_NPE_PARAMS ||
	    !device->has_precision[precision])
		return NAN;
	return device->pe[precision][param].value;
}

int barista_precision_bits(enum barista_precision precision)
{
	return precision < BARISTA_NPRECISIONS ? barista_precision_defs[precision].bits : 0;
}
