// SPDX-License-Identifier: GPL-3.0-or-later
// As many kernels as meshes.svh lists, side by side: one build serves them all.
module top
	import meshes::*;
(
	input  logic [MESHES-1:0] clk,   // one each: a mesh that is done costs no time
	input  logic rst,
	input  logic start,
	input  logic [15:0] n_m [MESHES],
	input  logic [15:0] n_n [MESHES],
	input  logic [15:0] n_k [MESHES],
	output logic read [MESHES],
	output logic [15:0] read_i [MESHES],
	output logic [15:0] read_j [MESHES],
	output logic [15:0] read_s [MESHES],
	output logic [15:0] read_k [MESHES],
	input  logic [15:0] a [MESHES][LANES_M],
	input  logic [15:0] b [MESHES][LANES_N],
	output logic write [MESHES][LANES_OUT],
	output logic [15:0] write_i [MESHES],
	output logic [15:0] write_j [MESHES],
	output logic [15:0] write_place [MESHES],
	output logic [63:0] c [MESHES][LANES_OUT],
	output logic [31:0] words_in [MESHES],
	output logic [31:0] words_out [MESHES],
	output logic issue [MESHES],
	output logic tile_done [MESHES],
	output logic busy [MESHES]
);
	for (genvar m = 0; m < MESHES; m++) begin : mesh_of
		socket #(.T_M(MESH[m][0]), .T_N(MESH[m][1]), .T_K(MESH[m][2]), .L(MESH[m][3]),
			 .BUFFERS(MESH[m][4]), .BITS(MESH[m][5]), .W_OUT(MESH[m][6]),
			 .LANES_M(LANES_M), .LANES_N(LANES_N), .LANES_OUT(LANES_OUT)) plug (
			.clk(clk[m]), .rst, .start, .n_m(n_m[m]), .n_n(n_n[m]), .n_k(n_k[m]), .read(read[m]),
			.read_i(read_i[m]), .read_j(read_j[m]), .read_s(read_s[m]), .read_k(read_k[m]),
			.a(a[m]), .b(b[m]), .write(write[m]), .write_i(write_i[m]), .write_j(write_j[m]),
			.write_place(write_place[m]), .c(c[m]), .words_in(words_in[m]),
			.words_out(words_out[m]), .issue(issue[m]), .tile_done(tile_done[m]), .busy(busy[m]));
	end
endmodule
