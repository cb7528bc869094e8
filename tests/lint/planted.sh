#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# planted.sh OBJECTS: layers.sh must find what is planted: an include and a call from below, a family
# that knows another, a circle of files and one of includes.
objects=$1
tmp=$(mktemp -d) || exit 4
trap 'rm -rf "$tmp"' EXIT
passed=0 failed=0

# plant NAME EXPECTED FILE TEXT [FILE TEXT]: copies by links, adds the files, compiles the C ones.
plant() {
	name=$1 expected=$2
	shift 2
	rm -rf "$tmp/src" "$tmp/obj"
	cp -rs "$PWD/src" "$tmp/src"
	cp -rs "$(cd "$objects" && pwd)" "$tmp/obj"
	while [ $# -gt 1 ]; do
		printf '%b' "$2" > "$tmp/src/$1"
		case $1 in
		*.c) cc -std=c11 -Iinclude -I"$tmp/src" -c -o "$tmp/obj/${1%.c}.o" "$tmp/src/$1" || exit 4 ;;
		esac
		shift 2
	done
	if sh tests/lint/layers.sh "$tmp/src" "$tmp/obj" > "$tmp/out"; then
		echo "planted $name: not found"
		failed=$((failed + 1))
	elif ! grep -q "$expected" "$tmp/out"; then
		echo "planted $name: found something else:"
		cat "$tmp/out"
		failed=$((failed + 1))
	else
		passed=$((passed + 1))
	fi
}

plant "backward include" "base/planted.h may not include search/space.h" \
	base/planted.h '#include "search/space.h"\n'
plant "backward symbol" "base/planted.o may not call search/.*barista_search_free" \
	base/planted.c 'void barista_search_free(void *);\nvoid barista_planted(void);\nvoid barista_planted(void) { barista_search_free(0); }\n'
plant "include of another family" "families/cluster/planted.h may not include families/streaming/streaming.h" \
	families/cluster/planted.h '#include "families/streaming/streaming.h"\n'
plant "call of another family" "families/cluster/planted.o may not call families/systolic/.*barista_systolic" \
	families/cluster/planted.c 'extern char barista_systolic;\nchar *barista_planted(void);\nchar *barista_planted(void) { return &barista_systolic; }\n'
plant "circle of files" "circle of files: .*base/planted_.*base/planted_" \
	base/planted_a.c 'int barista_b(void);\nint barista_a(void);\nint barista_a(void) { return barista_b(); }\n' \
	base/planted_b.c 'int barista_a(void);\nint barista_b(void);\nint barista_b(void) { return barista_a(); }\n'
plant "circle of includes" "circle of includes: .*base/planted_" \
	base/planted_a.h '#include "base/planted_b.h"\n' \
	base/planted_b.h '#include "base/planted_a.h"\n'
echo "planted: $passed found, $failed not"
[ "$failed" = 0 ]
