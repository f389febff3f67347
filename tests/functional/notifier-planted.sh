#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The probes of notifier in the guest, tested themselves: bugs that QEMU's TLB and SMMU do show are planted in a copy
# of the tree, one at a time, and the guest's access behind stage 2, or the edu device's DMA, must find each.
cd "$(dirname "$0")/../.." || exit 3
. tests/functional/tap.bash
o=${O:-build}
case $o in /*) ;; *) o=$PWD/$o ;; esac
tree=$o/tests/notifier-planted
rm -rf "$tree" && mkdir -p "$tree/build" || exit 3
cp -a Makefile mk ci harness kernels bench "$tree/"
mkdir -p "$tree/tests" && cp -a tests/unit tests/guest "$tree/tests/"
cp -a "$o/guest" "$tree/build/"
cd "$tree" || exit 3
notifier=kernels/notifier/notifier.h smmu=kernels/include/smmu.h
granule=4K
# run SECONDARY: the exit status of two cases on an Image of the tree as it is now
run() {
	make -s O=build build/guest/Image >log 2>&1 || return 3
	cat >suite.json <<-S
		{"schema": "mmubench-suite/1", "title": "planted", "rounds": 1, "warmup": 0, "boots": 1, "cases":
		 [{"family": "notifier", "variants": ["range_only"], "params": {"secondary": ["$1"], "pages": [1, 3], "granule": ["$granule"]}}]}
	S
	MMUBENCH_IMAGE=$PWD/build/guest/Image "$o/mmubench" run ./suite.json --accel icount -o out.json >log 2>&1
}
# planted SECONDARY FILE SCRIPT WORDS WHAT: the sed script goes in, the check fails with the words, it comes out again
planted() {
	local status
	cp "$2" saved
	sed -E -i "$3" "$2"
	cmp -s saved "$2" && { ok 1 "$5: the script changes nothing"; return; }
	run "$1"; status=$?
	cp saved "$2"
	[ $status -eq 1 ] && grep -q "check failed: page [0-9]*: $4" log; ok $? "$1: $granule: $5: $4"
}
run stage2; ok $? "stage2: passes as it is"
run smmuv3; ok $? "smmuv3: passes as it is"
guest='after the invalidation the guest still reads the page'
table='after the invalidation the guest still has a stage-1 table there'
dma='the device still reads the old page'
planted stage2 $notifier 's/^\t\tnotifier_flush_ipa\(/\t\t(void)w; if (0) &/' "$guest" "no invalidation"
planted stage2 $notifier '/mmu_tlbi\(VMALLE1IS/d' "$guest" "no VMALLE1IS"
planted stage2 $notifier 's/mmu_tlbi\(IPAS2E1IS/if (0) &/' "$table" "no TLBI by IPA"
planted stage2 $notifier 's/(notifier_flush_ipa\(w, notifier_ipa\(w, i)\)/\1 + 1)/' "$table" "the next page's TLBI by IPA"
planted stage2 $notifier '/mmu_guest_regime\(true\)/d' "$guest" "VMALLE1IS in the host's regime"
planted stage2 $notifier 's/mmu_tlbi\(VALE1IS/if (0) &/' 'the CPU does not read the new page' "no TLBI for the primary"
planted smmuv3 $notifier 's/^\t\tsmmu_inv_range\(.*/\t\t(void)pages;/' "$dma" "no invalidation"
planted smmuv3 $notifier 's/(smmu_inv_range\(&w->smmu, &w->g, start)/\1 + (8 << w->g.page_shift)/' "$dma" "another page"
planted smmuv3 $smmu 's/c\.w\[0\] = \(u64\)asid/c.w[0] = (u64)(asid ^ 1)/' "$dma" "another ASID"
planted smmuv3 $smmu 's/\(num - 1\) & SMMU_NUM_MASK/0u \& num/' "$dma" "NUM lost: the last pages stay"
# The code as it is passes at 16K and 64K in notifier-guest.sh. To QEMU's CPU a page over 4K is a large one, and a TLBI
# of any of them drops them all: there only a TLBI that is missing shows. Its SMMU is exact at every granule.
granule=64K
planted smmuv3 $smmu 's/pt_tlbi_tg\(g\) << 10/1ull << 10/' "$dma" "TG of the range command is 4K's"
planted smmuv3 $smmu 's/\(num - 1\) & SMMU_NUM_MASK/0u \& num/' "$dma" "NUM lost: the last pages stay"
planted stage2 $notifier 's/mmu_tlbi\(VALE1IS/if (0) &/' 'the CPU does not read the new page' "no TLBI for the primary"
granule=16K
planted stage2 $notifier 's/mmu_tlbi\(IPAS2E1IS/if (0) &/' "$table" "no TLBI by IPA"
[ "$tap_bad" -ne 0 ] || rm -rf "$tree"
tap_end
