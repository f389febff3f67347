#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Golden folders: tests/golden/GROUP/NAME/ with `cmd` (shell, run inside the folder, mmubench in PATH,
# $T an empty folder of its own) and `expected` (its standard output and errors). A new case is a new
# folder. UPDATE=1 writes what came out; arguments choose folders.
set -u
cd "$(dirname "$0")/../.." || exit 3
O=$(realpath "${O:-build}")
PATH=$O:$PATH
export PATH LC_ALL=C.UTF-8
unset NO_COLOR
root=$PWD/tests/golden
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

n=0 failed=0
if [ $# -eq 0 ]; then set -- "$root"/*/*/; fi
for dir; do
	dir=$(realpath "$dir")
	[ -f "$dir/cmd" ] || continue
	n=$((n + 1))
	name=${dir#"$root"/}
	export T=$work/$n
	mkdir "$T"
	(cd "$dir" && timeout 60 bash ./cmd) >"$work/out" 2>&1 </dev/null
	if [ -n "${UPDATE:-}" ]; then cp "$work/out" "$dir/expected"; fi
	if diff -u "$dir/expected" "$work/out" >"$work/diff"; then
		echo "ok $n - $name"
	else
		echo "not ok $n - $name"
		head -n 40 "$work/diff" | sed 's/^/# /'
		failed=1
	fi
done
echo "1..$n"
exit $failed
