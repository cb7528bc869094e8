# SPDX-License-Identifier: GPL-3.0-or-later
# usage: sh tests/mpi.sh PROGRAM MPI_PROGRAM
# Under mpirun an exhaustive search prints the bytes of one process, whatever the number of ranks and
# whatever kills them; all else is done and said once.
set -u
[ $# = 2 ] || { echo "usage: sh tests/mpi.sh PROGRAM MPI_PROGRAM" >&2; exit 2; }
one=$1 many=$2
tmp=$(mktemp -d "${TMPDIR:-/tmp}/barista-mpi.XXXXXX") || exit 2
trap 'rm -rf "$tmp"' EXIT
trap 'exit 2' HUP INT TERM
export LC_ALL=C OPENBLAS_NUM_THREADS=1 OMPI_MCA_rmaps_base_oversubscribe=1
[ "$(id -u)" != 0 ] || export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
long="-w resnet50 --precision int8 --exhaustive -q"
bad=0 good=0

is() { # WHAT GOT EXPECTED
	if [ "$2" = "$3" ]; then
		good=$((good + 1))
	else
		bad=$((bad + 1))
		echo "FAIL $1: '$2', expected '$3'"
	fi
}
same() { # WHAT FILE FILE
	cmp -s "$2" "$3"
	is "$1, the bytes" $? 0
}
# A rank that waits for another for ever is a failure, not a wait.
ranks() { # N ARGUMENTS...
	n=$1
	shift
	timeout -k 1 40 mpirun -n "$n" "$many" "$@" >"$tmp/out" 2>"$tmp/err" </dev/null
	code=$?
}
# A rank by its number from 1: mpirun's children in the order of their start.
rank() { # MPIRUN K
	sed -n 's/^\([0-9]*\) ([^)]*) [A-Z] \([0-9]*\) .*/\1 \2/p' /proc/[0-9]*/stat 2>"$tmp/said" |
		awk -v of="$1" '$2 == of { print $1 }' | sort -n | sed -n "$2p"
}

# shellcheck disable=SC2086
for args in "-w alexnet-cifar10 --top 3 --kernels 2" "-w lenet-mnist -d zcu102 --deadline 200ms --format json"; do
	"$one" search $args --exhaustive -q >"$tmp/one"
	for n in 1 2 3 4; do
		ranks $n search $args --exhaustive -q
		is "$n ranks" $code 0
		same "$n ranks" "$tmp/one" "$tmp/out"
	done
done

# shellcheck disable=SC2086
"$one" search $long --format json >"$tmp/whole"
# shellcheck disable=SC2086
resume() { # WHAT RANKS
	jq -e '.kind == "checkpoint"' "$tmp/state" >"$tmp/said" 2>&1
	is "$1: the state" $? 0
	ranks "$2" search $long --checkpoint "$tmp/state" --format json
	is "$1: resumed" $code 0
	same "$1: resumed" "$tmp/whole" "$tmp/out"
}
# shellcheck disable=SC2086
start() { # RANKS SECONDS
	rm -f "$tmp/state"
	mpirun -n "$1" "$many" search $long --checkpoint "$tmp/state" >"$tmp/out" 2>"$tmp/err" </dev/null &
	run=$!
	sleep "$2"
}
finish() { # until the run and its ranks are gone
	wait $run
	code=$?
}

# A state with blocks is written after 2 s.
start 2 2
for try in 1 2 3 4 5 6 7 8 9; do
	jq -e '.done | length > 0' "$tmp/state" >"$tmp/said" 2>&1 && break
	sleep 0.1
done
kill -9 "$(rank $run 2)"
finish
is "a rank killed: fails" "$([ $code = 0 ] || echo yes)" yes
jq -e '.done | length > 0' "$tmp/state" >"$tmp/said" 2>&1
is "a rank killed: blocks are kept" $? 0
resume "a rank killed" 3

start 2 1
all="$run $(rank $run 1) $(rank $run 2)"
# shellcheck disable=SC2086
kill -9 $all
finish
resume "all killed" 3

for signal in INT TERM; do
	rm -f "$tmp/state"
	# shellcheck disable=SC2086
	timeout -k 5 -s $signal 1 mpirun -n 2 "$many" search $long --checkpoint "$tmp/state" >"$tmp/out" 2>"$tmp/err" </dev/null
	echo "SIG$signal to mpirun: $(grep -c PARTIAL "$tmp/out") report of the best so far"
	resume "SIG$signal" 2
done

# shellcheck disable=SC2086
for case in "3|search -d no-such-board --exhaustive" "1|search -w lenet-mnist --set resources.dsp=4 --exhaustive" \
	"2|search --exhaustive --threads 0" "2|serch" "1|search -w lenet-mnist --set resources.dsp=4" \
	"0|search -w lenet-mnist" "0|list devices" "0|--version" "0|search --help" "0|eval -w lenet-mnist -k 16x16x64:fp32"; do
	"$one" ${case#*|} >"$tmp/one" 2>"$tmp/one.err" </dev/null
	ranks 3 ${case#*|}
	is "${case#*|}: exit code" $code "${case%%|*}"
	same "${case#*|}" "$tmp/one" "$tmp/out"
	is "${case#*|}: errors said" "$(grep -c '^barista-dse: ' "$tmp/err")" "$([ "${case%%|*}" = 0 ] && echo 0 || echo 1)"
done

ranks 2 search --exhaustive --points "$tmp/p.csv"
is "points: exit code" $code 2
is "points: said" "$(grep -c 'start it without mpirun' "$tmp/err")" 1

echo "$good passed, $bad failed"
[ $bad = 0 ]
