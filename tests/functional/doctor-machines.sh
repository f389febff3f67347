#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# doctor on this machine and on machines made of files: one core without KVM and perf; a noisy laptop; a
# quiet server; an arm64 host with and without KVM. Its lines fit 80 columns, and its exit status is 0 whatever it finds.
set -u
cd "$(dirname "$0")/../.." || exit 3
. tests/functional/tap.bash
bin=$(realpath "${O:-build}/mmubench")
tmp=$(mktemp -d) || exit 3
trap 'rm -rf "$tmp"' EXIT
tap_log=$tmp/out
put() { mkdir -p "$(dirname "$root$1")"; printf '%s\n' "$2" >"$root$1"; }
says() { grep -qE "^$1 +$2 .*$3" "$tmp/out"; }
advises() { grep -qF -- "-> $1" "$tmp/out"; }
narrow() { ! grep -qE '^.{81}' "$tmp/out"; }
doctor() { MMUBENCH_SYSROOT=$root "$bin" doctor >"$tmp/out" 2>"$tmp/err"; }
cpu() { # NUMBER CORE SIBLINGS
	local d=/sys/devices/system/cpu/cpu$1
	put "$d/topology/core_id" "$2"
	put "$d/topology/physical_package_id" 0
	put "$d/topology/core_cpus" "$3"
	put "$d/topology/thread_siblings" "$3"
	put "$d/topology/package_cpus" "$4"
	put "$d/topology/core_siblings" "$4"
}
machine() { # CPUS-LIST LOAD STEAL MEM-KIB
	put /sys/devices/system/cpu/online "$1"
	put /sys/devices/system/cpu/possible "$1"
	put /sys/devices/system/cpu/present "$1"
	put /proc/loadavg "$2 0.10 0.05 1/100 4242"
	put /proc/stat "cpu 100 0 100 $((9800 - $3)) 0 0 0 $3 0 0"
	put /proc/meminfo "MemTotal: $4 kB
MemAvailable: $4 kB"
}

root=
doctor; status=$?
check "this machine: exit 0" test $status -eq 0
check "this machine: every line fits 80 columns" narrow
check "this machine: QEMU is found or missed" says '(good|bad)' QEMU ''
check "this machine: nothing on stderr" test ! -s "$tmp/err"

# One CPU of this machine, no KVM on it, no hardware events in CI's: measured all the same.
on_one() { MMUBENCH_SYSROOT='' taskset -c "$(taskset -cp $$ | sed 's/.*[: ,-]//')" "$bin" "$@" >"$tmp/out" 2>"$tmp/err"; }
on_one doctor; status=$?
check "one CPU of this machine: exit 0" test $status -eq 0
check "one CPU of this machine: says so" says bad cores '1 core, 1 thread'
on_one run 'tlbi_range/scale_*' --accel tcg --reps 3 --boots 2 -o "$tmp/one.json"; status=$?
check "one CPU of this machine: run works" test $status -eq 0
check "one CPU: run says where the vCPU went" grep -qE '"placement": "(1 vCPU pinned.*the machine is small|not pinned: another run)' "$tmp/one.json"
on_one run tlbi_range/scale_down --smp 2 --accel tcg --reps 2 -o "$tmp/one.json"
check "one CPU, two vCPUs: too small, and says so" grep -q '"placement": "not pinned: 2 vCPUs, 1 core: the machine is too small' "$tmp/one.json"

root=$tmp/one
machine 0 0.01 0 1000000
cpu 0 0 1 1
PATH=/nonexistent doctor; status=$?
check "one core: exit 0" test $status -eq 0
check "one core: says so" says bad cores '1 core, 1 thread'
check "one core: what it means" advises "the vCPU shares its core"
check "no KVM: says so" says bad KVM ''
check "no perf: says so" says bad 'perf software' 'no perf events'
check "no perf counters: says so" says bad 'perf hardware' ''
check "no QEMU: says so" says bad QEMU 'no qemu-system-aarch64'
check "no QEMU: what to install" advises "install qemu-system-arm"
check "small memory" says bad memory 976
check "unknown governor, turbo, throttling" \
	test "$(grep -cE '^unknown +(governor|turbo|throttling) ' "$tmp/out")" -eq 3
check "each unknown says where to look" \
	test "$(grep -cE '^unknown +(governor|turbo|throttling|SMT) ' "$tmp/out")" -eq \
	"$(grep -A2 -E '^unknown +(governor|turbo|throttling|SMT) ' "$tmp/out" | grep -c -- '->')"
check "quiet" says good load 0.01
check "fits 80 columns" narrow

root=$tmp/laptop
machine 0-3 3.50 300 32000000
for c in 0 1; do cpu $c 0 3 f; cpu $((c + 2)) 1 c f; done
for c in 0 1 2 3; do
	put /sys/devices/system/cpu/cpu$c/cpufreq/scaling_governor powersave
	put /sys/devices/system/cpu/cpu$c/thermal_throttle/core_throttle_count 3
done
put /sys/devices/system/cpu/intel_pstate/no_turbo 0
put /sys/devices/system/cpu/smt/active 1
put /proc/sys/kernel/perf_event_paranoid 4
doctor
check "laptop: governor" says bad governor powersave
check "laptop: turbo" says bad turbo on
check "laptop: how to turn it off" grep -q intel_pstate/no_turbo "$tmp/out"
check "laptop: throttled 4 x 3" says bad throttling '12 times'
check "laptop: SMT" says bad SMT on
check "laptop: load" says bad load 3.50
check "laptop: steal" says bad steal '3.0 %'
check "laptop: 2 cores, 4 threads" says good cores '2 cores, 4 threads'
check "laptop: fits 80 columns" narrow

root=$tmp/server
machine 0-1 0.00 0 64000000
cpu 0 0 1 3
cpu 1 1 2 3
for c in 0 1; do
	put /sys/devices/system/cpu/cpu$c/cpufreq/scaling_governor performance
	put /sys/devices/system/cpu/cpu$c/thermal_throttle/core_throttle_count 0
done
put /sys/devices/system/cpu/cpufreq/boost 0
put /sys/devices/system/cpu/smt/active 0
put /proc/sys/kernel/perf_event_paranoid -1
doctor
for fact in governor turbo throttling SMT load steal cores memory 'perf paranoid'; do
	check "server: $fact is good" says good "$fact" ''
done

root=$tmp/arm64
machine 0-3 0.00 0 64000000
for c in 0 1 2 3; do cpu $c $c $((1 << c)) f; done
put /proc/sys/kernel/arch aarch64
for c in 0 2 3; do
	put /sys/devices/system/cpu/cpu$c/cpufreq/scaling_governor performance
done
doctor
check "arm64 without /dev/kvm: says so" says bad KVM 'no /dev/kvm'
check "arm64 without /dev/kvm: what to do" advises "load the kvm module, or enable nested virtualisation"
check "arm64: a CPU that is offline is no end of the list" says good governor 'performance on 3 CPUs'
put /dev/kvm ''
put /sys/devices/system/cpu/cpu3/cpufreq/scaling_governor schedutil
doctor
check "arm64 with /dev/kvm" says good KVM '/dev/kvm can be opened'
check "arm64: the last CPU's governor" says bad governor schedutil
check "arm64: fits 80 columns" narrow

doctor_bad() { "$bin" doctor now >"$tmp/out" 2>&1; test $? -eq 2; }
check "a word too many is exit 2" doctor_bad
tap_end
