# SPDX-License-Identifier: GPL-3.0-or-later
# Random cases for bench.cpp: -v count= -v seed=. Its own generator (Park and Miller), so that
# every awk gives the same cases.
function pick(lo, hi) {
	x = x * 16807 % 2147483647
	return lo + int(x / 2147483647 * (hi - lo + 1))
}
# Small sizes often: dimensions below the tile's, streams below L.
function size() { return pick(1, 4) == 1 ? pick(1, 10) : pick(1, 60) }
BEGIN {
	x = seed % 2147483646 + 1
	for (i = 0; i < 10; i++)
		pick(1, 2)
	for (c = 0; c < count; c++) {
		t_m = pick(1, 12); t_n = pick(1, 12); t_k = pick(1, 40)
		l = pick(1, 4) == 1 ? 1 : pick(2, 12)
		m = size(); n = size(); k = size()
		print t_m, t_n, t_k, l, m, n, k, pick(1, 2), 8 * pick(1, 2), 2 ^ pick(0, 2), pick(1, 999999)
	}
}
