// SPDX-License-Identifier: GPL-3.0-or-later
// Runs the GEMM of every line of CASES on the mesh of the same place in the build, and holds
// results, cycles and words against the model.
//   bench DATA_DIR CASES [-v]     lines: T_M T_N T_K L M N K BUFFERS BITS W_OUT SEED
// Prints "ok" or "bad" and "cycles MODEL SIMULATED words MODEL SIMULATED" per line.
#include "Vtop.h"
#include "golden.h"

#include <algorithm>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <vector>

double sc_time_stamp() { return 0; }

struct Run {
	golden gold;
	size_t mesh;
	bool in_tile = false, failed = false;
	long compute = 0;        // cycles from the first step of an output tile read to its last
	                         // output drained, summed over the tiles, less the loads
	long loads = 0;          // cycles in which a single buffer is filled, all
	long loads_inside = 0;   // those after the first step
	long idle = 0;           // neither, between the first step and the last output drained
	long pending_idle = 0;
	long entered = -1, left = -1; // when the first operand is at the mesh, the last word in memory
	long words_in = 0, words_out = 0;

	void fail(const char *fmt, ...) __attribute__((format(printf, 2, 3)))
	{
		const rtl_case &o = gold.one;
		va_list args;

		failed = true;
		std::fprintf(stderr, "tests/rtl/run %zu %zu %zu %zu %zu %zu %zu%s --bits %zu --w-out %zu --seed %lu: ",
			     o.t_m, o.t_n, o.t_k, o.latency, o.m, o.n, o.k,
			     o.buffers == 1 ? " --single-buffer" : "", o.bits, o.w_out, o.seed);
		va_start(args, fmt);
		std::vfprintf(stderr, fmt, args);
		va_end(args);
		std::fputc('\n', stderr);
	}

	void measure(const Vtop &top, long cycle);
	void read(Vtop &top);
	void write(const Vtop &top, long cycle);
	void compare(const Vtop &top, bool verbose);
};

void Run::measure(const Vtop &top, long cycle)
{
	bool issue = top.issue[mesh], loading = gold.one.buffers == 1 && top.read[mesh];

	if (loading && issue)
		fail("a single buffer is filled and read in cycle %ld", cycle);
	if (issue) {
		if (entered < 0)
			entered = cycle + 1; // behind the block RAM
		in_tile = true;
		idle += pending_idle;
		pending_idle = 0;
	}
	loads += loading;
	if (entered >= 0 && loading)
		loads_inside++;
	else if (in_tile)
		compute++;
	else if (entered >= 0)
		pending_idle++;
	if (top.tile_done[mesh])
		in_tile = false;
}

void Run::read(Vtop &top)
{
	const rtl_case &o = gold.one;
	size_t i = top.read_i[mesh], j = top.read_j[mesh], s = top.read_s[mesh], k = top.read_k[mesh];

	if (!top.read[mesh])
		return;
	if (i >= gold.n_m || j >= gold.n_n || s >= gold.n_k || k >= o.t_k) {
		fail("read of row %zu of the tiles %zu, %zu, %zu, which do not exist", k, i, j, s);
		return;
	}
	for (size_t r = 0; r < o.t_m; r++, words_in++)
		top.a[mesh][r] = (SData)gold.a_tiles[barista_tile_at(&gold.a, i, s) + r * o.t_k + k];
	for (size_t c = 0; c < o.t_n; c++, words_in++)
		top.b[mesh][c] = (SData)gold.b_tiles[barista_tile_at(&gold.b, s, j) + k * o.t_n + c];
}

void Run::write(const Vtop &top, long cycle)
{
	const rtl_case &o = gold.one;
	size_t i = top.write_i[mesh], j = top.write_j[mesh], place = top.write_place[mesh];

	for (size_t w = 0; w < o.w_out; w++) {
		if (!top.write[mesh][w])
			continue;
		left = cycle;
		words_out++;
		if (i >= gold.n_m || j >= gold.n_n || place + w >= o.t_m * o.t_n) {
			fail("write to place %zu of tile %zu, %zu, which does not exist", place + w, i, j);
			return;
		}
		size_t at = barista_tile_at(&gold.c, i, j) + place + w;

		gold.c_tiles[at] = (int64_t)top.c[mesh][w];
		if (gold.written[at] < 2)
			gold.written[at]++;
	}
}

void Run::compare(const Vtop &top, bool verbose)
{
	const rtl_case &o = gold.one;
	size_t differing, miswritten;
	barista_err err;
	// The last sums leave the adders behind the mesh: once per GEMM, as the next output tile
	// does not wait for them.
	long tail = (long)((o.latency - 1) * o.latency), wall = left - entered + 1;

	if (top.busy[mesh])
		fail("not finished in time");
	if (golden_compare(&gold, &differing, &miswritten, &err))
		fail("%s", err.msg);
	else if (differing || miswritten)
		fail("%zu of %zu results differ, %zu words not written once", differing, o.m * o.n, miswritten);
	if ((double)compute != gold.cycles)
		fail("%ld cycles, model %.0f", compute, gold.cycles);
	if ((double)(words_in + words_out) != gold.words)
		fail("%ld words, model %.0f", words_in + words_out, gold.words);
	if (words_in != top.words_in[mesh] || words_out != top.words_out[mesh])
		fail("the kernel counts %u words in, %u out; memory saw %ld, %ld", top.words_in[mesh],
		     top.words_out[mesh], words_in, words_out);
	if (idle)
		fail("%ld idle cycles between output tiles", idle);
	if (wall != compute + loads_inside + tail)
		fail("%ld cycles from the first operand to the last word, of which %ld compute, %ld load, %ld "
		     "reduce", wall, compute, loads_inside, tail);
	if (o.buffers == 1 && loads * (long)(o.t_m + o.t_n) != words_in)
		fail("%ld load cycles for %ld words", loads, words_in);
	std::printf("%s cycles %.0f %ld words %.0f %ld\n", failed ? "bad" : "ok", gold.cycles, compute,
		    gold.words, words_in + words_out);
	if (verbose)
		std::fprintf(stderr, "compute %ld, load %ld, reduce after the last drain %ld, first operand to "
			     "last word %ld; words in %ld, out %ld\n", compute, loads, wall - compute - loads_inside,
			     wall, words_in, words_out);
}

// A clock cycle of the meshes whose bit is set.
static void tick(Vtop &top, uint64_t meshes)
{
	top.clk = 0;
	top.eval();
	top.clk = meshes;
	top.eval();
}

static void simulate(Vtop &top, std::vector<Run> &runs)
{
	double limit = 0;

	for (Run &r : runs) {
		top.n_m[r.mesh] = (SData)r.gold.n_m;
		top.n_n[r.mesh] = (SData)r.gold.n_n;
		top.n_k[r.mesh] = (SData)r.gold.n_k;
		limit = std::max(limit, 10000 + 2 * (r.gold.cycles + r.gold.words));
	}
	uint64_t busy = (1ULL << runs.size()) - 1;

	top.rst = 1;
	tick(top, busy);
	top.rst = 0;
	top.start = 1;
	tick(top, busy);
	top.start = 0;
	for (long cycle = 0; busy && cycle < limit; cycle++) {
		busy = 0;
		for (Run &r : runs) {
			if (!top.busy[r.mesh])
				continue;
			busy |= 1ULL << r.mesh;
			r.measure(top, cycle);
			r.read(top);
			r.write(top, cycle);
		}
		tick(top, busy);
	}
}

static int load_cases(const char *data_dir, const char *path, std::vector<Run> &runs)
{
	FILE *f = std::fopen(path, "r");
	rtl_case o;
	barista_err err;
	int rc = 0;

	if (!f) {
		std::perror(path);
		return BARISTA_E_SYSTEM;
	}
	while (!rc && std::fscanf(f, "%zu %zu %zu %zu %zu %zu %zu %zu %zu %zu %lu", &o.t_m, &o.t_n, &o.t_k,
				  &o.latency, &o.m, &o.n, &o.k, &o.buffers, &o.bits, &o.w_out, &o.seed) == 11) {
		Run r;

		r.mesh = runs.size();
		rc = golden_make(&r.gold, &o, data_dir, &err);
		if (rc)
			std::fprintf(stderr, "tests/rtl: %s\n", err.msg);
		else
			runs.push_back(r);
	}
	std::fclose(f);
	return rc;
}

int main(int argc, char **argv)
{
	auto context = std::make_unique<VerilatedContext>();
	auto top = std::make_unique<Vtop>(context.get());
	std::vector<Run> runs;
	bool failed = false;

	if (argc < 3 || load_cases(argv[1], argv[2], runs))
		return 2;
	simulate(*top, runs);
	for (Run &r : runs) {
		r.compare(*top, argc > 3);
		failed |= r.failed;
		golden_free(&r.gold);
	}
	return failed;
}
