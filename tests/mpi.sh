# SPDX-License-Identifier: GPL-3.0-or-later
# usage: sh tests/mpi.sh PROGRAM MPI_PROGRAM ALLOCATOR
# Under mpirun an exhaustive search prints the bytes of one process, whatever the number of ranks and
# whatever kills them; all else is done and said once. When one fails, all end.
set -u
[ $# = 3 ] || { echo "usage: sh tests/mpi.sh PROGRAM MPI_PROGRAM ALLOCATOR" >&2; exit 2; }
one=$1 many=$2
case $3 in /*) allocator=$3 ;; *) allocator=$PWD/$3 ;; esac
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

# ---- one rank that fails ends all within 5 s, with one message and its exit code

now() { sed 's/\([0-9]*\)\.\([0-9]\).*/\1\2/' /proc/uptime; } # in tenths of a second
slowest=0
in_time() { # WHAT SINCE
	took=$(($(now) - $2))
	[ "$took" -le "$slowest" ] || slowest=$took
	is "$1: ends in time" "$([ "$took" -le 50 ] || echo "$took tenths of a second")" ""
}
said_once() { # WHAT TEXT
	is "$1: said once" "$(grep -c '^barista-dse: ' "$tmp/err")" 1
	is "$1: says '$2'" "$(grep -c "$2" "$tmp/err")" 1
}

# The last rank gets more arguments, $EXTRA, than the others.
cat >"$tmp/odd" <<'ODD'
#!/bin/sh
[ "$OMPI_COMM_WORLD_RANK" != "$ODD_RANK" ] || set -- "$@" $EXTRA
exec "$@"
ODD
chmod +x "$tmp/odd"
odd() { # RANKS ODD_RANK EXTRA CODE TEXT
	since=$(now)
	ODD_RANK=$2 EXTRA=$3 timeout -k 1 40 mpirun -n "$1" "$tmp/odd" "$many" search -w lenet-mnist \
		-d "$tmp/boards/board.yaml" --exhaustive -q >"$tmp/out" 2>"$tmp/err" </dev/null
	is "rank $2 of $1 with $3" $? "$4"
	in_time "rank $2 of $1 with $3" "$since"
	said_once "rank $2 of $1 with $3" "$5"
	is "rank $2 of $1 with $3: prints nothing" "$(cat "$tmp/out")" ""
}
mkdir "$tmp/boards" "$tmp/other"
cp devices/aws-f1-vu9p.yaml "$tmp/boards/board.yaml"
cp -r devices/precisions "$tmp/boards"
cp -r "$tmp/boards/." "$tmp/other"
sed 's/250 MHz/251 MHz/' "$tmp/boards/board.yaml" >"$tmp/other/board.yaml"
for n in 2 4; do
	last=$((n - 1))
	odd $n $last "-d $tmp/none/board.yaml" 3 "rank $last on .*: cannot open '$tmp/none/board.yaml'"
	odd $n $last "--data $tmp/none" 3 "rank $last on .*: cannot open the data folder"
	odd $n 1 "--top none" 2 "rank 1 on .*: --top: 'none' is not a whole number"
	odd $n $last "--top 2" 3 "rank $last on .* has other inputs than rank 0"
	odd $n 1 "--set clock.kernel=200MHz" 3 "rank 1 on .* has other inputs than rank 0"
	odd $n 1 "-w alexnet-cifar10" 3 "rank 1 on .* has other inputs than rank 0"
	odd $n 1 "--baseline $tmp/none.yaml" 3 "rank 1 on .*: cannot open '$tmp/none.yaml'"
	odd $n 1 --help 3 "rank 1 on .* was started with another command"
	odd $n 0 "-d $tmp/none/board.yaml" 3 "^barista-dse: cannot open '$tmp/none/board.yaml'"
done

# Rank 0 prints what it was asked for, and yet says that the others were not.
since=$(now)
ODD_RANK=0 EXTRA=--version timeout -k 1 40 mpirun -n 2 "$tmp/odd" "$many" search -w lenet-mnist --exhaustive -q \
	>"$tmp/out" 2>"$tmp/err" </dev/null
is "rank 0 of 2 with --version" $? 2
in_time "rank 0 of 2 with --version" "$since"
said_once "rank 0 of 2 with --version" "unknown option '--version'"
ODD_RANK=0 EXTRA=--help timeout -k 1 40 mpirun -n 2 "$tmp/odd" "$many" search -w lenet-mnist --exhaustive -q \
	>"$tmp/out" 2>"$tmp/err" </dev/null
is "rank 0 of 2 with --help" $? 3
said_once "rank 0 of 2 with --help" "rank 1 on .* has other inputs than rank 0"

# Each node has its own file of the same name: one of them says another clock.
cat >"$tmp/node" <<'NODE'
#!/bin/sh
cd "$BOARDS/$([ "$OMPI_COMM_WORLD_RANK" = 1 ] && echo other || echo boards)" && exec "$@"
NODE
chmod +x "$tmp/node"
case $many in /*) ;; *) many=$PWD/$many ;; esac
same_name() { # EXPECTED CODE
	since=$(now)
	BOARDS=$tmp timeout -k 1 40 mpirun -n 2 "$tmp/node" "$many" search -w lenet-mnist -d ./board.yaml \
		--exhaustive -q >"$tmp/out" 2>"$tmp/err" </dev/null
	is "$1" $? "$2"
	in_time "$1" "$since"
}
same_name "another board of the same name" 3
said_once "another board of the same name" "rank 1 on .* has other inputs than rank 0"
cp "$tmp/boards/board.yaml" "$tmp/other/board.yaml"
same_name "the same board twice" 0
rm "$tmp/other/board.yaml"
same_name "a board that one rank does not have" 3
said_once "a board that one rank does not have" "rank 1 on .*: cannot open './board.yaml'"

# A rank that is killed at any time; what rank 0 has by then is printed.
for wait in 0.3 0.6 1 1.5; do
	start 2 $wait
	kid=$(rank $run 2)
	[ -n "$kid" ] || continue
	since=$(now)
	kill -9 "$kid"
	finish
	is "rank 1 killed after $wait s" $code 137
	in_time "rank 1 killed after $wait s" "$since"
done
is "a rank killed: the best so far" "$(grep -c PARTIAL "$tmp/out")" 1
said_once "a rank killed" "1 of 2 ranks did not answer"
start 4 2
since=$(now)
kill -9 "$(rank $run 3)"
finish
is "rank 2 of 4 killed" $code 137
in_time "rank 2 of 4 killed" "$since"

# A rank that hangs does not keep the others from their end.
start 2 1
kill -STOP "$(rank $run 2)"
sleep 0.2
since=$(now)
kill -TERM "$(rank $run 1)"
finish
is "a rank that hangs, and a stop" $code 143
in_time "a rank that hangs, and a stop" "$since"
said_once "a rank that hangs, and a stop" "1 of 2 ranks did not answer"
is "a rank that hangs, and a stop: the best so far" "$(grep -c PARTIAL "$tmp/out")" 1

# An allocation that fails in one rank. What fails late may be done without, and the result is right.
net="-w lenet-mnist --pareto time_s,dsp --exhaustive -q"
# shellcheck disable=SC2086
"$one" search $net >"$tmp/one"
starved() { # RANKS RANK N
	since=$(now)
	# shellcheck disable=SC2086
	FAIL_COUNT="$tmp/count" FAIL_RANK=$2 FAIL_AT=$3 timeout -k 1 40 mpirun -n "$1" -x LD_PRELOAD="$allocator" "$many" \
		search $net >"$tmp/out" 2>"$tmp/err" </dev/null
	code=$?
	what="rank $2 of $1, allocation $3"
	in_time "$what" "$since"
	if [ $code = 0 ]; then
		same "$what" "$tmp/one" "$tmp/out"
	else
		is "$what" $code 4
		said_once "$what" "out of memory\|no memory\|Cannot allocate"
		is "$what: prints nothing" "$(cat "$tmp/out")" ""
	fi
}
sample() { # RANKS RANK POSITIONS
	starved "$1" "$2" 0
	is "rank $2 of $1: no failure" $code 0
	total=$(cat "$tmp/count")
	failures=0
	for at in $(awk -v n="$total" -v k="$3" 'BEGIN { for (i = 0; i < k; i++) print int(exp(log(n) * i / (k - 1)) + 0.5) }' |
		sort -nu); do
		starved "$1" "$2" "$at"
		[ $code = 0 ] || failures=$((failures + 1))
	done
	echo "rank $2 of $1: $failures of the sample of $total allocations failed the run"
	is "rank $2 of $1: allocations fail" "$([ $failures -gt 2 ] || echo few)" ""
}
sample 2 1 20
sample 2 0 20
sample 4 2 5
sample 4 0 5

echo "the slowest end took $((slowest / 10)).$((slowest % 10)) s"
echo "$good passed, $bad failed"
[ $bad = 0 ]
