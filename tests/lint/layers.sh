# SPDX-License-Identifier: GPL-3.0-or-later
# A file may include its own folder and those listed for it; anything else is a layering error.
# A family, or an import format, may not include another one.
allowed() {
	case $1 in
	base) echo "base" ;;
	io) echo "base io" ;;
	network) echo "base io network import" ;;   # import: until barista_workload_load() is import's
	import | import/*) echo "base io network import $1" ;;
	model) echo "base io network model" ;;
	families/*) echo "base io network model $1" ;;
	measure) echo "base io network model measure" ;;
	search) echo "base io network model search" ;;
	report | report/charts) echo "base io network model search report report/charts" ;;
	cli) echo "base io network import import/caffe import/onnx model search measure report report/charts cli" ;;
	esac
}
bad=0
for file in src/*/*.[ch] src/*/*/*.[ch]; do
	from=$(dirname "${file#src/}")
	case $from in import) more="import/caffe import/onnx" ;; families) continue ;; *) more= ;; esac
	for to in $(sed -nE 's|^#include "([a-z/]+)/[^/]*"|\1|p' "$file" | sort -u | grep -v '^barista$'); do
		case " $(allowed "$from") $more " in
		*" $to "*) ;;
		*) echo "$file: $from may not include $to"; bad=1 ;;
		esac
	done
done
exit $bad
