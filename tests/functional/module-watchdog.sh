#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Stretches of seconds inside Linux: counted pass, oracle and timed runs of 256 GiB mapped page by page, on a kernel
# without preemption whose watchdogs bark after 2 s (soft lockup) and 3 s (RCU) already. Nothing may bark.
set -u
cd "$(dirname "$0")/../.." || exit 3
. tests/functional/tap.bash
. tests/functional/module.bash
# Two CPUs: a stall is seen by the one that does not run the plan.
MMUBENCH_BOOTARGS="watchdog_thresh=1 rcupdate.rcu_cpu_stall_timeout=3" timeout 500 "$mmubench" run map_mem/remap_cont \
	--ram 256G --smp 2 --platform module --accel tcg --boots 1 --reps 1 --warmup 1 -o "$tmp/out.json" \
	>"$tmp/out" 2>"$tmp/err" && ! grep 'the guest kernel' "$tmp/err" >&2
ok $? "no watchdog barks at a run of seconds"
tap_end
