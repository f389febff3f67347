#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# tests/fuzz/parsers.c under AddressSanitizer and UBSan: records, console, journal, plan, suite, result set, QMP and
# device tree. FUZZ_RUNS (inputs a target) and FUZZ_SEED for longer hunts than a test's.
cd "$(dirname "$0")/../.." || exit 3
O=${O:-build}
make --no-print-directory -s -j"$(nproc)" O="$O" fuzz >&2 || exit 1
exec "$O/san/tests/fuzz/parsers" all "${FUZZ_RUNS:-6000}" "${FUZZ_SEED:-1}"
