#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The statistics against scipy and numpy on the same data: equal to 1e-9.
set -u
cd "$(dirname "$0")/../.." || exit 3
if ! /usr/bin/python3 -c 'import scipy' 2>/dev/null; then
	echo "ok 1 - statistics equal scipy's # SKIP python3-scipy is not installed"
	echo 1..1
	exit 0
fi
exec /usr/bin/python3 tests/functional/stats_peer.py "${O:-build}/tests/unit/test_stats"
