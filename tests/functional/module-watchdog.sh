#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Stretches of seconds inside Linux: counted pass, oracle and timed runs of 256 GiB mapped page by page, on a kernel
# without preemption whose watchdogs bark after 2 s (soft lockup) and 3 s (RCU) already. Nothing may bark.
set -u
cd "$(dirname "$0")/../.." || exit 3
export O=${O:-build}
mmubench=$PWD/$O/mmubench
case $O in /*) mmubench=$O/mmubench ;; esac
tmp=$(mktemp -d) || exit 3
trap 'rm -rf "$tmp"' EXIT

if ! timeout 120 ci/guest-kernel 6.12 >/dev/null 2>"$tmp/err"; then
	echo "1..0 # SKIP no guest kernel: $(tail -n 1 "$tmp/err")"
	exit 0
fi
echo 1..1
# Two CPUs: a stall is seen by the one that does not run the plan.
MMUBENCH_BOOTARGS="watchdog_thresh=1 rcupdate.rcu_cpu_stall_timeout=3" timeout 500 "$mmubench" run map_mem/remap_cont \
	--ram 256G --smp 2 --platform module --accel tcg --boots 1 --reps 1 --warmup 1 -o "$tmp/out.json" \
	>"$tmp/out" 2>"$tmp/err" && ! grep 'the guest kernel' "$tmp/err" >&2
status=$?
[ $status = 0 ] || echo -n "not "
echo "ok 1 - no watchdog barks at a run of seconds"
tail -n 5 "$tmp/err" >&2
exit $status
