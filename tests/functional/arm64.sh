#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The harness for arm64 hosts: cross-built against Debian's arm64 libraries, its unit tests under qemu-user
# (make test-arm64). Each of them is a line here.
set -u
cd "$(dirname "$0")/../.." || exit 3
. tests/functional/tap.bash
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if ! ci/arm64-packages bookworm "${O:-build}/arm64-root" libjansson-dev >/dev/null 2>"$work/err"; then
	skip "arm64 build" "$(tr '\n' ' ' <"$work/err")"
	tap_end
	exit
fi
# A make of its own: the one above hands down flags and job slots that are not meant for it.
env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL make --no-print-directory -j2 O="${O:-build}" test-arm64 >"$work/log" 2>&1
status=$?
while read -r name passed _ failed _; do
	[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
	ok $? "$name"
done < <(grep -E '^test_[a-z0-9_]+ +[0-9]+ passed' "$work/log")
tap_log=$work/log
[ $status = 0 ] && [ $tap_n -ge 10 ]
ok $? "make test-arm64: $(tail -n 1 "$work/log")"
tap_end
