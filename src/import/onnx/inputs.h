/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IMPORT_ONNX_INPUTS_H
#define IMPORT_ONNX_INPUTS_H

#include "import/onnx/node.h"

/* Makes the blobs of a graph's inputs, behind those of its initialisers. The main input sets the
 * batch and the input size of the network. Errors: BARISTA_E_INPUT; BARISTA_E_ARGUMENT when the
 * user has to size the main input, or has given sizes that do not fit; BARISTA_E_SYSTEM. */
int barista_onnx_inputs(struct barista_onnx *m, const Barista__Onnx__GraphProto *graph);

/* Fails with BARISTA_E_ARGUMENT because an op reads an input whose sizes are not all in the file;
 * the message says how to give them. */
int barista_onnx_fail_unknown_input(struct barista_onnx *m, int blob);

/* Fails with BARISTA_E_ARGUMENT when the user has given sizes for something that is no input. */
int barista_onnx_check_given(struct barista_onnx *m);

#endif
