#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# run, list, merge and validate without a guest, and run under QEMU: what the files hold.
cd "$(dirname "$0")/../.." || exit 3
. tests/functional/tap.bash
O=${O:-build}
tmp=$(mktemp -d) || exit 3
trap 'rm -rf "$tmp"' EXIT
mb=$O/mmubench

json() { /usr/bin/python3 -c "import json,sys; e=json.load(open('$1')); c=e['cases']; e=e['environment']; sys.exit(not ($2))"; }
valid() { /usr/bin/python3 -c "import json,jsonschema; jsonschema.validate(json.load(open('$1')), json.load(open('results/schema/mmubench-1.json')))"; }

check 'every family is listed' bash -c "$mb list | grep -q '^tlbi_range '"
check 'every variant is listed' bash -c "[ \$($mb list variants | wc -l) -ge 10 ]"
check 'suites are listed with titles' bash -c "$mb list suites | grep -q '^quick .*minute'"
check 'help of every command' bash -c "for c in \$($mb help | awk '/^  [a-z]/{print \$1}'); do $mb help \$c >/dev/null || exit 1; done"
check 'model: all of tlbi_range' "$mb" run --platform model 'tlbi_range/*' -o "$tmp/m.json"
check 'model: checked, counted, not timed' json "$tmp/m.json" "len(c) == 5 and all(x['check'] == 'pass' and x['counts'] and not x['samples'] for x in c)"
check 'model: valid by the schema (jsonschema)' valid "$tmp/m.json"
check 'ops log' "$mb" run --platform model tlbi_range/scale_up --ops-log "$tmp/ops" -o "$tmp/o.json"
check 'ops log: CASE OP OPERAND, as many as were counted' /usr/bin/python3 - "$tmp" <<'P'
import json, re, sys, collections
got = collections.Counter()
for line in open(sys.argv[1] + '/ops'):
    m = re.fullmatch(r'0 ([a-z0-9._]+) 0x[0-9a-f]+\n', line)
    assert m, line
    got[m.group(1)] += 1
want = json.load(open(sys.argv[1] + '/o.json'))['cases'][0]['counts']
assert dict(got) == want, (got, want)
P
cat >"$tmp/s.json" <<'S'
{"schema": "mmubench-suite/1", "title": "t", "rounds": 4, "warmup": 1, "boots": 2,
 "cases": [{"family": "tlbi_range", "variants": ["scale_*"], "params": {"pages": [1, 512], "granule": ["4K", 65536], "regime": "high"}}]}
S
check 'suite: QEMU, two boots' "$mb" run --accel tcg "$tmp/s.json" --timeout 20 --label lab --seed 5 -o "$tmp/q.json"
check 'suite: arrays are crossed, a twin a point' json "$tmp/q.json" "sum(x['family'] == 'tlbi_range' for x in c) == 4 * 4 and sum(x.get('twin', False) for x in c) == 4"
check 'suite: every round of every boot' json "$tmp/q.json" "all(sorted((s['boot'], s.get('warmup', False), s['round']) for s in x['samples']) == sorted((b, w, r) for b in (0, 1) for w in (False, True) for r in range(1 if w else 4)) for x in c if x['family'] != 'timer')"
order='[[s["order"] for s in x["samples"] if s["boot"] == b and not s.get("warmup")] for b in (0, 1) for x in c if x["family"] != "timer"]'
check 'interleaved: each case has each place equally often' json "$tmp/q.json" "all(sorted(o) == [0, 1, 2, 3] for o in $order)"
check 'interleaved: the order is drawn anew, by case and by boot' json "$tmp/q.json" "(lambda o: len(set(map(tuple, o))) > 3 and o[:len(o) // 2] != o[len(o) // 2:])($order)"
check 'environment: who, what, with what' json "$tmp/q.json" "e['accel'] == 'tcg' and e['label'] == 'lab' and e['seed'] == 5 and e['qemu']['version'] and '-machine' in e['qemu']['command'][0] and len(e['image']['sha256']) == 64 and 'tlbirange' in e['features'] and e['commit'] and e['compiler'] and e['started'].endswith('Z')"
check 'environment: the hash is the Image'"'"'s' bash -c "grep -q \$(sha256sum <$O/guest/Image | cut -d' ' -f1) $tmp/q.json"
check 'QEMU: valid by the schema (jsonschema)' valid "$tmp/q.json"
check 'counts: model and QEMU agree' bash -c "$mb run --platform model $tmp/s.json -o $tmp/m2.json && /usr/bin/python3 -c \"
import json
def counts(f): return {(x['variant'], str(x['params'])): x['counts'] for x in json.load(open(f))['cases'] if x['family'] != 'timer'}
a, b = counts('$tmp/q.json'), counts('$tmp/m2.json')
assert a == b and len(a) == 12, (a, b)\""
check 'icount, twice' bash -c "for i in 1 2; do $mb run --accel icount $tmp/s.json --timeout 20 -o $tmp/i\$i.json || exit 1; done"
check 'icount: identical to the last digit' bash -c "cmp <(grep '\"boot\"' $tmp/i1.json) <(grep '\"boot\"' $tmp/i2.json) && grep -q '\"insns\": [1-9]' $tmp/i1.json"
check 'a plan too long for bootargs goes by initrd' json "$tmp/q.json" "'-initrd' in e['qemu']['command'][0]"
check 'a CPU without range TLBI: skipped with the reason' "$mb" run --accel tcg --cpu cortex-a57 'tlbi_range/*' --reps 2 --timeout 20 -o "$tmp/a57.json"
check '... named' json "$tmp/a57.json" "any('tlbirange' in x.get('skip', '') for x in c) and any(x.get('check') == 'pass' for x in c)"
check 'merge: boots are numbered on' bash -c "$mb merge -o $tmp/all.json $tmp/q.json $tmp/q.json"
check 'merge: all samples' json "$tmp/all.json" "all({s['boot'] for s in x['samples']} == {0, 1, 2, 3} for x in c)"
check 'merge: not across accelerators' bash -c "! $mb merge -o $tmp/x.json $tmp/q.json $tmp/i1.json"
check 'precision of a case alone: says that there is none' bash -c "$mb run --accel tcg tlbi_range/scale_up --reps 2 --precision 50 --timeout 20 -o $tmp/p.json 2>&1 | grep -q 'no case is compared'"
check 'precision: says what was reached' bash -c "$mb run --accel tcg 'tlbi_range/scale_*' --reps 3 --precision 50 --budget 10 --timeout 20 -o $tmp/p.json | grep -E 'precision (not )?reached'"
tap_end
