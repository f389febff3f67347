# SPDX-License-Identifier: GPL-2.0-only
# Put before every kind's script. The program defines, in pixels of the SVG:
#   W H           the sheet            TOP BOTTOM   above and below the facets
#   FW FH LEFT    a facet, its left margin           cols rows nf  how facets are laid out
#   legend        legend lines of the fullest facet  FS   font size of the terminal
# and title subtitle xlabel ylabel foot[1..nfoot]; for facet k f_title f_unit f_xmin f_xmax,
# its series f_first[k]..f_last[k] with s_name s_style, its tics xt_first[k]..xt_last[k] with xt_text
# xt_at (yt_ likewise); $data, an index a series (from 0): x y lo hi flag text, r_text[text].
# Strings of a result set are data: they are never evaluated.

# Okabe and Ito's palette (colour-blind safe), darkest contrast first; yellow left out on white.
array colour[8] = ['#0072B2', '#D55E00', '#009E73', '#CC79A7', '#000000', '#E69F00', '#56B4E9', '#7F7F7F']
array filled[6] = [7, 5, 9, 13, 11, 15]
array hollow[6] = [6, 4, 8, 12, 10, 14]
# A dash and a shape each, so that black and white print keeps them apart.
array dash[8] = [1, 2, 4, 5, 3, 1, 2, 4]
# Past eight series the colours come again with other dashes and shapes: 48 that differ.
col(s) = colour[s % 8 + 1]
fp(s) = filled[(s + s / 8) % 6 + 1]
hp(s) = hollow[(s + s / 8) % 6 + 1]
do for [i = 0:47] { set linetype i + 1 lc rgb col(i) dt dash[(i + i / 8) % 8 + 1] pt fp(i) lw 1.6 }
st(s) = s % 48 + 1

ink = '#333333'
faint = '#DDDDDD'
set border 3 lc rgb ink lw 0.8
set tics nomirror tc rgb ink
set grid lc rgb faint lt 1 lw 0.6
set samples 2
unset key

px(x) = x / W
py(y) = 1 - y / H
with_unit(t, u) = strlen(u) ? t . ' (' . u . ')' : t
bigger = sprintf('DejaVu Sans:Bold,%d', int(FS * 1.2))
bold = sprintf('DejaVu Sans:Bold,%d', int(FS))
smaller = sprintf('DejaVu Sans,%d', int(FS * 0.84))

set multiplot
# Title, subtitle and footnote: labels of an empty plot that fills the sheet.
set lmargin at screen 0; set rmargin at screen 1; set tmargin at screen 1; set bmargin at screen 0
set label 1 title at screen px(14), screen py(20) left font bigger tc rgb ink
set label 2 subtitle at screen px(14), screen py(40) left tc rgb ink
do for [i = 1:nfoot] {
	set label (2 + i) foot[i] at screen px(14), screen py(H - BOTTOM + 15 * i - 2) left font smaller tc rgb ink
}
set border 0; unset tics; unset grid
plot [0:1] [0:1] NaN notitle
unset label
set border 3 lc rgb ink lw 0.8
set tics nomirror tc rgb ink
set grid lc rgb faint lt 1 lw 0.6

# Margins, title and legend place of facet k; kinds run it with eval.
FACET = "X0 = ((k - 1) % cols) * FW; Y0 = TOP + ((k - 1) / cols) * FH; \
set lmargin at screen px(X0 + LEFT); set rmargin at screen px(X0 + FW - 20); \
set tmargin at screen py(Y0 + 30); set bmargin at screen py(Y0 + FH - 52 - (legend > 0 ? 14 + 18 * legend : 0)); \
set key at screen px(X0 + LEFT), screen py(Y0 + FH - 10 - 18 * legend) left top Left reverse vertical samplen 3 spacing 1.0; \
set label 1 f_title[k] at screen px(X0 + 14), screen py(Y0 + 16) left font bold tc rgb ink"
