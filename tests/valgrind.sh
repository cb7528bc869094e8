# SPDX-License-Identifier: GPL-3.0-or-later
# usage: sh tests/valgrind.sh PROGRAM
# Commands under valgrind: no leak, no invalid access, and their usual exit codes.
set -u
[ $# = 1 ] || { echo "usage: sh tests/valgrind.sh PROGRAM" >&2; exit 2; }
command -v valgrind >/dev/null || { echo "valgrind is not installed (install the package valgrind)" >&2; exit 4; }
tmp=$(mktemp -d "${TMPDIR:-/tmp}/barista-valgrind.XXXXXX") || exit 4
trap 'rm -rf "$tmp"' EXIT
trap 'exit 2' HUP INT TERM
export OPENBLAS_NUM_THREADS=1
bad=0

run() { # CODE ARGUMENTS...
	want=$1
	shift
	echo "valgrind: barista-dse $*"
	valgrind --quiet --error-exitcode=99 --leak-check=full --show-leak-kinds=definite,possible \
		--errors-for-leak-kinds=definite "$program" "$@" >"$tmp/out" 2>"$tmp/err" </dev/null
	got=$?
	[ $got = "$want" ] && return
	bad=$((bad + 1))
	echo "exit code $got, expected $want"
	cat "$tmp/err"
}

program=$1
sweep="-w lenet-mnist --grid pow2 --tile-m 1:8 --tile-n 1:8 --tile-k 16:32"
small="-w tests/cli/data/small-net.yaml -d tests/cli/data/small-board.yaml"
run 0 --help
run 0 list devices
run 0 list workloads --format json
run 0 show aws-f1-vu9p
run 0 show tests/cli/data/small-host.yaml --format csv
run 0 import tests/cli/nets/solver.prototxt --input 3x32x32
run 0 import tests/cli/nets/detector.prototxt
run 0 import tests/cli/nets/partly.prototxt --lenient
run 3 import tests/cli/nets/partly.prototxt
run 0 import tests/fuzz/corpus/onnx/residual.onnx --input 3x33x33 -o "$tmp/net.yaml"
run 3 import tests/fuzz/corpus/onnx/truncated.onnx
# shellcheck disable=SC2086
run 0 eval $small -k 4x4x16 --layers all --explain
run 1 eval -w lenet-mnist -k 128x128x64:fp32 --format json
run 0 search -w alexnet-cifar10 -d aws-f1-vu9p,zcu102 --top 2 --kernels 2 --precision fp32,int8 \
	--deadline '1 s' --no-plots -o "$tmp/run"
run 0 search -w alexnet-cifar10 --format json --no-plots -o "$tmp/run"
run 0 search -w lenet-mnist -d aws-f1-vu9p,kv260 --interval --vector 1:2 --outputs-m 1:2
run 0 eval -w lenet-mnist --interval --format json
run 0 search $sweep --exhaustive --threads 2
run 0 search $sweep --pareto time_s,dsp --what-if --format json
run 0 search $sweep --exhaustive --points "$tmp/p.csv"
run 0 search $sweep --exhaustive --points "$tmp/p.sqlite"
for again in 1 2; do
	run 0 search $sweep --exhaustive --threads 1 --checkpoint "$tmp/state"
done
run 2 search $sweep --exhaustive --threads 1 --top 2 --checkpoint "$tmp/state"
run 0 validate
run 1 validate tests/cli/data/small-measured.yaml
run 0 calibrate --bursts tests/cli/data/bursts.csv
run 1 search -w lenet-mnist --set resources.dsp=4
run 2 search --tile-m 8:1
for file in tests/cli/bad/device-source-unknown.yaml tests/cli/bad/too-deep.yaml tests/cli/bad/layer-twice.yaml; do
	run 3 show "$file"
done
run 4 search -w lenet-mnist -o "$tmp/run/run.json/below"
[ $bad = 0 ] && echo "valgrind: no errors"
