// SPDX-License-Identifier: GPL-3.0-or-later
// The library from C++: two threads search at the same time, each with objects of its own, and print
// what one thread finds. The error handler that the program gave to GSL stays its own.
#include <barista.h>
#include <barista/family.h>

#include <cstdio>
#include <string>
#include <thread>

static std::string searched(const char *network_name)
{
	barista_device *board = nullptr;
	barista_workload *network = nullptr;
	barista_model *model = nullptr;
	barista_space *space = nullptr;
	barista_search *search = nullptr;
	barista_search_options options = {};
	barista_err err = {};
	char kernel[128], line[256];
	std::string out;

	options.keep = 3;
	options.exhaustive = true;
	options.threads = 2;
	if (barista_device_load(&board, "aws-f1-vu9p", nullptr, &err) ||
	    barista_device_set(board, "memory.bandwidth=20 Gbit/s", &err) ||
	    barista_workload_load(&network, network_name, nullptr, &err) ||
	    barista_model_make(&model, network, board, nullptr, &err) ||
	    barista_space_make(&space, model, &err) ||
	    barista_space_set_range(space, "tile_m", 1, 32, &err) ||
	    barista_space_set_range(space, "tile_n", 1, 32, &err) ||
	    barista_space_set_range(space, "tile_k", 16, 64, &err) ||
	    barista_search_run(&search, model, space, &options, &err))
		out = err.msg;
	for (size_t i = 0; out.empty() || i; i++) {
		const barista_candidate *c = barista_search_best(search, BARISTA_RANK_PPW_MEAN, i);

		if (!c)
			break;
		barista_candidate_text(model, c, kernel, sizeof kernel);
		std::snprintf(line, sizeof line, "%s %.17g\n", kernel,
			      barista_candidate_metric(c, BARISTA_TIME));
		out += line;
	}
	barista_search_free(search);
	barista_space_free(space);
	barista_model_free(model);
	barista_workload_free(network);
	barista_device_free(board);
	return out;
}

// An architecture of the user's own, which the library has not been built with.
extern "C" const barista_family barista_toy;

static bool own_architecture()
{
	barista_device *board = nullptr;
	barista_workload *network = nullptr;
	barista_model *model = nullptr;
	barista_search *search = nullptr;
	barista_model_options options = {};
	barista_err err = {};
	const barista_candidate *best;
	char text[64] = "";

	options.family = &barista_toy;
	options.layers = BARISTA_LAYERS_ALL;
	if (!barista_device_load(&board, "aws-f1-vu9p", nullptr, &err) &&
	    !barista_workload_load(&network, "lenet-mnist", nullptr, &err) &&
	    !barista_model_make(&model, network, board, &options, &err) &&
	    !barista_search_run(&search, model, nullptr, nullptr, &err) &&
	    barista_model_layers(model) == 4 &&
	    (best = barista_search_best(search, BARISTA_RANK_TIME, 0)) != nullptr)
		barista_candidate_text(model, best, text, sizeof text);
	barista_search_free(search);
	barista_model_free(model);
	barista_workload_free(network);
	barista_device_free(board);
	return std::string(text) == "64lanes";
}

int main()
{
	const std::string alone[2] = {searched("lenet-mnist"), searched("alexnet-cifar10")};
	std::string together[2];
	std::thread first([&] { together[0] = searched("lenet-mnist"); });
	std::thread second([&] { together[1] = searched("alexnet-cifar10"); });

	first.join();
	second.join();
	std::printf("%s%s", alone[0].c_str(), alone[1].c_str());
	return own_architecture() && alone[0] == together[0] && alone[1] == together[1] && alone[0] != alone[1] ? 0 : 1;
}
