#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# layers.sh SRC OBJECTS: the order of the folders of SRC, whose objects lie under OBJECTS in folders of
# the same names. A file may include, and an object may call, only what stands in its own folder or in
# one that is listed for it; no family may know another; no files may form a circle, by calls or by
# includes. Prints every offence and fails when there is one.
src=$1 objects=$2
tmp=$(mktemp -d) || exit 4
trap 'rm -rf "$tmp"' EXIT

# folder: folders that it may use beside itself. families/* stands for each family.
cat > "$tmp/order" <<'ORDER'
base:
io: base
network: base io
model: base io network
import: base io network import/caffe import/onnx
import/caffe: base io network import
import/onnx: base io network import
families/*: base io network model
families: base network model families/systolic families/layered families/streaming families/cluster
search: base io network model
measure: base io network model families
report: base io network model search measure report/charts
report/charts: base io network model search report
cli: base io network model import families search measure report report/charts
ORDER

# Lines "user used", files without their ending, from the includes of all files.
(cd "$src" && find . -name '*.[ch]' | sed 's|^\./||' | sort) > "$tmp/files"
while read -r f; do
	sed -nE 's|^[[:space:]]*#[[:space:]]*include[[:space:]]*"([^"]*/[^"]*)".*|\1|p' "$src/$f" |
		grep -v '^barista/' | sed "s|^|$f |"
done < "$tmp/files" > "$tmp/includes"

# Lines "user used" of objects, by symbols: who calls a function or reads a table, and who has it.
# What an older build left behind, of files that are gone, does not count.
(cd "$objects" && find . -name '*.o' | sed 's|^\./||' | sort) | while read -r o; do
	case $o in *.pb-c.o) echo "$o" ;; *) [ ! -f "$src/${o%.o}.c" ] || echo "$o" ;; esac
done > "$tmp/objects"
(cd "$objects" && xargs nm -g -A < "$tmp/objects") > "$tmp/symbols" || exit 4
awk '{
	split($1, at, ":"); file = at[1]; name = $NF; kind = $(NF - 1)
	if (kind == "U") { user[++n] = file; used[n] = name }
	else if (kind !~ /^[wv]$/) home[name] = file
}
END {
	for (i = 1; i <= n; i++)
		if (used[i] in home && home[used[i]] != user[i])
			print user[i], home[used[i]], used[i]
}' "$tmp/symbols" | sort -u > "$tmp/calls"

# Is every use allowed?
cat > "$tmp/check.awk" <<'AWK'
function folder(path) { sub(/\/[^\/]*$/, "", path); return path }
BEGIN {
	while ((getline line < order) > 0) {
		i = index(line, ":")
		may[substr(line, 1, i - 1)] = substr(line, i + 1) " "
	}
}
{
	from = folder($1); to = folder($2); rule = from
	if (!(rule in may)) sub(/^families\/.*/, "families/*", rule)
	if (!(rule in may)) { print $1 ": folder " from " has no place in the order"; next }
	if (from != to && index(may[rule], " " to " ") == 0)
		print $1 " may not " verb " " $2 ($3 ? " (" $3 ")" : "")
}
AWK
awk -v order="$tmp/order" -v verb=include -f "$tmp/check.awk" "$tmp/includes" > "$tmp/bad"
awk -v order="$tmp/order" -v verb=call -f "$tmp/check.awk" "$tmp/calls" >> "$tmp/bad"

# Circles: what tsort cannot put in order.
circles() {
	tsort 2>&1 > "$tmp/sorted" | sed 's/^tsort: //' |
		awk -v what="$1" '/input contains a loop/ { printf "%s%s:", sep, what; sep = "\n"; next }
			{ printf " %s", $0; any = 1 } END { if (any) print "" }'
}
grep '\.h .*\.h$' "$tmp/includes" | circles "circle of includes" >> "$tmp/bad"
cut -d' ' -f1,2 "$tmp/calls" | sort -u | circles "circle of files" >> "$tmp/bad"

cat "$tmp/bad"
[ ! -s "$tmp/bad" ]
