#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# `make bench SUITE=...` ends in that suite's tables and plot, whatever its families.
cd "$(dirname "$0")/../.." || exit 3
. tests/functional/tap.bash
O=${O:-build}
tmp=$(mktemp -d) || exit 3
trap 'rm -rf "$tmp"' EXIT
tap_log=$tmp/out
make -s bench O="$O" SUITE=cmo BENCH_OUT="$tmp/cmo.json" BENCH_ARGS="--accel tcg --boots 1 --reps 1" >"$tmp/out" 2>&1
ok $? 'make bench SUITE=cmo'
grep -qE '^ +\| +0 \| +1$' "$tmp/out"; ok $? 'one table: without FWB (cleaned) and with it'
grep -q '^per_pte .*|.*|' "$tmp/out"; ok $? 'of the suite, not of map_mem'
test -s "$tmp/cmo.svg"; ok $? 'and the plot'
tap_end
