// SPDX-License-Identifier: GPL-3.0-or-later
// The kernel that is synthesised computes C = A * B: every way to multiply and to buffer.
module gemm_case #(
	parameter int T_M = 2,
	parameter int T_N = 2,
	parameter int T_K = 4,
	parameter int BITS = 8,
	parameter int BUFFERS = 2,
	parameter int SPLIT = 1,
	parameter int LANES = 1,
	parameter int FABRIC = 0
) (
	input  logic clk,
	input  logic rst,
	input  logic start,
	output logic done,
	output int   bad
);
	localparam int NM = 2;
	localparam int NN = 3;
	localparam int NK = 3;
	localparam int ROWS = (T_M + LANES - 1) / LANES;
	localparam int ACC = LANES == 2 ? 30 : BITS == 16 ? 48 : 32;

	logic read, valid;
	logic [15:0] i, j, s, k;
	logic [T_M*BITS-1:0] a;
	logic [T_N*BITS-1:0] b;
	logic [LANES*ACC-1:0] c;
	int place = 0;

	function automatic logic signed [BITS-1:0] value(input int matrix, input int row, input int col);
		int h = (matrix * 7919 + row) * 104729 + col * 31337;
		h = (h ^ (h >>> 13)) * 668265263;
		return h[31-:BITS];
	endfunction

	function automatic longint product(input int row, input int col);
		longint sum = 0;
		for (int x = 0; x < NK * T_K; x++)
			sum += longint'(value(0, row, x)) * longint'(value(1, x, col));
		return sum;
	endfunction

	for (genvar r = 0; r < T_M; r++) begin : row
		assign a[r*BITS+:BITS] = value(0, int'(i) * T_M + r, int'(s) * T_K + int'(k));
	end
	for (genvar n = 0; n < T_N; n++) begin : col
		assign b[n*BITS+:BITS] = value(1, int'(s) * T_K + int'(k), int'(j) * T_N + n);
	end
	gemm #(.T_M(T_M), .T_N(T_N), .T_K(T_K), .BITS(BITS), .BUFFERS(BUFFERS), .SPLIT(SPLIT),
	       .LANES(LANES), .FABRIC(FABRIC)) dut (
		.clk, .rst, .start, .n_m(16'(NM)), .n_n(16'(NN)), .n_k(16'(NK)), .read, .read_i(i),
		.read_j(j), .read_s(s), .read_k(k), .a, .b, .valid, .c);

	int tile, pe, r0, c0;
	always @(posedge clk)
		if (valid & ~rst) begin
			tile = place / (ROWS * T_N);
			pe = place % (ROWS * T_N);
			c0 = (tile % NN) * T_N + pe % T_N;
			for (int lane = 0; lane < LANES; lane++) begin
				r0 = (pe / T_N) * LANES + lane;
				if (r0 < T_M && c[lane*ACC+:ACC] != ACC'(product((tile / NN) * T_M + r0, c0)))
					bad <= bad + 1;
			end
			place <= place + 1;
		end
	assign done = place == NM * NN * ROWS * T_N;
endmodule

module gemm_bench;
	localparam int N = 10;
	logic clk = 0, rst = 1, start = 0;
	logic [N-1:0] done;
	int bad [N];

	gemm_case #(3, 2, 5, 8, 2, 1, 1, 0) case0 (.clk, .rst, .start, .done(done[0]), .bad(bad[0]));
	gemm_case #(2, 4, 8, 16, 2, 1, 1, 0) case1 (.clk, .rst, .start, .done(done[1]), .bad(bad[1]));
	gemm_case #(4, 3, 64, 8, 1, 1, 1, 0) case2 (.clk, .rst, .start, .done(done[2]), .bad(bad[2]));
	gemm_case #(2, 2, 16, 8, 2, 0, 1, 1) case3 (.clk, .rst, .start, .done(done[3]), .bad(bad[3]));
	gemm_case #(3, 3, 7, 16, 2, 1, 1, 1) case4 (.clk, .rst, .start, .done(done[4]), .bad(bad[4]));
	gemm_case #(4, 4, 64, 8, 2, 1, 2, 0) case5 (.clk, .rst, .start, .done(done[5]), .bad(bad[5]));
	gemm_case #(3, 3, 5, 8, 1, 1, 2, 0) case6 (.clk, .rst, .start, .done(done[6]), .bad(bad[6]));
	gemm_case #(4, 2, 16, 8, 2, 1, 2, 1) case7 (.clk, .rst, .start, .done(done[7]), .bad(bad[7]));
	gemm_case #(1, 1, 1, 8, 2, 1, 1, 0) case8 (.clk, .rst, .start, .done(done[8]), .bad(bad[8]));
	gemm_case #(2, 1, 512, 8, 2, 0, 2, 0) case9 (.clk, .rst, .start, .done(done[9]), .bad(bad[9]));

	int wrong = 0, cycle = 0;
	initial begin
		for (cycle = 0; cycle < 20 || (done != '1 && cycle < 100000); cycle++) begin
			rst = cycle < 8;
			start = cycle == 10;
			#1 clk = 1;
			#1 clk = 0;
			#1;
		end
		for (int n = 0; n < N; n++) if (bad[n] != 0 || !done[n]) wrong++;
		$display("gemm: %0d kernels, %0d wrong", N, wrong);
		if (wrong != 0) $display("done %b bad %p", done, bad);
		$finish;
	end
endmodule
