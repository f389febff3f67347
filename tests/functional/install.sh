#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# make deb: the package runs from a clean folder; its man page and completion are what they should be.
# ci/bisect finds the commit of a throwaway repository that changed a metric.
set -u
cd "$(dirname "$0")/../.." || exit 3
. tests/functional/tap.bash
top=$PWD
O=$(realpath "${O:-build}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL make -s O="$O" deb >"$work/log" 2>&1 || cat "$work/log" >&2
deb=$(find "$O" -maxdepth 1 -name 'mmubench_*.deb' -newer "$0" | sort | tail -n 1)
deb=${deb:-$(find "$O" -maxdepth 1 -name 'mmubench_*.deb' | tail -n 1)}
dpkg -x "$deb" "$work/root"
ok $? "the package unpacks"
mb=$work/root/usr/bin/mmubench
share=$work/root/usr/share
cd "$work" || exit 3
clean() { env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME="$work" "$@"; }
clean "$mb" list suites | grep -q '^quick '
ok $? "it finds its suites"
clean "$mb" run map_mem/direct --ram 64M --accel tcg --boots 1 --reps 1 -o run.json >/dev/null 2>&1
ok $? "it boots its Image"
clean "$mb" validate run.json >/dev/null
ok $? "and what it writes is valid"
clean "$mb" compare "$share/mmubench/bench/reference/map_mem-v2.json" | grep -q -- '-33%'
ok $? "it has the published tables"
clean "$mb" list machines | grep -q '^altra-vm ' && clean "$mb" predict --machine altra-vm map_mem/direct --ram 64G | grep -q 'map_mem/direct'
ok $? "it has the machines, and predicts by their names"

man=$share/man/man1/mmubench.1
missing=$(clean "$mb" help | sed -n 's/^  \([a-z]*\) .*/\1/p' | while read -r c; do grep -q "^.SS $c" "$man" || echo "$c"; done)
[ -s "$man" ] && [ -z "$missing" ]
ok $? "the man page has every command"
if command -v groff >/dev/null; then
	[ -z "$(groff -man -Tutf8 -ww -z "$man" 2>&1)" ]
	ok $? "groff has no complaint"
else
	skip groff "groff is not installed"
fi
if command -v mandoc >/dev/null; then
	lint=$(mandoc -Tlint -Wwarning "$man" 2>&1)
	[ -z "$lint" ] || echo "$lint" >&2
	[ -z "$lint" ]
	ok $? "mandoc has no warning"
else
	skip mandoc "mandoc is not installed"
fi

completion=$share/bash-completion/completions/mmubench
complete_words() { # WORD... -> what the last one, in part, may become
	PATH=$work/root/usr/bin:$PATH bash -c 'source "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _mmubench; echo "${COMPREPLY[*]}"' \
		"$completion" "$@"
}
[ "$(complete_words mmubench compare --format "")" = "text markdown csv json html" ]
ok $? "completion knows the formats"
[ "$(complete_words mmubench run map_mem/fixmap_)" = "map_mem/fixmap_once map_mem/fixmap_twice" ]
ok $? "completion knows the variants"
[ "$(complete_words mmubench list mach) $(complete_words mmubench predict --machine altra-v)" = "machines altra-vm" ]
ok $? "completion knows the words of list, and the machines"
[ "$(complete_words mmubench compare --metric tl) $(complete_words mmubench run --platform = mod)" = "tlbi module model" ]
ok $? "completion knows the metrics, and --option=word"
for shell in zsh fish; do
	file=$(find "$share" -name "_mmubench" -o -name "mmubench.$shell" | grep "/$shell/")
	if command -v $shell >/dev/null; then
		$shell -n "$file"
		ok $? "$shell reads its completion"
	else
		skip $shell "$shell is not installed"
	fi
done
if command -v fish >/dev/null; then
	[ "$(PATH=$work/root/usr/bin:$PATH HOME=$work fish -c 'source $argv[1]; complete -C "mmubench predict --machine altra-v" | string replace -r "\t.*" ""' \
		"$share/fish/vendor_completions.d/mmubench.fish")" = "altra-vm" ]
	ok $? "fish completes"
fi

# A repository whose fourth commit doubles the TLBIs.
mkdir repo && cd repo || exit 3
git init -q . && git config user.name t && git config user.email t@localhost
for i in 1 2 3 4 5 6; do
	tlbi=512
	[ $i -lt 4 ] || tlbi=1024
	printf '{"schema":"mmubench/1","environment":{},"cases":[{"family":"f","variant":"v","platform":"model","params":{"ram":1},"counts":{"tlbi.vaale1is":%d},"check":"pass"}]}\n' $tlbi >result.json
	echo $i >n && git add . && git commit -qm "commit $i"
done
git show HEAD~5:result.json >"$work/base.json"
cp "$top/ci/bisect" "$work/bisect"
git bisect start HEAD HEAD~5 >/dev/null
# shellcheck disable=SC2016 # ci/bisect expands it
MMUBENCH=$mb BISECT_BUILD=true BISECT_RUN='cp result.json $OUT' \
	git bisect run "$work/bisect" "$work/base.json" 'tlbi>0%' >"$work/bisect.log" 2>&1
[ "$(git show -s --format=%s refs/bisect/bad)" = "commit 4" ]
ok $? "bisect finds the commit that changed a metric"
git bisect reset >/dev/null 2>&1
MMUBENCH=$mb BISECT_BUILD=false "$work/bisect" "$work/base.json" 'tlbi>0%' 2>/dev/null
[ $? = 125 ]
ok $? "a commit that does not build is skipped"
tap_end
