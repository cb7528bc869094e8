# SPDX-License-Identifier: GPL-3.0-or-later
# Installs into an empty folder; the program must find its data there, and a program of a
# user's own must build with pkg-config.  sh tests/install.sh MAKE BUILD_FOLDER
set -eu
make=$1
build=$2
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
$make --no-print-directory -s install B="$build" PREFIX="$dir/usr" DESTDIR= > /dev/null
(cd / && "$dir/usr/bin/barista-dse" search -q --format json) | jq -e '.single.ppw_mean > 0' > /dev/null
cat > "$dir/user.c" << 'EOF'
#include <barista.h>
#include <stdio.h>

int main(int argc, char **argv)
{
	struct barista_workload *net;
	struct barista_err err;

	if (argc != 2 || barista_workload_load(&net, "lenet-mnist", argv[1], &err))
		return 1;
	printf("%zu\n", net->nlayers);
	barista_workload_free(net);
	return 0;
}
EOF
flags=$(PKG_CONFIG_PATH="$dir/usr/lib/pkgconfig" pkg-config --cflags --libs barista)
case $build in *address*) sanitize="-fsanitize=address,undefined" ;; *) sanitize= ;; esac
# shellcheck disable=SC2086
cc -std=c11 $sanitize -o "$dir/user" "$dir/user.c" $flags
[ "$("$dir/user" "$dir/usr/share/barista-dse")" = 4 ]
[ -s "$dir/usr/share/man/man1/barista-dse.1" ]
echo "1 passed, 0 failed"
