# SPDX-License-Identifier: GPL-2.0-only
# The harness, the model and all families under AddressSanitizer, LeakSanitizer and UBSan. Not part of
# `make test`: everything is compiled a second time, and the brute-force tests take minutes.

ASAN_O ?= $(O)/asan
ASAN_CFLAGS := -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer -O1

.PHONY: test-asan
test-asan: ## unit and golden tests under ASan and UBSan
	+@$(MAKE) --no-print-directory O=$(ASAN_O) WERROR= CFLAGS='$(ASAN_CFLAGS)' \
		$(ASAN_O)/mmubench $(UNIT_SRC:tests/unit/%.c=$(ASAN_O)/tests/unit/%)
	@O=$(ASAN_O) tests/run unit golden
