#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# README's blocks are what their commands print, and its links lead somewhere. UPDATE=1 writes them anew.
set -u
cd "$(dirname "$0")/../.." || exit 3
. tests/functional/tap.bash
PATH=$(realpath "${O:-build}"):$PATH
export PATH LC_ALL=C.UTF-8
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Each "<!-- command: X -->" is followed by a fenced block: the output of X.
/usr/bin/python3 - >"$work/README.md" <<'PY'
import re, shlex, subprocess
def fill(m):
    out = subprocess.run(shlex.split(m[1]), stdout=subprocess.PIPE, timeout=60, text=True).stdout
    return f"<!-- command: {m[1]} -->\n```\n{out}```\n"
print(re.sub(r"<!-- command: (.*) -->\n```\n(?:[^`]*\n)?```\n", fill, open("README.md").read()), end="")
PY
if [ -n "${UPDATE:-}" ] && [ -s "$work/README.md" ]; then cp "$work/README.md" README.md; fi
diff -u README.md "$work/README.md" >&2
ok $? "README's blocks are what the commands print"
[ "$(grep -c '^<!-- command: ' README.md)" -ge 2 ]
ok $? "README has such blocks"
missing=$(grep -oE '\]\([^)#]+\)' README.md | tr -d '])(' | while read -r f; do [ -e "$f" ] || echo "$f"; done)
[ -z "$missing" ] || echo "README links to what is not there: $missing" >&2
[ -z "$missing" ]
ok $? "README's links lead somewhere"
grep -qx '    make bench.*' README.md && grep -qx '    make test.*' README.md
ok $? "README has its two commands"
tap_end
