# SPDX-License-Identifier: GPL-3.0-or-later
# Least squares over the meshes of each class (a precision and where it accumulates):
#   class, LUT per PE, fixed LUT, FF per PE, fixed FF, worst error from 16 PEs on of the LUT and
#   the FF line, and of LUT = fixed + per bank + per PE. Needs three meshes.
$3 == 1 {
	n = ++count[$2]
	if (n == 1)
		order[++classes] = $2
	pes[$2, n] = $4 * $5
	banks[$2, n] = $4 + $5
	lut[$2, n] = $12
	ff[$2, n] = $13
}

# Solves the normal equations for y = x[1] + x[2]*PEs (+ x[3]*banks); worst error in percent.
function fit(c, y, terms,    i, j, k, n, r, f, v, a, e, worst) {
	for (n = 1; n <= count[c]; n++) {
		v[1] = 1; v[2] = pes[c, n]; v[3] = banks[c, n]; v[terms + 1] = y[c, n]
		for (i = 1; i <= terms; i++)
			for (j = 1; j <= terms + 1; j++)
				a[i, j] += v[i] * v[j]
	}
	for (i = 1; i <= terms; i++)
		for (r = 1; r <= terms; r++) {
			if (r == i)
				continue
			f = a[r, i] / a[i, i]
			for (k = i; k <= terms + 1; k++)
				a[r, k] -= f * a[i, k]
		}
	for (i = 1; i <= terms; i++)
		x[i] = a[i, terms + 1] / a[i, i]
	for (n = 1; n <= count[c]; n++) {
		if (pes[c, n] < 16)
			continue
		e = x[1] + x[2] * pes[c, n] + (terms > 2 ? x[3] * banks[c, n] : 0)
		e = 100 * (e - y[c, n]) / y[c, n]
		if (e < 0)
			e = -e
		if (e > worst)
			worst = e
	}
	return worst + 0
}

END {
	for (i = 1; i <= classes; i++) {
		c = order[i]
		if (count[c] < 3)
			continue
		edges = count[c] > 3 ? sprintf("%.1f", fit(c, lut, 3)) : "n/a"
		lut_worst = fit(c, lut, 2); l0 = x[1]; l1 = x[2]
		ff_worst = fit(c, ff, 2)
		printf "%s %.1f %.0f %.1f %.0f %.1f %.1f %s\n", c, l1, l0, x[2], x[1], lut_worst, ff_worst, edges
	}
}
