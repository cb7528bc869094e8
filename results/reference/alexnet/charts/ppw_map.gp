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
heading = "ppw_mean [Gop/s/W], other knobs at their best; blank: does not fit\nAlexNet for CIFAR-10, as trained by Caffe Barista on Amazon EC2 F1 (AMD Virtex UltraScale+ XCVU9P)"
set title heading noenhanced font ',10'
set xlabel 'tile_n'
set xrange [-0.5:12.5]
set xtics ('1' 0, '2' 1, '4' 2, '8' 3, '16' 4, '32' 5, '64' 6, '128' 7, '256' 8, '512' 9, '1024' 10, '2048' 11, '4096' 12)
set ylabel 'tile_m'
set yrange [-0.5:12.5]
set ytics ('1' 0, '2' 1, '4' 2, '8' 3, '16' 4, '32' 5, '64' 6, '128' 7, '256' 8, '512' 9, '1024' 10, '2048' 11, '4096' 12)
unset grid
set border 15
unset key
set palette defined (0 '#f7fbff', 0.5 '#6baed6', 1 '#2171b5')
set cbrange [0:*]
set terminal pngcairo size 800,640 font 'sans,11' noenhanced
set output 'ppw_map.png'
plot 'ppw_map.csv' skip 1 using 2:1:(0.5):(0.5):5 with boxxyerror fs solid 1 lc palette, '' skip 1 using 2:1:(sprintf($5 < 1000 ? '%.3g' : '%.0f', $5)) with labels font ',8' tc rgb '#222222'
set terminal svg size 800,640 font 'sans,11' noenhanced background rgb 'white'
set output 'ppw_map.svg'
plot 'ppw_map.csv' skip 1 using 2:1:(0.5):(0.5):5 with boxxyerror fs solid 1 lc palette, '' skip 1 using 2:1:(sprintf($5 < 1000 ? '%.3g' : '%.0f', $5)) with labels font ',8' tc rgb '#222222'
set output
