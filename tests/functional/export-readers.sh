#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Every export format is read by a program that we did not write, or checked against the format's
# published schema written down here. Readers come from Debian packages unpacked into a cache and from
# npm; one that cannot be had is a skip with the reason.
set -u
cd "$(dirname "$0")/../.." || exit 3
. tests/functional/tap.bash
O=$(realpath "${O:-build}")
PATH=$O:$PATH
cache=${MMUBENCH_CACHE:-${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/mmubench}/readers
T=$(mktemp -d)
trap 'rm -rf "$T"' EXIT
in=tests/golden/inputs
py=/usr/bin/python3
tap_log=$T/log

# deb PACKAGE: unpacked below $cache/PACKAGE
deb() {
	ci/arm64-packages bookworm "$cache/$1" "$1:host" >"$T/deb.log" 2>&1
}
# npm_get PACKAGE@VERSION: below $cache/npm
npm_get() {
	[ -e "$cache/npm/node_modules/${1%@*}/package.json" ] && return
	command -v npm >/dev/null || return
	mkdir -p "$cache/npm"
	timeout 60 npm install --silent --no-audit --no-fund --ignore-scripts --prefix "$cache/npm" "$1" >"$T/npm.log" 2>&1
}

for set in sample hostile; do
	for f in gobench gbench hyperfine bmf kcidb tap junit; do
		mmubench export --format $f -o "$T/$set.$f" $in/$set.json
	done
done
mmubench export --format gbench -o "$T/after.gbench" $in/after.json

# gbench: google/benchmark's own compare.py, which also runs its U test on the repetitions.
if ! $py -c 'import scipy' 2>/dev/null; then
	skip "gbench: compare.py reads it" "python3-scipy is not installed"
elif deb libbenchmark-tools; then
	PYTHONPATH=$cache/libbenchmark-tools/usr/share/benchmark $py \
		"$cache/libbenchmark-tools/usr/share/benchmark/compare.py" --no-color benchmarks "$T/sample.gbench" \
		"$T/after.gbench" >"$T/log" 2>&1
	# 7 % less time was planted.
	grep -qE '^map_mem/variant=remap_cont[^ ]* +-0\.0[67]' "$T/log" && grep -q 'pvalue' "$T/log"
	ok $? "gbench: compare.py reads it and finds the planted 7 %"
	PYTHONPATH=$cache/libbenchmark-tools/usr/share/benchmark $py \
		"$cache/libbenchmark-tools/usr/share/benchmark/compare.py" --no-color benchmarks "$T/hostile.gbench" \
		"$T/hostile.gbench" >"$T/log" 2>&1
	ok $? "gbench: compare.py reads hostile names"
else
	skip "gbench: compare.py reads it" "libbenchmark-tools cannot be fetched: $(tail -n 1 "$T/deb.log")"
fi

# gobench: benchstat where it is installed; the grammar of design document 14313 always.
if benchstat=$(command -v "${BENCHSTAT:-benchstat}"); then
	"$benchstat" -col /variant "$T/sample.gobench" >"$T/log" 2>&1 && grep -q 'vs base' "$T/log"
	ok $? "gobench: benchstat compares the variants"
else
	skip "gobench: benchstat compares the variants" "benchstat is not installed"
fi
cat >"$T/gobench.py" <<'EOF'
import re, sys
bench = re.compile(r'^Benchmark(?![a-z])\S*$')
lines = results = 0
for line in open(sys.argv[1], encoding='utf-8', newline='\n'):
    line = line.rstrip('\n')
    assert '\r' not in line and '\x00' not in line
    word = line.split()
    if re.match(r'^[^\sA-Z:][^\sA-Z:]*:( |$)', line):
        continue
    if word[0] == 'Unit':
        assert len(word) >= 3 and all('=' in w for w in word[2:]), line
        continue
    assert bench.match(word[0]), line
    assert re.fullmatch(r'[0-9]+', word[1]) and int(word[1]) > 0, line
    assert len(word) >= 4 and len(word) % 2 == 0, line
    for value, unit in zip(word[2::2], word[3::2]):
        float(value)
    assert 'ns/op' in word
    results += 1
print(results)
assert results == int(sys.argv[2])
EOF
for set in sample hostile; do
	$py "$T/gobench.py" "$T/$set.gobench" 48 >"$T/log" 2>&1
	ok $? "gobench: $set follows the published grammar, 48 results"
done

# TAP 14: npm's tap-parser. One check failed, one case crashed, one was skipped.
if npm_get tap-parser@18; then
	cat >"$cache/npm/tap14.mjs" <<'EOF'
import { Parser } from 'tap-parser'
import { readFileSync } from 'fs'
const p = new Parser({ strict: true }, r => {
	console.log(`${r.count} ${r.fail} ${r.skip}`, JSON.stringify(r.failures.slice(2)))
	process.exit(r.count === 15 && r.fail === 2 && r.skip === 1 && r.failures.length === 2 ? 0 : 1)
})
p.end(readFileSync(process.argv[2]))
EOF
	for set in sample hostile; do
		node "$cache/npm/tap14.mjs" "$T/$set.tap" >"$T/log" 2>&1
		ok $? "tap: tap-parser, strict: $set has 15 points, 2 failed, 1 skipped"
	done
else
	skip "tap: tap-parser" "npm's tap-parser cannot be fetched"
fi

# JUnit: junitparser.
if deb python3-junitparser && deb python3-future; then
	dist=/usr/lib/python3/dist-packages
	cat >"$T/junit.py" <<'EOF'
import sys
from junitparser import JUnitXml
x = JUnitXml.fromfile(sys.argv[1])
cases = [c for suite in x for c in suite]
kinds = [type(r).__name__ for c in cases for r in c.result]
print(len(cases), kinds, [c.name for c in cases][:3])
assert len(cases) == 15 and sorted(kinds) == ['Error', 'Failure', 'Skipped']
assert (x.tests, x.failures, x.errors, x.skipped) == (15, 1, 1, 1)
assert abs(cases[0].time - 0.034) < 0.001
EOF
	for set in sample hostile; do
		PYTHONPATH=$cache/python3-junitparser$dist:$cache/python3-future$dist $py "$T/junit.py" \
			"$T/$set.junit" >"$T/log" 2>&1
		ok $? "junit: junitparser reads $set: 15 cases, 1 failure, 1 error, 1 skipped"
	done
else
	skip "junit: junitparser" "python3-junitparser cannot be fetched: $(tail -n 1 "$T/deb.log")"
fi

# hyperfine, BMF, KCIDB: their published schemas.
cat >"$T/schema.py" <<'EOF'
import json, math, re, statistics, sys
try:
    import jsonschema
except ImportError:
    sys.exit(77)
kind, path = sys.argv[1:]
data = json.load(open(path))
num = {"type": "number"}
text = {"type": "string", "pattern": r"^[^\0]*$"}
ident = {"type": "string", "pattern": r"^[a-z0-9_]+:[^\0]*$"}
origin = {"type": "string", "pattern": r"^[a-z0-9_]+$"}
status = {"enum": ["FAIL", "ERROR", "MISS", "PASS", "DONE", "SKIP"]}
def closed(props, required):
    return {"type": "object", "additionalProperties": False, "properties": props, "required": required}
def listed(item):
    return {"type": "array", "items": item}
schemas = {
    # src/hyperfine/benchmark/benchmark_result.rs: the fields that its export writes
    "hyperfine": closed({"results": listed(closed({
        "command": {"type": "string"}, "mean": num, "stddev": {"type": ["number", "null"]}, "median": num,
        "user": num, "system": num, "min": num, "max": num, "times": listed(num),
        "exit_codes": listed({"type": ["integer", "null"]}),
        "parameters": {"type": "object", "additionalProperties": {"type": "string"}}},
        ["command", "mean", "stddev", "median", "user", "system", "min", "max", "times", "exit_codes"]))},
        ["results"]),
    # bencher.dev/docs/reference/bencher-metric-format, with its limits on names
    "bmf": {"type": "object", "propertyNames": {"minLength": 1, "maxLength": 1024},
            "additionalProperties": {"type": "object", "minProperties": 1,
                "propertyNames": {"pattern": "^[a-z0-9]+(-[a-z0-9]+)*$", "maxLength": 64},
                "additionalProperties": closed({"value": num, "lower_value": num, "upper_value": num}, ["value"])}},
    # KCIDB I/O schema 5.3, the properties that are used
    "kcidb": closed({
        "version": closed({"major": {"const": 5}, "minor": {"type": "integer", "minimum": 0}}, ["major"]),
        "checkouts": listed(closed({"id": ident, "origin": origin, "valid": {"type": "boolean"},
            "git_commit_hash": {"type": "string", "pattern": "^[0-9a-f]{40}$"}}, ["id", "origin"])),
        "builds": listed(closed({"checkout_id": ident, "id": ident, "origin": origin, "status": status,
            "architecture": {"type": "string", "pattern": "^[a-z0-9_]*$"}, "compiler": text},
            ["checkout_id", "id", "origin"])),
        "tests": listed(closed({"build_id": ident, "id": ident, "origin": origin, "comment": text,
            "path": {"type": "string", "pattern": r"^([a-zA-Z0-9_-]+(\.[a-zA-Z0-9_-]+)*)?$"},
            "status": status, "environment": {"type": "object"}, "misc": {"type": "object"},
            "number": closed({"value": num, "unit": text, "prefix": {"enum": ["metric", "binary"]}}, ["value"])},
            ["build_id", "id", "origin"]))}, ["version"]),
}
jsonschema.validate(data, schemas[kind])
if kind == "hyperfine":
    for r in data["results"]:
        assert math.isclose(r["median"], statistics.median(r["times"]), rel_tol=1e-9)
        assert math.isclose(r["mean"], statistics.fmean(r["times"]), rel_tol=1e-9)
        assert len(r["times"]) < 2 or math.isclose(r["stddev"], statistics.stdev(r["times"]), rel_tol=1e-9)
    assert len(data["results"]) == 6 and all(len(r["times"]) == 8 for r in data["results"])
elif kind == "bmf":
    assert len(data) == 12
    assert all(m["lower_value"] <= m["value"] <= m["upper_value"]
               for b in data.values() for m in [b.get("latency")] if m)
else:
    ids = [t["id"] for t in data["tests"]]
    builds = {b["id"] for b in data["builds"]}
    assert len(set(ids)) == len(ids) == 15 and all(t["build_id"] in builds for t in data["tests"])
    assert sorted(t["status"] for t in data["tests"]) == ["ERROR", "FAIL"] + 12 * ["PASS"] + ["SKIP"]
EOF
for f in hyperfine bmf kcidb; do
	for set in sample hostile; do
		$py "$T/schema.py" $f "$T/$set.$f" >"$T/log" 2>&1
		st=$?
		if [ $st -eq 77 ]; then skip "$f: $set fits the published schema" "python3-jsonschema is not installed"
		else ok $st "$f: $set fits the published schema"; fi
	done
done

# There and back: what a format carries comes back exactly, so exporting again gives the same bytes.
for f in gobench gbench; do
	for set in sample hostile; do
		mmubench import --format $f "$T/$set.$f" -o "$T/back.json" &&
			mmubench validate "$T/back.json" >/dev/null &&
			mmubench export --format $f -o "$T/again" "$T/back.json"
		if [ $f = gobench ]; then
			diff <(grep ^Bench "$T/$set.$f") <(grep ^Bench "$T/again") >"$T/log" 2>&1
		else
			$py - "$T/$set.$f" "$T/again" >"$T/log" 2>&1 <<'EOF'
import json, sys
def key(f):
    return [{k: v for k, v in b.items() if k != 'family_index'} for b in json.load(open(f))['benchmarks']]
a, b = map(key, sys.argv[1:])
assert len(a) == 48 and a == b, [x for x in zip(a, b) if x[0] != x[1]][:2]
EOF
		fi
		ok $? "$f: $set comes back whole"
	done
done
tap_end
