# SPDX-License-Identifier: GPL-3.0-or-later
# Read by run.sh: what golden files cannot hold. Each case is a function; it fails when
# one of its `must` or `code` lines does.

lenet="-w lenet-mnist"
run_files="run.json layers.csv kernels.csv selection.csv boards.csv report.md"
charts="ppw_by_kernel stage_shares layers roofline ppw_map"

# must COMMAND...: its output counts only when it fails
must_not() {
	! "$@" >"$top/said" 2>&1 && return
	[ -n "$broken" ] || broken="not: $*"
}
must() {
	"$@" >"$top/said" 2>&1 && return
	[ -z "$broken" ] || return
	broken="$*"
	cp "$top/said" "$top/failed"
}

# code N COMMAND...: exit code N; the streams are left in $tmp/out and $tmp/err
code() {
	want=$1
	shift
	"$@" >"$tmp/out" 2>"$tmp/err" </dev/null
	got=$?
	[ $got = "$want" ] || [ -n "$broken" ] || broken="exit code $got, expected $want: $*"
}

says() { must grep -qF -e "$1" "$tmp/err"; }
silent() { must test ! -s "$tmp/err"; }
absent() { must test ! -e "$1" -a ! -L "$1"; }
equal() { must test "$1" = "$2"; }
json() { must jq -e "$2" "$1"; }
# Nothing but the named files in the case's folder, hidden ones included.
only() {
	ls -A "$tmp" | grep -vxE 'out|err' >"$top/there"
	printf '%s\n' "$@" | sed '/^$/d' | sort >"$top/named"
	must diff "$top/named" "$top/there"
}

check() { # NAME: runs case_NAME
	fresh
	broken=
	: >"$top/failed" >"$tmp/out" >"$tmp/err"
	"case_$1"
	if [ -z "$broken" ]; then
		pass
	else
		fail "$1" "$broken"
		neutral "$top/failed" | head -20
		neutral "$tmp/err" | head -5
	fi
}

# Puts a gnuplot in $top/bin that does this; $gnuplot is the real one.
gnuplot=$(command -v gnuplot || echo true)
fake_gnuplot() { # LINES
	mkdir -p "$top/bin"
	printf '#!/bin/sh\n%s\n' "$1" >"$top/bin/gnuplot"
	chmod +x "$top/bin/gnuplot"
}
faked() { env PATH="$top/bin:$PATH" "$@"; }

# Runs a command as a user whom the modes of files bind; root becomes nobody.
as_user() {
	if [ "$(id -u)" != 0 ]; then "$@"; else setpriv --reuid=65534 --clear-groups "$@"; fi
}

skip() { echo "skipped $1: $2"; }

have() { command -v "$1" >"$top/said"; }

# Why a case cannot be run here; nothing where it can.
lacks() { # NAME
	case $1 in
	file_unreadable) [ "$(id -u)" != 0 ] || echo "root reads every file" ;;
	run_unlistable | output_known_first | charts_without_gnuplot | modes_of_charts) chmod 755 "$top" && as_user "$dse" --version >"$top/said" 2>&1 || echo "no user whom modes bind" ;;
	charts | plot_* | charts_* | run_onto_a_run_with_more | run_not_into_*) have gnuplot || echo "no gnuplot" ;;
	terminal) [ -n "$terminal" ] || echo "no terminal to be had from script(1)" ;;
	points_sqlite) have sqlite3 || echo "no sqlite3" ;;
	esac
}

# Runs every case_NAME of a file, so that none is forgotten: each line that begins so must define one.
run_cases() { # FILE
	for case in $(sed -n 's/^case_\([a-z_]*\)() {.*/\1/p' "$1"); do
		why=$(lacks "$case")
		if [ -n "$why" ]; then skip "$case" "$why"; else check "$case"; fi
		echo "$case" >>"$top/cases"
	done
	grep -o '^case_[^(]*' "$1" | sed 's/^case_//' | sort >"$top/defined"
	sort "$top/cases" | diff "$top/defined" - >"$top/diff" || fail "$1" "cases that were not run, or twice: $(tr '\n' ' ' <"$top/diff")"
	rm "$top/cases"
}

# Can script(1) give a terminal?
terminal=
script -qec true /dev/null </dev/null >"$top/said" 2>&1 && terminal=yes

# ---- bad files that cannot be kept here

case_file_too_large() {
	{ printf 'kind: workload\n'; dd if=/dev/zero bs=1024 count=5120 2>"$top/said" | tr '\0' '#'; } >"$tmp/large.yaml"
	code 3 "$dse" show "$tmp/large.yaml"
	says "large.yaml' is larger than 4 MiB"
}
case_file_binary() {
	printf '\177ELF\002\001\001\000\000\000\377\376\033]0;title\007' >"$tmp/binary.yaml"
	code 3 "$dse" show "$tmp/binary.yaml"
	says "$tmp/binary.yaml:1:"
	must sh -c "! tr -d '\n\t' <'$tmp/err' | grep -q '[[:cntrl:]]'"
}
case_file_nul() {
	printf 'kind: workload\nname: a\000b\n' >"$tmp/nul.yaml"
	code 3 "$dse" show "$tmp/nul.yaml"
	says "$tmp/nul.yaml:2:8: control characters are not allowed"
}
case_file_unreadable() {
	echo 'kind: workload' >"$tmp/closed.yaml"
	chmod 000 "$tmp/closed.yaml"
	code 3 "$dse" show "$tmp/closed.yaml"
	says "cannot open '$tmp/closed.yaml': Permission denied"
}
case_file_very_deep() {
	awk 'BEGIN { for (i = 0; i < 100000; i++) printf "["; }' >"$tmp/deep.yaml"
	code 3 "$dse" show "$tmp/deep.yaml"
	says "nested deeper than 32 levels"
}
case_file_long_line() {
	awk 'BEGIN { printf "kind: "; for (i = 0; i < 100000; i++) printf "x"; print "" }' >"$tmp/long.yaml"
	code 3 "$dse" show "$tmp/long.yaml"
	says "$tmp/long.yaml:1:7: the kind is"
	must test "$(wc -c <"$tmp/err")" -lt 1700
}
case_path_too_long() {
	code 2 "$dse" eval -w "./$(awk 'BEGIN { for (i = 0; i < 5000; i++) printf "x" }')"
	says "is too long"
}
# A report longer than a buffer, whose remark on stderr goes to the same file, keeps its lines whole.
case_both_streams_to_one_file() {
	"$dse" search --deadline "2 ms" -d aws-f1-vu9p,zynq-7100 >"$tmp/both" 2>&1 </dev/null
	"$dse" search --deadline "2 ms" -d aws-f1-vu9p,zynq-7100 >"$tmp/out" 2>"$tmp/err" </dev/null
	must test -s "$tmp/err"
	cat "$tmp/out" "$tmp/err" >"$tmp/parts"
	must cmp "$tmp/both" "$tmp/parts"
}
case_data_folder_missing() {
	code 3 "$dse" list devices --data "$tmp/nowhere"
	says "cannot open the data folder '$tmp/nowhere/devices'"
}
case_data_folder_given() {
	mkdir "$tmp/workloads" "$tmp/devices"
	sed 's/^name: .*/name: mine/' workloads/lenet-mnist.yaml >"$tmp/workloads/mine.yaml"
	code 0 "$dse" list workloads --data "$tmp" --format json
	json "$tmp/out" 'length == 1 and .[0].workload == "mine"'
}
case_list_hides_nothing() {
	mkdir "$tmp/devices"
	cp tests/cli/bad/device-zero.yaml "$tmp/devices"
	code 3 "$dse" list devices --data "$tmp"
	says "device-zero.yaml:10:19"
}
case_escapes_are_not_passed_on() {
	code 2 "$dse" eval -k "$(printf '\033[31mred')"
	must sh -c "! grep -q '$(printf '\033')' '$tmp/err'"
}
# A name is a name even when a file of that name is there; ./x.yaml is a path.
case_name_or_path() {
	sed 's/^title: .*/title: not the installed one/' workloads/lenet-mnist.yaml >"$tmp/lenet-mnist.yaml"
	cp "$tmp/lenet-mnist.yaml" "$tmp/lenet-mnist"
	must sh -c "cd '$tmp' && '$dse' show lenet-mnist | grep -q 'as in the examples'"
	must sh -c "cd '$tmp' && '$dse' show ./lenet-mnist.yaml | grep -q 'not the installed one'"
	must sh -c "cd '$tmp' && '$dse' show lenet-mnist.yaml | grep -q 'not the installed one'"
	must sh -c "cd '$tmp' && '$dse' show ./lenet-mnist | grep -q 'not the installed one'"
}

# ---- hostile networks: within a few seconds and some memory, with a clear error or a result

# hostile CODE TEXT [AWK]: AWK writes the network
hostile() {
	awk "BEGIN { $3 }" >"$tmp/net.prototxt"
	# The sanitizers reserve all of memory.
	limit=$(case $dse in *build-address*) echo unlimited ;; *) echo 1500000 ;; esac)
	code "$1" sh -c "ulimit -v $limit; timeout 60 '$dse' import '$tmp/net.prototxt'"
	[ "$1" = 0 ] || says "$2"
	must test "$(wc -c <"$tmp/err")" -lt 2000
}
case_caffe_braces() {
	hostile 3 "net.prototxt:1:1: expected the name of a field, found '{'" 'for (i = 0; i < 1048576; i++) printf "{"'
	hostile 3 "net.prototxt:1:303: messages are nested more than 100 deep" 'for (i = 0; i < 400000; i++) printf "aa{"'
}
case_caffe_many_layers() {
	hostile 3 "net.prototxt:65537:1: more than 65536 layers" 'for (i = 0; i < 200000; i++) print "layer{type:\"ReLU\"}"'
	hostile 3 "30000 layers with multiply-accumulates, more than 4096" 'print "input:\"x\" input_dim:[1,1,4,4]"
		for (i = 0; i < 30000; i++) print "layer{type:\"Convolution\" name:\"c\" bottom:\"x\" top:\"t" i "\"" \
			" convolution_param{num_output:1 kernel_size:1}}"'
}
case_caffe_large() {
	hostile 3 "net.prototxt' is larger than 4 MiB" 'for (i = 0; i < 1310720; i++) print "name: \"xxxxxxx\""'
	hostile 3 "no layers" 'for (i = 0; i < 1000000; i++) printf "a:1 "'
	hostile 3 "no layers" 'printf "name: "; for (i = 0; i < 800000; i++) printf "\"ab\" "'
}
case_caffe_many_inputs() {
	hostile 3 "no convolution" 'for (i = 0; i < 200000; i++) print "input:\"x" i "\""; print "layer{type:\"ReLU\" bottom:\"x0\" top:\"y\"}"'
	hostile 3 "no convolution" 'printf "layer{type:\"DummyData\" dummy_data_param{"; for (i = 0; i < 120000; i++) printf "shape{} "
		printf "}"; for (i = 0; i < 120000; i++) printf "top:\"t%d\" ", i; print "}"'
}
case_caffe_consumed_often() {
	hostile 0 "" 'print "input:\"x\" input_dim:[2,3,8,8] layer{type:\"Eltwise\" name:\"e\" top:\"y\""
		for (i = 0; i < 100000; i++) print "bottom:\"x\""
		print "} layer{type:\"Convolution\" bottom:\"y\" top:\"c\" convolution_param{num_output:1 kernel_size:1}}"'
	must grep -qF 'in: [3, 8, 8]' "$tmp/out"
}
case_caffe_cycle() {
	hostile 3 "the layer in line 2 makes it, which must stand before" 'for (i = 0; i < 60000; i++)
		print "layer{type:\"Eltwise\" name:\"e\" bottom:\"b" (i + 1) % 60000 "\" top:\"b" i "\"}"'
}
# What import wrote is a workload: it evaluates to the bytes that the network itself does.
case_caffe_same_as_its_workload() {
	net=tests/cli/nets/residual.prototxt
	code 0 "$dse" import $net -q -o "$tmp/net.yaml"
	code 0 "$dse" eval -w $net -k 8x8x16:fp32 --layers all
	cp "$tmp/out" "$tmp/direct"
	code 0 "$dse" eval -w "$tmp/net.yaml" -k 8x8x16:fp32 --layers all
	must diff "$tmp/direct" "$tmp/out"
}

# ---- output that cannot be written

case_full_disk_stdout() {
	for args in "--help" "search --help" "list devices" "list devices --format csv" "list devices --format json" \
		"show lenet-mnist" "eval $lenet" "eval $lenet --explain" "search $lenet" \
		"search $lenet --format csv" "search $lenet --format json"; do
		# shellcheck disable=SC2086
		"$dse" $args >/dev/full 2>"$tmp/err"
		equal "$args $?" "$args 4"
		says "cannot write 'standard output': No space left on device"
		equal "$(wc -l <"$tmp/err")" 1
	done
}
case_closed_stdout() {
	must sh -c "'$dse' list devices >&- 2>'$tmp/err'; [ \$? = 4 ]"
	says "cannot write 'standard output'"
}
case_run_below_a_file() {
	: >"$tmp/file"
	code 4 "$dse" search $lenet -o "$tmp/file/run"
	says "cannot create a folder in '$tmp/file'"
	must test ! -s "$tmp/out"
	only file
}
case_run_onto_a_file() {
	echo mine >"$tmp/file"
	code 2 "$dse" search $lenet -o "$tmp/file"
	says "'$tmp/file' exists and is not a run folder: it is left alone"
	equal "$(cat "$tmp/file")" mine
	only file
}
case_run_onto_a_folder() {
	mkdir "$tmp/folder"
	echo mine >"$tmp/folder/layers.csv"
	code 2 "$dse" search $lenet -o "$tmp/folder"
	says "'$tmp/folder' exists and is not a run folder: it is left alone"
	equal "$(cat "$tmp/folder/layers.csv")" mine
	equal "$(ls -A "$tmp/folder")" layers.csv
	only folder
}
case_run_onto_a_dangling_link() {
	ln -s nowhere "$tmp/link"
	code 2 "$dse" search $lenet -o "$tmp/link"
	equal "$(readlink "$tmp/link")" nowhere
	only link
}
case_run_onto_a_run() {
	code 0 "$dse" search $lenet --no-plots -o "$tmp/run"
	for mine in left-over charts/notes; do
		echo mine >"$tmp/run/$mine"
		code 2 "$dse" search -w alexnet-cifar10 --no-plots -o "$tmp/run/"
		says "holds '${mine#charts/}', which would be lost"
		equal "$(cat "$tmp/run/$mine")" mine
		rm "$tmp/run/$mine"
	done
	code 0 "$dse" search -w alexnet-cifar10 --no-plots -o "$tmp/run/"
	json "$tmp/run/run.json" '.result.workload == "alexnet-cifar10"'
	only run
}
case_run_unlistable() {
	chmod 777 "$tmp"
	for closed in run/charts run; do
		code 0 as_user "$dse" search $lenet --no-plots -q -o "$tmp/run"
		as_user sh -c "echo mine >'$tmp/run/charts/notes'; chmod 311 '$tmp/$closed'"
		code 4 as_user "$dse" search $lenet --no-plots -q -o "$tmp/run"
		says "cannot list '$tmp/$closed': Permission denied"
		chmod 755 "$tmp/$closed"
		equal "$(cat "$tmp/run/charts/notes")" mine
		rm "$tmp/run/charts/notes"
		only run
	done
}
# A file that comes while the charts are drawn is no less the user's; nor is the new run lost.
case_run_added_to_meanwhile() {
	code 0 "$dse" search $lenet --no-plots -q -o "$tmp/run"
	cp -r "$tmp/run" "$top/before"
	for mine in notes charts/notes; do
		fake_gnuplot "echo mine >'$tmp/run/$mine'; exit 1"
		code 2 faked "$dse" search -w alexnet-cifar10 -q -o "$tmp/run"
		says "holds 'notes', which would be lost: move it away, or choose another folder; the new run is in '$tmp/run.partial-"
		equal "$(cat "$tmp/run/$mine")" mine
		rm "$tmp/run/$mine"
		must diff -r "$top/before" "$tmp/run"
		json "$(echo "$tmp"/run.partial-*)/run.json" '.result.workload == "alexnet-cifar10"'
		must test -x "$(echo "$tmp"/run.partial-*/charts)" -a ! -e "$(echo "$tmp"/run.partial-*)/.barista-dse-partial"
		rm -r "$tmp"/run.partial-*
	done
	rm -r "$top/before"
}
# The name of the folder that is written cannot be known before.
case_run_not_into_what_is_there() {
	# shellcheck disable=SC2016
	code 0 sh -c 'mkdir -p "$1.partial-$$/charts" && echo "system \"touch $1.evil\"" >"$1.partial-$$/charts/pareto.gp"
		exec "$2" search -w lenet-mnist -q -o "$1"' sh "$tmp/run" "$dse"
	absent "$tmp/run.evil"
	absent "$tmp/run/charts/pareto.gp"
	must test -s "$(echo "$tmp"/run.partial-*)/charts/pareto.gp"
}
case_run_onto_a_link() {
	mkdir "$tmp/far"
	code 0 "$dse" search $lenet --no-plots -q -o "$tmp/far/run"
	ln -s far/run "$tmp/link"
	code 0 "$dse" search -w alexnet-cifar10 --no-plots -q -o "$tmp/link/"
	equal "$(readlink "$tmp/link")" far/run
	json "$tmp/far/run/run.json" '.result.workload == "alexnet-cifar10"'
	equal "$(ls -A "$tmp/far")" run
	only far link
}
case_run_of_an_older_version() {
	mkdir -p "$tmp/run/charts"
	echo '{"program": "barista-dse", "version": "0.0.1", "command": "barista-dse search", "inputs": []}' >"$tmp/run/run.json"
	: >"$tmp/run/charts/ppw_map.png"
	code 0 "$dse" search $lenet --no-plots -q -o "$tmp/run"
	json "$tmp/run/run.json" '.result.workload == "lenet-mnist"'
	only run
}
case_run_modes() {
	for mask in 022 077; do
		code 0 sh -c "umask $mask; exec '$dse' search $lenet --no-plots -q -o '$tmp/run'"
		equal "$(stat -c %a "$tmp/run")" "$([ $mask = 022 ] && echo 755 || echo 700)"
	done
}
# What a killed search left goes with the next; what only looks like it, and what is in use, stays.
case_run_leftovers() {
	# shellcheck disable=SC2016
	fake_gnuplot 'kill -9 $PPID'
	code 137 faked "$dse" search $lenet -q -o "$tmp/run"
	equal "$(ls "$tmp" | grep -c '^run.partial-')" 1
	code 0 "$dse" search $lenet --no-plots -q -o "$tmp/run"
	only run
	code 137 faked "$dse" search $lenet -q -o "$tmp/run"
	echo mine >"$(echo "$tmp"/run.partial-*)/charts/notes"
	cp -r "$tmp/run" "$tmp/run.partial-backup"
	code 0 "$dse" search $lenet --no-plots -q -o "$tmp/run"
	must test -s "$tmp/run.partial-backup/run.json"
	equal "$(cat "$tmp"/run.partial-*/charts/notes)" mine
	rm -r "$tmp"/run.partial-*
	fake_gnuplot "'$dse' search -w alexnet-cifar10 --no-plots -q -o '$tmp/run' >'$tmp/out'; exit 1"
	code 4 faked "$dse" search $lenet -q -o "$tmp/run"
	json "$tmp/run/run.json" '.result.workload == "lenet-mnist"'
	only run
}
case_run_at_once() {
	for i in 1 2 3 4 5 6; do
		"$dse" search $lenet --no-plots -q -o "$tmp/run" >"$top/said" 2>>"$tmp/err" &
	done
	wait
	silent
	json "$tmp/run/run.json" '.result.workload == "lenet-mnist"'
	only run
}
case_empty_names() {
	for args in "search $lenet -o" "compare -o" "calibrate $lenet -o" "import tests/cli/nets/residual.prototxt -o"; do
		# shellcheck disable=SC2086
		code 2 "$dse" $args ''
		says "--output: an empty name"
	done
	for option in checkpoint points; do
		code 2 "$dse" search $lenet --exhaustive --$option ''
		says "--$option: an empty name"
	done
	code 2 "$dse" plot ''
	must test ! -s "$tmp/out"
}
case_checkpoint_onto_a_link() {
	mkdir "$tmp/far"
	ln -s far/state "$tmp/link"
	code 2 "$dse" search $lenet --grid pow2 --exhaustive --checkpoint "$tmp/link" -q
	says "'$tmp/link' is a link to what does not exist: it is left alone"
	code 0 "$dse" search $lenet --grid pow2 --exhaustive --checkpoint "$tmp/far/state" -q
	code 0 "$dse" search $lenet --grid pow2 --exhaustive --checkpoint "$tmp/link" -q
	equal "$(readlink "$tmp/link")" far/state
	equal "$(ls -A "$tmp/far")" state
	mkfifo "$tmp/pipe"
	code 2 "$dse" calibrate $lenet -o "$tmp/pipe"
	says "'$tmp/pipe' is not a file: it is left alone"
	only far link pipe
}
# What only some runs hold is no reason to keep an earlier one.
case_run_onto_a_run_with_more() {
	code 0 "$dse" search $lenet --pareto time_s,dsp --what-if -q -o "$tmp/run"
	for file in pareto.csv whatif.csv; do
		must test -s "$tmp/run/$file"
	done
	for chart in pareto what_if; do
		for ending in csv gp png svg; do
			must test -s "$tmp/run/charts/$chart.$ending"
		done
		must grep -q "](charts/$chart.png)" "$tmp/run/report.md"
	done
	code 0 "$dse" search $lenet --no-plots -q -o "$tmp/run"
	must test ! -e "$tmp/run/pareto.csv" -a ! -e "$tmp/run/whatif.csv" -a ! -e "$tmp/run/charts/pareto.csv"
	must sh -c "! grep -qi 'pareto\|what_if' '$tmp/run/report.md'"
}
# A file may grow to 1 KiB only: what a full disk does.
case_full_disk_run() {
	for before in nothing run; do
		[ $before = run ] && code 0 "$dse" search $lenet --no-plots -q -o "$tmp/run"
		code 4 sh -c "ulimit -f 2; exec '$dse' search $lenet --no-plots -q -o '$tmp/run'"
		says "cannot write '$tmp/run.partial-"
		says "File too large"
		only "$([ $before = run ] && echo run)"
	done
	json "$tmp/run/run.json" '.result.workload == "lenet-mnist"'
}
# What has no place is known before anything is searched.
# shellcheck disable=SC2086
case_output_known_first() {
	mkdir "$tmp/mine" "$tmp/closed"
	echo mine >"$tmp/mine/notes"
	code 0 "$dse" search $lenet --no-plots -q -o "$tmp/run"
	: >"$tmp/run/notes"
	: >"$tmp/file"
	chmod 755 "$tmp"
	chmod 555 "$tmp/closed"
	for args in "search $endless" "compare -w resnet50 --precision all -d aws-f1-vu9p,alveo-u250,alveo-u280"; do
		for at in "2 mine exists.and.is.not.a.run.folder" "2 run which.would.be.lost" "2 mine/. cannot.be.replaced" "2 mine/.. cannot.be.replaced" \
			"4 closed/a/b cannot.create.a.folder.in.'$tmp/closed'" "4 file/a cannot.create.a.folder.in.'$tmp/file'"; do
			set -- $at
			code "$1" as_user timeout 9 "$dse" $args -q -o "$tmp/$2"
			must grep -qe "$3" "$tmp/err"
			must test ! -s "$tmp/out"
		done
	done
	rm "$tmp/run/notes"
	for option in points checkpoint; do
		for below in '' /charts; do
			code 2 timeout 9 "$dse" search $endless -q -o "$tmp/run" --$option "$tmp/run$below/p.csv"
			says "--$option: '$tmp/run$below/p.csv' is in the folder of --output"
		done
	done
	mkdir "$tmp/run.stopped"
	echo mine >"$tmp/run.stopped/notes"
	code 2 timeout 9 "$dse" search $endless -q -o "$tmp/run"
	says "where it would go when it is stopped: '$tmp/run.stopped' exists and is not a run folder"
	rm -r "$tmp/run.stopped"
	chmod 755 "$tmp/closed"
	equal "$(cat "$tmp/mine/notes")" mine
	equal "$(ls -A "$tmp/closed")" ""
	only closed file mine run
}
case_compare_stopped() {
	code 130 timeout --preserve-status -s INT 1 "$dse" compare -q --no-plots -o "$tmp/run"
	says "stopped before all architectures were searched"
	must grep -q '^PARTIAL: stopped before all architectures were searched$' "$tmp/out"
	must grep -q '^systolic  aws-f1-vu9p' "$tmp/out"
	must_not grep -q '^streaming' "$tmp/out"
	only
}
case_compare_without_its_folder() {
	code 0 "$dse" compare $lenet --no-plots -q -o "$tmp/run"
	fake_gnuplot "echo mine >'$tmp/run/notes'; exit 1"
	code 2 faked "$dse" compare $lenet -o "$tmp/run"
	says "holds 'notes', which would be lost"
	must grep -q '^systolic' "$tmp/out"
	rm -r "$tmp"/run.partial-*
	only run
}
# Charts that fail are a failure whether remarks are shown or not; gnuplot that is not there is none.
case_charts_failed() {
	mkdir "$tmp/empty"
	for command in search compare; do
		for quiet in -q ''; do
			fake_gnuplot 'kill -9 $$'
			# shellcheck disable=SC2086
			code 4 faked "$dse" $command $lenet $quiet -o "$tmp/run"
			says "gnuplot failed on "
			json "$tmp/run/run.json" '.result | length > 0'
			must test -s "$tmp/out"
		done
		code 0 env PATH="$tmp/empty" "$dse" $command $lenet -o "$tmp/run"
		says "gnuplot is not installed: no charts"
		rm -r "$tmp/run"
	done
	fake_gnuplot 'exit 1'
	code 1 faked "$dse" search $lenet --deadline 1ns -o "$tmp/run"
	says "no board meets the deadline"
	says "gnuplot failed on "
	rm -r "$tmp/run"
	code 1 "$dse" compare $lenet --grid pow2 --set resources.dsp=1 --set resources.lut=1 -o "$tmp/run"
	says "no architecture fits any of the boards"
	must_not grep -q gnuplot "$tmp/err"
	only empty run
}
# A folder that may not be looked into does not make gnuplot one that is there.
case_charts_without_gnuplot() {
	mkdir "$tmp/closed" "$tmp/empty"
	chmod 777 "$tmp"
	chmod 700 "$tmp/closed"
	code 0 as_user env PATH="$tmp/closed:$tmp/empty" "$dse" search $lenet -o "$tmp/run"
	says "gnuplot is not installed: no charts"
	rm -r "$tmp/run"
}
# Nor does one whose charts were stopped replace a run that has them.
case_charts_stopped_beside() {
	code 0 "$dse" search $lenet -q -o "$tmp/run"
	cp -r "$tmp/run" "$top/before"
	fake_gnuplot "kill -TERM \$PPID; exec sleep 60"
	code 143 faked "$dse" search $lenet -o "$tmp/run"
	says "run written to $tmp/run.stopped"
	must diff -r "$top/before" "$tmp/run"
	json "$tmp/run.stopped/run.json" '.result.partial == false'
	rm -r "$top/before"
	only run run.stopped
}
# Only its like is replaced: neither the network that it reads nor what was edited since.
case_calibrate_onto() {
	cp workloads/lenet-mnist.yaml "$tmp/net.yaml"
	code 2 "$dse" calibrate -w "$tmp/net.yaml" -q -o "$tmp/net.yaml"
	says "'$tmp/net.yaml' exists and is not a file of measurements, or was edited: it is left alone; name another file"
	must cmp workloads/lenet-mnist.yaml "$tmp/net.yaml"
	: >"$tmp/host.yaml"
	code 0 "$dse" calibrate $lenet --layers conv -q -o "$tmp/host.yaml"
	code 0 "$dse" calibrate $lenet --layers conv -q -o "$tmp/host.yaml"
	sed -i 's/watts/Watts/' "$tmp/host.yaml"
	echo "# mine" >>"$tmp/host.yaml"
	cp "$tmp/host.yaml" "$top/host.yaml"
	code 2 "$dse" calibrate $lenet -q -o "$tmp/host.yaml"
	says "was edited"
	(cd "$tmp" && "$dse" calibrate $lenet --layers conv -q >/dev/null 2>err) && fail "$name" "the default name"
	must cmp "$top/host.yaml" "$tmp/host.yaml"
	sh -c "'$dse' calibrate $lenet -q -o /dev/stdout 2>'$tmp/err' | cat"
	says "'/dev/stdout' is not a file: it is left alone"
	only host.yaml net.yaml
}
case_calibrate_below_a_file() {
	: >"$tmp/file"
	code 4 "$dse" calibrate $lenet -o "$tmp/file/host.yaml"
	says "cannot create '$tmp/file/host.yaml'"
	only file
}
case_infeasible_leaves_nothing() {
	code 1 "$dse" search $lenet --set resources.dsp=4 -o "$tmp/run"
	says "no feasible kernel on 'aws-f1-vu9p'"
	says "the nearest, 1x1x16:fp32: needs 11 dsp, 3.2 usable"
	only
}

# ---- the run folder

case_run_folder() {
	code 0 "$dse" search -w alexnet-cifar10 -d aws-f1-vu9p,zcu102 --top 2 --kernels 2 --tile-k 16:64 \
		--set 'memory.bandwidth=20 Gbit/s' -o "$tmp/new/run"
	says "run written to $tmp/new/run, charts in its folder charts/"
	run=$tmp/new/run
	for file in $run_files; do
		must test -s "$run/$file"
	done
	equal "$(ls -A "$run" | tr '\n' ' ')" "boards.csv charts kernels.csv layers.csv report.md run.json selection.csv "
	equal "$(ls -A "$tmp/new")" run
	json "$run/run.json" '.program == "barista-dse"'
	equal "$(jq -r .version "$run/run.json")" "$("$dse" --version | cut -d' ' -f2)"
	json "$run/run.json" '.command | startswith("barista-dse search ") and contains("--workload alexnet-cifar10")
		and contains("--top 2") and contains("--tile-k 16:64") and contains("memory.bandwidth=20 Gbit/s")'
	for input in workload:workloads/alexnet-cifar10 device:devices/aws-f1-vu9p device:devices/zcu102 \
		precisions:devices/precisions/dsp48e2 baseline:devices/xeon-e5-2686v4; do
		file=${input#*:}.yaml
		sum=$(sha256sum "$file" | cut -d' ' -f1)
		json "$run/run.json" ".inputs | any(.role == \"${input%%:*}\" and .sha256 == \"$sum\" and
			.name == \"$(basename "$file" .yaml)\")"
	done
	must sh -c "'$dse' search -w alexnet-cifar10 -d aws-f1-vu9p,zcu102 --top 2 --tile-k 16:64 --set 'memory.bandwidth=20 Gbit/s' \
		--format csv | cmp - '$run/layers.csv'"
	for chart in $charts; do
		must test -s "$run/charts/$chart.csv"
		must test -s "$run/charts/$chart.gp"
		must grep -q "](charts/$chart.png)" "$run/report.md"
	done
}
# The command in run.json gives the same run again.
case_run_command_repeats() {
	code 0 "$dse" search -w alexnet-cifar10 --precision fp32,int8 --layers all --lowering batch --top 3 --kernels 2 \
		--tile-m 4:64 --grid all --tile-n 8:9 --set 'clock.kernel=200 MHz' --deadline '1.5 s' \
		--pareto time_s,dsp --what-if --no-plots -o "$tmp/one"
	command=$(jq -r .command "$tmp/one/run.json")
	code 0 sh -c "'$dse' ${command#barista-dse} --no-plots -o '$tmp/two'"
	must diff -r "$tmp/one" "$tmp/two"
}
case_run_command_repeats_import() {
	code 0 "$dse" search -w tests/cli/nets/train_val.prototxt --solver tests/cli/nets/solver.prototxt --input 3x32x32 \
		--batch 7 --phase test --lenient --lowering batch --grid pow2 --no-plots -q -o "$tmp/one"
	command=$(jq -r .command "$tmp/one/run.json")
	code 0 sh -c "'$dse' ${command#barista-dse} --no-plots -o '$tmp/two'"
	must diff -r "$tmp/one" "$tmp/two"
}
case_run_same_bytes() {
	code 0 "$dse" search $lenet -q -o "$tmp/one"
	silent
	cp "$tmp/out" "$top/first"
	code 0 "$dse" search $lenet -q -o "$tmp/two"
	must cmp "$top/first" "$tmp/out"
	must diff -r -x '*.png' -x '*.svg' "$tmp/one" "$tmp/two"
}
case_run_units_in_heads() {
	code 0 "$dse" search -w alexnet-cifar10 --kernels 2 --no-plots -o "$tmp/run"
	must grep -q '^board,layer,.*,ppw_op_per_s_w,time_s,rate_op_per_s,' "$tmp/run/layers.csv"
	must grep -q '^board,rank,.*,ppw_mean_op_per_s_w,ppw_total_op_per_s_w,time_s,.*,energy_j,power_w,' "$tmp/run/kernels.csv"
	must grep -q '^board,layer,best_ppw_op_per_s_w,' "$tmp/run/selection.csv"
	must grep -q '^board,.*,power_w,.*,fastest_time_s,' "$tmp/run/boards.csv"
	for file in "$tmp"/run/*.csv; do # the same number of fields in every line: no name here holds a comma
		must awk -F, 'NR == 1 { n = NF } NF != n { exit 1 }' "$file"
	done
	for file in "$tmp"/run/charts/*.csv; do
		must grep -q '\[.*\]' "$file"
	done
}
case_run_of_odd_names() {
	code 0 "$dse" search -w tests/cli/data/small-net.yaml -d tests/cli/data/small-board.yaml --layers all -q -o "$tmp/a run"
	silent
	must grep -q '^small-board,"first, layer",1,' "$tmp/a run/layers.csv"
	must grep -q '^small-board,"grouped ""two""",1,' "$tmp/a run/layers.csv"
	json "$tmp/a run/run.json" '.result.layers | map(.name) == ["first, layer", "grouped \"two\"", "up_é", "ip"]'
}
case_search_json() {
	code 0 "$dse" search -w alexnet-cifar10 --format json
	json "$tmp/out" '(.workload == "alexnet-cifar10") and (.device == "aws-f1-vu9p") and (.layers | length == 5)'
	json "$tmp/out" '.layers | all((.name | type == "string") and (.best | (.precision == "fp32") and
		([.tile_m, .tile_n, .tile_k, .ppw, .time_s] | all(type == "number" and . > 0))))'
	json "$tmp/out" '.single | (.precision == "fp32") and (.regret >= 0) and (.regret < 1) and
		([.tile_m, .tile_n, .tile_k, .ppw_mean, .ppw_total] | all(. > 0))'
	json "$tmp/out" '(.offload.ppw_mean >= .single.ppw_mean) and (.offload.layers | length == 5) and
		(.offload.layers | all((.name | type == "string") and (.on == "fpga" or .on == "cpu")))'
	json "$tmp/out" '. as $r | [.layers[].best.ppw] | add / length | (. - $r.per_layer_ppw_mean) / . | fabs < 1e-12'
}

# Of random networks, boards and deadlines: a board meets one when its fastest design does, its best design is then
# within it, and the board named has the fewest DSPs of those that do. The headline is of the first board.
case_deadline_consistent() {
	awk 'BEGIN {
		n = split("lenet-mnist alexnet-cifar10 resnet20-cifar10-b squeezenet-1.0 mobilenet-v1", net)
		b = split("aws-f1-vu9p alveo-u250 alveo-u50 zcu102 vc709 zc706 s10-mx2100 pac-d5005", board)
		o = split("ppw-mean ppw-total time energy edp", objective)
		for (x = 7; i < 200; i++) {
			for (k = 1; k <= 6; k++)
				r[k] = int((x = (x * 1103515245 + 12345) % 2147483648) / 65536)
			j = 1 + r[2] % b
			print net[1 + r[1] % n], board[j] "," board[1 + (j + r[3] % (b - 1)) % b], \
				10 ^ (0.5 + 3.5 * r[4] / 32768) " ms", objective[1 + r[5] % o]
		}
	}' >"$tmp/cases"
	equal "$(sort -u "$tmp/cases" | wc -l)" 200
	while read -r net boards ms unit objective; do
		"$dse" search -q -w "$net" -d "$boards" --grid pow2 --deadline "$ms $unit" --objective "$objective" --format json \
			>"$tmp/out" 2>"$tmp/err" </dev/null || must grep -q 'no board meets the deadline' "$tmp/err"
		json "$tmp/out" '. as $r | .deadline_s as $d | (.boards | length == 2)
			and (.boards | all(.meets_deadline == (.fastest.time_s <= $d) and .meets_deadline == (.single.time_s <= $d)))
			and (.single.time_s == .boards[0].single.time_s)
			and (.smallest_board == ([.boards[] | select(.meets_deadline)] | if . == [] then null else min_by(.board_dsp).device end))'
		jq '.smallest_board != null' "$tmp/out" >>"$tmp/met"
	done <"$tmp/cases"
	must test "$(grep -c true "$tmp/met")" -gt 50
	must test "$(grep -c false "$tmp/met")" -gt 20
}

# ---- charts

case_charts() {
	code 0 "$dse" search $lenet -q -o "$tmp/run"
	for chart in $charts; do
		must test -s "$tmp/run/charts/$chart.png"
		must test -s "$tmp/run/charts/$chart.svg"
		equal "$(head -c 4 "$tmp/run/charts/$chart.png" | tail -c 3)" PNG
		must grep -q '</svg>' "$tmp/run/charts/$chart.svg"
	done
	rm "$tmp/run/charts/layers.png"
	code 0 "$dse" plot "$tmp/run"
	silent
	must test -s "$tmp/run/charts/layers.png"
	while read -r file; do
		must test -s "$file"
	done <"$tmp/out"
	equal "$(wc -l <"$tmp/out")" 10
}
# One chart that fails takes no other picture along, old or new.
case_plot_bad_script() {
	code 0 "$dse" search $lenet -q -o "$tmp/run"
	cp "$tmp/run/charts/layers.png" "$top/layers.png"
	rm "$tmp/run/charts/roofline.svg"
	echo 'plot no such thing' >>"$tmp/run/charts/layers.gp"
	code 4 "$dse" plot "$tmp/run"
	equal "$(grep -cE "line [0-9]+: undefined variable: no\$" "$tmp/err")" 2
	must grep -qE '^barista-dse: gnuplot failed on layers.gp: .*line [0-9]+: undefined variable: no$' "$tmp/err"
	must cmp "$top/layers.png" "$tmp/run/charts/layers.png"
	must test -s "$tmp/run/charts/roofline.svg" -a -s "$tmp/run/charts/layers.svg"
	must sh -c "! grep -q layers '$tmp/out'"
	equal "$(wc -l <"$tmp/out")" 8
	echo 'plot nor this' >>"$tmp/run/charts/roofline.gp"
	code 4 "$dse" plot -q "$tmp/run"
	says "; gnuplot failed on roofline.gp: "
	equal "$(wc -l <"$tmp/err")" 1
	mkdir "$tmp/empty"
	code 4 env PATH="$tmp/empty" "$dse" plot "$tmp/run"
	says "gnuplot is not installed"
	: >"$tmp/empty/gnuplot"
	code 4 env PATH="$tmp/empty" "$dse" plot "$tmp/run"
	says "gnuplot cannot be started: no charts"
	equal "$(ls "$tmp/run/charts" | grep -cE 'png|svg')" 10
	equal "$(ls -A "$tmp/run" | grep -c '^[.]')" 0
}
# What is left of data is no chart: the picture stays as it was.
case_plot_cut_data() {
	code 0 "$dse" search $lenet -q -o "$tmp/run"
	cp -r "$tmp/run" "$top/before"
	: >"$tmp/run/charts/roofline.csv"
	truncate -s -9 "$tmp/run/charts/ppw_map.csv"
	sed -i '2s/,[^,]*$//' "$tmp/run/charts/layers.csv"
	code 3 "$dse" plot "$tmp/run"
	says "roofline.csv: the data are cut off: search again"
	says "ppw_map.csv: the data are cut off"
	says "layers.csv:2: not as many fields as line 1"
	equal "$(wc -l <"$tmp/out")" 4
	for chart in roofline ppw_map layers; do
		must cmp "$top/before/charts/$chart.png" "$tmp/run/charts/$chart.png"
	done
	cp "$top/before/charts/"*.csv "$tmp/run/charts"
	rm "$tmp/run/charts/roofline.csv"
	code 4 "$dse" plot -q "$tmp/run"
	says "cannot open 'roofline.csv'"
	rm -r "$top/before"
}
case_modes_of_charts() {
	chmod 755 "$tmp"
	code 0 "$dse" search $lenet --no-plots -q -o "$tmp/run"
	chmod 000 "$tmp/run/charts"
	code 4 as_user "$dse" plot "$tmp/run"
	says "cannot read '$tmp/run/charts/"
	says "Permission denied"
}
case_plot_interrupted() {
	code 0 "$dse" search $lenet -q -o "$tmp/run"
	cp -r "$tmp/run" "$top/before"
	fake_gnuplot "echo cut >layers.png; kill -9 \$PPID"
	code 137 faked "$dse" plot "$tmp/run"
	must diff -r -x '.drawing-*' "$top/before" "$tmp/run"
	equal "$(ls -A "$tmp/run" | grep -c '^.drawing-')" 1
	code 0 "$dse" plot "$tmp/run"
	equal "$(ls -A "$tmp/run" | grep -c '^.drawing-')" 0
	code 137 faked "$dse" plot "$tmp/run"
	code 0 "$dse" search $lenet --no-plots -q -o "$tmp/run"
	only run
	fake_gnuplot "kill -TERM \$PPID; exec sleep 60"
	code 143 faked "$dse" plot "$tmp/run"
	equal "$(ls -A "$tmp/run" | grep -c '^.drawing-')" 0
	rm -r "$top/before"
}
# Families with one design for all layers draw other charts, a front of three metrics has colours.
case_charts_of_families() {
	code 0 "$dse" search --family cluster -w lenet-mnist --boards 1:4 -q -o "$tmp/run"
	for chart in layer_times scaling; do must test -s "$tmp/run/charts/$chart.png"; done
	equal "$(wc -l <"$tmp/run/charts/scaling.csv")" 5
	code 0 "$dse" search --family streaming -w lenet-mnist --grid pow2 -q -o "$tmp/run"
	must test -s "$tmp/run/charts/layer_times.svg"
	equal "$(head -1 "$tmp/run/charts/layer_times.csv" | cut -d, -f1)" layer
	equal "$(wc -l <"$tmp/run/charts/layer_times.csv")" "$(($(wc -l <"$tmp/run/layers.csv")))"
	code 0 "$dse" search $lenet --tile-m 8 --tile-n 16 -q -o "$tmp/run"
	equal "$(sed 1d "$tmp/run/charts/ppw_by_kernel.csv" | cut -d, -f1)" 8x16
	code 0 "$dse" search --family layered $lenet --pareto ppw_mean,dsp,time_s -q -o "$tmp/run"
	must grep -q palette "$tmp/run/charts/pareto.gp"
	must test -s "$tmp/run/charts/pareto.png"
	only run
}
# A signal while charts are computed or drawn: what was found is written and printed, at once.
case_charts_stopped() {
	rich="-w resnet50 --vector 1:64 --outputs-m 1:64 --outputs-n 1:64 --replicas 1:16 --in-buffers 1:2 --out-buffers 1:2"
	case $dse in */build-*) rich="-w resnet50 --vector 1:8" ;; esac
	# shellcheck disable=SC2086
	"$dse" search $rich -o "$tmp/run" >"$top/printed" 2>"$tmp/err" &
	until ls "$tmp"/run.partial-*/charts >/dev/null 2>&1; do sleep 0.02; done
	kill -TERM $!
	rc=0
	wait $! || rc=$?
	equal $rc 143
	says "stopped before the data of all charts were there"
	only run
	json "$tmp/run/run.json" '.result.partial == false and .result.single.ppw_mean > 0'
	must grep -q 'the best of them proven' "$top/printed"
	equal "$(find "$tmp/run" -name '*.png' | wc -l)" 0
	fake_gnuplot "kill -TERM \$PPID; exec sleep 60"
	for command in search compare; do
		code 143 faked "$dse" $command $lenet -o "$tmp/$command"
		says "stopped before all charts were drawn"
		json "$tmp/$command/run.json" '.command | length > 0'
		must sh -c "ls '$tmp/$command/charts' | grep -q 'gp$'"
	done
	only compare run search
	fake_gnuplot "kill -TERM \$PPID; trap '' TERM; sleep 0.3; kill -TERM \$PPID; exec sleep 60"
	code 0 "$dse" plot "$tmp/search"
	cp -r "$tmp/search" "$top/before"
	faked "$dse" plot "$tmp/search" >/dev/null 2>&1 || equal $? 143
	must diff -r -x '.drawing-*' "$top/before" "$tmp/search"
	rm -r "$top/before" "$top/printed"
}
# A script finds what it would find in charts/, and leaves there what else it makes.
case_plot_own_script() {
	code 0 "$dse" search $lenet -q -o "$tmp/run"
	cat >"$tmp/run/charts/layers.gp" <<-'GP'
		set print 'extra.txt'
		print system("head -c 5 layers.csv; head -c 5 ../layers.csv")
		set terminal svg
		set output 'layers.svg'
		plot x
	GP
	rm "$tmp/run/charts/layers.png"
	for again in 1 2; do
		code 0 "$dse" plot "$tmp/run"
		equal "$(cat "$tmp/run/charts/extra.txt")" layerboard
	done
	must grep -qxF "$tmp/run/charts/layers.svg" "$tmp/out"
	equal "$(grep -c layers "$tmp/out")" 1
	: >"$tmp/run/charts/layers.gp"
	code 4 "$dse" plot "$tmp/run"
	says "gnuplot made no picture from layers.gp"
}
# gnuplot ends well when the disk is full: only its pictures tell. `ulimit` stands for such a disk.
case_charts_cut_short() {
	fake_gnuplot "case \$1 in layers.gp) trap '' XFSZ; ulimit -f 8 ;; esac; exec '$gnuplot' \$1 2>'$tmp/words'"
	code 4 faked "$dse" search $lenet -o "$tmp/run"
	says "run written to $tmp/run"
	must grep -qE "layers\.(gp|png|svg)" "$tmp/err"
	absent "$tmp/run/charts/layers.png"
	absent "$tmp/run/charts/layers.svg"
	must test -s "$tmp/run/charts/roofline.png"
	must grep -q '](charts/roofline.png)' "$tmp/run/report.md"
	must sh -c "! grep -q 'charts/layers.png' '$tmp/run/report.md'"
	for cut in png svg; do
		fake_gnuplot "'$gnuplot' \$1; [ \$1 != layers.gp ] || truncate -s -9 layers.$cut"
		code 4 faked "$dse" search $lenet -o "$tmp/run"
		says "gnuplot left 'layers.$cut' unfinished: is the disk full?"
		absent "$tmp/run/charts/layers.$cut"
		code 4 faked "$dse" plot "$tmp/run"
		says "gnuplot left 'layers.$cut' unfinished: is the disk full?"
		equal "$(wc -l <"$tmp/out")" 8
	done
	code 0 "$dse" plot "$tmp/run"
	equal "$(wc -l <"$tmp/out")" 10
}
case_no_plots() {
	code 0 "$dse" search $lenet --no-plots -o "$tmp/run"
	says "run written to $tmp/run"
	must sh -c "! ls '$tmp/run/charts' | grep -qE 'png|svg'"
	must sh -c "! grep -q 'png' '$tmp/run/report.md'"
	code 0 "$dse" compare --no-plots -q -o "$tmp/compared"
	must sh -c "! grep -q 'png' '$tmp/compared/report.md'"
}
case_no_gnuplot() {
	mkdir "$tmp/empty"
	code 0 env PATH="$tmp/empty" "$dse" search $lenet -o "$tmp/run"
	says "gnuplot is not installed"
	says "run written to $tmp/run"
	must test -s "$tmp/run/run.json"
	must test -s "$tmp/out"
	must sh -c "! grep -q 'png' '$tmp/run/report.md'"
	code 0 env PATH="$tmp/empty" "$dse" search $lenet -q -o "$tmp/run"
	silent
	code 4 env PATH="$tmp/empty" "$dse" plot "$tmp/run"
	says "gnuplot is not installed"
}

# ---- the terminal

case_no_escapes_in_a_pipe() {
	for args in "list devices" "show lenet-mnist" "eval $lenet" "search $lenet"; do
		# shellcheck disable=SC2086
		code 0 "$dse" $args
		must sh -c "! grep -q '$(printf '\033')' '$tmp/out' '$tmp/err'"
	done
}
case_terminal() {
	for args in "list precisions" "search $lenet"; do
		must sh -c "TERM=xterm script -qec \"'$dse' $args\" /dev/null </dev/null | grep -q '$(printf '\033')\[1m'"
		must sh -c "! NO_COLOR=1 TERM=xterm script -qec \"'$dse' $args\" /dev/null </dev/null | grep -q '$(printf '\033')'"
		must sh -c "! TERM=dumb script -qec \"'$dse' $args\" /dev/null </dev/null | grep -q '$(printf '\033')'"
	done
}
case_quiet() {
	code 0 "$dse" search $lenet -q --no-plots -o "$tmp/run"
	silent
	must test -s "$tmp/out"
	code 2 "$dse" search -q --top 0
	must test -s "$tmp/err"
}

# ---- the host: figures of this machine, so only their shape is looked at

case_calibrate() {
	code 0 "$dse" calibrate $lenet --layers conv --cpu xeon-gold-6148 -o "$tmp/host.yaml"
	says "written to $tmp/host.yaml, for use with -H"
	must grep -q 'interval' "$tmp/out"
	must grep -q '150 W, assumed: power of xeon-gold-6148: given with --cpu' "$tmp/out"
	only host.yaml
	code 0 "$dse" show "$tmp/host.yaml" --format json
	json "$tmp/out" 'any(.key == "host.tile_time" and .unit == "s" and .si_value > 0 and .status == "measured")'
	json "$tmp/out" 'any(.key == "memory.bandwidth" and .unit == "bit/s") and any(.key == "power.total" and .si_value == 150)'
	json "$tmp/out" '[.[] | select(.key | startswith("gemm."))] | length == 5'
	tau=$("$dse" show "$tmp/host.yaml" --format csv | awk -F, '$1 == "host.tile_time" { print $4 }')
	code 0 "$dse" search $lenet -H "$tmp/host.yaml" --no-plots -q -o "$tmp/run"
	json "$tmp/run/run.json" '.inputs | any(.role == "host" and .name == "this-host")'
	json "$tmp/run/run.json" '.result.offload | .baseline == "this-host" and
		(.layers | all((.baseline_from | startswith("measured")) and .baseline_ppw > 0))'
	cp "$tmp/run/layers.csv" "$top/with-host"
	must sh -c "'$dse' search $lenet --set 'host.tile_time=$tau s' --format csv | cmp - '$top/with-host'"
}
case_host_checksum() {
	code 0 "$dse" calibrate $lenet --layers conv -q -o "$tmp/host.yaml"
	sed '/tile_time: /s/value: [0-9]/&5/' "$tmp/host.yaml" >"$tmp/damaged.yaml"
	code 3 "$dse" search $lenet -H "$tmp/damaged.yaml" -q
	says "damaged.yaml:1:1: the checksum is not that of what follows"
	head -c 900 "$tmp/host.yaml" >"$tmp/cut.yaml"
	code 3 "$dse" search $lenet -H "$tmp/cut.yaml" -q
	sed 1d "$tmp/damaged.yaml" >"$tmp/edited.yaml"
	code 0 "$dse" search $lenet -H "$tmp/edited.yaml" -q
}
# Nothing numeric is started by commands that need none of it: its threads would not fit.
case_list_in_little_memory() {
	limit=$(case $dse in *build-address*) echo unlimited ;; *) echo 60000 ;; esac)
	code 0 sh -c "ulimit -v $limit; OPENBLAS_NUM_THREADS=64 timeout 20 '$dse' list precisions --format csv"
	must test "$(wc -l <"$tmp/out")" -gt 5
}
# Another process has the older run for longer than a search waits: the new one stays beside it.
case_run_in_use() {
	code 0 "$dse" search $lenet --no-plots -q -o "$tmp/run"
	flock "$tmp/run" sleep 8 &
	sleep 0.2
	code 4 "$dse" search $lenet --no-plots -q -o "$tmp/run"
	says "another process is using it"
	says "the new run is in '$tmp/run.partial-"
	must grep -q "^build " "$tmp/out"
	kill $! && wait $!
	json "$tmp"/run.partial-*/run.json '.result.single.ppw_mean > 0'
	rm -r "$tmp"/run.partial-*
	only run
}
# What is found under the name of OpenBLAS is no library, or another one.
case_blas_missing() {
	echo text >"$tmp/libopenblas.so.0"
	code 4 env LD_LIBRARY_PATH="$tmp" "$dse" calibrate $lenet -o "$tmp/host.yaml"
	says "cannot load OpenBLAS"
	says "install the package libopenblas0"
	cp "$(ldd "$dse" | awk '/libyaml/ { print $3 }')" "$tmp/libopenblas.so.0"
	code 4 env LD_LIBRARY_PATH="$tmp" "$dse" verify $lenet
	says "cblas_dgemm"
	only libopenblas.so.0
}
case_calibrate_bad_cpu() {
	code 3 "$dse" calibrate $lenet --cpu zcu102 -o "$tmp/host.yaml"
	says "the kind is 'fpga', expected 'cpu' or 'gpu'"
	only
}
case_calibrate_interrupted() {
	code 124 timeout -s INT 0.4 "$dse" calibrate $lenet -o "$tmp/host.yaml"
	only
}
# The times may be missed where this machine is busy: then, and only then, the exit code is 1.
case_verify() {
	"$dse" verify $lenet -k 8x8x16:fp32 --max-macs 3e6 --format json >"$tmp/out" 2>"$tmp/err"
	status=$?
	json "$tmp/out" '(.gemms_run > 0) and (.count_failures == 0) and (.result_failures == 0)'
	json "$tmp/out" '.gemms | (length > 0) and all(.counts == "equal" and .tile_pairs == .model and
		.padded_MACs == .model_MACs and .memory_bytes == .model_bytes)'
	json "$tmp/out" '.precisions | map(.precision) ==
		["fp32", "fp16", "bf16", "int16", "int8", "int8-packed", "int4-packed"]'
	json "$tmp/out" '.precisions | all((.differing_integers // 0) == 0 and (.["max_error_/_bound"] // 0) <= 1)'
	json "$tmp/out" '.cpu_as_device | (.median_error | type == "number") and (.spearman | type == "number")'
	missed=$(jq '.cpu_as_device | if .median_error > 0.12 or .spearman < 0.95 then 1 else 0 end' "$tmp/out")
	equal "$status" "$missed"
	[ "$missed" = 0 ] || says "verification failed: on this CPU the equations miss by"
}

# ---- names are text, wherever they go

hostile_names() {
	sed -e "s/^title:.*/title: '$1'/" -e "s/^name:.*/name: '$2'/" "tests/cli/data/small-net.yaml" >"$tmp/net.yaml"
	sed -e "s/^title:.*/title: '$1'/" -e "s/^name:.*/name: '$2'/" "tests/cli/data/small-board.yaml" >"$tmp/board.yaml"
	sed -i "s/'first, layer'/'$2'/" "$tmp/net.yaml"
	cp tests/cli/data/few-precisions.yaml "$tmp"
}
case_names_in_markdown() {
	hostile_names '<img src=x onerror=a> [l](http:\/\/x) *b* `c` www.x.y a@b' 'a|b<i>_c_](d)'
	code 0 "$dse" search -w "$tmp/net.yaml" -d "$tmp/board.yaml" -q --no-plots -o "$tmp/run"
	must grep -qF '# \<img src=x onerror=a> [l]\(http:\//x) \*b\* \`c\` www\.x.y a\@b' "$tmp/run/report.md"
	must_not grep -qE '(^|[^\])(<|\]\(http|://|www[.]|@)' "$tmp/run/report.md"
	must grep -qF '| a\|b\<i>\_c\_]\(d) |' "$tmp/run/report.md"
}
case_names_in_csv() {
	for first in = + - @; do
		hostile_names "${first}1+1" "${first}cmd"
		code 0 "$dse" search -w "$tmp/net.yaml" -d "$tmp/board.yaml" -q --format csv
		must grep -qF "\"'${first}cmd\",\"'${first}cmd\",1," "$tmp/out"
		code 0 "$dse" search -w "$tmp/net.yaml" -d "$tmp/board.yaml" -q --grid pow2 --exhaustive --points "$tmp/p.csv"
		must grep -qF "\"'${first}cmd\"," "$tmp/p.csv"
		must_not grep -qE '(^|,)"?[=+@-][^,0-9]' "$tmp/p.csv"
		rm "$tmp/p.csv"
	done
}
case_names_in_sql() {
	hostile_names title name
	sed -i "s/^name:.*/name: \"b'); drop table points; --\"/" "$tmp/board.yaml"
	code 0 "$dse" search -w "$tmp/net.yaml" -d "$tmp/board.yaml" -q --grid pow2 --exhaustive --points "$tmp/p.sqlite"
	equal "$(sqlite3 "$tmp/p.sqlite" "select distinct board from points")" "b'); drop table points; --"
}
# Control characters, those of two bytes too, do not reach the terminal: in a file, its name or an argument.
case_names_on_the_terminal() {
	escape=$(printf '\302\233')
	printf 'kind: workload\nname: %s2J\n' "$escape" >"$tmp/net.yaml"
	code 3 "$dse" show "$tmp/net.yaml"
	must_not grep -q "$escape" "$tmp/err"
	code 3 "$dse" show "$tmp/no${escape}2J.yaml"
	must_not grep -q "$escape" "$tmp/err"
	code 3 "$dse" search -w "x$escape$(printf '\033')[2J"
	must_not grep -q "$escape\|$(printf '\033')" "$tmp/err"
	code 0 "$dse" search -w tests/cli/data/small-net.yaml -d tests/cli/data/small-board.yaml -o "$tmp/r$escape" --no-plots
	must_not grep -q "$escape" "$tmp/err"
}
