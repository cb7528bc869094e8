#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# install.sh MAKE BUILD_FOLDER [sanitized]: installs into an empty folder. The program must find its
# data there, and when that is gone in the sources it was built from; programs of a user's own, in C
# and C++, must build with pkg-config against the shared and the static library, and run; uninstalling
# must leave nothing.
set -eu
make=$1 build=$2 sanitized=${3:-}
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
passed=0
pass() { passed=$((passed + 1)); }
fail() { echo "install: $1"; exit 1; }

$make --no-print-directory -s install B="$build" PREFIX="$dir/usr" DESTDIR= > /dev/null
(cd / && "$dir/usr/bin/barista-dse" search -q --format json) |
	jq -e '.single.ppw_mean > 0' > /dev/null || fail "the program does not find its data"
pass
[ -s "$dir/usr/share/man/man1/barista-dse.1" ] || fail "no man page"
pass

cp "$dir/usr/bin/barista-dse" "$dir/alone"

lib=$dir/usr/lib
export PKG_CONFIG_PATH="$lib/pkgconfig"
flags=$(pkg-config --cflags --libs barista)
[ -z "$sanitized" ] || sanitize="-fsanitize=address,undefined"
warn="-Wall -Wextra -Wpedantic -Werror ${sanitize:-}"

# Of the shared library a user needs nothing but itself.
case $flags in *-lyaml* | *-lgsl* | *-lopenblas* | *-lsqlite3*) fail "--libs names what is private: $flags" ;; esac
# shellcheck disable=SC2086
cc -std=c11 $warn -o "$dir/c" tests/library/search.c $flags
# shellcheck disable=SC2086
cc -std=c11 $warn -c -o "$dir/toy.o" tests/toy/toy.c $flags
# shellcheck disable=SC2086
c++ -std=c++17 $warn -o "$dir/cpp" tests/library/search.cpp "$dir/toy.o" $flags -pthread
best=$("$dir/usr/bin/barista-dse" search -q -w resnet20-cifar10-a -d aws-f1-vu9p --format json | jq -r .single.kernel)
LD_LIBRARY_PATH=$lib "$dir/c" > "$dir/out" || fail "the C program failed"
grep -q "^$best: " "$dir/out" || fail "the C program does not find $best"
[ "$(wc -l < "$dir/out")" = 5 ] || fail "the C program does not print five kernels"
pass
LD_LIBRARY_PATH=$lib "$dir/cpp" > "$dir/out2" || fail "two threads do not find what one does"
[ "$(wc -l < "$dir/out2")" = 6 ] || fail "the C++ program does not print six kernels"
pass
objdump -p "$lib/libbarista.so" | grep -q 'SONAME *libbarista\.so\.0$' || fail "the soname is not libbarista.so.0"
for tool in openblas sqlite mpi gnuplot; do
	! objdump -p "$lib/libbarista.so" | grep -q "NEEDED.*$tool" || fail "the library needs $tool"
done
pass

# The lines that the README shows, as they are: what they build needs the shared library, or not.
cp tests/library/search.c "$dir"
sed -n 's/^    cc search\.c //p' README.md > "$dir/lines"
[ "$(wc -l < "$dir/lines")" = 2 ] || fail "the README does not show how to build with either library"
for kind in shared static; do
	line=$(sed -n "$([ $kind = shared ] && echo 1 || echo 2)p" "$dir/lines")
	(cd "$dir" && eval "cc -std=c11 $warn -o $kind search.c $line") || fail "README: cc search.c $line"
	needs=$(objdump -p "$dir/$kind" | grep -c 'NEEDED.*libbarista' || true)
	[ "$kind $needs" = "shared 1" ] || [ "$kind $needs" = "static 0" ] ||
		fail "the $kind program needs $needs shared libraries of the project"
	LD_LIBRARY_PATH=$lib "$dir/$kind" > "$dir/out3" || fail "the C program with the $kind library failed"
	cmp -s "$dir/out" "$dir/out3" || fail "the $kind library finds something else"
	pass
done

$make --no-print-directory -s uninstall B="$build" PREFIX="$dir/usr" DESTDIR= > /dev/null
[ -z "$(find "$dir/usr" ! -type d)" ] || fail "uninstall leaves $(find "$dir/usr" ! -type d | head -3)"
pass
(cd / && "$dir/alone" list devices) | grep -q '^aws-f1-vu9p ' || fail "a program by itself does not find the sources' data"
pass
echo "$passed passed, 0 failed"
