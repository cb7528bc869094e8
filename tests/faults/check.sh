# SPDX-License-Identifier: GPL-3.0-or-later
# usage: sh tests/faults/check.sh PROGRAM FAULTS ALLOCATOR [OPTIONS]
# Makes the folder that the commands run in, and lets everything fail in it, by turns.
set -u
[ $# -ge 3 ] || { echo "usage: sh tests/faults/check.sh PROGRAM FAULTS ALLOCATOR [OPTIONS]" >&2; exit 2; }
absolute() { case $1 in /*) echo "$1" ;; *) echo "$PWD/$1" ;; esac; }
program=$(absolute "$1") faults=$(absolute "$2") allocator=$(absolute "$3")
shift 3
# In memory, where the system has such a folder: there are many thousands of small files.
[ -n "${TMPDIR-}" ] || [ ! -w /dev/shm ] || TMPDIR=/dev/shm
tmp=$(mktemp -d "${TMPDIR:-/tmp}/barista-faults.XXXXXX") || exit 4
trap 'rm -rf "$tmp"' EXIT
trap 'exit 2' HUP INT TERM
mkdir "$tmp/scratch" "$tmp/fixtures" "$tmp/fixtures/all" "$tmp/fixtures/replace" "$tmp/fixtures/plot" "$tmp/fixtures/resume"
all=$tmp/fixtures/all
cp tests/cli/data/bursts.csv tests/cli/data/few-precisions.yaml "$all"
cp tests/cli/data/small-net.yaml "$all/net.yaml"
cp tests/cli/data/small-board.yaml "$all/board.yaml"
cp tests/cli/nets/train_val.prototxt "$all/net.prototxt"
cp tests/fuzz/corpus/onnx/residual.onnx "$all"
# Four architectures on anything larger take seconds.
cat >"$all/tiny.yaml" <<'NET'
kind: workload
name: tiny
title: one layer
source: written for this test
status: assumed
batch: 2
input: [2, 4, 4]
layers:
  - {name: conv, type: conv, in: [2, 4, 4], out: 2, kernel: [3, 3], pad: [1, 1], input_gradient: false}
NET
(
	cd "$all" || exit 4
	"$program" search -w net.yaml -d board.yaml -o ../replace/run --no-plots --quiet >/dev/null || exit
	"$program" search -w net.yaml -d board.yaml --exhaustive --threads 1 --checkpoint ../resume/state --quiet >/dev/null ||
		exit
	"$program" search -w net.yaml -d board.yaml -o ../plot/drawn --quiet >/dev/null || exit
	cd ../plot/drawn/charts && rm -f stage* roofline* ppw*
) || exit
"$faults" "$@" "$program" "$allocator" "$tmp/fixtures" "$tmp/scratch"
