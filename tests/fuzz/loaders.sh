#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Mutated result sets and suites through the program: never a crash, always one line, exit 0 or 3 (or 2); and the
# loader's verdict on a mutated result set is the schema's (python3-jsonschema). Seeded: the same run every time.
# tests/fuzz/parsers.sh does more of it, in one process and under sanitizers.
cd "$(dirname "$0")/../.." || exit 3
exec /usr/bin/python3 - "${O:-build}/mmubench" "${FUZZ_RUNS:-300}" <<'P'
import copy, json, os, random, resource, subprocess, sys, tempfile
import jsonschema

mb, runs = sys.argv[1], int(sys.argv[2])
rnd = random.Random(20)
tmp = tempfile.mkdtemp()
path = os.path.join(tmp, 'x.json')
n = bad = 0

def limit():
    resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))

def run(*args):
    return subprocess.run([mb, *args], capture_output=True, timeout=20, preexec_fn=limit, stdin=subprocess.DEVNULL)

def report(name, failures):
    global n, bad
    n += 1
    bad += bool(failures)
    print(('not ok' if failures else 'ok'), n, '-', name)
    for f in failures[:5]:
        print('#', f)

def orderly(p, ok):
    return p.returncode in ok and p.stderr.count(b'\n') == (p.returncode != 0)

base = {'schema': 'mmubench/1', 'environment': {'label': 'x', 'n': {'a': [1, 2.5, None]}}, 'cases': [
    {'family': 'f', 'variant': 'v', 'platform': 'p', 'params': {'ram': 4096, 'leaf': 'page'},
     'counts': {'isb': 3}, 'check': 'pass', 'twin': True, 'why': 'w', 'samples': [
         {'boot': 0, 'round': 1, 'order': 2, 'ns': 1.5, 'insns': 7, 'events': {'a': 1}, 'extra': {'b': -2.5},
          'warmup': True}]},
    {'family': 'f', 'variant': 'w', 'platform': 'p', 'params': {}, 'skip': 's',
     'published': [{'metric': 'time', 'value': 1e9, 'sd': 2, 'n': 3}]}]}
schema = jsonschema.Draft7Validator(json.load(open('results/schema/mmubench-1.json')))
odd = [None, True, 0, -1, 1.5, 2**32, 2**64, 'x', '', [], {}, {'a': 1}, ['x'], 'pass', 1e300]

def places(node, path=()):
    yield path
    for k, v in (node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()):
        yield from places(v, path + (k,))

failures = []
verdicts = [0, 0]
for _ in range(runs):
    doc = copy.deepcopy(base)
    where = rnd.choice([p for p in places(doc) if p])
    node = doc
    for k in where[:-1]:
        node = node[k]
    what = rnd.random()
    if what < 0.3:
        del node[where[-1]]
    elif what < 0.4 and isinstance(node, dict):
        node['extra key'] = rnd.choice(odd)
    else:
        # Integers of the environment are signed 64 bit, which the schema cannot say at any depth.
        node[where[-1]] = rnd.choice([o for o in odd if where[0] != 'environment' or o != 2**64])
    json.dump(doc, open(path, 'w'))
    want = schema.is_valid(doc)
    p = run('validate', path)
    verdicts[want] += 1
    if not orderly(p, (0, 3)) or (p.returncode == 0) != want:
        failures.append(f'schema {want}, loader {p.returncode} {p.stderr[:200]}: {json.dumps(doc)[:300]}')
report(f'result sets: loader and schema agree on {runs} mutants ({verdicts[1]} valid)', failures)

text = json.dumps(base).encode()
suite = open('bench/suites/quick.json', 'rb').read()
for name, seed, args in (('result sets', text, ('validate', path)),
                         ('suites', suite, ('run', '--platform', 'model', path, '-o', os.path.join(tmp, 'o')))):
    failures = []
    for _ in range(runs // 2):
        b = bytearray(seed)
        for _ in range(rnd.randrange(1, 6)):
            at = rnd.randrange(len(b))
            if rnd.random() < 0.5:
                b[at] = rnd.randrange(256)
            else:
                b[at:at + rnd.randrange(20)] = bytes(rnd.choices(b'{}[],:"0eE.-\\u\xff', k=rnd.randrange(8)))
            if not b:
                b = bytearray(b'{')
        open(path, 'wb').write(b)
        if name == 'suites' and b'cases' in b and run('validate', path).returncode < 0:
            failures.append('crash')
        p = run(*args)
        if not (orderly(p, (0, 2, 3)) or (name == 'suites' and p.returncode in (0, 1, 2, 3))):
            failures.append(f'{p.returncode} {p.stderr[:200]} {bytes(b)[:200]}')
    report(f'{name}: {runs // 2} damaged files', failures)

open(path, 'wb').write(b'{"environment":{"a":' + b'[' * 50_000_000)
p = run('validate', path)
report('50 MB of brackets', [] if orderly(p, (3,)) and b'too deep' in p.stderr else [str(p)[:300]])
with open(path, 'wb') as f:
    f.truncate(1 << 30)
p = run('validate', path)
report('a file of 1 GiB', [] if orderly(p, (3,)) and b'larger' in p.stderr else [str(p)[:300]])
for name, f in (('a folder', tmp), ('an empty file', '/dev/null'), ('an endless file', '/dev/zero')):
    p = run('validate', f)
    report(name, [] if orderly(p, (3,)) else [str(p)[:300]])
print(f'1..{n}')
subprocess.run(['rm', '-rf', tmp])
sys.exit(bad > 0)
P
