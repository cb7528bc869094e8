# SPDX-License-Identifier: GPL-3.0-or-later
# What is published of the other families' architectures, beside the model: sh tests/families.sh PROGRAM > families.md
set -eu
program=$1

# Launches per iteration and MMAC per image of LeNet's forward or backward parts.
lenet() {
	"$program" eval -q --family layered -w lenet-mnist --batch 64 -k 64x64x16/q256:fp32 --format json | jq -r --arg pass "$1" '
		def backward: test("^(bwd|wgrad|igrad)");
		[.parts[] | select(if $pass == "forward" then .part | startswith("fwd") else .part | backward end)] |
		"\([.[] | .times_per_image * 64] | add | round) \([.[] | select(.part | endswith("gemm")) | .times_per_image * .MACs] | add)"'
}

# Gop of training per image, Mbit of 16-bit weights and D_1 of a network's convolutions.
chain() {
	gop=$("$program" compare -q -w "$1" --layers conv -d vc709 --format json | jq .op_per_image)
	weights=$("$program" show "$1" --format json | jq '[.layers[] | select(.type == "conv") | .weights] | add')
	d1=$("$program" eval -q --family cluster -w "$1" --layers conv -k 32x/fine:int16 --explain |
		awk '$1 == "D_1" { for (i = 1; i <= 3; i++) { n = $3; getline; if ($1 != "=") break }; print n; exit }')
	echo "$gop $weights $d1"
}

row() { echo "| $1 | $2 | $3 | $4 |"; }

echo "| fact | published | counted here | unit |"
echo "|:---|---:|---:|:---|"
forward=$(lenet forward) backward=$(lenet backward)
row "LeNet, batch of 64: kernels launched forward, 6B + 15" 399 "${forward% *}" ""
row "LeNet, batch of 64: kernels launched backward, 8B + 14" 526 "${backward% *}" ""
row "LeNet, forward" 2.293 "$(echo "${forward#* }" | awk '{ printf "%.3f", $1 / 1e6 }')" "MMAC per image"
row "LeNet, backward" 4.298 "$(echo "${backward#* }" | awk '{ printf "%.3f", $1 / 1e6 }')" "MMAC per image"
while read -r net name gop mbit drain; do
	set -- $(chain "$net")
	name=$(echo "$name" | tr "~" " ")
	row "$name, training" "$gop" "$(echo "$1" | awk '{ printf "%.3f", $1 / 1e9 }')" "Gop per image"
	row "$name, weights of 16 bit" "$mbit" "$(echo "$2" | awk '{ printf "%.1f", $1 * 16 / 1e6 }')" "Mbit"
	row "$name, images kept for the first layer, D_1" "$drain" "$(echo "$3" | awk '{ printf "%.2f", $1 }')" "images"
done <<NETS
alexnet AlexNet's~convolutions 3.784 37.3 2.85
vgg16 VGG-16's~convolutions 91.906 235.4 3.41
vgg19 VGG-19's~convolutions 116.877 320.3 4.16
NETS

# The last chain that is not longer than the boards up to which its links do not bind, N_lin.
linear() { # NETWORK COMPUTE_SHARE
	for boards in $(seq 40 130); do
		limit=$("$program" eval -q --family cluster -w "$1" --layers conv -k "${boards}x/fine:int16" \
			--set "link.bandwidth=60 Gbit/s" --set link.compute_share="$2" --format json | jq '.parts[0].N_lin') || :
		if echo "$boards $limit" | awk '{ exit !($1 > $2) }'; then
			echo $((boards - 1))
			return
		fi
	done
}

echo
echo "| boards up to which compute binds, links of 60 Gbit/s per direction | u = 0.9 | u = 0.8 | u = 0.7 |"
echo "|:---|---:|---:|---:|"
for net in alexnet vgg16 vgg19; do
	row "$net" "$(linear $net 0.9)" "$(linear $net 0.8)" "$(linear $net 0.7)"
done
