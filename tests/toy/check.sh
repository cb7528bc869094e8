#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# check.sh MAKE: does what the README's "To add ..." says, in a copy of the sources, and builds it: an
# architecture, a metric that ranks, an import format, an output format, a precision, a resource of
# boards.
# Counts the files that change outside of folders of their own.
set -eu
make=$1
here=tests/toy
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
fail() { echo "toy: $1"; exit 1; }
cp -r Makefile include src devices workloads "$dir"
[ ! -d tests ] || mkdir -p "$dir/tests"

# change WHAT FILE SED: one edit, which must change the file.
changed=
change() {
	cp "$dir/$2" "$dir/before"
	sed -i "$3" "$dir/$2"
	! cmp -s "$dir/before" "$dir/$2" || fail "$1: nothing to change in $2"
	changed="$changed $2"
}
# most N WHAT: at most N files were changed since the last time.
most() {
	n=$(echo "$changed" | tr ' ' '\n' | sort -u | grep -c .)
	[ "$n" -le "$1" ] || fail "$2 takes $n files:$changed"
	changed=
}

mkdir "$dir/src/families/toy"
cp $here/toy.c "$dir/src/families/toy"
change architecture src/families/registry.c \
	's/&barista_cluster, NULL/\&barista_cluster, \&barista_toy, NULL/; s/^\tbarista_cluster;/\tbarista_cluster, barista_toy;/'
most 1 "an architecture"

mkdir "$dir/src/import/toy"
cp $here/format.c "$dir/src/import/toy"
printf '#include "import/source.h"\n#include "import/graph.h"\nint barista_toy_read(struct barista_source *src, struct barista_graph *graph, struct barista_err *err);\n' \
	> "$dir/src/import/toy/toy.h"
change format src/import/format.c \
	's|^#include "import/onnx/onnx.h"|&\n#include "import/toy/toy.h"|; s|^\t{.name = NULL},|\t{.name = "toy", .title = "Toy", .ending = {".toy"}, .limit = 100, .text = true, .read = barista_toy_read},\n&|'
most 1 "an import format"

change metric include/barista.h \
	's|^\tBARISTA_NMETRICS|\tBARISTA_ED2P,\n&|; s|^\tBARISTA_NRANKINGS|\tBARISTA_RANK_ED2P,\n&|'
change metric src/model/quantities.c \
	's|^const struct barista_metric_def barista_metric_defs|static double ed2p(double t, double w, double ops) { (void)ops; return t * t * t * w; }\n&|; s|^\t\[BARISTA_PPW_TOTAL\]|\t[BARISTA_ED2P] = {"ed2p", "ed2p", "J s2", "energy times the square of delay", BARISTA_DIM_COUNT, -1, ed2p},\n&|'
change metric src/search/rankings.c \
	's|^const struct barista_ranking_def|static double by_ed2p(const struct barista_search *s, const struct barista_scored *c) { (void)s; return -c->metric[BARISTA_ED2P]; }\n&|'
change metric src/search/rankings.c \
	'/^const struct barista_ranking_def/,/^};/s|^};|\t[BARISTA_RANK_ED2P] = {.name = "energy times the square of delay", .score = by_ed2p},\n&|'
most 3 "a metric that ranks"

change "output format" src/report/format.h 's|^\tBARISTA_FORMATS_OF_FILES,|\tBARISTA_FORMAT_TOY,\n&|'
change "output format" src/report/format.c \
	's|^\t\[BARISTA_FORMAT_MARKDOWN\] =|\t[BARISTA_FORMAT_TOY] = {"toy", write_csv},\n&|'
most 2 "an output format"

change precision include/barista/family.h 's|^\tBARISTA_NPRECISIONS|\tBARISTA_INT2,\n\tBARISTA_NO_ROW,\n&|'
change precision src/model/precision.c \
	's|^\t\[BARISTA_INT8\] = |\t[BARISTA_INT2] = {.name = "int2", .bits = 2, .sum_bits = 32, .integer = true, .help = "toy"},\n&|'
most 2 "a precision"
for f in "$dir"/devices/precisions/*.yaml; do
	sed -i 's|^  int8:|  int2: {dsp_per_mac: {value: 0.25, source: toy, status: assumed}, latency: {value: 1 cycle, source: toy, status: assumed}, lut_per_pe: {value: 1, source: toy, status: assumed}, ff_per_pe: {value: 1, source: toy, status: assumed}}\n&|; s|^sources:|&\n  toy: a toy|' "$f"
done

change resource include/barista/family.h 's|^\tBARISTA_RES_FF,|&\n\tBARISTA_RES_URAM,|'
change resource include/barista.h 's|^\tBARISTA_NMETRICS|\tBARISTA_URAM,\n&|'
change resource src/model/quantities.c \
	's|^const struct barista_param_def barista_param_defs.*|&\n\t[BARISTA_RES_URAM] = {"resources.uram", BARISTA_DIM_COUNT, 0, 1e6, true, false, 0, DEFAULT, "UltraRAMs", 0},|; s|^\t\[BARISTA_PPW_TOTAL\]|\t[BARISTA_URAM] = {"uram", "uram", "", "UltraRAMs used", BARISTA_DIM_COUNT, -1, NULL},\n&|; s|^const struct barista_budget_def barista_budget_defs.*|&\n\t{BARISTA_URAM, BARISTA_RES_URAM, -1, false, "resources.uram"},|'
most 3 "a resource of boards"
$make --no-print-directory -s -C "$dir" CFLAGS='-O1 -g' B="$dir/build" -j2 "$dir/build/barista-dse" > /dev/null
dse=$dir/build/barista-dse
"$dse" list families | grep -q '^toy ' || fail "the architecture is not listed"
"$dse" search -q --family toy -w lenet-mnist --format json > "$dir/out" || fail "the architecture is not searched"
jq -e '.single.kernel == "64lanes" and .single.ed2p > 0' "$dir/out" > /dev/null || fail "the metric is not in the report"
cc -std=c11 -I"$dir/include" -o "$dir/ranking" $here/ranking.c "$dir/build/libbarista.a" \
	$(pkg-config --libs yaml-0.1 gsl jansson libmd libprotobuf-c) -lm -pthread
"$dir/ranking" "$dir" || fail "the ranking is not filled"
"$dse" eval --family toy -w lenet-mnist -k 9lanes --explain > "$dir/out" || fail "the architecture does not explain itself"
grep -q 'T  *= MACs / (lanes' "$dir/out" || fail "no formula of the architecture"
echo 'toy 4x100x10' > "$dir/net.toy"
"$dse" import "$dir/net.toy" > "$dir/out" || fail "the format is not imported"
grep -q 'format: .*toy' "$dir/out" || fail "the workload does not name its format"
"$dse" search -q -w "$dir/net.toy" --layers all --precision int2 --format json | jq -e '.single.precision == "int2"' > /dev/null ||
	fail "the precision is not searched"
"$dse" list precisions | grep -q '^int2 ' || fail "the precision is not listed"
code=0
"$dse" search -q -w "$dir/net.toy" --layers all --precision no-row > "$dir/out" 2>&1 || code=$?
[ $code = 2 ] && grep -q "unknown precision 'no-row'" "$dir/out" ||
	fail "a precision without its row is not unknown"
"$dse" list devices --format toy > "$dir/out" || fail "the output format is not known"
grep -q "^aws-f1-vu9p," "$dir/out" || fail "the output format does not write"
echo "toy: 6 things added, each in at most 3 files"
