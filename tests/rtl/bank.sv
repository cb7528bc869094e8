// SPDX-License-Identifier: GPL-3.0-or-later
// One bank of a tile buffer: a block RAM, data one cycle after the address.
module bank #(
	parameter int BITS = 8,
	parameter int DEPTH = 1,
	parameter int ADDR = 1
) (
	input  logic clk,
	input  logic we,
	input  logic [ADDR-1:0] waddr,
	input  logic [BITS-1:0] wdata,
	input  logic [ADDR-1:0] raddr,
	output logic [BITS-1:0] rdata
);
	logic [BITS-1:0] word [DEPTH];

	always_ff @(posedge clk) begin
		if (we)
			word[waddr] <= wdata;
		rdata <= word[raddr];
	end
endmodule
