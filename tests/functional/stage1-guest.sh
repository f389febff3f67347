#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# tlbi_range, unmap and fold on the bare-metal guest under QEMU: every variant passes its check at 4K, 16K and
# 64K; what a CPU lacks is skipped by name; counts are those of the model, to the last one.
cd "$(dirname "$0")/../.." || exit 3
. tests/functional/tap.bash
o=${O:-build}
out=$o/tests/stage1-guest
rm -rf "$out" && mkdir -p "$out" || exit 3
measure() { # NAME SUITE OPTION...
	local name=$1 suite=$2
	shift 2
	"$o/mmubench" run "bench/suites/$suite.json" --boots 1 --reps 1 "$@" -o "$out/$name.json" >"$out/$name.log" 2>&1
}
# counts NAME: family, variant, parameters and counts of each case that ran, one line each
counts() {
	/usr/bin/python3 -c '
import json, sys
for c in json.load(open(sys.argv[1]))["cases"]:
    if c.get("check") == "pass" and c["family"] != "timer":
        print(c["family"], c["variant"], sorted(c["params"].items()), sorted(c["counts"].items()))' "$out/$1.json" | sort -u
}
for suite in tlbi_range unmap fold; do
	measure "$suite-max" "$suite" --accel tcg --cpu max; ok $? "$suite on max: every check passes"
	grep -qE ' 0 failed, 0 broken' "$out/$suite-max.log"; ok $? "$suite on max: nothing failed"
	measure "$suite-model" "$suite" --platform model; ok $? "$suite on the model: every check passes"
	counts "$suite-max" >"$out/a"; counts "$suite-model" >"$out/b"
	[ -s "$out/a" ] && cmp -s "$out/a" "$out/b"; ok $? "$suite: $(wc -l <"$out/a") cases with the model's counts"
	cp "$out/a" "$out/a.$suite"
	measure "$suite-a57" "$suite" --accel tcg --cpu cortex-a57; ok $? "$suite on cortex-a57: every check passes"
	grep -qE ' 0 failed, 0 broken' "$out/$suite-a57.log"; ok $? "$suite on cortex-a57: nothing failed"
done
grep -q 'lacks tlbirange' "$out/unmap-a57.json"; ok $? "range operations are skipped by name where the CPU has none"
grep -q 'gran16k' "$out/unmap-a57.json"; ok $? "the 16K granule too"
grep -q 'lpa2_4k' "$out/tlbi_range-a57.json"; ok $? "and LPA2"
grep -q 'lpa2_4k' "$out/unmap-a57.json"; ok $? "for unmap as well"
grep -qE "'align', 1\), .*'lpa2', 1\).*'tlbi.vale1is', 16\)" "$out/a.unmap"; ok $? "unmap under LPA2 ran: 16 single pages lead to the range ops"
"$o/mmubench" compare "$out/unmap-max.json" --metric collateral >"$out/collateral" 2>&1
grep -q '^unmap: time to touch the working set again ([nu]s)' "$out/collateral"; ok $? "the collateral is a metric, in ns"
"$o/mmubench" compare "$out/unmap-max.json" >"$out/time" 2>&1
grep -q '^time to touch the working set again at 4096' "$out/time"; ok $? "and stands below the table of times without being asked for"
tap_end
