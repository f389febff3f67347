#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The module in a guest of Debian's 6.12 arm64 kernel: counts equal those of bare metal and model, nothing
# leaks, and what may go wrong between kernel and module is one line and exit 3.
set -u
cd "$(dirname "$0")/../.." || exit 3
. tests/functional/tap.bash
. tests/functional/module.bash
suite=tests/functional/module-small.json

run() { timeout 300 "$mmubench" run "$@" --boots 1 --reps 1 --warmup 0 >"$tmp/out" 2>"$tmp/err"; }

run $suite --platform module --accel tcg -o "$tmp/module.json"
ok $? "module: every case passes or is skipped"
run $suite --accel tcg -o "$tmp/baremetal.json" && run $suite --platform model -o "$tmp/model.json"
ok $? "bare metal and model run the same suite"
/usr/bin/python3 - "$tmp" >"$tmp/err" 2>&1 <<'PY'
import json, sys
sets = []
for name in ("baremetal", "module", "model"):
    cases = json.load(open("%s/%s.json" % (sys.argv[1], name)))["cases"]
    sets.append({(c["family"], c["variant"], json.dumps(c["params"], sort_keys=True)): c["counts"]
                 for c in cases if "counts" in c and c["family"] != "timer"})
shared = set(sets[0]) & set(sets[1]) & set(sets[2])
families = {k[0] for k in shared}
assert {"map_mem", "unmap", "tlbi_range", "fold"} <= families, families
assert len(shared) > 60, len(shared)
differ = [(k, [s[k] for s in sets]) for k in shared if sets[0][k] != sets[1][k] or sets[0][k] != sets[2][k]]
assert not differ, differ[:3]
PY
ok $? "operation counts of every shared case are equal on bare metal, module and model"
/usr/bin/python3 - "$tmp/module.json" >"$tmp/err" 2>&1 <<'PY'
import json, sys
got = {c["params"]["pages"]: (c.get("check"), c.get("counts")) for c in json.load(open(sys.argv[1]))["cases"]
       if c["family"] == "mm_notifier"}
assert got == {n: ("pass", {"secondary.inv": n}) for n in (1, 64, 511)}, got
PY
ok $? "the kernel's own mmu_notifier: 6.12 invalidates once a page whose copy on write is broken"

tests/module-loop 3 $suite >"$tmp/err" 2>&1
ok $? "load, run, unload; busy while a plan runs; a killed run leaves nothing; no warning"
! LEAK=256 tests/module-loop 3 $suite >"$tmp/err" 2>&1 && grep -q 'leak: .* KiB less free' "$tmp/err"
ok $? "a planted leak is noticed"

# refused NAME EXPECTED RUN-WORD...: exit 3 and one line
refused() {
	local name=$1 want=$2 status
	shift 2
	run "map_mem/direct" --ram 16M --platform module --accel tcg -o "$tmp/no.json" "$@"
	status=$?
	[ $status -eq 3 ] && [ "$(grep -vcE '^note|^run \[' "$tmp/err")" = 1 ] && grep -qE "^mmubench: .*$want" "$tmp/err"
	ok $? "$name"
}
echo 'echo "BUG: planted by a test" >/dev/kmsg' >"$tmp/hook"
MMUBENCH_GUEST_HOOK=$tmp/hook run map_mem/direct --ram 16M --platform module --accel tcg -o "$tmp/warned.json" &&
	[ "$(grep -c 'the guest kernel warned: .*BUG: planted' "$tmp/err")" = 1 ]
ok $? "a warning of the guest kernel is told"
echo 'exec 7<$d/status' >"$tmp/hook"
MMUBENCH_GUEST_HOOK=$tmp/hook refused "the module does not unload" "the guest: rmmod"

ko=${O:-build}/module/6.12/mmubench.ko
MMUBENCH_BOOTARGS=module.sig_enforce=1 refused "no module signing key: insmod refused" "insmod.*(Key was rejected|Required key|not permitted)"
sed '/vermagic=/s/SMP mod_unload/UPX mod_unload/' "$ko" >"$tmp/other.ko"
MMUBENCH_MODULE=$tmp/other.ko refused "a module of another kernel" "insmod.*version magic"
MMUBENCH_MODULE=/bin/ls refused "a module of another architecture" "no kernel module for arm64"
MMUBENCH_BOOTARGS=debugfs=off refused "debugfs is off" "debugfs"
echo 'echo c >/proc/sysrq-trigger; sleep 5' >"$tmp/hook"
MMUBENCH_GUEST_HOOK=$tmp/hook refused "the guest kernel panics" "the guest kernel panicked"
refused "a kernel of another architecture" "no arm64 kernel Image" --kernel /bin/ls
KDIR='' refused "a kernel without its build folder" "set KDIR" --kernel "$guest/Image"
refused "a kernel that is not there" "No such file" --kernel "$tmp/none"

[ "$(uname -m)" = aarch64 ] || refused "this machine's own kernel, where that is not arm64" "host is not arm64" --guest host

# Deterministic: the same inputs are the same initramfs, and it has no time in it.
sum() { /usr/bin/python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["environment"]["image"]["sha256"])' "$1"; }
run map_mem/direct --ram 16M --platform module --accel tcg -o "$tmp/again.json" &&
	[ "$(sum "$tmp/again.json")" = "$(sum "$tmp/module.json")" ]
ok $? "the initramfs is the same in each run"
tap_end
