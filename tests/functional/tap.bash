# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# TAP for the scripts of this folder, which source it and end with `tap_end`. tap_log, where a script sets it, is
# a file whose end is shown below what failed.
tap_n=0 tap_bad=0 tap_log=

# ok STATUS WHAT: a test that has run; returns whether it was good
ok() {
	tap_n=$((tap_n + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $tap_n - $2"
		return 0
	fi
	echo "not ok $tap_n - $2"
	tap_bad=1
	[ ! -s "$tap_log" ] || tail -n 20 "$tap_log" | sed 's/^/# /'
	return 1
}

# check WHAT COMMAND...: a test that is a command (run in a subshell); what it said is shown if it fails
check() {
	local said
	said=$("${@:2}" 2>&1)
	ok $? "$1" || [ -z "$said" ] || tail -n 20 <<<"$said" | sed 's/^/# /'
}

skip() { # WHAT WHY
	tap_n=$((tap_n + 1))
	echo "ok $tap_n - $1 # SKIP $2"
}

tap_end() { # the plan; 1 if any test failed
	echo "1..$tap_n"
	return $tap_bad
}
