// SPDX-License-Identifier: GPL-3.0-or-later
// A processing element: one multiply-accumulate per cycle, L cycles from operands to the
// stored sum. Step k adds to sum k mod L, so that its addend is ready when it starts.
// While draining, the sums of all elements form a shift register.
module pe #(
	parameter int BITS = 8,
	parameter int ACC = 32,
	parameter int L = 1,
	parameter int SLOT = 1
) (
	input  logic clk,
	input  logic rst,
	input  logic step_in,   // operands are a step of the stream, not a bubble
	input  logic last_in,   // the last step of an output tile
	input  logic [SLOT-1:0] slot_in,
	input  logic signed [BITS-1:0] a_in,
	input  logic signed [BITS-1:0] b_in,
	output logic step_out,
	output logic last_out,
	output logic [SLOT-1:0] slot_out,
	output logic signed [BITS-1:0] a_out,
	output logic signed [BITS-1:0] b_out,
	input  logic drain,
	input  logic [L-1:0][ACC-1:0] sums_in,
	output logic [L-1:0][ACC-1:0] sums,
	output logic retire     // the last step is being stored
);
	logic store, last;
	logic [SLOT-1:0] slot;
	logic [ACC-1:0] addend, mac, sum;

	always_ff @(posedge clk) begin
		step_out <= step_in & ~rst;
		{last_out, slot_out, a_out, b_out} <= {last_in, slot_in, a_in, b_in};
	end

	// The registers stand behind the sum: retiming moves them into multiplier and adder.
	always_comb begin
		addend = sums[slot_in];
		mac = addend + ACC'(a_in) * ACC'(b_in);
	end
	delay #(.WIDTH(2 + SLOT + ACC), .STAGES(L - 1)) pipeline (
		.clk, .rst, .d({step_in, last_in, slot_in, mac}), .q({store, last, slot, sum}));

	always_ff @(posedge clk)
		if (rst)
			sums <= '0;
		else if (drain)
			sums <= sums_in;
		else if (store)
			sums[slot] <= sum;
	assign retire = store & last;
endmodule
