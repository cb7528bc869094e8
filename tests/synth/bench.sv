// SPDX-License-Identifier: GPL-3.0-or-later
// The packed multiply-accumulates against plain arithmetic: every a1, a0, b (2^24 steps, or one
// in STRIDE), then sums of random length that hold the extremes, with bubbles and drains between.
module packed_bench #(
	parameter int STRIDE = 1
);
	logic clk = 0, rst = 1, step = 0, drain = 0;
	logic signed [7:0] a1 = 0, a0 = 0, b = 0;
	logic [59:0] dsp_sums, dsp_raw;
	logic [63:0] fabric_sums;
	longint s1 = 0, s0 = 0, steps = 0;
	int bad = 0, kind, length;

	mac_packed in_dsp (.clk, .rst, .step, .a({a1, a0}), .b, .drain, .sum_in('0), .sum(dsp_raw));
	split unpack (.packed_sums(dsp_raw), .sums(dsp_sums));
	mac_packed_fabric in_fabric (
		.clk, .rst, .step, .a({a1, a0}), .b, .drain, .sum_in('0), .sum(fabric_sums));

	task automatic tick();
		#1 clk = 1;
		#1 clk = 0;
		if (step) begin
			s1 += longint'(a1) * longint'(b);
			s0 += longint'(a0) * longint'(b);
			steps++;
		end
		if (drain | rst) {s1, s0} = '0;
		#1;
		if (dsp_sums != {s1[29:0], s0[29:0]} || fabric_sums != {s1[31:0], s0[31:0]}) begin
			bad++;
			if (bad < 4) $display("step %0d: %h %h, not %0d %0d", steps, dsp_sums, fabric_sums, s1, s0);
		end
	endtask

	task automatic clear();
		step = 0; drain = 1; tick();
		drain = 0;
	endtask

	initial begin
		tick();
		rst = 0;
		for (int v = 0; v < 1 << 24; v += STRIDE) begin
			{b, a1, a0} = v[23:0];
			step = 1;
			tick();
			if (steps % 32767 == 32766) clear();
		end
		for (int run = 0; run < 400; run++) begin
			clear();
			length = run == 0 ? 32767 : $urandom_range(1, run % 10 == 0 ? 32767 : 500);
			kind = run % 5;
			for (int k = 0; k < length; k++) begin
				step = run == 0 || $urandom_range(0, 7) != 0;
				{b, a1, a0} = $urandom;
				if (kind == 0) begin b = -128; a1 = -128; a0 = -128; end
				if (kind == 1) begin b = -128; a1 = 127; a0 = k[0] ? -128 : 127; end
				if (kind == 2) begin b = 127; a1 = -128; a0 = -128; end
				if (kind == 3) b = k[9] ? 127 : -128;
				tick();
			end
		end
		$display("packed: %0d steps, %0d wrong", steps, bad);
		$finish;
	end
endmodule
