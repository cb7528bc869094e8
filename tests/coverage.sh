#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# usage: sh tests/coverage.sh BUILD
# Runs the tests on a build that counts (gcc --coverage), and prints how much of src they reach.
set -eu
build=$1
find "$build" -name '*.gcda' -exec rm {} +
"$build/check-unit" >"$build/coverage.log"
sh tests/cli/run.sh "$build/barista-dse" >>"$build/coverage.log"
for replay in "$build"/fuzz-replay-*; do
	case $replay in *.*) continue ;; esac
	"$replay" tests/fuzz/corpus/"${replay##*-}"/* >>"$build/coverage.log"
done
# A run in which all memory fails from some request on cannot save its counts: it counts as a crash.
sh tests/faults/check.sh "$build/barista-dse" "$build/faults" "$build/faults-alloc.so" -j 2 -k allocation -s 13 \
	>>"$build/coverage.log" 2>&1 || true

cd "$build/src"
find . -name '*.gcda' | LC_ALL=C sort | while read -r counts; do
	gcov --branch-probabilities --json-format --stdout --object-directory "${counts%/*}" "$counts" 2>/dev/null
done | jq -r '.files[] | select(.file | test("^src/.*[.]c$")) | .file as $file | .lines |
	[$file, length, (map(select(.count > 0)) | length), (map(.branches[]) | length),
	 (map(.branches[] | select(.count > 0)) | length)] | @tsv' |
awk -F '\t' '
	function share(part, all) { return all ? sprintf("%.1f", 100 * part / all) : "-" }
	function row(name, n, hit, b, taken) {
		return sprintf("%-24s %6d %8s %9d %10s", name, n, share(hit, n), b, share(taken, b))
	}
	{
		folder = $1
		sub("/[^/]*$", "", folder)
		for (i = 2; i <= 5; i++) { sum[folder, i] += $i; all[i] += $i }
		seen[folder] = 1
	}
	END {
		printf "%-24s %6s %8s %9s %10s\n", "folder", "lines", "run [%]", "branches", "taken [%]"
		for (folder in seen)
			print row(folder, sum[folder, 2], sum[folder, 3], sum[folder, 4], sum[folder, 5]) | "LC_ALL=C sort"
		close("LC_ALL=C sort")
		print row("all", all[2], all[3], all[4], all[5])
	}'
