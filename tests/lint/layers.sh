# SPDX-License-Identifier: GPL-3.0-or-later
# A file may include its own folder and those listed for it; anything else is a layering error.
allowed() {
	case $1 in
	base) echo "base" ;;
	io) echo "base io" ;;
	import) echo "base io import" ;;
	model) echo "base io import model" ;;
	search) echo "base io model search" ;;
	host) echo "base io model host" ;;
	report) echo "base io model search report" ;;
	cli) echo "base io import model search host report cli" ;;
	esac
}
bad=0
for file in src/*/*.[ch]; do
	from=$(basename "$(dirname "$file")")
	for to in $(sed -nE 's|^#include "([a-z]+)/.*|\1|p' "$file" | sort -u); do
		case " $(allowed "$from") " in
		*" $to "*) ;;
		*) echo "$file: $from may not include $to"; bad=1 ;;
		esac
	done
done
exit $bad
