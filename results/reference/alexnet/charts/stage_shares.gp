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
heading = "Share of each stage in the time of a layer, best single kernel\nAlexNet for CIFAR-10, as trained by Caffe Barista on Amazon EC2 F1 (AMD Virtex UltraScale+ XCVU9P)"
set title heading noenhanced font ',10'
set style data histograms
set style histogram rowstacked
set boxwidth 0.8
set yrange [0:100]
set ylabel 'share of time [%]'
set xtics rotate by 40 right font ',8' noenhanced
set terminal pngcairo size 900,800 font 'sans,11' noenhanced
set output 'stage_shares.png'
set multiplot layout 2,1 title heading noenhanced font ',10'
set title 'full memory bandwidth'
plot 'stage_shares.csv' index 0 skip 1 using 3:xtic(1) lt 1 title 'kernel', 'stage_shares.csv' index 0 skip 1 using 4:xtic(1) lt 2 title 'PCIe', 'stage_shares.csv' index 0 skip 1 using 5:xtic(1) lt 3 title 'tiling'
set title '10 % of the memory bandwidth'
plot 'stage_shares.csv' index 1  using 3:xtic(1) lt 1 title 'kernel', 'stage_shares.csv' index 1  using 4:xtic(1) lt 2 title 'PCIe', 'stage_shares.csv' index 1  using 5:xtic(1) lt 3 title 'tiling'
unset multiplot
set terminal svg size 900,800 font 'sans,11' noenhanced background rgb 'white'
set output 'stage_shares.svg'
set multiplot layout 2,1 title heading noenhanced font ',10'
set title 'full memory bandwidth'
plot 'stage_shares.csv' index 0 skip 1 using 3:xtic(1) lt 1 title 'kernel', 'stage_shares.csv' index 0 skip 1 using 4:xtic(1) lt 2 title 'PCIe', 'stage_shares.csv' index 0 skip 1 using 5:xtic(1) lt 3 title 'tiling'
set title '10 % of the memory bandwidth'
plot 'stage_shares.csv' index 1  using 3:xtic(1) lt 1 title 'kernel', 'stage_shares.csv' index 1  using 4:xtic(1) lt 2 title 'PCIe', 'stage_shares.csv' index 1  using 5:xtic(1) lt 3 title 'tiling'
unset multiplot
set output
