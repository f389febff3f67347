# SPDX-License-Identifier: GPL-2.0-only
# Both axes logarithmic; x tics are the parameter's values as people write them.
set logscale xy
set format y '%g'
set xtics out nomirror
set ytics out nomirror
do for [k = 1:nf] {
	eval FACET
	set xlabel xlabel offset 0, 0.3 tc rgb ink
	set ylabel with_unit(ylabel, f_unit[k]) offset 0.5, 0 tc rgb ink
	set xtics ()
	do for [t = xt_first[k]:xt_last[k]] { set xtics add (xt_text[t] xt_at[t]) }
	set xrange [f_xmin[k]:f_xmax[k]]
	plot for [i = f_first[k]:f_last[k]] $data index i - 1 using 1:2:3:4 with yerrorbars \
		lc rgb col(s_style[i]) dt 1 pt 0 lw 1 notitle, \
	for [i = f_first[k]:f_last[k]] $data index i - 1 using 1:2 with linespoints \
		lt st(s_style[i]) pi 1 title s_name[i]
}
