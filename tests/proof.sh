# SPDX-License-Identifier: GPL-3.0-or-later
# Redoes the proof: sh tests/proof.sh PROGRAM DIR RTL_COUNT writes DIR/proof.md, synthesis.md
# RTL in simulation, synthesis, published silicon; takes several minutes.
set -eu
program=$1
dir=$2
count=$3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
rc=0

tests/rtl/check "$count" > "$work/rtl" || rc=1
tests/synth/check --table "$work/synth" > "$work/synth.log" || rc=1
"$program" validate -q --format json > "$work/silicon" || rc=1

{
	echo "| RTL, random configurations | agree | mismatches |"
	echo "|---:|---:|---:|"
	sed -n 's/^\([0-9]*\) passed, \([0-9]*\) failed$/\1 \2/p' "$work/rtl" |
		awk '{ printf "| %d | %d | %d |\n", $1 + $2, $1, $2 }'
	echo
	echo "| published design | device | clock | measured | predicted | error | binds |"
	echo "|:---|:---|---:|---:|---:|---:|:---|"
	jq -r '.[] | [.design, .device, .clock_hz, .measured_s, .predicted_s, .error_percent, .binds] | @tsv' \
		"$work/silicon" | awk -F '\t' '{
		printf "| %s | %s | %.4g MHz | %.4g ms | %.4g ms | %+.1f %% | %s |\n",
			$1, $2, $3 / 1e6, $4 * 1e3, $5 * 1e3, $6, $7 }'
	echo
	echo "| synthesis, DSP48E2 and RAMB36 | designs | mismatches |"
	echo "|:---|---:|---:|"
	awk -F '|' '
		/^\| [0-9]+x[0-9]+/ { meshes++; if ($3 + 0 != $4 + 0 || $5 + 0 != $6 + 0) bad_mesh++ }
		/^\| [0-9]+ x / { banks++; if ($3 + 0 != $4 + 0) bad_bank++ }
		END { printf "| meshes | %d | %d |\n| memory banks | %d | %d |\n", meshes, bad_mesh, banks, bad_bank }' \
		"$work/synth"
} > "$dir/proof.md.new"
mv "$dir/proof.md.new" "$dir/proof.md"
cp "$work/synth" "$dir/synthesis.md"
cat "$dir/proof.md"
exit $rc
