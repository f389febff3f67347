#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# A mutant that survives fails `make mutants`, and so does one that no longer applies or dies of something else.
cd "$(dirname "$0")/../.." || exit 3
. tests/functional/tap.bash
O=${O:-build}
tmp=$(mktemp -d) || exit 3
trap 'rm -rf "$tmp"' EXIT
tap_log=$tmp/out
mutant() { # NAME KILLED SCRIPT
	printf '# family: unmap\n# what: %s\n# file: kernels/unmap/full.c\n# case: unmap/full,pages=64\n# killed: %s\n%s\n' \
		"$1" "$2" "$3" >"$tmp/$1.mutant"
}
mutant harmless 'still answer' 's/All entries first/All the entries first/'
mutant gone 'still answer' 's/no such line/x/'
mutant otherwise 'no such words' 's/unmap_all\(w\);/;/'
! make -s O="$O" MUTANTS="$(echo "$tmp"/*.mutant)" mutants >"$tmp/out" 2>&1
ok $? 'make mutants fails'
grep -q '^not ok - harmless: SURVIVED' "$tmp/out"; ok $? 'a mutant that nothing kills'
grep -q '^not ok - gone: no longer applies' "$tmp/out"; ok $? 'one that changes nothing any more'
grep -q '^not ok - otherwise: killed (status 1), but not by' "$tmp/out"; ok $? 'one that dies of something else than it says'
tap_end
