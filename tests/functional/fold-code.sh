#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The code of the fold family, read from the timed objects: nop4d leaves no load and no branch for the
# level, folding at run time leaves both, five real levels leave one load and one branch more.
cd "$(dirname "$0")/../.." || exit 3
. tests/functional/tap.bash
obj=${O:-build}/guest/obj/kernels/fold
objdump=${CROSS_COMPILE:-aarch64-linux-gnu-}objdump
# count FUNCTION REGEX: instructions of the function whose mnemonic matches
count() {
	"$objdump" -d --no-show-raw-insn "$obj/${1%%_*}.timed.o" |
		awk -v f="<$1>:" -v re="^($2)\$" '$2 == f { on = 1; next } on && NF == 0 { exit } on && $2 ~ re { n++ } END { print n + 0 }'
}
loads='ldr|ldp|ldar|ldur|ldrb|ldrh'
branches='b|b\..*|cbz|cbnz|tbz|tbnz'
for g in 4k_32 4k_39 4k_48 16k_36 16k_47 16k_48 64k_42 64k_48; do
	for what in walk populate; do
		f=fixup5_${what}_$g p=nop4d_${what}_$g
		same=0
		for re in "$loads" "$branches" '.*'; do
			[ "$(count "$f" "$re")" -gt 0 ] || same=1
			[ "$(count "$f" "$re")" -eq "$(count "$p" "$re")" ] || same=1
		done
		ok $same "$p has the loads, branches and instructions of a walker without the level"
	done
done
# A walk of L levels: one load a level (and the two of root and delta), one branch a level but the last.
for g in 4k_39:3 4k_48:4; do
	ok $(($(count "nop4d_walk_${g%:*}" "$loads") != ${g#*:} + 2)) "nop4d_walk_${g%:*}: ${g#*:} loads and two of its arguments"
	ok $(($(count "nop4d_walk_${g%:*}" "$branches") != ${g#*:} - 1)) "nop4d_walk_${g%:*}: $((${g#*:} - 1)) branches"
done
ok $(($(count real5_walk_4k_52 "$loads") != $(count nop4d_walk_4k_48 "$loads") + 1)) "real5 loads once more than nop4d"
ok $(($(count runtime_walk_4k "$loads") < $(count real5_walk_4k_52 "$loads") + 2)) "runtime loads its switch for each folded level"
ok $(($(count runtime_walk_4k "$branches") < $(count real5_walk_4k_52 "$branches") + 2)) "runtime branches on it"
# mmubench codesize says what nm says
diff <("${O:-build}/mmubench" codesize "$obj/runtime.timed.o" 'runtime_*' | awk '{ print $1, $2 }') \
	<("${objdump%objdump}nm" -S -t d --defined-only "$obj/runtime.timed.o" | awk '$4 ~ /^runtime_/ { print $2 + 0, $4 }' | sort -k2) >/dev/null
ok $? "codesize agrees with nm"
"${O:-build}/mmubench" codesize Makefile >/dev/null 2>&1
ok $(($? != 3)) "a file that is no ELF: exit status 3"
"${O:-build}/mmubench" codesize "$obj/runtime.timed.o" 'nothing_*' >/dev/null 2>&1
ok $(($? != 3)) "no such function: exit status 3"
# run carries them: extra.code_bytes of each sample, metric `code`; of the timed function, and only if the ELF is the Image's
mb=${O:-build}/mmubench out=$(mktemp -d) || exit 3
trap 'rm -rf "$out"' EXIT
"$mb" run 'fold/*' --accel tcg --reps 1 --warmup 0 --boots 1 -o "$out/f.json" >"$out/log" 2>&1
ok $? "fold runs"
bytes() { "$mb" codesize "$obj/$1.timed.o" "$2" | awk '{ print $1 }'; }
"$mb" compare "$out/f.json" --metric bytes --format csv >"$out/csv"
for f in fixup5:fixup5_walk_4k_48 nop4d:nop4d_walk_4k_48 runtime:runtime_walk_4k; do
	grep -q "^\"fold\",.*\"${f%:*}\",.*\"ok\",$(bytes "${f%:*}" "${f#*:}")," "$out/csv"
	ok $? "compare --metric bytes: ${f#*:} has the bytes of its object"
done
"$mb" compare "$out/f.json" --metric bytes --case 'fold/*' | grep -q '^fold: code size (B), lower is better$'
ok $? "with a title and a unit"
guest=${O:-build}/guest
cp "$guest/Image" "$out/"
MMUBENCH_IMAGE=$out/Image "$mb" run fold/nop4d --accel tcg --reps 1 --warmup 0 --boots 1 -o "$out/n.json" >"$out/log" 2>&1 &&
	grep -q 'Image.sym: cannot be opened' "$out/log" && ! grep -q code_bytes "$out/n.json"
ok $? "an Image without its symbols: said, and no bytes"
/usr/bin/python3 - "$guest/Image.sym" "$out/Image.sym" <<'P'
import sys
elf = bytearray(open(sys.argv[1], 'rb').read())
at = elf.index(b'\x14\0\0\0\3\0\0\0GNU\0') + 12		# the build id's note
elf[at] ^= 1
open(sys.argv[2], 'wb').write(elf)
P
MMUBENCH_IMAGE=$out/Image "$mb" run fold/nop4d --accel tcg --reps 1 --warmup 0 --boots 1 -o "$out/n.json" >"$out/log" 2>&1 &&
	grep -q 'of another build' "$out/log" && ! grep -q code_bytes "$out/n.json"
ok $? "symbols of another build: said, and no bytes"
head -c 100 "$guest/Image.sym" >"$out/Image.sym"
MMUBENCH_IMAGE=$out/Image "$mb" run fold/nop4d --accel tcg --reps 1 --warmup 0 --boots 1 -o "$out/n.json" >"$out/log" 2>&1 &&
	grep -qE 'not a readable ELF|of another build' "$out/log" && ! grep -q code_bytes "$out/n.json"
ok $? "symbols that were cut: said, and no bytes"
tap_end
