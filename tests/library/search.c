#include <barista.h>
#include <stdio.h>

/* Searches a network on a board and prints the five best kernels. */
int main(void)
{
	struct barista_device *board = NULL;
	struct barista_workload *network = NULL;
	struct barista_model *model = NULL;
	struct barista_search *search = NULL;
	const struct barista_candidate *best;
	struct barista_err err;
	char kernel[128];
	int rc;

	if ((rc = barista_device_load(&board, "aws-f1-vu9p", NULL, &err)) ||
	    (rc = barista_workload_load(&network, "resnet20-cifar10-a", NULL, &err)) ||
	    (rc = barista_model_make(&model, network, board, NULL, &err)) ||
	    (rc = barista_search_run(&search, model, NULL, NULL, &err)))
		fprintf(stderr, "%s\n", err.msg);
	for (size_t i = 0; !rc && (best = barista_search_best(search, BARISTA_RANK_PPW_MEAN, i));
	     i++) {
		barista_candidate_text(model, best, kernel, sizeof kernel);
		printf("%s: %.3f s per image, %.3f Gop/s/W\n", kernel,
		       barista_candidate_metric(best, BARISTA_TIME),
		       barista_candidate_metric(best, BARISTA_PPW_MEAN) / 1e9);
	}
	barista_search_free(search);
	barista_model_free(model);
	barista_workload_free(network);
	barista_device_free(board);
	return rc ? 1 : 0;
}
