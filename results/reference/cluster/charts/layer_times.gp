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
heading = "Time of each layer by itself, per image; in the pipeline they overlap\nVGG-16 on AMD VC709 (Virtex-7 XC7VX690T)"
set title heading noenhanced font ',10'
set style data histograms
set style histogram rowstacked
set boxwidth 0.8
set yrange [0:*]
set ylabel 'time [us]'
set xtics rotate by 40 right font ',8' noenhanced
set terminal pngcairo size 900,480 font 'sans,11' noenhanced
set output 'layer_times.png'
plot 'layer_times.csv' skip 1 using 2:xtic(1) lt 1 title 'board time'
set terminal svg size 900,480 font 'sans,11' noenhanced background rgb 'white'
set output 'layer_times.svg'
plot 'layer_times.csv' skip 1 using 2:xtic(1) lt 1 title 'board time'
set output
