# SPDX-License-Identifier: GPL-3.0-or-later
# Read by run.sh: exhaustive searches against exact ones, files of points, stops and checkpoints.

# A sweep that outlives two states of its checkpoint (every 2 s), with or without sanitizers.
case $dse in
*/build-*) long="-w resnet50 --precision fp32,fp16,bf16 --tile-k 16:1024 --exhaustive" ;;
*) long="-w resnet50 --precision fp32,int8 --exhaustive" ;;
esac
# One that is stopped long before its end.
endless="-w resnet50 --precision all --vector 1:8 --exhaustive --threads 1"

# As `code`, for a search that is sent a signal: N is its own exit code.
after() { # N SIGNAL SECONDS ARGUMENTS...
	n=$1 signal=$2 seconds=$3
	shift 3
	code "$n" timeout --preserve-status -s "$signal" "$seconds" "$dse" search "$@"
}
answer() { jq -S 'del(.search, .certificate, .command)' "$1"; }
count() { jq -r .certificate.evaluated "$1"; }

case_exhaustive_as_exact() {
	small="-w tests/cli/data/small-net.yaml -d tests/cli/data/small-board.yaml --layers all"
	for args in "-w lenet-mnist" "-w lenet-mnist --kernels 2 --top 3" "-w alexnet-cifar10 --grid pow2 --kernels 2" \
		"-w resnet20-cifar10-b --deadline 1s --baseline gtx-1080-ti" "-w lenet-mnist --precision fwd=int8,wgrad=fp32" \
		"-w lenet-mnist -d aws-f1-vu9p,zcu102 --deadline 200ms" "$small --in-buffers 1:2 --out-buffers 0:2 --vector 1:2" \
		"$small --precision all --pareto time_s,dsp,bram" "-w lenet-mnist --grid pow2 --replicas 1:4 --pareto ppw_mean,lut" \
		"-w lenet-mnist --precision int8 --vector 1:4 --outputs-m 1:3 --tile-m 1:8 --tile-n 1:8 --tile-k 16:64 --pareto boards,dsp" \
		"-w lenet-mnist --precision int8 --vector 1:4 --outputs-n 1:4 --tile-m 1:8 --tile-n 1:8 --tile-k 16:64 --pareto power_w,dsp,ff,boards"; do
		# shellcheck disable=SC2086
		code 0 "$dse" search $args --format json
		answer "$tmp/out" >"$top/exact"
		# shellcheck disable=SC2086
		code 0 "$dse" search $args --exhaustive --format json
		answer "$tmp/out" >"$top/all"
		must diff "$top/exact" "$top/all"
	done
}
case_threads_same_bytes() {
	for format in table json; do
		code 0 "$dse" search -w alexnet-cifar10 --tile-k 16:512 --exhaustive --top 3 --threads 1 --format $format
		cp "$tmp/out" "$top/one"
		code 0 "$dse" search -w alexnet-cifar10 --tile-k 16:512 --exhaustive --top 3 --threads 2 --format $format
		must cmp "$top/one" "$tmp/out"
	done
}

# ---- files of points

case_points_csv() {
	code 0 "$dse" search $lenet --tile-k 16:32 --exhaustive --points "$tmp/p.csv" --format json
	equal "$(($(wc -l <"$tmp/p.csv") - 1))" "$(count "$tmp/out")"
	must awk -F, 'NR == 1 { n = NF } NF != n { exit 1 }' "$tmp/p.csv"
	best=$(jq -r .single.kernel "$tmp/out")
	equal "$(tail -n +2 "$tmp/p.csv" | LC_ALL=C sort -t, -k13,13gr | head -1 | cut -d, -f2)" "$best"
	equal "$(grep -c "^aws-f1-vu9p,$best," "$tmp/p.csv")" 1
	only p.csv
}
case_points_sqlite() {
	code 0 "$dse" search $lenet -d aws-f1-vu9p,zcu102 --tile-k 16:24 --exhaustive --points "$tmp/p.sqlite" --format json
	only p.sqlite
	must test "$(sqlite3 "$tmp/p.sqlite" 'select count(*) from points')" -gt "$(count "$tmp/out")"
	equal "$(sqlite3 "$tmp/p.sqlite" "select count(*) from points where board = 'aws-f1-vu9p'")" "$(count "$tmp/out")"
	equal "$(sqlite3 "$tmp/p.sqlite" "select kernel from points where board = 'zcu102' order by ppw_mean desc limit 1")" \
		"$(jq -r '.boards[1].single.kernel' "$tmp/out")"
	equal "$(sqlite3 "$tmp/p.sqlite" "select unit from columns where name = 'ppw_mean'")" op/s/W
	equal "$(sqlite3 "$tmp/p.sqlite" 'pragma integrity_check')" ok
	equal "$(sqlite3 "$tmp/p.sqlite" 'select points from complete')" "$(sqlite3 "$tmp/p.sqlite" 'select count(*) from points')"
}
case_points_disk_full() {
	code 4 sh -c "ulimit -f 2000; exec '$dse' search $lenet --exhaustive -q --points '$tmp/p.csv'"
	left=$tmp/p.csv.partial
	says "cannot write '$tmp/p.csv': File too large; '$left' holds the first $(($(wc -l <"$left") - 1)) points"
	must test "$(wc -l <"$left")" -gt 1000
	must awk -F, 'NR == 1 { n = NF } NF != n { exit 1 }' "$left"
	code 4 sh -c "ulimit -f 2000; exec '$dse' search $lenet --exhaustive -q --points '$tmp/p.sqlite'"
	says "cannot write '$tmp/p.sqlite': "
	must test "$(sqlite3 "$tmp/p.sqlite.partial" 'select count(*) from points')" -gt 1000
	only p.csv.partial p.sqlite.partial
}
# A stream that is closed does not hand its number to the file of points.
# shellcheck disable=SC2086
case_points_streams_closed() {
	"$dse" search $endless -q --points "$tmp/p.csv" <&- 2>&- >/dev/null &
	sleep 0.4
	opened="$(readlink /proc/$!/fd/0) $(readlink /proc/$!/fd/2)"
	kill $!
	wait $!
	equal "$opened" "/dev/null /dev/null"
	code 4 sh -c "exec '$dse' list families >&-"
	says "cannot write"
}
# A search that finds nothing leaves no file in the way of the corrected one.
case_points_none() {
	code 1 "$dse" search -w lenet-mnist --set resources.dsp=1 --exhaustive -q --points "$tmp/p.csv"
	only
}
case_points_left_alone() {
	for name in p.csv p.sqlite; do
		echo mine >"$tmp/$name"
		code 2 "$dse" search $lenet --exhaustive --points "$tmp/$name"
		says "exists and is left alone"
		equal "$(cat "$tmp/$name")" mine
	done
	code 4 "$dse" search $lenet --exhaustive --points "$tmp/none/p.csv"
	says "cannot create '$tmp/none/p.csv'"
	code 2 "$dse" search $lenet --exhaustive --points "$tmp/p.txt"
	only p.csv p.sqlite
}
case_points_stopped() {
	after 130 INT 0.7 $lenet --precision all --exhaustive -q --points "$tmp/p.csv" --format json
	json "$tmp/out" .partial
	must test "$(($(wc -l <"$tmp/p.csv.partial") - 1))" -ge "$(count "$tmp/out")"
	must awk -F, 'NR == 1 { n = NF } NF != n { exit 1 }' "$tmp/p.csv.partial"
	only p.csv.partial
}

# ---- stops and checkpoints

# shellcheck disable=SC2086
case_stopped() {
	after 130 INT 0.7 $endless -q
	must grep -q 'PARTIAL: stopped with' "$tmp/out"
	silent
	after 143 TERM 0.7 $endless -q --what-if --format json
	json "$tmp/out" '.partial and .search == "exhaustive" and .certificate.not_reached > 0 and .single.ppw_mean > 0'
	after 130 INT 0.7 $endless -q -d aws-f1-vu9p,zcu102 --format json
	json "$tmp/out" '.partial and (.boards | length == 1) and (.excluded_boards[0] | contains("zcu102"))'
	# The first board has its answers by then, and shows none, as the second has none.
	two="-w resnet50 --vector 1:8 --exhaustive --threads 1 -d tests/cli/data/small-board.yaml,alveo-u280"
	after 143 TERM 1.5 $two -q --what-if --format json -o "$tmp/run" --no-plots
	says "stopped before what --interval and --what-if ask was known"
	json "$tmp/out" '(.boards | length) + (.excluded_boards | length) == 2 and .what_if == null'
	rm -r "$tmp/run"
	code 0 sh -c "trap '' HUP; '$dse' search -w alexnet-cifar10 --exhaustive --threads 1 -q & p=\$!; sleep 0.1; kill -HUP \$p; wait \$p"
	only
}
# What was stopped replaces no earlier run.
# shellcheck disable=SC2086
case_stopped_beside() {
	code 0 "$dse" search $lenet --no-plots -q -o "$tmp/run"
	cp -r "$tmp/run" "$top/before"
	for slash in '' /; do
		after 130 INT 0.7 $endless --no-plots -o "$tmp/run$slash"
		says "run written to $tmp/run.stopped"
		must diff -r "$top/before" "$tmp/run"
		json "$tmp/run.stopped/run.json" '.result.partial and .result.workload == "resnet50"'
	done
	rm -r "$top/before"
	only run run.stopped
}
# Nobody else's file is replaced by a later state.
# shellcheck disable=SC2086
case_checkpoint_of_another() {
	"$dse" search $endless --checkpoint "$tmp/state" -q >"$tmp/out" 2>"$tmp/err" &
	until [ -s "$tmp/state" ]; do sleep 0.02; done
	chmod 640 "$tmp/state" # changes nothing in it
	sleep 2.5
	echo mine >"$tmp/mine"
	mv "$tmp/mine" "$tmp/state"
	rc=0
	wait $! || rc=$?
	equal $rc 2
	says "'$tmp/state' was written by something else meanwhile: it is left alone"
	must grep -q 'PARTIAL: stopped with' "$tmp/out"
	equal "$(cat "$tmp/state")" mine
	rm "$tmp/state"
	# A lock of somebody else's on the folder stops nobody for long.
	code 143 timeout 20 flock "$tmp" timeout --preserve-status -s TERM 1.5 "$dse" search $endless --checkpoint "$tmp/state" -q
	must grep -q 'PARTIAL: stopped with' "$tmp/out"
	rm "$tmp/state"
	for top_of in 1 2; do
		"$dse" search $endless --top $top_of --checkpoint "$tmp/state" -q >"$top/out.$top_of" 2>"$top/err.$top_of" &
		eval "p$top_of=$!"
	done
	sleep 3.5
	kill -TERM "$p1" "$p2" 2>/dev/null
	rc1=0 rc2=0
	wait "$p1" || rc1=$?
	wait "$p2" || rc2=$?
	equal "$(printf '%s\n' $rc1 $rc2 | sort -n | tr '\n' ' ')" "2 143 "
	winner=$([ $rc1 = 143 ] && echo 1 || echo 2)
	must grep -qE 'was written by something else meanwhile|of another search' "$top/err.$((3 - winner))"
	after 130 INT 0.5 $endless --top $winner --checkpoint "$tmp/state" -q
	only state
}
# Killed, stopped and resumed with another number of threads: the bytes of a run that was let be.
# shellcheck disable=SC2086
case_checkpoint_resumed() {
	code 0 "$dse" search $long --threads 2 --format json -q
	cp "$tmp/out" "$top/whole"
	after 137 KILL 2.6 $long --threads 1 --checkpoint "$tmp/state" -q
	json "$tmp/state" '.done | length > 0'
	after 130 INT 0.5 $long --threads 2 --checkpoint "$tmp/state" -q
	must grep -q 'PARTIAL: stopped with' "$tmp/out"
	for again in 1 2; do
		code 0 "$dse" search $long --threads 2 --checkpoint "$tmp/state" --format json -q
		must cmp "$top/whole" "$tmp/out"
	done
	only state
}
case_checkpoint_refused() {
	code 0 "$dse" search $lenet --grid pow2 --exhaustive --checkpoint "$tmp/state" -q
	cp "$tmp/state" "$top/state"
	for other in "--set clock.kernel=200MHz" "--precision int8" "--tile-m 8" "--top 2" "-d zcu102"; do
		# shellcheck disable=SC2086
		code 2 "$dse" search $lenet --grid pow2 $other --exhaustive --checkpoint "$tmp/state" -q
		says "$tmp/state: of another search: give the same options and files, or choose another name"
		must cmp "$top/state" "$tmp/state"
	done
	for text in mine '{"kind": "mine"}' '[]' ''; do
		echo "$text" >"$tmp/state"
		code 2 "$dse" search $lenet --grid pow2 --exhaustive --checkpoint "$tmp/state" -q
		says "not a checkpoint of barista-dse: it is left alone"
		equal "$(cat "$tmp/state")" "$text"
	done
	sed 's/"evaluated": [0-9]*/"evaluated": 1/' "$top/state" >"$tmp/state"
	code 3 "$dse" search $lenet --grid pow2 --exhaustive --checkpoint "$tmp/state" -q
	says "$tmp/state: damaged"
	code 4 "$dse" search $lenet --exhaustive --checkpoint "$tmp/none/state" -q
	says "cannot create '$tmp/none/state'"
	must test ! -s "$tmp/out"
	code 4 sh -c "ulimit -f 1; exec '$dse' search $lenet --exhaustive --checkpoint '$tmp/new' -q"
	says "cannot write '$tmp/new': File too large"
	rm -f "$tmp/new" # a state from before, when there is one
	only state
}

# ---- progress: a line every 5 s, a bar on a terminal, nothing with -q

# shellcheck disable=SC2086
case_progress() {
	timeout -s INT 5.9 "$dse" search $endless -q >"$top/said" 2>"$tmp/quiet" &
	if [ -n "$terminal" ]; then
		timeout 8 script -qec "timeout -s INT 3 '$dse' search $endless >/dev/null" /dev/null </dev/null >"$tmp/bar" 2>&1 &
	fi
	after 130 INT 5.9 -w resnet50 --precision int8,int16,fp16 --exhaustive --threads 1
	wait
	# A slow machine may not know the number of points in time: then the time left is not known either.
	rate='[0-9.e+]+ points/s'
	must grep -qE "^barista-dse: aws-f1-vu9p: ([0-9]+ %, $rate, [0-9.e+]+ s left|[0-9.e+]+ points so far, $rate)\$" "$tmp/err"
	must sh -c "! grep -q '$(printf '\033')' '$tmp/err'"
	must test ! -s "$tmp/quiet"
	[ -z "$terminal" ] || must grep -qE 'aws-f1-vu9p \[#*\.*\] ([0-9]+ %|[0-9.e+]+ points so far)' "$tmp/bar"
}
