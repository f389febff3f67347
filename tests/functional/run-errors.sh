#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What goes wrong around a run: wrong words, missing programs, guests that crash, hang, talk rubbish, and
# the user's Ctrl-C. Each is one line, its exit status, no process left, nothing measured lost.
cd "$(dirname "$0")/../.." || exit 3
. tests/functional/tap.bash
O=${O:-build}
tmp=$(mktemp -d) || exit 3
trap 'rm -rf "$tmp"' EXIT
tap_log=$tmp/err
mb=$O/mmubench

# t NAME STATUS PATTERN LINES command...: exit status, a pattern and the number of lines on stderr.
t() {
	local name=$1 status=$2 pattern=$3 lines=$4 got
	shift 4
	"$@" >"$tmp/out" 2>"$tmp/err"
	got=$?
	[ $got -eq "$status" ] && { [ -z "$pattern" ] || grep -qE -- "$pattern" "$tmp/err"; } &&
	   { [ "$lines" = any ] || [ "$(wc -l <"$tmp/err")" -eq "$lines" ]; }
	ok $? "$name" || echo "# status $got, wanted $status"
}
run() { "$mb" run --accel tcg --reps 2 --timeout 2 -o "$tmp/r.json" "$@"; }
json() { /usr/bin/python3 -c "import json,sys; d=json.load(open('$tmp/r.json')); c=d['cases']; sys.exit(not ($1))"; }
# The Image's path marks the QEMU processes of this test.
cp "$O/guest/Image" "$tmp/Image" || exit 3
export MMUBENCH_IMAGE=$tmp/Image
no_qemu() { ! pgrep -f -- "-kernel $tmp/Image"; }

t 'unknown command, nearest named' 2 "no command 'rnu'; did you mean run\?" 1 "$mb" rnu
t 'unknown option, nearest named' 2 'unknown option --acel; did you mean --accel\?' 1 "$mb" run --acel tcg
t 'wrong alternative' 2 '--accel cannot be .fast.' 1 "$mb" run --accel fast
t 'unknown family' 2 "no suite or family 'tlbi_rang'; did you mean tlbi_range" 1 "$mb" run tlbi_rang
t 'unknown variant' 2 "no variant 'scale_upp'; did you mean scale_up" 1 "$mb" run tlbi_range/scale_upp
t 'wrong RAM size' 2 "'3q' is no RAM size" 1 "$mb" run --ram 3q
t 'absurd number' 2 '--boots cannot be' 1 "$mb" run --boots 0
t 'standard output as result' 2 'is no file to write' 1 run -o - tlbi_range/scale_up
t 'a folder as result' 2 'is no file to write' 1 run -o "$tmp" tlbi_range/scale_up
/usr/bin/python3 -c "import json; print(json.dumps({'schema': 'mmubench-suite/1', 'cases': [{'family': 'unmap',
	'params': {k: [1] * 1000 for k in ('pages', 'cpus', 'resident')}}]}))" >"$tmp/many.json"
t 'a suite of 10^9 points' 3 'more than 100000 points' 1 "$mb" run "$tmp/many.json"
printf '{"schema":"mmubench-suite/1","cases":[{"family":"tlbi_range","params":{"pagse":1}}]}' >"$tmp/s.json"
t 'unknown parameter in a suite' 3 "s.json: case 1: family tlbi_range has no parameter 'pagse'; did you mean pages" 1 \
	"$mb" run "$tmp/s.json"
printf '{"schema":"mmubench-suite/1","cases":[' >"$tmp/s.json"
t 'truncated suite' 3 's.json: line 1' 1 "$mb" run "$tmp/s.json"
t '--ram where nothing maps RAM' 2 '--ram: none of these families maps RAM' 1 "$mb" run tlbi_range --ram 1G
t 'missing suite file' 3 'No such file' 1 "$mb" run "$tmp/none.json"
t 'missing QEMU' 3 'not found: install qemu-system-arm' 1 env MMUBENCH_QEMU=/nonexistent/qemu \
	"$mb" run 'tlbi_range/*' -o "$tmp/x.json"
t 'missing Image' 3 'Image is missing' 1 env MMUBENCH_IMAGE="$tmp/none" "$mb" run 'tlbi_range/*' -o "$tmp/x.json"
head -c 100000 /dev/urandom >"$tmp/garbage"
t 'an Image that is none' 3 'garbage is no arm64 Image' 1 env MMUBENCH_IMAGE="$tmp/garbage" "$mb" run 'tlbi_range/*' -o "$tmp/x.json"
: >"$tmp/empty"
t 'an empty Image' 3 'empty is no arm64 Image' 1 env MMUBENCH_IMAGE="$tmp/empty" "$mb" run 'tlbi_range/*' -o "$tmp/x.json"
t 'KVM that is not there' 3 'no KVM: ' 1 "$mb" run --accel kvm 'tlbi_range/*' -o "$tmp/x.json"
t 'unwritable result' 3 'cannot write' any run -o /nonexistent/r.json tlbi_range/scale_up
t 'QEMU that refuses' 3 'CPU model' 1 run --cpu nonsense tlbi_range/scale_up
check 'and says that nothing was run' grep -q '1 case: .*, 1 not run; 0 samples' "$tmp/out"
export MMUBENCH_BOOTARGS
MMUBENCH_BOOTARGS=mmub.test=crash@12 t 'a guest that crashes names its case' 3 \
	'tlbi_range/scale_down.*: the guest crashed: .*esr=0x' any run 'tlbi_range/*'
MMUBENCH_BOOTARGS=mmub.test=crash@30 t 'a crash in the timed part' 3 'the guest crashed' any run 'tlbi_range/*'
check 'what the others measured is kept' json "any(x.get('check') == 'pass' and len(x.get('samples', [])) == 4 and 'fail' not in x for x in c) and any('crashed' in x.get('fail', '') for x in c)"
check 'and is a valid result set' "$mb" validate "$tmp/r.json"
t "a host event's name is a word like any other" 2 "host event cylces: .*perf list" 1 run --host-events task-clock,cylces
t "an event that the CPU lacks: which ones it has" 3 \
	'event L1D_TLB_REFILL is not on this CPU; it has SW_INCR( [A-Z0-9_]+)* STALL( |$)' 1 \
	run --accel tcg --guest-events CPU_CYCLES,L1D_TLB_REFILL tlbi_range/scale_up
t 'an event with a number of its own' 0 '' any run --accel tcg --guest-events CPU_CYCLES,DSB_SPEC:0x7d tlbi_range/scale_up
check 'is counted under its name' json "all(set(x['events']) == {'CPU_CYCLES', 'DSB_SPEC'} for x in c[0]['samples'])"
t 'its number is checked where PMCEID has it' 3 'event STALL is not on this CPU' 1 run --accel tcg --guest-events STALL:0x25 tlbi_range/scale_up
check 'no case is blamed for it' json "all('could not be booted' in x['fail'] for x in c)"
MMUBENCH_BOOTARGS=mmub.test=hang@5 t 'a guest that hangs names its case' 3 \
	'tlbi_range/scale_up.*: the guest hangs: no record for 0.4 s' 1 run --timeout 0.4 tlbi_range/scale_up
MMUBENCH_BOOTARGS=mmub.test=garble@5 t 'a damaged record names its case' 3 \
	'tlbi_range/scale_up.*: bad record' 1 run tlbi_range/scale_up
MMUBENCH_BOOTARGS=
unset MMUBENCH_BOOTARGS
# A console that talks for ever, and one on which a loader talked before: binary, and without a last newline.
printf '#!/bin/sh\nwhile :; do echo noise; sleep 0.05; done\n' >"$tmp/noisy"
printf '#!/bin/sh\nhead -c 100000 /dev/urandom; printf "boot: "; exec qemu-system-aarch64 "$@"\n' >"$tmp/loader"
chmod +x "$tmp/noisy" "$tmp/loader"
MMUBENCH_QEMU=$tmp/noisy t 'a guest that only chatters hangs' 3 'hangs: no record for 0.5 s.* said: noise' 1 \
	run --timeout 0.5 tlbi_range/scale_up
MMUBENCH_QEMU=$tmp/loader t 'noise before the first record' 0 '' 0 run --timeout 20 tlbi_range/scale_up
check 'no QEMU is left behind' no_qemu
check 'no journal is left behind' test ! -e "$tmp/r.json.journal"

# What -o names: a link stays a link, and a device a device (one of our own: no harm must come to /dev/null).
ln -s target.json "$tmp/link.json"
echo before >"$tmp/target.json"
t 'a link as result' 0 '' 0 "$mb" run --platform model tlbi_range/scale_up -o "$tmp/link.json"
check 'the link leads to the result set' bash -c "[ -L '$tmp/link.json' ] && '$mb' validate '$tmp/target.json'"
if mknod "$tmp/null" c 1 3 2>/dev/null; then
	t 'a device as result of run' 2 'is no file to write' 1 run -o "$tmp/null" tlbi_range/scale_up
	t 'a device as result of merge' 0 '' 0 "$mb" merge -o "$tmp/null" "$tmp/target.json" "$tmp/target.json"
	check 'the device is one still' test -c "$tmp/null"
fi
"$mb" run --platform model tlbi_range/scale_up --label $'a\xffb' -o "$tmp/r.json" >/dev/null
check 'a label that is no UTF-8 is kept as far as it is' grep -q '"label": "a?b"' "$tmp/r.json"
run --ops-log "$tmp/ops" --boots 3 tlbi_range/scale_up >/dev/null 2>&1
check 'the operation log has each operation once, whatever the boots' json "sum(c[0]['counts'].values()) == len(open('$tmp/ops').readlines())"

# A full disk: the journal keeps what the result set has no room for; cut itself, it keeps what came before.
mkdir "$tmp/disk"
if mount -t tmpfs -o size=256k tmpfs "$tmp/disk" 2>/dev/null; then
	full() { run --reps 100 --timeout 20 -o "$tmp/disk/r.json" 'tlbi_range/scale_*' "$@"; }
	for room in 44 24; do	# KiB
		head -c $(((256 - room) << 10)) /dev/zero >"$tmp/disk/fill"
		t "a disk with $room KiB left" 3 'cannot write: No space left.* in .*r.json.journal' any full
		rm "$tmp/disk/fill"
		t '... resumed when there is room' 0 '' 0 full --resume
		cp "$tmp/disk/r.json" "$tmp/r.json"
		check '... every sample is there, once' json "all(len({(s['round'], s.get('warmup', False)) for s in x['samples']}) == len(x['samples']) == 102 for x in c if x['family'] != 'timer')"
		rm "$tmp/disk"/*
	done
	umount "$tmp/disk"
fi

# Two runs, one result set: the second is refused, the first is not disturbed. Then: another build cannot go on.
MMUBENCH_BOOTARGS=mmub.test=hang@5 "$mb" run --accel tcg tlbi_range/scale_up --timeout 20 -o "$tmp/two.json" >"$tmp/out2" 2>&1 &
pid=$!
for _ in $(seq 100); do
	grep -qs ' case ' "$tmp/two.json.journal" && break
	sleep 0.02
done
t 'a second run of the same result set' 3 'two.json.journal: another run is writing it' 1 run -o "$tmp/two.json" tlbi_range/scale_up
kill -TERM $pid
wait $pid
check 'SIGTERM: exit 4' test $? -eq 4
check 'SIGTERM: no process left' no_qemu
/usr/bin/python3 - "$tmp/two.json.journal" <<'P'
import re, sys, zlib
lines = open(sys.argv[1]).read().split('\n')
for i, line in enumerate(lines):
    if ' hello ' in line:
        body = re.sub(' build=[^ ]*', ' build=other', line.rsplit(' #', 1)[0])
        lines[i] = '%s #%08x' % (body, zlib.crc32(body.encode()))
open(sys.argv[1], 'w').write('\n'.join(lines))
P
t 'another build cannot resume it' 3 'the guest is another build .* than before .other.' any run --reps 10 --resume \
	-o "$tmp/two.json" tlbi_range/scale_up

# Ctrl-C: saved, exit 4, QEMU gone, and --resume measures only the rest.
"$mb" run --accel tcg 'unmap/*' 'tlbi_range/*' --reps 400 --boots 3 --seed 7 -o "$tmp/i.json" >"$tmp/out" 2>"$tmp/err" &
pid=$!
for _ in $(seq 100); do
	grep -qs ' done ' "$tmp/i.json.journal" && break
	sleep 0.05
done
kill -INT $pid
wait $pid
status=$?
check 'interrupted: exit 4' test $status -eq 4
check 'interrupted: said in one line' test "$(grep -c 'interrupted: what was measured is saved' "$tmp/err")" -eq 1
check 'interrupted: no process left' no_qemu
check 'interrupted: the result set is valid' "$mb" validate "$tmp/i.json"
t 'another plan cannot resume it' 3 'of another plan' 1 "$mb" run --accel tcg 'unmap/*' --reps 3 --resume -o "$tmp/i.json"
printf 'broken 99999999 x\n@mmub 3 sampl' >>"$tmp/i.json.journal"
t 'resume goes on to the end' 0 '' any "$mb" run --accel tcg 'unmap/*' 'tlbi_range/*' --reps 400 --boots 3 --seed 7 \
	--resume -o "$tmp/i.json"
cp "$tmp/i.json" "$tmp/r.json"
check 'resumed: every case has all its samples once' json "all(len({(s['boot'], s['round'], s.get('warmup', False)) for s in x['samples']}) == len(x['samples']) == 3 * 402 for x in c if x['family'] != 'timer')"
# Interrupted in the middle of a record, then killed in the middle of a journal line, then interrupted again:
# nothing that was cut by us is held against a case.
stop_at_cut() { # CUTS-BEFORE options...: a guest that stops in the middle of its 9th record, until it is interrupted
	local pid cuts=$1
	shift
	MMUBENCH_BOOTARGS=mmub.test=cut@8 "$mb" run --accel tcg 'tlbi_range/scale_up' --reps 20 --boots 2 \
		-o "$tmp/cut.json" "$@" >"$tmp/out" 2>&1 &
	pid=$!
	for _ in $(seq 200); do
		[ "$(grep -cs '^@mmub 7 ' "$tmp/cut.json.journal")" -gt "$cuts" ] && break
		sleep 0.05
	done
	sleep 0.1	# (the half of the record is on its way; that it has not come is no failure)
	kill -INT $pid
	wait $pid
	[ $? -eq 4 ]
}
check 'interrupted within a record' stop_at_cut 0
printf 'broken 0 half of a li' >>"$tmp/cut.json.journal"
check 'interrupted again' stop_at_cut 1 --resume
printf '@mmub 3 sampl' >>"$tmp/cut.json.journal"
t 'resumed twice' 0 '' any "$mb" run --accel tcg 'tlbi_range/scale_up' --reps 20 --boots 2 --resume -o "$tmp/cut.json"
cp "$tmp/cut.json" "$tmp/r.json"
check 'no case is broken by a cut line' json "all('fail' not in x and len(x['samples']) == 2 * 22 for x in c if x['family'] != 'timer')"
MMUBENCH_BOOTARGS=mmub.test=hang@3 "$mb" run --accel tcg --reps 2 tlbi_range/scale_up -o "$tmp/d.json" >/dev/null 2>&1 &
pid=$!
for _ in $(seq 100); do
	grep -qs ' hello ' "$tmp/d.json.journal" && break
	sleep 0.02
done
kill -TERM $pid
wait $pid
printf 'boot 7 0\n' >>"$tmp/d.json.journal"
t 'a journal of a boot that cannot be' 3 'd.json.journal: damaged: remove it' 1 run --resume tlbi_range/scale_up -o "$tmp/d.json"
t 'nothing to resume any more' 3 'nothing was interrupted' 1 "$mb" run --accel tcg 'unmap/*' --resume -o "$tmp/i.json"

# SIGKILL of the harness: QEMU goes with it.
MMUBENCH_BOOTARGS=mmub.test=hang@5 "$mb" run --accel tcg 'tlbi_range/*' -o "$tmp/k.json" >/dev/null 2>&1 &
pid=$!
child=
for _ in $(seq 100); do
	child=$(pgrep -P $pid) && grep -qs ' case ' "$tmp/k.json.journal" && break
	sleep 0.02
done
kill -KILL $pid
wait $pid 2>/dev/null	# (bash says "Killed")
for _ in $(seq 100); do kill -0 "$child" 2>/dev/null || break; sleep 0.02; done
check 'killed: its QEMU dies with it' bash -c "[ -n '$child' ] && ! kill -0 '$child' 2>/dev/null"
tap_end
