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
heading = "Square sizes by ppw-mean, other knobs at their best\nResNet-20 for CIFAR-10, option B (1x1 projections) on Amazon EC2 F1 (AMD Virtex UltraScale+ XCVU9P)"
set title heading noenhanced font ',10'
set style data histograms
set style histogram clustered gap 1
set boxwidth 0.95
set xtics rotate by 40 right
set yrange [0:*]
set ylabel 'ppw_mean [Gop/s/W]'
set xlabel 'tile_m x tile_n'
set terminal pngcairo size 1000,480 font 'sans,11' noenhanced
set output 'ppw_by_kernel.png'
plot 'ppw_by_kernel.csv' skip 1 using 2:xtic(1) lt 1 title 'fp32', '' skip 1 using 3 lt 1 fs pattern 4 title 'fp32, does not fit', 'ppw_by_kernel.csv' skip 1 using 4:xtic(1) lt 2 title 'int8', '' skip 1 using 5 lt 2 fs pattern 4 title 'int8, does not fit', 0.17999999999999999 with lines lw 2 lc rgb '#4d9a4d' title 'CPU'
set terminal svg size 1000,480 font 'sans,11' noenhanced background rgb 'white'
set output 'ppw_by_kernel.svg'
plot 'ppw_by_kernel.csv' skip 1 using 2:xtic(1) lt 1 title 'fp32', '' skip 1 using 3 lt 1 fs pattern 4 title 'fp32, does not fit', 'ppw_by_kernel.csv' skip 1 using 4:xtic(1) lt 2 title 'int8', '' skip 1 using 5 lt 2 fs pattern 4 title 'int8, does not fit', 0.17999999999999999 with lines lw 2 lc rgb '#4d9a4d' title 'CPU'
set output
