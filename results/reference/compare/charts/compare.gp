set datafile separator ','
set datafile missing ''
set style fill solid 0.85 noborder
set grid ytics lc rgb '#dddddd'
set border 3 lc rgb '#444444'
set tics nomirror out
set key outside right center vertical
set linetype 1 lc rgb '#1f5f99'
set linetype 2 lc rgb '#e08214'
set linetype 3 lc rgb '#4d9a4d'
set linetype 4 lc rgb '#8a5fa8'
heading = "Architectures side by side\nResNet-20 for CIFAR-10, option B (1x1 projections)"
set title heading noenhanced font ',10'
set yrange [6.6:-0.6]
set grid noytics xtics lc rgb '#dddddd'
set ytics font ',9' noenhanced
unset key
set terminal pngcairo size 1000,378 font 'sans,11' noenhanced
set output 'compare.png'
set multiplot layout 1,2 title heading noenhanced font ',10'
set lmargin at screen 0.36
set rmargin at screen 0.66
unset title
set logscale x
set format x '%.0s %cs'
set xlabel 'time per image'
set bmargin at screen 0.18
set tmargin at screen 0.86
set xtics font ',9'
plot 'compare.csv' skip 1 using 2:0:(0.35):ytic(1) with points pt 7 ps 1.4 lt 1
set lmargin at screen 0.69
set rmargin at screen 0.97
unset logscale x
set format x '%g'
set format y ''
set xlabel 'PPW [Gop/s/W]'
set xrange [0:*]
plot 'compare.csv' skip 1 using 3:0:(0):3:($0-0.35):($0+0.35) with boxxyerror lt 2
unset multiplot
set format y
set xrange [*:*]
set terminal svg size 1000,378 font 'sans,11' noenhanced background rgb 'white'
set output 'compare.svg'
set multiplot layout 1,2 title heading noenhanced font ',10'
set lmargin at screen 0.36
set rmargin at screen 0.66
unset title
set logscale x
set format x '%.0s %cs'
set xlabel 'time per image'
set bmargin at screen 0.18
set tmargin at screen 0.86
set xtics font ',9'
plot 'compare.csv' skip 1 using 2:0:(0.35):ytic(1) with points pt 7 ps 1.4 lt 1
set lmargin at screen 0.69
set rmargin at screen 0.97
unset logscale x
set format x '%g'
set format y ''
set xlabel 'PPW [Gop/s/W]'
set xrange [0:*]
plot 'compare.csv' skip 1 using 3:0:(0):3:($0-0.35):($0+0.35) with boxxyerror lt 2
unset multiplot
set format y
set xrange [*:*]
set output
