#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The harness for arm64 hosts: cross-built against Debian's arm64 libraries, its unit tests under qemu-user
# (make test-arm64). Each of them is a line here.
set -u
cd "$(dirname "$0")/../.." || exit 3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if ! ci/arm64-packages bookworm "${O:-build}/arm64-root" libjansson-dev >/dev/null 2>"$work/err"; then
	echo "ok 1 - arm64 build # SKIP $(tr '\n' ' ' <"$work/err")"
	echo 1..1
	exit 0
fi
# A make of its own: the one above hands down flags and job slots that are not meant for it.
env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL make --no-print-directory -j2 O="${O:-build}" test-arm64 >"$work/log" 2>&1
status=$?
n=0
while read -r name passed _ failed _; do
	n=$((n + 1))
	if [ "$failed" = 0 ] && [ "$passed" -gt 0 ]; then echo "ok $n - $name"; else echo "not ok $n - $name"; fi
done < <(grep -E '^test_[a-z0-9_]+ +[0-9]+ passed' "$work/log")
n=$((n + 1))
if [ $status = 0 ] && [ $n -gt 10 ]; then
	echo "ok $n - $(tail -n 1 "$work/log")"
else
	tail -n 30 "$work/log" >&2
	echo "not ok $n - make test-arm64: exit status $status"
fi
echo "1..$n"
