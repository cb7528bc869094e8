// SPDX-License-Identifier: GPL-3.0-or-later
// The kernel for synthesis: banks, loader and control of ../rtl, the mesh of this folder, and
// an output register. SPLIT gives each of two buffers its own memory, as the model counts them;
// else a bank holds both.
module gemm #(
	parameter int T_M = 1,
	parameter int T_N = 1,
	parameter int T_K = 1,
	parameter int BITS = 8,
	parameter int BUFFERS = 2,
	parameter int SPLIT = 1,
	parameter int LANES = 1,
	parameter int FABRIC = 0,
	parameter int ACC = LANES == 2 ? 30 : BITS == 16 ? 48 : 32,
	parameter int COUNT = 16
) (
	input  logic clk,
	input  logic rst,
	input  logic start,
	input  logic [COUNT-1:0] n_m,
	input  logic [COUNT-1:0] n_n,
	input  logic [COUNT-1:0] n_k,
	output logic read,
	output logic [COUNT-1:0] read_i,
	output logic [COUNT-1:0] read_j,
	output logic [COUNT-1:0] read_s,
	output logic [COUNT-1:0] read_k,
	input  logic [T_M*BITS-1:0] a,
	input  logic [T_N*BITS-1:0] b,
	output logic valid,
	output logic [LANES*ACC-1:0] c
);
	localparam int ROWS = (T_M + LANES - 1) / LANES;
	localparam int DEPTH = BUFFERS * T_K;
	localparam int ADDR = DEPTH > 1 ? $clog2(DEPTH) : 1;

	logic full, feeding, issue, release_tile, step, last, drain, retire, tile_done;
	logic [ADDR-1:0] waddr, raddr;
	logic slot;
	logic [31:0] words;
	logic [ROWS*LANES*BITS-1:0] a_edge;
	logic [T_N*BITS-1:0] b_edge;
	logic [LANES*ACC-1:0] sum;

	loader #(.T_K(T_K), .PORT(T_M + T_N), .BUFFERS(BUFFERS), .COUNT(COUNT), .ADDR(ADDR)) fetch (
		.clk, .rst, .start, .n_m, .n_n, .n_k, .feeding, .release_tile, .full, .load(read),
		.i(read_i), .j(read_j), .s(read_s), .k(read_k), .waddr, .words);
	control #(.T_K(T_K), .L(1), .BEATS(ROWS * T_N), .BUFFERS(BUFFERS), .COUNT(COUNT),
		  .ADDR(ADDR), .SLOT(1)) sequence_tiles (
		.clk, .rst, .start, .n_m, .n_n, .n_k, .full, .retire, .feeding, .issue, .release_tile,
		.raddr, .step, .last, .slot, .drain, .tile_done);

	tile_buffer #(.PORTS(T_M), .T_K(T_K), .BITS(BITS), .BUFFERS(BUFFERS), .SPLIT(SPLIT),
		      .ADDR(ADDR)) buffer_a (
		.clk, .we(read), .waddr, .wdata(a), .raddr, .rdata(a_edge[T_M*BITS-1:0]));
	tile_buffer #(.PORTS(T_N), .T_K(T_K), .BITS(BITS), .BUFFERS(BUFFERS), .SPLIT(SPLIT),
		      .ADDR(ADDR)) buffer_b (
		.clk, .we(read), .waddr, .wdata(b), .raddr, .rdata(b_edge));
	if (ROWS * LANES > T_M) begin : spare_lane
		assign a_edge[ROWS*LANES*BITS-1:T_M*BITS] = '0;
	end

	elements #(.ROWS(ROWS), .COLS(T_N), .BITS(BITS), .ACC(ACC), .LANES(LANES),
		   .FABRIC(FABRIC)) mesh (
		.clk, .rst, .step, .last, .a(a_edge), .b(b_edge), .drain, .sum, .retire);

	always_ff @(posedge clk) begin
		valid <= drain & ~rst;
		c <= sum;
	end
endmodule

module tile_buffer #(
	parameter int PORTS = 1,
	parameter int T_K = 1,
	parameter int BITS = 8,
	parameter int BUFFERS = 2,
	parameter int SPLIT = 1,
	parameter int ADDR = 1
) (
	input  logic clk,
	input  logic we,
	input  logic [ADDR-1:0] waddr,
	input  logic [PORTS*BITS-1:0] wdata,
	input  logic [ADDR-1:0] raddr,
	output logic [PORTS*BITS-1:0] rdata
);
	if (BUFFERS == 1 || SPLIT == 0) begin : joined
		for (genvar i = 0; i < PORTS; i++) begin : port
			bank #(.BITS(BITS), .DEPTH(BUFFERS * T_K), .ADDR(ADDR)) ram (
				.clk, .we, .waddr, .wdata(wdata[i*BITS+:BITS]), .raddr,
				.rdata(rdata[i*BITS+:BITS]));
		end
	end else begin : apart
		localparam int HALF = T_K > 1 ? $clog2(T_K) : 1;
		logic write_second, read_second, second;
		logic [HALF-1:0] w, r;
		logic [PORTS*BITS-1:0] rdata0, rdata1;

		assign write_second = waddr >= ADDR'(T_K);
		assign read_second = raddr >= ADDR'(T_K);
		assign w = HALF'(write_second ? waddr - ADDR'(T_K) : waddr);
		assign r = HALF'(read_second ? raddr - ADDR'(T_K) : raddr);
		always_ff @(posedge clk) second <= read_second;
		for (genvar i = 0; i < PORTS; i++) begin : port
			bank #(.BITS(BITS), .DEPTH(T_K), .ADDR(HALF)) ram0 (
				.clk, .we(we & ~write_second), .waddr(w), .wdata(wdata[i*BITS+:BITS]),
				.raddr(r), .rdata(rdata0[i*BITS+:BITS]));
			bank #(.BITS(BITS), .DEPTH(T_K), .ADDR(HALF)) ram1 (
				.clk, .we(we & write_second), .waddr(w), .wdata(wdata[i*BITS+:BITS]),
				.raddr(r), .rdata(rdata1[i*BITS+:BITS]));
		end
		assign rdata = second ? rdata1 : rdata0;
	end
endmodule
