/* SPDX-License-Identifier: GPL-3.0-or-later */
/* This file holds the only list of the formats that are imported. A new format takes a folder with
 * its reader, and a row here. */
#include "import/format.h"

#include "import/caffe/caffe.h"
#include "import/onnx/onnx.h"

#include <string.h>
#include <strings.h>

const struct barista_import_format barista_import_formats[] = {
	{
		.name = "caffe",
		.title = "Caffe",
		.ending = {".prototxt", ".pbtxt"},
		.limit = 4 << 20,
		.text = true,
		.solver = true,
		.has_loss = true,
		.read = barista_caffe_read,
	},
	{
		.name = "caffe",
		.title = "Caffe",
		.ending = {".caffemodel"},
		.not_a_network = "holds trained weights: import the network's .prototxt instead",
	},
	{
		.name = "onnx",
		.title = "ONNX",
		.ending = {".onnx"},
		.limit = (size_t)2 << 30, /* protocol buffers allow no longer messages */
		.read = barista_onnx_read,
	},
	{.name = NULL},
};

static bool has_ending(const char *path, const char *ending)
{
	size_t n = strlen(path), e = strlen(ending);

	return n > e && !strcasecmp(path + n - e, ending);
}

const struct barista_import_format *barista_import_format_find(const char *path)
{
	const struct barista_import_format *f = barista_import_formats;

	for (; f->name; f++)
		for (size_t e = 0; f->ending[e]; e++)
			if (has_ending(path, f->ending[e]))
				return f;
	return NULL;
}
