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
heading = "Roofline of 64x16x16:fp32\nAlexNet for CIFAR-10, as trained by Caffe Barista on Amazon EC2 F1 (AMD Virtex UltraScale+ XCVU9P)"
set title heading noenhanced font ',10'
peak = 512
mem = 3.75
lowest = 0.53576999819782223
set xrange [0.622:273]
set key inside left top
set logscale xy
set xlabel 'operational intensity [op/byte of card memory]'
set ylabel 'performance [Gop/s]'
set grid xtics ytics lc rgb '#dddddd'
set yrange [lowest/6:2*peak]
set samples 400
set terminal pngcairo size 900,560 font 'sans,11' noenhanced
set output 'roofline.png'
plot (mem*x < peak ? mem*x : peak) with lines lw 2 lc rgb '#444444' title 'memory and compute roof', 'roofline.csv' skip 1 using 2:4 with points pt 7 ps 1.2 lt 1 title 'kernel alone', '' skip 1 using 2:3 with points pt 6 ps 1.2 lt 2 title 'with PCIe and tiling', '' skip 1 using 2:3:1 with labels font ',7' offset 0.6,-0.4 left rotate by -30 notitle
set terminal svg size 900,560 font 'sans,11' noenhanced background rgb 'white'
set output 'roofline.svg'
plot (mem*x < peak ? mem*x : peak) with lines lw 2 lc rgb '#444444' title 'memory and compute roof', 'roofline.csv' skip 1 using 2:4 with points pt 7 ps 1.2 lt 1 title 'kernel alone', '' skip 1 using 2:3 with points pt 6 ps 1.2 lt 2 title 'with PCIe and tiling', '' skip 1 using 2:3:1 with labels font ',7' offset 0.6,-0.4 left rotate by -30 notitle
set output
