# SPDX-License-Identifier: GPL-3.0-or-later
# The README's tables of published figures are those that `make results` wrote.
bad=0
for file in results/reference/published.md results/reference/families.md results/reference/proof.md; do
	while IFS= read -r line; do
		[ -z "$line" ] || grep -qF -- "$line" README.md || { echo "README.md lacks, from $file: $line"; bad=1; }
	done < $file
done
# The program that it shows is the one that the tests build.
sed 's/\t/        /g; s/^./    &/' tests/library/search.c | while IFS= read -r line; do
	grep -qxF -- "$line" README.md || { echo "README.md lacks, from tests/library/search.c: $line"; exit 1; }
done || bad=1
exit $bad
