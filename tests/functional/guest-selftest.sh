#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The platform tested from inside (tests/guest/selftest.c): spaces of every granule and size, probes,
# memory, exception levels, CPUs, counters; on machines that differ in what they have.
set -u
cd "$(dirname "$0")/../.." || exit 3
. tests/functional/tap.bash
image=${O:-build}/guest/selftest/Image
out=$(mktemp) || exit 3
trap 'rm -f "$out"' EXIT

run() { # NAME QEMU-ARGUMENT...
	local name=$1 line
	shift
	timeout 60 qemu-system-aarch64 -nodefaults -no-user-config -display none -monitor none \
		-serial "file:$out" -kernel "$image" -append selftest "$@" </dev/null 2>&1 | sed 's/^/# /'
	while read -r line; do
		case $line in
		"ok "*) ok 0 "$name: ${line#*- }" ;;
		"not ok "*) ok 1 "$name: ${line#*- }" ;;
		*) echo "# $line" ;;
		esac
	done <"$out"
	grep -q '^# all passed' "$out"
	ok $? "$name: to the end"
}

virt='virt,gic-version=3'
run "max EL2" -M $virt,virtualization=on -cpu max -m 256M -smp 2
run "max EL1 512G" -M $virt,memory-backend=m -cpu max -m 512G \
	-object memory-backend-ram,id=m,size=512G,reserve=off
run "neoverse-n1 EL2" -M $virt,virtualization=on -cpu neoverse-n1 -m 256M -smp 3
run "cortex-a57 EL1" -M virt,gic-version=2 -cpu cortex-a57 -m 256M -smp 2
run "max icount" -M $virt -cpu max -m 256M -smp 2 -icount shift=0,sleep=off
tap_end
