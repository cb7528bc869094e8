// SPDX-License-Identifier: GPL-3.0-or-later
// The mesh of ../rtl for L = 1 and W_OUT = LANES, written without arrays in ports and without
// packed arrays of arrays, which Yosys 0.23 does not read.

// Without reset, so that shift registers fit into LUTs.
module skew #(
	parameter int WIDTH = 1,
	parameter int STAGES = 1
) (
	input  logic clk,
	input  logic [WIDTH-1:0] d,
	output logic [WIDTH-1:0] q
);
	if (STAGES == 0) begin : wire_only
		assign q = d;
	end else begin : line
		logic [STAGES*WIDTH-1:0] stage;

		always_ff @(posedge clk)
			stage <= (STAGES * WIDTH)'({stage, d});
		assign q = stage[STAGES*WIDTH-1-:WIDTH];
	end
endmodule

module element #(
	parameter int BITS = 8,
	parameter int ACC = 32,
	parameter int LANES = 1,
	parameter int FABRIC = 0
) (
	input  logic clk,
	input  logic rst,
	input  logic [LANES*BITS+1:0] in,     // step, last, operands of A
	input  logic [BITS-1:0] b_in,
	output logic [LANES*BITS+1:0] out,
	output logic [BITS-1:0] b_out,
	input  logic drain,
	input  logic [LANES*ACC-1:0] sum_in,
	output logic [LANES*ACC-1:0] sum,
	output logic retire
);
	localparam int A = LANES * BITS;
	logic step;

	assign step = in[A+1];
	always_ff @(posedge clk) begin
		{out[A:0], b_out} <= {in[A:0], b_in};
		if (rst)
			out[A+1] <= 1'b0;
		else
			out[A+1] <= step;
	end
	assign retire = in[A+1] & in[A];

	if (LANES == 1 && FABRIC == 0) begin : in_dsp
		mac_dsp #(.BITS(BITS), .ACC(ACC)) mac (
			.clk, .rst, .step, .a(in[A-1:0]), .b(b_in), .drain, .sum_in, .sum);
	end else if (LANES == 1) begin : in_fabric
		mac_fabric #(.BITS(BITS), .ACC(ACC)) mac (
			.clk, .rst, .step, .a(in[A-1:0]), .b(b_in), .drain, .sum_in, .sum);
	end else if (FABRIC == 0) begin : pair_in_dsp
		mac_packed mac (.clk, .rst, .step, .a(in[A-1:0]), .b(b_in), .drain, .sum_in, .sum);
	end else begin : pair_in_fabric
		mac_packed_fabric #(.ACC(ACC)) mac (
			.clk, .rst, .step, .a(in[A-1:0]), .b(b_in), .drain, .sum_in, .sum);
	end
endmodule

// ROWS x COLS elements; a row has LANES rows of A.
module elements #(
	parameter int ROWS = 1,
	parameter int COLS = 1,
	parameter int BITS = 8,
	parameter int ACC = 32,
	parameter int LANES = 1,
	parameter int FABRIC = 0
) (
	input  logic clk,
	input  logic rst,
	input  logic step,
	input  logic last,
	input  logic [ROWS*LANES*BITS-1:0] a,
	input  logic [COLS*BITS-1:0] b,
	input  logic drain,
	output logic [LANES*ACC-1:0] sum,
	output logic retire
);
	localparam int A = LANES * BITS;
	localparam int E = A + 2;
	localparam int S = LANES * ACC;
	localparam int PES = ROWS * COLS;

	logic [ROWS*(COLS+1)*E-1:0] east;
	logic [(ROWS+1)*COLS*BITS-1:0] south;
	logic [(PES+1)*S-1:0] chain;
	logic [PES-1:0] retired;

	for (genvar i = 0; i < ROWS; i++) begin : skew_a
		skew #(.WIDTH(E), .STAGES(i)) line (
			.clk, .d({step, last, a[i*A+:A]}), .q(east[i*(COLS+1)*E+:E]));
	end
	for (genvar j = 0; j < COLS; j++) begin : skew_b
		skew #(.WIDTH(BITS), .STAGES(j)) line (.clk, .d(b[j*BITS+:BITS]), .q(south[j*BITS+:BITS]));
	end
	for (genvar i = 0; i < ROWS; i++) begin : row
		for (genvar j = 0; j < COLS; j++) begin : col
			element #(.BITS(BITS), .ACC(ACC), .LANES(LANES), .FABRIC(FABRIC)) pe (
				.clk, .rst, .in(east[(i*(COLS+1)+j)*E+:E]), .out(east[(i*(COLS+1)+j+1)*E+:E]),
				.b_in(south[(i*COLS+j)*BITS+:BITS]), .b_out(south[((i+1)*COLS+j)*BITS+:BITS]),
				.drain, .sum_in(chain[(i*COLS+j+1)*S+:S]), .sum(chain[(i*COLS+j)*S+:S]),
				.retire(retired[i*COLS+j]));
		end
	end
	assign chain[PES*S+:S] = '0;
	assign retire = retired[PES-1];
	if (LANES == 2 && FABRIC == 0) begin : correct
		split pair (.packed_sums(chain[0+:S]), .sums(sum));
	end else begin : plain
		assign sum = chain[0+:S];
	end
endmodule
