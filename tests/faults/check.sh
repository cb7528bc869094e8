# SPDX-License-Identifier: GPL-3.0-or-later
# usage: sh tests/faults/check.sh PROGRAM FAULTS ALLOCATOR [OPTIONS]
# Makes the folder that the commands run in, and lets everything fail in it, by turns.
set -u
[ $# -ge 3 ] || { echo "usage: sh tests/faults/check.sh PROGRAM FAULTS ALLOCATOR [OPTIONS]" >&2; exit 2; }
absolute() { case $1 in /*) echo "$1" ;; *) echo "$PWD/$1" ;; esac; }
program=$(absolute "$1") faults=$(absolute "$2") allocator=$(absolute "$3")
shift 3
tmp=$(mktemp -d "${TMPDIR:-/tmp}/barista-faults.XXXXXX") || exit 4
trap 'rm -rf "$tmp"' EXIT
trap 'exit 2' HUP INT TERM
mkdir "$tmp/fixtures" "$tmp/scratch"
cp tests/cli/data/bursts.csv tests/cli/data/few-precisions.yaml "$tmp/fixtures"
cp tests/cli/data/small-net.yaml "$tmp/fixtures/net.yaml"
cp tests/cli/data/small-board.yaml "$tmp/fixtures/board.yaml"
cp tests/cli/nets/train_val.prototxt "$tmp/fixtures/net.prototxt"
cp tests/fuzz/corpus/onnx/residual.onnx "$tmp/fixtures"
(
	cd "$tmp/fixtures" || exit 4
	"$program" search -w net.yaml -d board.yaml -o run --no-plots --quiet >/dev/null || exit
	"$program" search -w net.yaml -d board.yaml -o drawn --quiet >/dev/null || exit
) || exit
"$faults" "$@" "$program" "$allocator" "$tmp/fixtures" "$tmp/scratch"
