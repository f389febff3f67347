#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The host side is for gcc and clang: what gcc built already goes through clang as well.
cd "$(dirname "$0")/../.." || exit 3
echo 1..1
if ! command -v clang >/dev/null; then
	echo 'ok 1 - clang compiles the host side # SKIP no clang here (ci/packages-test)'
elif make --no-print-directory -s O="${O:-build}" clang >&2; then
	echo 'ok 1 - clang compiles the host side'
else
	echo 'not ok 1 - clang compiles the host side'
	exit 1
fi
