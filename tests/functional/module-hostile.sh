#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The module's files in debugfs against whoever writes rubbish into them: each try must end with a whole set of records
# and no memory held, and the kernel must have nothing to say about it. One guest, from inside (ci/guest-init's hook).
set -u
cd "$(dirname "$0")/../.." || exit 3
. tests/functional/tap.bash
. tests/functional/module.bash
cat >"$tmp/hook" <<'EOF'
plan() { printf 'mmub-plan 1\nset seed=1 rounds=1 warmup=0 min_ns=0 timed=1%s\n%s\nend\n' "$1" "$2"; }
idle() { grep -q '^memory_bytes 0' $d/status || fail "$1: memory is left: $(tr '\n' ' ' <$d/status)"; }
whole() { # NAME WANT: runs what is in plan; its last record is the end, and one says WANT
	echo 1 >$d/run || fail "$1: run"
	tail -n 1 $d/records | grep -q ' end ' || fail "$1: no end record"
	grep -q "$2" $d/records || fail "$1: $(tail -n 2 $d/records)"
	idle "$1"
}
small='case id=0 family=map_mem variant=direct ram=65536 granule=4096 va_bits=48'
head -c 100000 /bin/busybox >$d/plan; whole "binary plan" 'error why=plan'
dd if=/bin/busybox of=$d/plan bs=1048577 count=1 2>/dev/null && fail "a plan of more than 1 MiB"
dd if=/bin/busybox of=$d/plan bs=4096 seek=1000000 count=1 2>/dev/null && fail "a plan 4 GB behind its start"
plan "" "$small" | dd of=$d/plan bs=7 2>/dev/null; whole "a plan in pieces of 7 bytes" 'done id=0'
plan " ops_log=18446744073709551615" "$small" >$d/plan; whole "settings without a limit" 'beyond%20its%20limit'
for k in 0 18446744073709551615 4294967296 1099511627776; do
	for c in "map_mem variant=direct ram=$k granule=4096 va_bits=48" "tlbi_range variant=scale_down pages=$k" \
		 "unmap variant=range regime=high pages=$k" "fold variant=nop4d pages=$k" "mm_notifier variant=registered pages=$k" \
		 "map_mem variant=direct ram=4096 granule=$k va_bits=$k" "unmap variant=range pages=48 align=$k cpus=$k leaf=$k"; do
		plan "" "case id=0 family=$c" >$d/plan
		whole "$c" 'id=0'
	done
done
# Writers and readers at once: one runs, the rest is told that it is busy.
plan "" "$small" >/small
i=0; while [ $i -lt 20 ]; do
	i=$((i + 1))
	(echo 1 >$d/run) 2>/dev/null & (cat /small >$d/plan) 2>/dev/null & (cat $d/records >/dev/null) 2>/dev/null &
done
sleep 1
cat /small >$d/plan; whole "after writers at once" 'done id=0'
# kill -9 and unload at any moment, the memory limit lower each time.
i=8; while [ $i -gt 0 ]; do
	i=$((i - 1))
	cat /plan >$d/plan
	sh -c "echo 1 >$d/run" & r=$!
	usleep $((i * 80000))
	rmmod mmubench 2>/dev/null || true
	kill -9 $r 2>/dev/null; wait $r 2>/dev/null
	[ ! -e $d ] || { idle "killed after $((i * 80)) ms"; rmmod mmubench || fail "rmmod after a kill"; }
	insmod /mmubench.ko limit_mib=$((i + 1))
done
plan "" 'case id=0 family=map_mem variant=direct ram=4294967296 granule=4096 va_bits=48' >$d/plan
whole "8 MiB of tables under a limit of 1 MiB" 'out%20of%20memory%20for%20page%20tables'
plan " ops_log=16777216" "$small" >$d/plan; whole "a log of 256 MiB under that limit" 'out%20of%20memory'
cat /small >$d/plan
EOF
# The plan that is killed: a run of seconds.
MMUBENCH_GUEST_HOOK=$tmp/hook timeout 500 "$mmubench" run 'map_mem/*' --ram 1G --platform module --accel tcg --smp 2 --boots 1 \
	--reps 3 -o "$tmp/out.json" --timeout 400 >"$tmp/out" 2>"$tmp/err"
status=$?
if [ $status = 4 ]; then exit 4; fi
# hook leaves another plan, whose records are not those that were asked for: only what went wrong counts
! grep -E 'the guest: |guest kernel|hangs|stopped' "$tmp/err" >&2
ok $? "rubbish, concurrent writers, kills and unloads leave nothing behind and no warning"
tap_end
