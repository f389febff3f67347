# SPDX-License-Identifier: GPL-2.0-only
# x: number of the set; flag 1: a change (harness/history.h), its text the change.
set xtics out nomirror
set ytics out nomirror
do for [k = 1:nf] {
	eval FACET
	# stats leaves out what the ranges leave out.
	unset logscale y
	set xrange [*:*]
	set yrange [*:*]
	stats $data index f_first[k] - 1:f_last[k] - 1 using 2 name 'Y' nooutput
	# Variants that are far apart get a logarithmic axis, else one from zero.
	if (Y_min > 0 && Y_max > 4 * Y_min) { set logscale y; set yrange [Y_min / 1.6:Y_max * 1.6] } else { set yrange [0:Y_max * 1.2] }
	set xrange [f_xmin[k]:f_xmax[k]]
	set xlabel xlabel offset 0, 0.3 tc rgb ink
	set ylabel with_unit(ylabel, f_unit[k]) offset 0.5, 0 tc rgb ink
	set xtics ()
	do for [t = xt_first[k]:xt_last[k]] { set xtics add (xt_text[t] xt_at[t]) }
	plot for [i = f_first[k]:f_last[k]] $data index i - 1 using 1:2:3:4 with yerrorbars \
		lc rgb col(s_style[i]) dt 1 pt 0 lw 1 notitle, \
	for [i = f_first[k]:f_last[k]] $data index i - 1 using 1:2 with linespoints \
		lt st(s_style[i]) pi 1 title s_name[i], \
	for [i = f_first[k]:f_last[k]] $data index i - 1 using 1:($5 == 1 ? $2 : NaN) with points \
		pt 6 ps 2 lw 2 lc rgb 'black' notitle, \
	for [i = f_first[k]:f_last[k]] $data index i - 1 using 1:($5 == 1 ? $2 : NaN):(r_text[int($6) > 0 ? int($6) : 1]) \
		with labels left offset char 0.8, 0.8 tc rgb ink notitle
}
