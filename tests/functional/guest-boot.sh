#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The bare-metal Image under QEMU, without the harness: entry at EL1 and EL2, core models, RAM sizes,
# plan by bootargs and by initrd, records whole, crashes reported, power-off with status 0.
set -u
cd "$(dirname "$0")/../.." || exit 3
. tests/functional/tap.bash
image=${O:-build}/guest/Image
tmp=$(mktemp -d) || exit 3
trap 'rm -rf "$tmp"' EXIT
tap_log=$tmp/out
plan='mmub.plan=mmub-plan 1;set seed=1;end'

# boot BOOTARGS QEMU-ARGUMENT...: console to $tmp/out, status of QEMU returned
boot() {
	local args=$1
	shift
	timeout "${limit:-5}" qemu-system-aarch64 -nodefaults -no-user-config -display none -monitor none \
		-serial "file:$tmp/out" -kernel "$image" -append "$args" "$@" </dev/null 2>"$tmp/err"
}

# Every record's CRC-32 and sequence number, by an implementation that is not ours.
whole() {
	/usr/bin/python3 - "$tmp/out" <<'PY'
import sys, zlib
want = 0
for line in open(sys.argv[1], errors="replace").read().split("\n"):
    if not line.startswith("@mmub "):
        continue
    body, crc = line.rsplit(" #", 1)
    assert int(crc, 16) == zlib.crc32(body.encode()), line
    assert int(line.split()[1]) == want, line
    want += 1
last = body.split()
assert last[2] == "end" and last[3] == "records=%d" % (want - 1), body
PY
}

hello() { # DESCRIPTION EXPECTED-REGEX QEMU-ARGUMENT...
	local what=$1 want=$2
	shift 2
	boot "$plan" "$@" && whole && grep -qE "^@mmub 0 hello proto=1 platform=baremetal .*$want" "$tmp/out"
	ok $? "$what"
}

virt='virt,gic-version=3'
hello "max, EL1" "lpa2_4k.* ram=268435456 cpus=1 " -M $virt -cpu max -m 256M
hello "max, EL2, two CPUs" ",el2,.* cpus=2 " -M $virt,virtualization=on -cpu max -m 256M -smp 2
hello "cortex-a57, EL1: neither range TLBI nor 16K" "features=gran4k,gran64k,pmu" -M $virt -cpu cortex-a57 -m 256M
hello "neoverse-n1, EL2" ",el2,.*midr=0x414fd0c1" -M $virt,virtualization=on -cpu neoverse-n1 -m 256M
hello "GICv2 machine, 128 MiB" "ram=134217728 " -M virt,gic-version=2 -cpu cortex-a57 -m 128M
hello "512 GiB" "ram=549755813888 " -M $virt,memory-backend=m -cpu max -m 512G \
	-object memory-backend-ram,id=m,size=512G,reserve=off
hello "two memory nodes side by side are one piece of RAM" "ram=268435456 " -M $virt -cpu max -m 256M -smp 2 \
	-object memory-backend-ram,id=a,size=128M -object memory-backend-ram,id=b,size=128M -numa node,memdev=a -numa node,memdev=b
hello "SMMUv3 with range commands, all granules" "smmuv3,smmu_ril,smmu_gran4k,smmu_gran16k,smmu_gran64k" -M $virt,iommu=smmuv3 -cpu max -m 256M
hello "icount counts instructions" "pmu_insns" -M $virt -cpu max -m 256M -icount shift=0,sleep=off

printf 'mmub-plan 1\nset seed=2\nend\n' >"$tmp/plan"
boot "" -M $virt -cpu max -m 256M -initrd "$tmp/plan" && whole && ! grep -q ' error ' "$tmp/out"
ok $? "plan by initrd"
{ printf 'mmub-plan 1\nset seed=2\n'; yes '# a long comment that fills the initrd with what no bootargs could hold' |
	head -c 3000000; printf '\nend\n'; } >"$tmp/plan"
boot "" -M $virt -cpu max -m 256M -initrd "$tmp/plan" && whole
ok $? "initrd of 3 MB: read to its end, whatever the plan parser says of it"
boot "" -M $virt -cpu max -m 256M && grep -q '^@mmub [0-9]* error ' "$tmp/out"
ok $? "no plan at all is an error record, and power-off"
head -c 100000 /dev/urandom >"$tmp/plan"
boot "" -M $virt -cpu max -m 256M -initrd "$tmp/plan" && grep -q '^@mmub [0-9]* error ' "$tmp/out"
ok $? "random bytes as a plan are an error record"

crash() { # TEST EXPECTED
	boot "mmub.test=$1 $plan" -M $virt,virtualization=on -cpu max -m 256M &&
		grep -qE "^@mmub [0-9]+ exc $2 #[0-9a-f]{8}\$" "$tmp/out"
	ok $? "mmub.test=$1 gives an exc record and power-off"
}
crash crash@1 'el=1 esr=0x9600000[4-7] far=0x10 elr=0x[0-9a-f]+ cpu=0 why=data%20abort'
crash crash-el2@1 'el=2 esr=0x9[0-9a-f]+ far=0x10 elr=0x[0-9a-f]+ cpu=0 why=data%20abort'
crash stack@1 'el=1 esr=0x9[0-9a-f]+ far=0x[0-9a-f]+ elr=0x[0-9a-f]+ cpu=0 why=stack%20overflow'
limit=2 boot "mmub.test=hang@1 $plan" -M $virt -cpu max -m 256M
[ $? -eq 124 ]
ok $? "mmub.test=hang@1 hangs"
boot "mmub.test=garble@1 $plan" -M $virt -cpu max -m 256M
! whole 2>/dev/null
ok $? "mmub.test=garble@1 breaks a record, and the checker sees it"
tap_end
