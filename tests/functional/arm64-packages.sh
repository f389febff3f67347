#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# ci/arm64-packages: what is not signed, or not what the signed lists say, is not unpacked.
set -u
cd "$(dirname "$0")/../.." || exit 3
. tests/functional/tap.bash
tmp=$(mktemp -d) || exit 3
trap 'rm -rf "$tmp"' EXIT
export MMUBENCH_CACHE=$tmp/cache
tap_log=$tmp/err
get() { timeout 200 ci/arm64-packages bookworm "$@" busybox-static >"$tmp/out" 2>"$tmp/err"; }

# A mirror of our own, whose Release file nobody signed: one line, exit 3, nothing unpacked.
mkdir -p "$tmp/mirror/dists/bookworm"
printf 'Suite: bookworm\nCodename: bookworm\nArchitectures: amd64 arm64\nComponents: main\n' >"$tmp/mirror/dists/bookworm/Release"
MMUBENCH_CACHE=$tmp/none MMUBENCH_MIRROR=file:$tmp/mirror get "$tmp/none/root"
[ $? = 3 ] && [ "$(grep -c . "$tmp/err")" = 1 ] && grep -q 'not signed' "$tmp/err" && [ -z "$(ls -A "$tmp/none/root")" ]
ok $? "a mirror that is not signed"

if ! get "$tmp/first"; then
	skip "a tampered package that lies in the cache is fetched anew" "no archive: $(tail -n 1 "$tmp/err")"
	tap_end
	exit
fi
# A package of the right name and size, with a byte that is not Debian's, lies where downloads go.
archives=$tmp/cache/apt/bookworm/archives
(cd "$archives" && APT_CONFIG=$tmp/cache/apt/bookworm/apt.conf apt-get download -qq busybox-static:arm64) >"$tmp/err" 2>&1
deb=$(find "$archives" -name 'busybox-static_*.deb')
[ -n "$deb" ] && printf 'X' | dd of="$deb" bs=1 seek=5000 conv=notrunc status=none && get "$tmp/second" &&
	cmp "$tmp/first/bin/busybox" "$tmp/second/bin/busybox" >"$tmp/err" 2>&1
ok $? "a tampered package that lies in the cache is fetched anew"
tap_end
