/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A ranking that was added after all others, as a caller of the library reads it: it has the design
 * with the least energy times the square of delay, with a baseline and without one. */
#include <barista.h>
#include <stdio.h>
#include <stdlib.h>

/* Is the best of the ranking there, and no worse than the best of the others? */
static int check(const struct barista_model *model, const double *baseline)
{
	struct barista_search_options options = {.baseline = baseline};
	const struct barista_candidate *best, *other;
	struct barista_search *search;
	struct barista_err err;
	int ok;

	if (barista_search_run(&search, model, NULL, &options, &err)) {
		fprintf(stderr, "%s\n", err.msg);
		return 0;
	}
	best = barista_search_best(search, BARISTA_RANK_ED2P, 0);
	ok = best != NULL;
	for (int rank = 0; rank < BARISTA_NRANKINGS; rank++)
		if (ok && (other = barista_search_best(search, (enum barista_rank)rank, 0)))
			ok = barista_candidate_metric(best, BARISTA_ED2P) <=
			     barista_candidate_metric(other, BARISTA_ED2P);
	barista_search_free(search);
	return ok;
}

/* ranking DATA_DIR */
int main(int argc, char **argv)
{
	struct barista_device *board = NULL;
	struct barista_workload *network = NULL;
	struct barista_model *model = NULL;
	double *baseline = NULL;
	struct barista_err err;
	int ok = argc == 2 && !barista_device_load(&board, "aws-f1-vu9p", argv[1], &err) &&
		 !barista_workload_load(&network, "lenet-mnist", argv[1], &err) &&
		 !barista_model_make(&model, network, board, NULL, &err) &&
		 (baseline = calloc(barista_model_layers(model), sizeof *baseline));

	ok = ok && check(model, NULL) && check(model, baseline);
	free(baseline);
	barista_model_free(model);
	barista_workload_free(network);
	barista_device_free(board);
	return !ok;
}
