#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# notifier in the guest, QEMU's SMMUv3 and the edu device's DMA included: checks, counts, and the table that
# the change is about. Under icount, where the DMA's 100 ms pass at once.
cd "$(dirname "$0")/../.." || exit 3
. tests/functional/tap.bash
o=${O:-build}
out=$o/tests/notifier-guest
rm -rf "$out" && mkdir -p "$out" || exit 3
run() { # NAME OPTION...
	local name=$1
	shift
	"$o/mmubench" run bench/suites/notifier.json --boots 1 --reps 1 "$@" -o "$out/$name.json" >"$out/$name.log" 2>&1
}
counts() { # NAME
	/usr/bin/python3 -c '
import json, sys
for c in json.load(open(sys.argv[1]))["cases"]:
    if c.get("check") == "pass" and c["family"] == "notifier":
        print(c["variant"], sorted(c["params"].items()), sorted(c["counts"].items()))' "$out/$1.json" | sort -u
}
run icount --accel icount; ok $? "icount: every check passes, DMA through the SMMU included"
grep -q ' 0 failed, 0 broken, 0 skipped' "$out/icount.log"; ok $? "icount: nothing failed, nothing skipped"
run model --platform model; ok $? "model: every check passes"
counts icount >"$out/a"; counts model >"$out/b"
[ "$(wc -l <"$out/a")" -eq 48 ] && cmp -s "$out/a" "$out/b"; ok $? "48 cases, guest and model count alike"
for granule in 16384 65536; do
	for secondary in stage2 smmuv3; do
		[ "$(grep -c "('granule', $granule).*('secondary', '$secondary')" "$out/a")" -eq 4 ]
		ok $? "granule $granule: all four variants passed under $secondary"
	done
done
"$o/mmubench" compare "$out/icount.json" --metric secondary.inv --columns event >"$out/table" 2>&1
for secondary in stage2 smmuv3; do
	sed -n "/pages=1 .*secondary=$secondary/,/^exact/p" "$out/table" >"$out/$secondary"
	grep -qE '^change_pte_invalidate +\| 2 +\| 2 +\| 3' "$out/$secondary" &&
		grep -qE '^range_only +\| 1 \(-50%\) +\| 1 \(-50%\) +\| 2 \(-33%\)' "$out/$secondary"
	ok $? "$secondary: secondary.inv CoW 2 -> 1, KSM 2 -> 1, uprobe 3 -> 2"
done
grep -q '"tlbi.ipas2e1is": 2' "$out/icount.json" && grep -q '"tlbi.ipas2e1is": 2' "$out/model.json"
ok $? "stage2: the TLBIs by IPA are among the operations, two where the secondary is invalidated twice"
run n1 --accel tcg --cpu neoverse-n1 && grep -q ' 0 failed, 0 broken, 0 skipped' "$out/n1.log"
ok $? "neoverse-n1 (VHE, no level hints), no icount: every check passes as well"
run a57 --accel tcg --cpu cortex-a57 && grep -q 'lacks vhe' "$out/a57.json"
ok $? "cortex-a57: stage2 is skipped, a host at EL2 being what it lacks, and smmuv3 passes"
grep -q 'no 16K granule (gran16k)' "$out/a57.json"; ok $? "cortex-a57: granule 16K is skipped, with that reason"
run a76 --accel icount --cpu cortex-a76 && grep -q ' 0 failed, 0 broken' "$out/a76.log" &&
	grep -q 'needs more than 40 bits of PA' "$out/a76.json"
ok $? "cortex-a76, 40 bits of PA: stage 2 at 16K is skipped with that reason, the rest passes"
tap_end
