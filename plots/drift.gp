# SPDX-License-Identifier: GPL-2.0-only
# flag 0: counts, 1: warm-up (hollow), 2: disturbed (crossed). x tics carry the boots' first rounds.
set xtics out nomirror
set ytics out nomirror
do for [k = 1:nf] {
	eval FACET
	set xrange [f_xmin[k]:f_xmax[k]]
	set xlabel xlabel offset 0, 0.3 tc rgb ink
	set ylabel with_unit(ylabel, f_unit[k]) offset 0.5, 0 tc rgb ink
	do for [t = xt_first[k]:xt_last[k]] {
		a = 10 + t - xt_first[k]
		set arrow a from first xt_at[t], graph 0 to first xt_at[t], graph 1 nohead lc rgb '#888888' dt 3 lw 1
		set label a xt_text[t] at first xt_at[t], graph 1 offset char 0.4, char -0.6 left font smaller tc rgb ink
	}
	set offsets 0, 0, graph 0.12, graph 0.04
	plot for [i = f_first[k]:f_last[k]] $data index i - 1 using 1:($5 == 0 ? $2 : NaN) with points \
		pt fp(s_style[i]) lc rgb col(s_style[i]) ps 0.55 title s_name[i], \
	for [i = f_first[k]:f_last[k]] $data index i - 1 using 1:($5 != 0 ? $2 : NaN) with points \
		pt hp(s_style[i]) lc rgb col(s_style[i]) ps 0.7 notitle, \
	for [i = f_first[k]:f_last[k]] $data index i - 1 using 1:($5 == 2 ? $2 : NaN) with points \
		pt 2 lc rgb 'black' ps 0.9 lw 1 notitle
	unset arrow
	unset label
}
