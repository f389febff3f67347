# SPDX-License-Identifier: GPL-2.0-only
# How fast mmubench itself is: every executable of tests/bench/, nothing gated.

.PHONY: bench-self
bench-self: $(O)/mmubench guest ## measure mmubench itself (start-up, big result sets)
	@for b in tests/bench/*; do [ -x $$b ] && { echo "== $$b"; O=$(O) $$b || exit $$?; }; done
