#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# `make bench SUITE=...` ends in that suite's tables and plot, whatever its families.
cd "$(dirname "$0")/../.." || exit 3
O=${O:-build}
tmp=$(mktemp -d) || exit 3
trap 'rm -rf "$tmp"' EXIT
n=0 bad=0
check() { # STATUS WHAT
	n=$((n + 1))
	if [ "$1" -eq 0 ]; then echo "ok $n - $2"; else echo "not ok $n - $2"; sed 's/^/# /' "$tmp/out"; bad=1; fi
}
make -s bench O="$O" SUITE=cmo BENCH_OUT="$tmp/cmo.json" BENCH_ARGS="--accel tcg --boots 1 --reps 1" >"$tmp/out" 2>&1
check $? 'make bench SUITE=cmo'
grep -qE '^ +\| +0 \| +1$' "$tmp/out"; check $? 'one table: without FWB (cleaned) and with it'
grep -q '^per_pte .*|.*|' "$tmp/out"; check $? 'of the suite, not of map_mem'
test -s "$tmp/cmo.svg"; check $? 'and the plot'
echo "1..$n"
exit $bad
