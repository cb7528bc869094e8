# SPDX-License-Identifier: GPL-3.0-or-later
# The README's tables of published figures are those that `make results` wrote.
bad=0
while IFS= read -r line; do
	[ -z "$line" ] || grep -qF -- "$line" README.md || { echo "README.md lacks: $line"; bad=1; }
done < results/reference/published.md
exit $bad
