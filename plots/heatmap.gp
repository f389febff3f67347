# SPDX-License-Identifier: GPL-2.0-only
# x y: cell; lo: value; hi: shade from 0 to 1; the text is the number in the cell.
# ColorBrewer's YlGnBu: colour-blind safe, and its lightness falls evenly, so grey print keeps order.
set palette defined (0 '#FFFFD9', 0.25 '#C7E9B4', 0.5 '#41B6C4', 0.75 '#225EA8', 1 '#081D58')
set cbrange [0:1]
unset colorbox
unset grid
set border 0
set tics scale 0
set style fill solid 1.0 border rgb 'white'
do for [k = 1:nf] {
	eval FACET
	unset key
	set xrange [-0.5 : xt_last[k] - xt_first[k] + 0.5]
	set yrange [yt_last[k] - yt_first[k] + 0.5 : -0.5]
	set xlabel with_unit(xlabel, f_unit[k] eq '' ? '' : 'cells in ' . f_unit[k]) offset 0, 0.3 tc rgb ink
	set xtics ()
	set ytics ()
	do for [t = xt_first[k]:xt_last[k]] { set xtics add (xt_text[t] xt_at[t]) }
	do for [t = yt_first[k]:yt_last[k]] { set ytics add (yt_text[t] yt_at[t]) }
	i = f_first[k] - 1
	plot $data index i using 1:2:($1 - 0.5):($1 + 0.5):($2 - 0.5):($2 + 0.5):4 with boxxyerror \
		lc palette notitle, \
	$data index i using 1:($4 <= 0.55 ? $2 : NaN):(r_text[int($6)]) with labels tc rgb 'black' notitle, \
	$data index i using 1:($4 > 0.55 ? $2 : NaN):(r_text[int($6)]) with labels tc rgb 'white' notitle
}
