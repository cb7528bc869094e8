# SPDX-License-Identifier: GPL-3.0-or-later
# The package that top.sv builds, from the cases of bench.cpp. A packed array: Verilator takes
# no elements of an unpacked one as parameters; its last element is written first.
function max(a, b) { return a > b ? a : b }
{
	m = max(m, $1); n = max(n, $2); out = max(out, $10)
	row = sprintf("\t\t{32'd%d, 32'd%d, 32'd%d, 32'd%d, 32'd%d, 32'd%d, 32'd%d}", $10, $9, $8, $4, $3, $2, $1)
	rows = rows == "" ? row : row ",\n" rows
}
END {
	print "package meshes;"
	printf "\tlocalparam int MESHES = %d;\n\tlocalparam int LANES_M = %d;\n", NR, m
	printf "\tlocalparam int LANES_N = %d;\n\tlocalparam int LANES_OUT = %d;\n", n, out
	printf "\tlocalparam bit [MESHES-1:0][6:0][31:0] MESH = {\n%s};\nendpackage\n", rows
}
