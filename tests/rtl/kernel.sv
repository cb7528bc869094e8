// SPDX-License-Identifier: GPL-3.0-or-later
// The whole GEMM kernel: tile buffers, mesh, drain and their control. Memory answers a read
// in the same cycle; the host has laid out padded tiles.
module kernel #(
	parameter int T_M = 1,
	parameter int T_N = 1,
	parameter int T_K = 1,
	parameter int L = 1,
	parameter int BITS = 8,
	parameter int BUFFERS = 2,
	parameter int W_OUT = 1,
	parameter int ADD = L,             // an adder is no slower than the multiply-accumulate
	parameter int ACC = 2 * BITS + 16, // exact up to 2^16 steps
	parameter int COUNT = 16,
	parameter int WORDS = 32
) (
	input  logic clk,
	input  logic rst,
	input  logic start,
	input  logic [COUNT-1:0] n_m,
	input  logic [COUNT-1:0] n_n,
	input  logic [COUNT-1:0] n_k,
	// column k of tile (i, s) of A, row k of tile (s, j) of B
	output logic read,
	output logic [COUNT-1:0] read_i,
	output logic [COUNT-1:0] read_j,
	output logic [COUNT-1:0] read_s,
	output logic [COUNT-1:0] read_k,
	input  logic [BITS-1:0] a [T_M],
	input  logic [BITS-1:0] b [T_N],
	// outputs of tile (i, j) of C from a place on
	output logic [W_OUT-1:0] write,
	output logic [COUNT-1:0] write_i,
	output logic [COUNT-1:0] write_j,
	output logic [COUNT-1:0] write_place,
	output logic [ACC-1:0] c [W_OUT],
	// counters and marks for measurement
	output logic [WORDS-1:0] words_in,
	output logic [WORDS-1:0] words_out,
	output logic issue,
	output logic tile_done,
	output logic busy
);
	localparam int DEPTH = BUFFERS * T_K;
	localparam int ADDR = DEPTH > 1 ? $clog2(DEPTH) : 1;
	localparam int SLOT = L > 1 ? $clog2(L) : 1;

	logic full, feeding, release_tile, step, last, drain, retire;
	logic [ADDR-1:0] waddr, raddr;
	logic [SLOT-1:0] slot;
	logic [BITS-1:0] a_edge [T_M];
	logic [BITS-1:0] b_edge [T_N];
	logic [L-1:0][ACC-1:0] sums [W_OUT];

	loader #(.T_K(T_K), .PORT(T_M + T_N), .BUFFERS(BUFFERS), .COUNT(COUNT), .ADDR(ADDR),
		 .WORDS(WORDS)) fetch (
		.clk, .rst, .start, .n_m, .n_n, .n_k, .feeding, .release_tile, .full, .load(read),
		.i(read_i), .j(read_j), .s(read_s), .k(read_k), .waddr, .words(words_in));

	for (genvar i = 0; i < T_M; i++) begin : bank_a
		bank #(.BITS(BITS), .DEPTH(DEPTH), .ADDR(ADDR)) ram (
			.clk, .we(read), .waddr, .wdata(a[i]), .raddr, .rdata(a_edge[i]));
	end
	for (genvar j = 0; j < T_N; j++) begin : bank_b
		bank #(.BITS(BITS), .DEPTH(DEPTH), .ADDR(ADDR)) ram (
			.clk, .we(read), .waddr, .wdata(b[j]), .raddr, .rdata(b_edge[j]));
	end

	control #(.T_K(T_K), .L(L), .BEATS((T_M * T_N + W_OUT - 1) / W_OUT), .BUFFERS(BUFFERS),
		  .COUNT(COUNT), .ADDR(ADDR), .SLOT(SLOT)) sequence_tiles (
		.clk, .rst, .start, .n_m, .n_n, .n_k, .full, .retire, .feeding, .issue, .release_tile,
		.raddr, .step, .last, .slot, .drain, .tile_done);

	mesh #(.T_M(T_M), .T_N(T_N), .BITS(BITS), .ACC(ACC), .L(L), .W_OUT(W_OUT), .SLOT(SLOT)) pes (
		.clk, .rst, .step, .last, .slot, .a(a_edge), .b(b_edge), .drain, .sums, .retire);

	writer #(.PES(T_M * T_N), .ACC(ACC), .L(L), .ADD(ADD), .W_OUT(W_OUT), .COUNT(COUNT),
		 .WORDS(WORDS)) out (
		.clk, .rst, .start, .n_m, .n_n, .drain, .sums, .write, .i(write_i), .j(write_j),
		.place(write_place), .data(c), .words(words_out), .active(busy));
endmodule
