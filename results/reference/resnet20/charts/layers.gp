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
heading = "Performance per watt per layer, best kernel for each\nResNet-20 for CIFAR-10, option B (1x1 projections) on Amazon EC2 F1 (AMD Virtex UltraScale+ XCVU9P)"
set title heading noenhanced font ',10'
set style data histograms
set style histogram clustered gap 1
set yrange [0:*]
set ylabel 'PPW [Gop/s/W]'
set xtics rotate by 40 right font ',8' noenhanced
set terminal pngcairo size 900,480 font 'sans,11' noenhanced
set output 'layers.png'
plot 'layers.csv' skip 1 using 2:xtic(1) lt 1 title 'FPGA'
set terminal svg size 900,480 font 'sans,11' noenhanced background rgb 'white'
set output 'layers.svg'
plot 'layers.csv' skip 1 using 2:xtic(1) lt 1 title 'FPGA'
set output
