#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# map_mem at the largest published size, 512 GiB, on the model: every entry, count and ordering rule is checked.
cd "$(dirname "$0")/../.." || exit 3
. tests/functional/tap.bash
O=${O:-build}
tmp=$(mktemp -d) || exit 3
trap 'rm -rf "$tmp"' EXIT
mb=$O/mmubench

cat >"$tmp/block.json" <<'S'
{ "schema": "mmubench-suite/1", "title": "512 GiB in PMD blocks",
  "cases": [ { "family": "map_mem", "variants": ["*"], "params": { "ram": ["512G"], "leaf": ["block"] } } ] }
S
# 512 PMD tables and the PUD table above them; a fixmap cycle is one TLBI. facts: 525314 -> 262657 with pages.
cat >"$tmp/judge.py" <<'P'
import json, sys
cases = {c['variant']: c for c in json.load(open(sys.argv[1]))['cases']}
want = dict(w.split('=') for w in sys.argv[2:])
assert all(c['check'] == 'pass' for c in cases.values()), [(v, c['check']) for v, c in cases.items()]
for key, n in want.items():
    variant, op = key.split(':')
    got = cases[variant]['counts'].get(op, 0)
    assert got == int(n), (variant, op, got, n)
P
"$mb" run --platform model "$tmp/block.json" -o "$tmp/b.json" >"$tmp/log" 2>&1
check '512 GiB in PMD blocks: all variants, exact counts' /usr/bin/python3 "$tmp/judge.py" "$tmp/b.json" \
	fixmap_once:table.alloc=513 fixmap_once:tlbi.vaale1is=513 fixmap_twice:tlbi.vaale1is=1026 \
	pgtable_ops:tlbi.vaale1is=513 pgtable_ops_late:tlbi.vaale1is=0 lazy_unmap:tlbi.vaale1is=513 \
	remap_cont:tlbi.vaale1is=$((513 + 1 + 512 * 32)) fixmap_once:pte.store=$((512 * 512 + 513 + 2 * 513))
if [ "$(awk '/MemAvailable/{print $2}' /proc/meminfo)" -lt 3500000 ]; then
	skip "512 GiB in pages" "less than 3.5 GB of memory is free, and 2.1 GB would be used"
else
	"$mb" run --platform model map_mem/fixmap_once --ram 512G -o "$tmp/p.json" >"$tmp/log" 2>&1
	check '512 GiB in 134217728 pages: fixmap_once, exact counts' /usr/bin/python3 "$tmp/judge.py" "$tmp/p.json" \
		fixmap_once:table.alloc=262657 fixmap_once:tlbi.vaale1is=262657 fixmap_once:dsb.ish=262657 \
		fixmap_once:pte.store=$((134217728 + 3 * 262657))
fi
tap_end
