#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# docs/adding.md tried out: its programs, and the platform it names, go into a copy of the tree, as new files and no
# other edit.
cd "$(dirname "$0")/../.." || exit 3
. tests/functional/tap.bash
o=${O:-build}
case $o in /*) ;; *) o=$PWD/$o ;; esac
root=$PWD tree=$o/tests/adding
# program NAME: the fenced block of that name
program() { awk -v open="\`\`\`c $1" '$0 == open { on = 1; next } /^```/ { on = 0 } on' "$root/docs/adding.md"; }
# verdict FILE: check words of the result set's cases
verdict() { grep -o '"check": *"[a-z]*"' "$1" 2>/dev/null | sort -u | tr -d ' \n'; }

rm -rf "$tree" && mkdir -p "$tree/build" || exit 3
cp -a Makefile mk ci harness kernels bench "$tree/"
mkdir -p "$tree/tests" && cp -a tests/unit "$tree/tests/"
[ -d results ] && cp -a results "$tree/"
cp -a "$o/host" "$tree/build/"
cp -a "$o/mmubench" "$tree/build/" 2>/dev/null
cd "$tree" || exit 3
export MMUBENCH_DATA=$tree
build() { make -s O=build build/mmubench >log 2>&1; }

program batch64 >kernels/unmap/batch64.c
build; ok $? "a variant is one new file: builds"
[ "$(diff -rq "$root/kernels" kernels | grep -v '\.orig$')" = "Only in kernels/unmap: batch64.c" ]; ok $? "nothing else was edited"
build/mmubench list variants | grep -q '^unmap/batch64 .*an idea'; ok $? "it is listed"
build/mmubench run unmap/batch64 --platform model -o v.json >log 2>&1; ok $? "it runs on the model"
[ "$(verdict v.json)" = '"check":"pass"' ]; ok $? "its check passes"

sed -i 's|unmap_entries(p) / BATCH|1|' kernels/unmap/batch64.c
build; build/mmubench run unmap/batch64 --platform model -o w.json >log 2>&1
ok $(($? != 1)) "wrong expected counts: exit status 1"
grep -rq 'dsb.ish: expected' log w.json; ok $? "and the operation is named"
program batch64 | sed 's/unmap_check, expect/NULL, expect/' >kernels/unmap/batch64.c
build; ok $(($? == 0)) "without a check it does not compile"
grep -q 'a variant needs a check' log; ok $? "and the compiler says so"
program batch64 | sed 's/unmap_check, expect/unmap_check, NULL/' >kernels/unmap/batch64.c
build; ok $(($? == 0)) "without expected counts it does not compile"
rm kernels/unmap/batch64.c
build && ! build/mmubench list variants | grep -q batch64; ok $? "a file that went away is no variant any more"

mkdir kernels/switch
program family >kernels/switch/family.c
program header >kernels/switch/switch.h
program flush_all >kernels/switch/flush_all.c
build; ok $? "a family is one new folder: builds"
build/mmubench run switch/flush_all --platform model -o f.json >log 2>&1; ok $? "it runs on the model"
[ "$(verdict f.json)" = '"check":"pass"' ]; ok $? "its check passes"
build/mmubench list families | grep -q '^switch '; ok $? "it is listed"

mkdir kernels/platform/paper && cp "$root"/tests/platform/paper/* kernels/platform/paper/
program paper.mk >mk/paper.mk
make -s O=build build/paper/mmub >log 2>&1; ok $? "a platform is a folder and its mk: builds"
[ "$(diff -rq "$root/kernels" kernels | grep -v '\.orig$\|switch$')" = "Only in kernels/platform: paper" ]; ok $? "nothing else was edited"
build/paper/mmub 'mmub-plan 1;set seed=1 rounds=3;group;case id=0 family=fold variant=nop4d;group;case id=1 family=unmap variant=range;end' >records
ok $? "it takes a plan"
grep -q ' check id=0 verdict=pass ' records && [ "$(grep -c ' sample id=0 ' records)" -eq 3 ]; ok $? "fold is checked and timed there"
grep -q ' skip id=1 ' records; ok $? "what it cannot run is skipped"
[ "$tap_bad" -ne 0 ] || rm -rf "$tree"
tap_end
