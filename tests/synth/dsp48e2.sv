// SPDX-License-Identifier: GPL-3.0-or-later
// The DSP48E2 for simulation, as far as mac.sv and the multipliers that Yosys infers use it:
// written from general knowledge of the block, not the vendor's model or text. What it does
// not cover stops the simulation.
module DSP48E2 #(
	parameter AMULTSEL = "A", BMULTSEL = "B", PREADDINSEL = "A", A_INPUT = "DIRECT",
	parameter B_INPUT = "DIRECT", USE_MULT = "MULTIPLY", USE_SIMD = "ONE48",
	parameter int AREG = 1, ACASCREG = 1, BREG = 1, BCASCREG = 1, CREG = 1, DREG = 1,
	parameter int ADREG = 1, MREG = 1, PREG = 1, INMODEREG = 1, OPMODEREG = 1,
	parameter int ALUMODEREG = 1, CARRYINREG = 1, CARRYINSELREG = 1
) (
	input  logic CLK, RSTP, CEP,
	input  logic [29:0] A, ACIN,
	input  logic [17:0] B, BCIN,
	input  logic [47:0] C, PCIN,
	input  logic [26:0] D,
	input  logic [4:0] INMODE,
	input  logic [3:0] ALUMODE,
	input  logic [8:0] OPMODE,
	input  logic [2:0] CARRYINSEL,
	input  logic CARRYIN, CARRYCASCIN, MULTSIGNIN, CEA1, CEA2, CEAD, CEALUMODE, CEB1, CEB2, CEC,
	input  logic CECARRYIN, CECTRL, CED, CEINMODE, CEM, RSTA, RSTALLCARRYIN, RSTALUMODE, RSTB,
	input  logic RSTC, RSTCTRL, RSTD, RSTINMODE, RSTM,
	output logic [47:0] P
);
	logic signed [26:0] ad;
	logic signed [44:0] m;
	logic [47:0] xy, z, sum;

	// 27 bits, as in the block: a pre-adder that overflows must show.
	assign ad = AMULTSEL == "AD" ? A[26:0] + D : A[26:0];
	assign m = ad * $signed(B);
	assign xy = OPMODE[3:0] == 4'b0101 ? {{3{m[44]}}, m} : 48'b0;
	assign z = OPMODE[6:4] == 3'b010 ? P : OPMODE[6:4] == 3'b011 ? C : 48'b0;
	assign sum = z + xy;
	if (PREG == 1) begin : registered
		always_ff @(posedge CLK)
			if (RSTP)
				P <= '0;
			else if (CEP)
				P <= sum;
	end else begin : through
		assign P = sum;
	end

	initial
		if (AREG + BREG + CREG + DREG + ADREG + MREG + INMODEREG + OPMODEREG + ALUMODEREG != 0 ||
		    BMULTSEL != "B" || PREADDINSEL != "A" || USE_SIMD != "ONE48")
			$fatal(1, "this DSP48E2 is not simulated");
	always_ff @(posedge CLK)
		if ((OPMODE[3:0] != 4'b0101 && OPMODE[3:0] != 4'b0000) || OPMODE[8:7] != 0 ||
		    ALUMODE != 0 || CARRYINSEL != 0 || CARRYIN ||
		    INMODE != (AMULTSEL == "AD" ? 5'b00100 : 5'b00000))
			$fatal(1, "this mode of the DSP48E2 is not simulated");
endmodule
