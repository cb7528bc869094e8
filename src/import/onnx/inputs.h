/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IMPORT_ONNX_INPUTS_H
#define IMPORT_ONNX_INPUTS_H

#include "import/onnx/node.h"

/* The blobs of a graph's inputs, behind those of its initialisers; the main one sets batch and
 * input size of the network. */
int barista_onnx_inputs(struct barista_onnx *m, const Barista__Onnx__GraphProto *graph);

/* An op reads an input whose sizes the file lacks: says how to give them. */
int barista_onnx_fail_unknown_input(struct barista_onnx *m, int blob);

/* Fails when sizes were given for something that is no input. */
int barista_onnx_check_given(struct barista_onnx *m);

#endif
