// SPDX-License-Identifier: GPL-3.0-or-later
// Fills the tile buffers: one word per bank and cycle, so that a pair of tiles takes T_K
// cycles, as long as it takes to stream one. A single buffer is only filled when the mesh
// asks for operands and has none: loads and compute alternate.
module loader #(
	parameter int T_K = 1,
	parameter int PORT = 2,      // words per cycle, T_M + T_N
	parameter int BUFFERS = 2,
	parameter int COUNT = 16,
	parameter int ADDR = 1,
	parameter int WORDS = 32
) (
	input  logic clk,
	input  logic rst,
	input  logic start,
	input  logic [COUNT-1:0] n_m,
	input  logic [COUNT-1:0] n_n,
	input  logic [COUNT-1:0] n_k,
	input  logic feeding,        // the mesh would take operands
	input  logic release_tile,   // the last step of a pair of tiles is being read
	output logic full,           // a pair of tiles is ready to stream
	output logic load,
	output logic [COUNT-1:0] i,
	output logic [COUNT-1:0] j,
	output logic [COUNT-1:0] s,
	output logic [COUNT-1:0] k,
	output logic [ADDR-1:0] waddr,
	output logic [WORDS-1:0] words
);
	localparam logic [1:0] ALL = 2'(BUFFERS);

	logic [1:0] filled;
	logic complete, active, last_s;

	tile_walk #(.COUNT(COUNT)) walk (
		.clk, .rst, .start, .advance(complete), .n_m, .n_n, .n_k, .i, .j, .s, .last_s, .active);

	assign full = filled != 0;
	assign load = active & (filled != ALL) & (feeding | BUFFERS > 1);
	assign complete = load & (k == COUNT'(T_K - 1));

	always_ff @(posedge clk)
		if (rst | start) begin
			filled <= '0;
			k <= '0;
			waddr <= '0;
			words <= '0;
		end else begin
			filled <= filled + 2'(complete) - 2'(release_tile);
			if (load) begin
				k <= complete ? '0 : k + 1'b1;
				waddr <= waddr == ADDR'(BUFFERS * T_K - 1) ? '0 : waddr + 1'b1;
				words <= words + WORDS'(PORT);
			end
		end

	logic unused;
	assign unused = last_s;
endmodule
