// SPDX-License-Identifier: GPL-3.0-or-later
// Adds the L partial sums of one output per cycle, in order: L - 1 adders in a row, each of
// LATENCY cycles, sum l waiting until the sums before it are added. No adder for L = 1.
module reduce #(
	parameter int ACC = 32,
	parameter int L = 1,
	parameter int LATENCY = 1
) (
	input  logic clk,
	input  logic rst,
	input  logic [L-1:0][ACC-1:0] sums,
	output logic [ACC-1:0] total
);
	logic [ACC-1:0] part [L];

	assign part[0] = sums[0];
	for (genvar l = 1; l < L; l++) begin : add
		logic [ACC-1:0] waited;

		delay #(.WIDTH(ACC), .STAGES((l - 1) * LATENCY)) line (
			.clk, .rst, .d(sums[l]), .q(waited));
		delay #(.WIDTH(ACC), .STAGES(LATENCY)) adder (
			.clk, .rst, .d(part[l-1] + waited), .q(part[l]));
	end
	assign total = part[L-1];
	if (L == 1) begin : no_adder
		logic unused;
		assign unused = &{clk, rst};
	end
endmodule
