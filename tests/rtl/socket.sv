// SPDX-License-Identifier: GPL-3.0-or-later
// A kernel behind ports that are the same for all parameters, for the test bench.
module socket #(
	parameter int T_M = 1,
	parameter int T_N = 1,
	parameter int T_K = 1,
	parameter int L = 1,
	parameter int BUFFERS = 2,
	parameter int BITS = 8,
	parameter int W_OUT = 1,
	parameter int LANES_M = 1,
	parameter int LANES_N = 1,
	parameter int LANES_OUT = 1
) (
	input  logic clk,
	input  logic rst,
	input  logic start,
	input  logic [15:0] n_m,
	input  logic [15:0] n_n,
	input  logic [15:0] n_k,
	output logic read,
	output logic [15:0] read_i,
	output logic [15:0] read_j,
	output logic [15:0] read_s,
	output logic [15:0] read_k,
	input  logic [15:0] a [LANES_M],
	input  logic [15:0] b [LANES_N],
	output logic write [LANES_OUT],
	output logic [15:0] write_i,
	output logic [15:0] write_j,
	output logic [15:0] write_place,
	output logic [63:0] c [LANES_OUT],
	output logic [31:0] words_in,
	output logic [31:0] words_out,
	output logic issue,
	output logic tile_done,
	output logic busy
);
	localparam int ACC = 2 * BITS + 16;

	logic [BITS-1:0] a_port [T_M];
	logic [BITS-1:0] b_port [T_N];
	logic [W_OUT-1:0] write_port;
	logic [ACC-1:0] c_port [W_OUT];

	kernel #(.T_M(T_M), .T_N(T_N), .T_K(T_K), .L(L), .BITS(BITS), .BUFFERS(BUFFERS), .W_OUT(W_OUT),
		 .ACC(ACC)) dut (
		.clk, .rst, .start, .n_m, .n_n, .n_k, .read, .read_i, .read_j, .read_s, .read_k,
		.a(a_port), .b(b_port), .write(write_port), .write_i, .write_j, .write_place, .c(c_port),
		.words_in, .words_out, .issue, .tile_done, .busy);

	for (genvar i = 0; i < LANES_M; i++) begin : port_a
		if (i < T_M) begin : used
			assign a_port[i] = a[i][BITS-1:0];
		end
	end
	for (genvar j = 0; j < LANES_N; j++) begin : port_b
		if (j < T_N) begin : used
			assign b_port[j] = b[j][BITS-1:0];
		end
	end
	for (genvar w = 0; w < LANES_OUT; w++) begin : port_c
		if (w < W_OUT) begin : used
			assign write[w] = write_port[w];
			assign c[w] = 64'($signed(c_port[w]));
		end else begin : absent
			assign write[w] = 1'b0;
			assign c[w] = '0;
		end
	end
endmodule
