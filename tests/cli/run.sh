# SPDX-License-Identifier: GPL-3.0-or-later
# usage: [UPDATE=1] sh tests/cli/run.sh PROGRAM
#
# Tests of the program as its user sees it; run from the project's root.
#   cases      commands, their exit codes and what they print (golden/NAME)
#   bad/       one broken file per diagnostic (golden/bad-NAME)
#   checks.sh  what a golden file cannot hold: run folders, full disks, terminals
#   sweep.sh   exhaustive searches: stopped, killed and resumed, files of points
# UPDATE=1 writes the golden files anew: read the difference before committing it.
set -u
[ $# = 1 ] || { echo "usage: sh tests/cli/run.sh PROGRAM" >&2; exit 2; }
here=tests/cli
root=$(pwd -P)
dse=$(cd "$(dirname "$1")" && pwd -P)/$(basename "$1")
top=$(mktemp -d "${TMPDIR:-/tmp}/barista-cli.XXXXXX") || exit 2
trap 'rm -rf "$top"' EXIT
trap 'exit 2' HUP INT TERM
export LC_ALL=C OPENBLAS_NUM_THREADS=1 TERM=xterm
unset NO_COLOR
passed=0 failed=0

# A fresh folder for the next case.
fresh() {
	tmp=$top/case
	rm -rf "$tmp" && mkdir "$tmp"
}

pass() { passed=$((passed + 1)); }
fail() { # NAME TEXT
	failed=$((failed + 1))
	echo "FAIL $1: $2"
}

# ONNX models are kept as text.
nets=$top/nets
mkdir "$nets"
for file in $here/nets/*.onnx.txt; do
	protoc --encode=barista.onnx.ModelProto --proto_path=src import/onnx/onnx.proto <"$file" \
		>"$nets/$(basename "$file" .txt)" || exit 2
done

# Paths of this machine do not belong in golden files.
neutral() { sed -e "s|$tmp|TMP|g" -e "s|$nets|NETS|g" -e "s|$root/||g" "$1"; }

golden() { # NAME CODE COMMAND
	fresh
	eval "$3" >"$top/out" 2>"$top/err" </dev/null
	code=$?
	neutral "$top/out" >"$top/got"
	if [ -s "$top/err" ]; then
		echo '--- stderr' >>"$top/got"
		neutral "$top/err" >>"$top/got"
	fi
	if [ "$code" != "$2" ]; then
		fail "$1" "exit code $code, expected $2: $3"
		cat "$top/got"
	elif [ "${UPDATE:-}" = 1 ]; then
		cp "$top/got" "$here/golden/$1" && pass
	elif ! diff -u "$here/golden/$1" "$top/got" >"$top/diff" 2>&1; then
		fail "$1" "$3"
		cat "$top/diff"
	else
		pass
	fi
	echo "$1" >>"$top/names"
}

trim() { echo "$1" | sed 's/^ *//; s/ *$//'; }

while IFS='|' read -r name code command; do
	case $name in '#'* | '') continue ;; esac
	golden "$(trim "$name")" "$(trim "$code")" "${command# }"
done <$here/cases

# Each is shown, or used as its first or second line says: `# run: COMMAND`. Code 2 where an option could help.
for file in $here/bad/*.yaml $here/bad/*.prototxt $here/bad/*.caffemodel; do
	how=$(sed -n '1,2s/^# run: //p' "$file")
	name=$(basename "$file")
	case $name in caffe-size-missing.* | caffe-crop-larger.* | caffe-input-of-no-name.* | caffe-solver-twice.*) code=2 ;; *) code=3 ;; esac
	golden "bad-${name%.*}" $code "\$dse $(echo "${how:-show FILE}" | sed "s|FILE|$file|")"
done

for file in $here/golden/*; do
	name=$(basename "$file")
	if grep -qxF -e "$name" "$top/names"; then
		continue
	elif [ "${UPDATE:-}" = 1 ]; then
		rm "$file"
	else
		fail "$name" "a golden file without a case"
	fi
done

. ./$here/checks.sh
. ./$here/sweep.sh
run_cases $here/checks.sh
run_cases $here/sweep.sh

echo "$passed passed, $failed failed"
[ $failed = 0 ]
