# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034
# What the module's tests start with, after tap.bash: $mmubench, $tmp (removed at the end), and the guest kernel in
# $guest; where there is none, a skip.
export O=${O:-build}
mmubench=$(realpath "$O/mmubench")
tmp=$(mktemp -d) || exit 3
trap 'rm -rf "$tmp"' EXIT
tap_log=$tmp/err
if ! guest=$(timeout 120 ci/guest-kernel 6.12 2>"$tmp/err"); then
	skip "the module in a guest" "no guest kernel: $(tail -n 1 "$tmp/err")"
	tap_end
	exit
fi
