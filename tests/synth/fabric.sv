// SPDX-License-Identifier: GPL-3.0-or-later
// The units of mac.sv as Yosys 0.23 infers them for this family: the multiplier in the
// DSP48E2, the accumulator in LUTs (it packs accumulators into the DSP48E1 only).
module mac_fabric #(
	parameter int BITS = 8,
	parameter int ACC = 32
) (
	input  logic clk,
	input  logic rst,
	input  logic step,
	input  logic signed [BITS-1:0] a,
	input  logic signed [BITS-1:0] b,
	input  logic drain,
	input  logic [ACC-1:0] sum_in,
	output logic [ACC-1:0] sum
);
	logic signed [2*BITS-1:0] product;

	assign product = a * b;
	always_ff @(posedge clk)
		if (rst)
			sum <= '0;
		else if (drain)
			sum <= sum_in;
		else if (step)
			sum <= sum + ACC'(product);
endmodule

module mac_packed_fabric #(
	parameter int ACC = 32
) (
	input  logic clk,
	input  logic rst,
	input  logic step,
	input  logic signed [15:0] a,   // a1, a0
	input  logic signed [7:0] b,
	input  logic drain,
	input  logic [2*ACC-1:0] sum_in,
	output logic [2*ACC-1:0] sum
);
	logic signed [26:0] pair;
	logic signed [34:0] product;
	logic signed [15:0] p1, p0;

	assign pair = {{a[15], a[15:8]} - {8'b0, a[7]}, {10{a[7]}}, a[7:0]}; // a1 * 2^18 + a0
	assign product = pair * b;
	assign p0 = product[15:0];
	assign p1 = product[33:18] + {15'b0, product[17]};
	always_ff @(posedge clk)
		if (rst)
			sum <= '0;
		else if (drain)
			sum <= sum_in;
		else if (step)
			sum <= {sum[ACC+:ACC] + ACC'(p1), sum[0+:ACC] + ACC'(p0)};
endmodule
