// SPDX-License-Identifier: GPL-3.0-or-later
// The phases of an output tile. No phase overlaps another and none starts late:
//   FEED   one step per cycle and no bubble between tiles along K: n_K*T_K
//   FLUSH  until the last element stores its last sum, which a mark that travels with the
//          operands says: the skew T_M + T_N - 2, and L (a step read in one cycle meets at
//          element (0, 0) in the next; a sum stored in one can leave in the next)
//   DRAIN  W_OUT elements per cycle
module control #(
	parameter int T_K = 1,
	parameter int L = 1,
	parameter int BEATS = 1,
	parameter int BUFFERS = 2,
	parameter int COUNT = 16,
	parameter int ADDR = 1,
	parameter int SLOT = 1
) (
	input  logic clk,
	input  logic rst,
	input  logic start,
	input  logic [COUNT-1:0] n_m,
	input  logic [COUNT-1:0] n_n,
	input  logic [COUNT-1:0] n_k,
	input  logic full,
	input  logic retire,
	output logic feeding,
	output logic issue,          // a step is read from the tile buffers
	output logic release_tile,
	output logic [ADDR-1:0] raddr,
	output logic step,           // it is at the edge of the mesh, one cycle later
	output logic last,
	output logic [SLOT-1:0] slot,
	output logic drain,
	output logic tile_done
);
	typedef enum logic [1:0] {IDLE, FEED, FLUSH, DRAIN} phase_t;

	phase_t phase;
	logic [COUNT-1:0] k, beat, i, j, s;
	logic [SLOT-1:0] next_slot;
	logic last_s, active, last_step;

	tile_walk #(.COUNT(COUNT)) walk (
		.clk, .rst, .start, .advance(release_tile), .n_m, .n_n, .n_k, .i, .j, .s, .last_s, .active);

	assign feeding = phase == FEED;
	assign issue = feeding & full;
	assign release_tile = issue & (k == COUNT'(T_K - 1));
	assign last_step = release_tile & last_s;
	assign drain = phase == DRAIN;
	assign tile_done = drain & (beat == COUNT'(BEATS - 1));

	always_ff @(posedge clk)
		if (rst)
			phase <= IDLE;
		else
			case (phase)
			IDLE: if (start) phase <= FEED;
			FEED: if (last_step) phase <= FLUSH;
			FLUSH: if (retire) phase <= DRAIN;
			DRAIN: if (tile_done) phase <= active ? FEED : IDLE;
			endcase

	always_ff @(posedge clk)
		if (rst | start) begin
			{k, raddr, next_slot, beat} <= '0;
		end else begin
			if (issue) begin
				k <= release_tile ? '0 : k + 1'b1;
				raddr <= raddr == ADDR'(BUFFERS * T_K - 1) ? '0 : raddr + 1'b1;
				next_slot <= last_step | (next_slot == SLOT'(L - 1)) ? '0 : next_slot + 1'b1;
			end
			if (drain)
				beat <= tile_done ? '0 : beat + 1'b1;
		end

	// In step with the output of the tile buffers.
	always_ff @(posedge clk) begin
		step <= issue & ~rst;
		last <= last_step;
		slot <= next_slot;
	end

	logic unused;
	assign unused = &{i, j, s};
endmodule
