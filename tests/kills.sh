#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# usage: sh tests/kills.sh PROGRAM [RUNS [COMMAND]]
# Ends commands at random moments, RUNS times by each signal: what lies under a name afterwards is
# what was there or a whole result, and the same command, let be, then gives the bytes of one that
# was never disturbed and leaves nothing else.
set -u
[ $# -ge 1 ] || { echo "usage: sh tests/kills.sh PROGRAM [RUNS [COMMAND]]" >&2; exit 2; }
dse=$(cd "$(dirname "$1")" && pwd -P)/$(basename "$1")
runs=${2:-100} only=${3:-}
export LC_ALL=C OPENBLAS_NUM_THREADS=1
[ -n "${TMPDIR-}" ] || [ ! -w /dev/shm ] || TMPDIR=/dev/shm
tmp=$(mktemp -d "${TMPDIR:-/tmp}/barista-kills.XXXXXX") || exit 4
trap 'rm -rf "$tmp"' EXIT
trap 'exit 2' HUP INT TERM
total=0 bad=0
cd "$tmp" || exit 4

fail() {
	bad=$((bad + 1))
	echo "BAD: $name, signal $signal, after $pause s: $*"
}

# Moments that are the same every time: a share of the command's own time, a little beyond its end.
moment() { awk -v seed="$1" -v all="$2" 'BEGIN { srand(seed); printf "%.4f", rand() * all * 1.1 }'; }

# What may lie under the names of a folder: all of one of the two states, or a search cut short.
check_between() {
	case $name in
	search | compare)
		diff -r -q old/run work/run >/dev/null || diff -r -q new/run work/run >/dev/null ||
			jq -e '.program == "barista-dse" and (.result | length > 0)' work/run/run.json >/dev/null 2>&1 ||
			fail "run is neither the old nor the new one, nor cut short"
		;;
	plot)
		for picture in work/run/charts/*.png work/run/charts/*.svg; do
			cmp -s "$picture" "new/${picture#work/}" || fail "$picture is cut"
		done
		;;
	points)
		[ ! -e work/p.csv ] || cmp -s new/p.csv work/p.csv || fail "p.csv is not whole"
		;;
	calibrate)
		[ ! -e work/host.yaml ] || "$dse" eval --host ./work/host.yaml -q >/dev/null 2>&1 || fail "host.yaml is cut"
		;;
	esac
}

try() { # SEED
	rm -rf work
	cp -r old work
	pause=$(moment "$1" "$seconds")
	# The inner shell says how the command ended, which is nothing to show.
	(
		cd work || exit
		timeout --preserve-status -s "$signal" "$pause" "$dse" $arguments >../out 2>../err
		exit $?
	) 2>/dev/null
	code=$?
	total=$((total + 1))
	case $code in 0 | $((128 + number))) ;; *) fail "exit code $code: $(head -1 err)" ;; esac
	check_between
	rm -f work/p.csv work/p.csv.partial
	(cd work && "$dse" $arguments >../out 2>../err) || fail "again: exit code $?: $(head -1 err)"
	if [ "$name" = calibrate ]; then
		[ "$(ls -A work)" = host.yaml ] || fail "left: $(ls -A work)"
	elif [ "$name" = exhaustive ]; then
		cmp -s out printed || fail "another answer after resuming"
	else
		diff -r -q new work >/dev/null || fail "the next run differs: $(diff -r -q new work | head -3)"
	fi
}

command() { # NAME ARGUMENTS; the folder old is there
	name=$1 arguments=$2
	[ -z "$only" ] || [ "$only" = "$name" ] || { rm -rf old new; return; }
	rm -rf new
	cp -r old new
	seconds=$(
		start=$(date +%s%N)
		(cd new && "$dse" $arguments >../printed 2>../err) || echo "undisturbed: $name: $(cat err)" >&2
		awk -v n=$(($(date +%s%N) - start)) 'BEGIN { printf "%.4f", n / 1e9 }'
	)
	for pair in KILL:9 TERM:15 INT:2 HUP:1; do
		signal=${pair%:*} number=${pair#*:} i=0
		while [ $i -lt "$runs" ]; do
			i=$((i + 1))
			try "$i$number"
		done
	done
	rm -rf old new
	echo "$name: $((4 * runs)) runs ended within $seconds s"
}

net="-w lenet-mnist -d aws-f1-vu9p"
mkdir old && (cd old && "$dse" search $net --grid pow2 -q -o run >/dev/null)
command search "search $net --pareto ppw_mean,dsp -q -o run"
mkdir old
command exhaustive "search -w alexnet-cifar10 --precision fp32,int8 --exhaustive --threads 2 --checkpoint state -q"
mkdir old
command points "search $net --tile-k 16:40 --exhaustive -q --points p.csv"
mkdir old && (cd old && "$dse" compare -w lenet-mnist -d zcu102 --grid pow2 --no-plots -q -o run >/dev/null)
command compare "compare -w lenet-mnist -d zcu102 --grid pow2 -q -o run"
mkdir old && (cd old && "$dse" search $net --grid pow2 -q -o run >/dev/null)
command plot "plot run -q"
mkdir old
command calibrate "calibrate -w lenet-mnist -q -o host.yaml"

echo "$total runs ended at random moments, $bad bad"
[ $bad = 0 ]
