# SPDX-License-Identifier: GPL-3.0-or-later
# Redoes the committed reference runs: sh tests/results.sh PROGRAM DIR
# DIR/resnet20, DIR/alexnet, DIR/compare and DIR/cluster are run folders; DIR/published.md sets the predictions beside
# the published figures, DIR/families.md the counts of the other families beside theirs.
set -eu
program=$1
dir=$2
mkdir -p "$dir"

"$program" search -q -w resnet20-cifar10-b --grid pow2 -o "$dir/resnet20" > /dev/null
"$program" search -q -w alexnet-cifar10 --grid pow2 --kernels 2 -o "$dir/alexnet" > /dev/null
"$program" eval -q -k 16x16x64:fp32 --format json > "$dir/kernel.json"
"$program" eval -q -k 16x16x64:fp32 --set memory.bandwidth=3Gbit/s --format json > "$dir/slow.json"

# Pretty-printed for people, in Gop/s/W.
resnet() { jq -r ".result.$1" "$dir/resnet20/run.json"; }
alexnet() { jq -r ".result.$1" "$dir/alexnet/run.json"; }
used() { jq -r ".resources[] | select(.resource == \"$1\") | .used_of_total_percent" "$dir/kernel.json"; }

least() { jq -r "[.gemms[] | .[\"$2\"]] | min" "$dir/$1.json" | awk '{ printf "%.0f", $1 }'; }
mean() { jq -r .metrics.ppw_mean "$dir/$1.json" | awk '{ printf "%.3f", $1 / 1e9 }'; }

# name, published, predicted, unit
row() {
	echo "$1|$2|$3|$4" | awk -F'|' '{
		printf "| %s | %s | %.4g | %+.1f %% | %s |\n", $1, $2, $3, 100 * ($3 / $2 - 1), $4 }'
}
ppw() { row "$1" "$2" "$(echo "$3" | awk '{ print $1 / 1e9 }')" "Gop/s/W"; }

{
	echo "| figure | published | predicted | error | unit |"
	echo "|:---|---:|---:|---:|:---|"
	ppw "AlexNet conv1, best kernel (Table I)" 0.59 "$(alexnet 'layers[0].best.ppw')"
	ppw "AlexNet conv2, best kernel (Table I)" 0.29 "$(alexnet 'layers[1].best.ppw')"
	ppw "AlexNet conv3, best kernel (Table I)" 0.078 "$(alexnet 'layers[2].best.ppw')"
	ppw "AlexNet conv4, best kernel (Table I)" 0.076 "$(alexnet 'layers[3].best.ppw')"
	ppw "AlexNet conv5, best kernel (Table I)" 0.073 "$(alexnet 'layers[4].best.ppw')"
	ppw "AlexNet, one kernel for all layers" 0.22 "$(alexnet single.ppw_mean)"
	ppw "AlexNet, FPGA or CPU per layer" 0.24 "$(alexnet offload.ppw_mean)"
	ppw "ResNet-20, one kernel for all layers" 0.33 "$(resnet single.ppw_mean)"
	row "DSP of 16x16x64:fp32 (fitted)" 18.8 "$(used dsp)" "%"
	row "BRAM of 16x16x64:fp32 (fitted)" 14.1 "$(used bram)" "%"
	row "LUT of 16x16x64:fp32 (fitted)" 10.8 "$(used lut)" "%"
	row "FF of 16x16x64:fp32 (fitted)" 8.8 "$(used ff)" "%"
	echo
	echo "| statement of the paper, ResNet-20 on 16x16x64:fp32 | predicted |"
	echo "|:---|:---|"
	echo "| at 10 % of the memory bandwidth the kernel takes more than half of the time in every layer |" \
		"at least $(least slow kernel_percent) % |"
	echo "| the implementation, at that bandwidth, does not reach the CPU's 0.18 Gop/s/W |" \
		"$(mean slow) Gop/s/W |"
	echo "| at full bandwidth tiling on the CPU is the bottleneck |" \
		"at least $(least kernel tiling_percent) % of the time of every GEMM |"
} > "$dir/published.md"
rm "$dir/kernel.json" "$dir/slow.json"
cat "$dir/published.md"
"$program" compare -q -w resnet20-cifar10-b -o "$dir/compare" > /dev/null
"$program" search -q --family cluster -w vgg16 --layers conv --batch 256 -o "$dir/cluster" > /dev/null
sh tests/families.sh "$program" > "$dir/families.md"
cat "$dir/families.md"
