# SPDX-License-Identifier: GPL-3.0-or-later
# Shared by run and check; here is tests/rtl. What is built stays below build-rtl.
set -e
root=$(cd "$here/../.." && pwd)
out=$root/build-rtl
set -u

# stale TARGET SOURCE...: the target is missing or older than a source
stale() {
	target=$1
	shift
	[ ! -e "$target" ] || [ -n "$(find "$@" -newer "$target")" ]
}

# What all builds link: the library, the model's side of the bench, Verilator's own code.
prepare() {
	command -v verilator > /dev/null || { echo "tests/rtl: verilator is not installed" >&2; exit 4; }
	mkdir -p "$out/rtl"
	exec 9> "$out/rtl/lock"
	flock 9
	make -s -C "$root" B=build-rtl build-rtl/program.a build-rtl/libbarista.a >&2
	verilated=$(verilator --getenv VERILATOR_ROOT)/include
	flags="-Wall -Wextra -isystem $verilated -isystem $verilated/vltstd -I$root/include -I$root/src -I$here"
	libs="$(pkg-config --libs yaml-0.1 gsl jansson libmd sqlite3 libprotobuf-c)"
	headers="$root/include/barista.h $root/src/measure/refgemm.h $root/src/measure/tile.h $here/golden.h"
	for part in verilated verilated_threads; do
		if stale "$out/rtl/$part.o" "$verilated/$part.cpp"; then
			c++ -O1 -w $flags -c -o "$out/rtl/$part.o" "$verilated/$part.cpp"
		fi
	done
	if stale "$out/rtl/golden.o" "$here/golden.c" $headers "$root/src/model/family.h"; then
		cc -O1 -std=c11 -D_POSIX_C_SOURCE=200809L $flags -c -o "$out/rtl/golden.o" "$here/golden.c"
	fi
	exec 9>&-
}

# verilate DIR: DIR/meshes.sv to DIR/meshes.o. Compiling takes longer than simulating: no
# optimisation, and calls for operations on wide words rather than their expansion.
verilate() {
	verilator --cc -O3 -fno-expand --Mdir "$1/cc" --top-module top "$1/meshes.sv" "$here"/*.sv > "$1/log" 2>&1 ||
		{ cat "$1/log" >&2; return 4; }
	(cd "$1/cc" && for f in V*.cpp; do echo "#include \"$f\""; done) > "$1/cc/all.cc"
	c++ -O0 -w $flags -I"$1/cc" -c -o "$1/meshes.o" "$1/cc/all.cc" || return
	rm "$1"/cc/*.cpp
}

# bench_for CASES: sets bench to the program that simulates the meshes of these cases. Meshes
# are cached by parameters and sources; the model is linked anew, as it may have changed.
bench_for() {
	awk -f "$here/meshes.awk" "$1" > "$1.sv"
	dir=$out/rtl/$(cat "$1.sv" "$here"/*.sv "$here/common.sh" | sha256sum | cut -c 1-20)
	part=$1.new
	if [ ! -e "$dir/meshes.o" ]; then
		mkdir -p "$part"
		mv "$1.sv" "$part/meshes.sv"
		verilate "$part" || return
		mv -T "$part" "$dir" 2> /dev/null || : # or another run was first
	fi
	if stale "$dir/bench.o" "$here/bench.cpp" $headers; then
		c++ -O1 $flags -isystem "$dir/cc" -c -o "$1.o" "$here/bench.cpp" || return
		mv "$1.o" "$dir/bench.o"
	fi
	bench=$1.bench
	c++ -o "$bench" "$dir/bench.o" "$dir/meshes.o" "$out/rtl/verilated.o" "$out/rtl/verilated_threads.o" \
		"$out/rtl/golden.o" "$out/program.a" "$out/libbarista.a" $libs -lm -lpthread
}
