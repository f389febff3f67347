#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Every known bug is planted and caught (tests/mutants/run, TAP).
cd "$(dirname "$0")/../.." || exit 3
exec make -s O="${O:-build}" mutants
