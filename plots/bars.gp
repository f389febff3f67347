# SPDX-License-Identifier: GPL-2.0-only
# A row of bars a variant (y tics), a bar a series (result set); x y lo hi: row, value, interval.
array shade[8] = ['#9AD0F5', '#0072B2', '#F2B949', '#D55E00', '#BBBBBB', '#009E73', '#CC79A7', '#555555']
set grid xtics noytics
set xtics out nomirror
set ytics scale 0 nomirror
set style fill solid 1.0 border rgb ink
bh(k) = 0.8 / (f_last[k] - f_first[k] + 1)
pos(k, i, row) = row - 0.4 + (i - f_first[k] + 0.5) * bh(k)
# Counts in the millions: five round tics with k, M or G, where gnuplot's would run into each other.
p10(x) = 10 ** floor(log10(x / 5))
step(x) = (x / 5 / p10(x) > 5 ? 10 : x / 5 / p10(x) > 2 ? 5 : x / 5 / p10(x) > 1 ? 2 : 1) * p10(x)
short(x) = x >= 1e9 ? sprintf('%gG', x / 1e9) : x >= 1e6 ? sprintf('%gM', x / 1e6) : \
	x >= 1e3 ? sprintf('%gk', x / 1e3) : sprintf('%g', x)
do for [k = 1:nf] {
	eval FACET
	set xrange [0:f_xmax[k]]
	if (f_xmax[k] > 9999) {
		set xtics ()
		do for [t = 0:int(f_xmax[k] / step(f_xmax[k]))] { set xtics add (short(t * step(f_xmax[k])) t * step(f_xmax[k])) }
	} else { set xtics autofreq }
	set yrange [yt_last[k] - yt_first[k] + 0.5 : -0.5]
	set xlabel with_unit(xlabel, f_unit[k]) offset 0, 0.3 tc rgb ink
	set ytics () 
	do for [t = yt_first[k]:yt_last[k]] { set ytics add (yt_text[t] yt_at[t]) }
	if (legend == 0) { unset key }
	plot for [i = f_first[k]:f_last[k]] $data index i - 1 \
		using (0):(pos(k, i, $1)):(0):2:(pos(k, i, $1) - bh(k) / 2):(pos(k, i, $1) + bh(k) / 2) \
		with boxxyerror lt 1 lc rgb shade[s_style[i] % 8 + 1] title s_name[i], \
	for [i = f_first[k]:f_last[k]] $data index i - 1 using 2:(pos(k, i, $1)):3:4 \
		with xerrorbars lc rgb 'black' lt 1 lw 1.2 pt 0 notitle, \
	for [i = f_first[k]:f_last[k]] $data index i - 1 \
		using (valid(4) && $4 > $2 ? $4 : $2):(pos(k, i, $1)):(r_text[int($6)]) \
		with labels left offset char 0.7, 0 tc rgb ink notitle
}
