#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# A mutant that survives fails `make mutants`, and so does one that no longer applies or dies of something else.
cd "$(dirname "$0")/../.." || exit 3
O=${O:-build}
tmp=$(mktemp -d) || exit 3
trap 'rm -rf "$tmp"' EXIT
n=0 bad=0
mutant() { # NAME KILLED SCRIPT
	printf '# family: unmap\n# what: %s\n# file: kernels/unmap/full.c\n# case: unmap/full,pages=64\n# killed: %s\n%s\n' \
		"$1" "$2" "$3" >"$tmp/$1.mutant"
}
expect() { # NAME WORDS: make fails and says so
	local status
	n=$((n + 1))
	make -s O="$O" MUTANTS="$tmp/$1.mutant" mutants >"$tmp/out" 2>&1
	status=$?
	if [ $status -ne 0 ] && grep -q "^not ok - $1: $2" "$tmp/out"; then echo "ok $n - $1: $2"; else
		echo "not ok $n - $1: status $status"
		sed 's/^/# /' "$tmp/out"
		bad=1
	fi
}
mutant harmless 'still answer' 's/All entries first/All the entries first/'
mutant gone 'still answer' 's/no such line/x/'
mutant otherwise 'no such words' 's/unmap_all\(w\);/;/'
expect harmless SURVIVED
expect gone 'no longer applies'
expect otherwise 'killed (status'
echo "1..$n"
exit $bad
