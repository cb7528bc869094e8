#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# symbols.sh STATIC SHARED: what the library shows, and what it must not use.
bad=0
# Names that a compiler adds begin with __.
nm -g --defined-only "$1" | awk 'NF == 3 && $3 !~ /^(barista_|__)/ {
	print "unprefixed symbol:", $3; bad = 1 } END { exit bad }' || bad=1
nm -D --defined-only "$2" | awk '$3 !~ /^(barista_|__|_init$|_fini$)/ {
	print "the shared library shows", $3; bad = 1 } END { exit bad }' || bad=1
nm -u "$1" | awk '$2 ~ /^(printf|puts|putchar|exit|abort|stdout|stderr|fork|system|popen|posix_spawnp?|MPI_.*)$/ {
	print "the library must not use", $2; bad = 1 } END { exit bad }' || bad=1
# What the library says names no option as one command line spells it.
! grep -nE '"[^"]*--[a-z]' $(find src/base src/io src/network src/import src/model src/families src/search -name '*.c') || {
	echo "the library must not name options of a command line"
	bad=1
}
# Only io/json.c adds to a document that is printed: it remembers what there was no memory for.
! grep -nE '\<json_(object_set_new|array_append_new|object_update|dumpf)\(' src/report/*.c src/report/*/*.c src/cli/*.c \
	src/io/table.c || {
	echo "add to JSON documents with barista_json_set() and barista_json_append()"
	bad=1
}
exit $bad
