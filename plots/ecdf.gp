# SPDX-License-Identifier: GPL-2.0-only
# Logarithmic where the variants are far apart.
set yrange [0:1]
set ytics 0.25 out nomirror
set xtics out nomirror
do for [k = 1:nf] {
	eval FACET
	set xlabel with_unit(xlabel, f_unit[k]) offset 0, 0.3 tc rgb ink
	set ylabel ylabel offset 0.5, 0 tc rgb ink
	if (f_xmax[k] > 4 * f_xmin[k]) { set logscale x } else { unset logscale x }
	plot for [i = f_first[k]:f_last[k]] $data index i - 1 using 1:2 with steps \
		lt st(s_style[i]) lw 2 title s_name[i]
}
