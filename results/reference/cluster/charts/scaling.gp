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
heading = "Images per second of the fastest design by boards\nVGG-16 on AMD VC709 (Virtex-7 XC7VX690T)"
set title heading noenhanced font ',10'
set grid xtics ytics lt 1 lc rgb '#dddddd'
set key inside left top
set xrange [0:*]
set yrange [0:*]
set xlabel 'boards'
set ylabel 'images/s'
set terminal pngcairo size 900,560 font 'sans,11' noenhanced
set output 'scaling.png'
plot 'scaling.csv' skip 1 using 1:3 with lines lw 1.5 dt 2 lc rgb '#999999' title 'in proportion', '' skip 1 using 1:2 with linespoints pt 7 ps 0.6 lw 1.5 lt 1 title 'predicted'
set terminal svg size 900,560 font 'sans,11' noenhanced background rgb 'white'
set output 'scaling.svg'
plot 'scaling.csv' skip 1 using 1:3 with lines lw 1.5 dt 2 lc rgb '#999999' title 'in proportion', '' skip 1 using 1:2 with linespoints pt 7 ps 0.6 lw 1.5 lt 1 title 'predicted'
set output
