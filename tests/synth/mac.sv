// SPDX-License-Identifier: GPL-3.0-or-later
// Multiply-accumulate units that accumulate in the DSP48E2, with the timing of the PE in
// ../rtl: operands of a step are in the sum one cycle later (L = 1); draining, sums form a
// shift register. mac_packed makes two products that share b.

// One DSP48E2 as p + (a + d) * b. Only P is registered, so that L is 1; the other registers
// inside the DSP would raise the clock and L and cost no fabric.
module dsp #(
	parameter int PREADD = 0
) (
	input  logic clk,
	input  logic rst,
	input  logic step,
	input  logic drain,    // p takes c; never with step
	input  logic signed [26:0] a,
	input  logic signed [26:0] d,
	input  logic signed [17:0] b,
	input  logic [47:0] c,
	output logic [47:0] p
);
	DSP48E2 #(
		.AMULTSEL(PREADD ? "AD" : "A"), .BMULTSEL("B"), .PREADDINSEL("A"),
		.A_INPUT("DIRECT"), .B_INPUT("DIRECT"), .USE_MULT("MULTIPLY"), .USE_SIMD("ONE48"),
		.AREG(0), .ACASCREG(0), .BREG(0), .BCASCREG(0), .CREG(0), .DREG(0), .ADREG(0),
		.MREG(0), .PREG(1), .INMODEREG(0), .OPMODEREG(0), .ALUMODEREG(0),
		.CARRYINREG(0), .CARRYINSELREG(0)
	) unit (
		.CLK(clk), .RSTP(rst), .CEP(1'b1), .P(p), .A({{3{a[26]}}, a}), .B(b), .C(c), .D(d),
		.INMODE(PREADD ? 5'b00100 : 5'b00000), .ALUMODE(4'b0000), .CARRYINSEL(3'b000),
		// W = 0; Z = C or P; X and Y = the product or 0
		.OPMODE({2'b00, 2'b01, drain, {2{1'b0, step}}}),
		.ACIN(30'b0), .BCIN(18'b0), .PCIN(48'b0), .CARRYIN(1'b0), .CARRYCASCIN(1'b0),
		.MULTSIGNIN(1'b0), .CEA1(1'b0), .CEA2(1'b0), .CEAD(1'b0), .CEALUMODE(1'b0),
		.CEB1(1'b0), .CEB2(1'b0), .CEC(1'b0), .CECARRYIN(1'b0), .CECTRL(1'b0), .CED(1'b0),
		.CEINMODE(1'b0), .CEM(1'b0), .RSTA(1'b0), .RSTALLCARRYIN(1'b0), .RSTALUMODE(1'b0),
		.RSTB(1'b0), .RSTC(1'b0), .RSTCTRL(1'b0), .RSTD(1'b0), .RSTINMODE(1'b0), .RSTM(1'b0));
endmodule

module mac_dsp #(
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
	logic [47:0] p;

	dsp unit (.clk, .rst, .step, .drain, .a(27'(a)), .d(27'b0), .b(18'(b)), .c(48'(sum_in)), .p);
	assign sum = p[ACC-1:0];
endmodule

// P holds S1 * 2^18 + S0, exactly. The low 18 bits of P are S0 modulo 2^18; turns counts how
// often they wrap, which two bits of P tell, as a product moves S0 by at most 2^14. Hence
// S0 = turns * 2^18 + P[17:0] and S1 = P[47:18] - turns: the sign correction, made once, where
// the sums leave the mesh (split). Both sums have 30 bits: exact up to 2^15 - 1 steps.
module mac_packed (
	input  logic clk,
	input  logic rst,
	input  logic step,
	input  logic signed [15:0] a,   // a1, a0
	input  logic signed [7:0] b,
	input  logic drain,
	input  logic [59:0] sum_in,
	output logic [59:0] sum         // turns, P
);
	logic [47:0] p;
	logic [11:0] turns, now;
	logic [1:0] was;
	logic up, down;

	dsp #(.PREADD(1)) unit (
		.clk, .rst, .step, .drain, .a({a[15], a[15:8], 18'b0}), .d({{19{a[7]}}, a[7:0]}),
		.b(18'(b)), .c(sum_in[47:0]), .p);

	// P of the last step is only now known, turns is one step behind.
	assign up = was == 2'b11 & p[17:16] == 2'b00;
	assign down = was == 2'b00 & p[17:16] == 2'b11;
	assign now = turns + {{11{down}}, up | down};
	always_ff @(posedge clk)
		if (rst) begin
			turns <= '0;
			was <= '0;
		end else begin
			turns <= drain ? sum_in[59:48] : now;
			was <= drain ? sum_in[17:16] : p[17:16];
		end
	assign sum = {now, p};
endmodule

module split (
	input  logic [59:0] packed_sums,
	output logic [59:0] sums          // S1, S0
);
	logic [29:0] high;

	assign high = packed_sums[47:18] - {{18{packed_sums[59]}}, packed_sums[59:48]};
	assign sums = {high, packed_sums[59:48], packed_sums[17:0]};
endmodule
