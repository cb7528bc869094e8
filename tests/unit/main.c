/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs every group, from the project's root, where devices/ and workloads/ are. */
#include "check.h"

#include <gsl/gsl_errno.h>

int main(void)
{
	static int (*const groups[])(void) = {
		test_base,           test_array,
		test_text,           test_unit,
		test_yaml,           test_schema,
		test_table,          test_file,
		test_data,           test_layer,
		test_lower,          test_equations,
		test_explain,        test_resources,
		test_device,         test_input,
		test_precision,      test_baseline,
		test_published,      test_properties,
		test_search,         test_set,
		test_tile,           test_refgemm,
		test_half,           test_verify,
		test_richer,         test_spread,
		test_robust_fit,     test_points,
		test_exact,          test_bounds,
		test_checkpoint,     test_objectives,
		test_whatif,         test_onnx,
		test_onnx_errors,    test_prototext,
		test_caffe,          test_steps,
		test_cluster,        test_cluster_points,
		test_cluster_random, test_streaming,
		test_streaming_list, test_layered,
		test_layered_list,   test_layered_sim,
		test_folder,         test_picture,
		test_ranks,          test_no_memory,
		test_public,         test_calibrate,
	};
	int failed = 0;

	setvbuf(stdout, NULL, _IOLBF, 0);
	gsl_set_error_handler_off(); /* as the program does */
	temp_make();
	for (size_t i = 0; i < COUNT(groups); i++)
		failed += groups[i]();
	temp_remove();
	printf("%zu groups, %d tests failed\n", COUNT(groups), failed);
	return failed != 0;
}
