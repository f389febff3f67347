#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The HTML report in headless Chromium: light, dark and printed; nothing runs and nothing is loaded.
set -u
cd "$(dirname "$0")/../.." || exit 3
. tests/functional/tap.bash
O=$(realpath "${O:-build}")
PATH=$O:$PATH
in=$PWD/tests/golden/inputs
T=$(mktemp -d)
trap 'rm -rf "$T"' EXIT
cd "$T" || exit 3

mmubench report -o page.html "$in/sample.json" "$in/after.json"
mmubench report -o hostile.html --title '<script>x</script>' "$in/hostile.json"
check "self-contained: no address is loaded" bash -c \
	'! grep -oE "(src|href)=.?(https?:|//|file:)[^ >]*" page.html | grep -v w3.org/'
check "no script, even with hostile names" bash -c '! grep -i "<script\|<img\|javascript:" hostile.html'
check "plots are inline" bash -c '[ "$(grep -c "<svg" page.html)" -ge 6 ]'
check "element names are unique" bash -c '[ -z "$(grep -ohE "\bid=['"'"'\"][^'"'"'\"]+" page.html | sort | uniq -d)" ]'
check "verdicts come first" bash -c '[ "$(grep -o "section id=\"[a-z]*" page.html | head -1)" = "section id=\"verdicts" ]'
mmubench run stage2_unmap/per_pte stage2_unmap/deferred_range --platform model -o model.json >/dev/null 2>&1
mmubench report -o model.html model.json
check "a set without times compares its counts, as they are" grep -q '<strong>deferred_range</strong> has 2 TLB invalidations, per_pte [0-9]*<' model.html
mmubench report --base fixmap_twice -o base.html "$in/sample.json"
check "--base is what others are compared with" bash -c 'grep -q "<strong>fixmap_once</strong> takes .* than fixmap_twice" base.html'
check "what a family has in common stands once" grep -q '<caption>map_mem: baremetal, granule 4K, leaf page' base.html
check "a failed check is in the verdicts" grep -q '2 failed, 2 broken, 2 skipped' page.html

if ! command -v chromium >/dev/null; then
	skip "chromium" "chromium is not installed"
	tap_end
	exit
fi
browse() {
	timeout 90 chromium --headless --no-sandbox --disable-gpu --disable-quic --no-first-run \
		--disable-background-networking --disable-component-update --disable-sync \
		--user-data-dir="$T/profile" --window-size=600,700 "$@" >/dev/null 2>browse.log
}
# Mean brightness, 0 to 255, of a PNG: python3 has zlib, nothing else is needed.
brightness() {
	/usr/bin/python3 - "$1" <<'EOF'
import struct, sys, zlib
data = open(sys.argv[1], 'rb').read()
pos, raw = 8, b''
while pos < len(data):
    size, kind = struct.unpack('>I4s', data[pos:pos + 8])
    body = data[pos + 8:pos + 8 + size]
    if kind == b'IHDR':
        w, h, depth, colour = struct.unpack('>IIBB', body[:10])
    if kind == b'IDAT':
        raw += body
    pos += 12 + size
bpp = {2: 3, 6: 4}[colour]
raw, line, total = zlib.decompress(raw), bytearray(w * bpp), 0
for y in range(h):
    filt, cur = raw[y * (w * bpp + 1)], bytearray(raw[y * (w * bpp + 1) + 1:(y + 1) * (w * bpp + 1)])
    for i in range(w * bpp):
        a = cur[i - bpp] if i >= bpp else 0
        b, c = line[i], line[i - bpp] if i >= bpp else 0
        p = a + b - c
        pa, pb, pc = abs(p - a), abs(p - b), abs(p - c)
        paeth = a if pa <= pb and pa <= pc else b if pb <= pc else c
        cur[i] = (cur[i] + (0, a, b, (a + b) // 2, paeth)[filt]) & 255
    line = cur
    total += sum(cur[0::bpp])
print(total // (w * h))
EOF
}
for page in page hostile; do
	browse --screenshot="$T/light.png" "file://$T/$page.html"
	browse --blink-settings=preferredColorScheme=0 --screenshot="$T/dark.png" "file://$T/$page.html"
	light=$(brightness light.png)
	dark=$(brightness dark.png)
	check "$page: light is light ($light), dark is dark ($dark)" test "${light:-0}" -gt 200 -a "${dark:-255}" -lt 70
done
browse --print-to-pdf="$T/page.pdf" "file://$T/page.html"
check "prints: every variant and verdict is on paper" bash -c \
	'pdftotext page.pdf - | grep -q "takes 7.* % less time in after than in sample"'
tap_end
