#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The rules of the house that no compiler knows: licences, who may include whom, help that fits a terminal,
# documents that name what is there.
set -u
cd "$(dirname "$0")/../.." || exit 3
. tests/functional/tap.bash
PATH=$(realpath "${O:-build}"):$PATH
export PATH LC_ALL=C.UTF-8
# Nothing in $1 is the good answer; what is there is shown.
nothing() {
	[ -z "$1" ]
	ok $? "$2" || printf '%s\n' "$1" | head -n 20 >&2
}

sources=$(find Makefile .ci bench ci harness kernels mk plots tests -type f \
	\( -name '*.[chS]' -o -name '*.def' -o -name '*.lds' -o -name '*.mk' -o -name '*.sh' -o -name '*.bash' -o -name '*.gp' -o \
	-name '*.yml' -o -name '*.config' -o -name 'packages*' -o -name Makefile -o -perm /111 \))
# shellcheck disable=SC2086 # no blanks in our names
nothing "$(for f in $sources; do head -n 2 "$f" | grep -q 'SPDX-License-Identifier: GPL-2.0-only' || echo "$f"; done)" \
	"each source names its licence"

nothing "$(find harness kernels -name '*.[ch]' -exec expand -t 8 {} + | awk 'length($0) > 120')" \
	"no line of harness/ and kernels/ is longer than 120 columns (.clang-format wants 100)"

# FILE "INCLUDED" for each quoted include of the files given.
includes() { grep -H '^#include "' "$@" | sed 's/:#include "\(.*\)".*/ \1/'; }
nothing "$(for family in kernels/*/family.c; do
	dir=${family%/family.c}
	includes "$dir"/*.[ch] | while read -r file name; do
		[ -e "$dir/$name" ] || [ -e "kernels/include/$name" ] || echo "$file: $name"
	done
done)" "a family includes its own folder and kernels/include/, no platform, core or other family"
nothing "$(includes kernels/core/*.[ch] | while read -r file name; do
	[ -e "kernels/core/$name" ] || [ -e "kernels/include/$name" ] || echo "$file: $name"
done)" "the core includes no family and no platform"
nothing "$(includes harness/*.[ch] | while read -r file name; do
	for family in kernels/*/family.c; do
		case $name in "${family#kernels/}" | */"${family#kernels/}" | *"$(basename "${family%/*}")/"*) echo "$file: $name" ;; esac
		[ ! -e "${family%/*}/$name" ] || [ -e "harness/$name" ] || [ -e "kernels/include/$name" ] || echo "$file: $name"
	done
	case $name in *baremetal/* | *module/*) echo "$file: $name" ;; esac
done)" "the harness includes no family and no guest platform, only the registry and the model"

commands=$(mmubench help | sed -n 's/^  \([a-z]*\) .*/\1/p')
nothing "$({ mmubench help; for c in $commands; do mmubench help "$c"; done; } | awk 'length($0) > 80')" \
	"no line of help is longer than 80 columns"
nothing "$(for c in $commands; do mmubench help "$c" | grep -q "^usage: mmubench $c" || echo "$c"; done)" \
	"each command has help"

nothing "$(for doc in docs/*.md; do
	grep -oE '\]\([^)#:]+' "$doc" | sed 's/^](//' | while read -r to; do [ -e "docs/$to" ] || echo "$doc: $to"; done
done)" "links in docs/ lead somewhere"
# Each option of each "mmubench COMMAND ..." in an indented block of README and docs/.
nothing "$(grep -hE '^    +(build/)?mmubench [a-z]+ ' README.md docs/*.md | sed "s,build/,,; s/#.*//; s/'[^']*'//g" |
	while read -r _ command words; do
		help=$(mmubench help "$command") || { echo "mmubench $command"; continue; }
		for word in $words; do
			case $word in --[a-z]*) grep -q -- "^  ${word%%=*}\b" <<<"$help" || echo "$command $word" ;; esac
		done
	done)" "commands and options in README and docs/ exist"
targets=$(make -qp 2>/dev/null | sed -n 's/^\([a-z][a-z0-9-]*\):.*/\1/p')
nothing "$(grep -hoE '(`|^    +)make [a-z0-9-]+' README.md docs/*.md | sed 's/.*make //' | sort -u | while read -r target; do
	grep -qx -- "$target" <<<"$targets" || echo "make $target"
done)" "make targets in README and docs/ exist"
tap_end
