#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Every kind in every format: a picture of that format, the same bytes twice (SVG), well-formed XML even
# with hostile names, and nothing of a name obeyed.
set -u
cd "$(dirname "$0")/../.." || exit 3
. tests/functional/tap.bash
O=$(realpath "${O:-build}")
PATH=$O:$PATH
in=$PWD/tests/golden/inputs
T=$(mktemp -d)
trap 'rm -rf "$T"' EXIT
cd "$T" || exit 3

starts_with() { [ "$(head -c ${#2} "$1" | tr -d '\0')" = "$2" ]; }
svg_good() { if command -v xmllint; then xmllint --noout "$1"; else grep -q '</svg>' "$1"; fi; }
narrow() { ! LC_ALL=C.UTF-8 grep -E '^.{81}' "$1"; }

for kind in bars scaling ecdf heatmap drift; do
	case $kind in heatmap) m=tlbi ;; *) m=time ;; esac
	for set in sample hostile; do
		for f in svg png pdf txt; do
			mmubench plot --kind $kind --metric $m -o $kind-$set.$f "$in/$set.json" || echo "# $kind $set $f"
		done
		check "$kind: $set: well-formed SVG" svg_good $kind-$set.svg
		check "$kind: $set: PNG" starts_with $kind-$set.png $'\x89PNG'
		check "$kind: $set: PDF" starts_with $kind-$set.pdf %PDF
		check "$kind: $set: text in 80 columns" narrow $kind-$set.txt
	done
	mmubench plot --kind $kind --metric $m -o again.svg "$in/hostile.json"
	check "$kind: the same SVG twice" cmp $kind-hostile.svg again.svg
	check "$kind: says that time is emulated, and the CPU" bash -c \
		"grep -q 'CPU max' $kind-sample.svg && { [ $m = tlbi ] || grep -q 'emulated time' $kind-sample.svg; }"
done
mmubench plot --kind history --cases map_mem -o history.svg "$in/sample.json" "$in/sample.json" "$in/after.json"
check "history: well-formed SVG" svg_good history.svg
mmubench history --case map_mem --metric time "$in/sample.json" "$in/sample.json" "$in/after.json" >history.log
check "history: the planted 7 % is marked where the command history tells it, and nowhere else" bash -c \
	'n=$(grep -c -- "<- -[67]" history.log) && [ "$n" -ge 3 ] &&
	[ "$(grep -cE "<text>-(6.9|7.[0-9])%</text>" history.svg)" -eq "$n" ]'
check "no name was obeyed" bash -c '! ls | grep -vE "^(again|bars|scaling|ecdf|heatmap|drift|history)[-.]"'
check "no script in a picture" bash -c '! grep -il "<script" ./*.svg'
tap_end
