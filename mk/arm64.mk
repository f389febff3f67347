# SPDX-License-Identifier: GPL-2.0-only
# The harness for the arm64 host that KVM needs: cross-built against Debian's arm64 libraries (unpacked,
# not installed), its unit tests run under qemu-user.

ARM64_O ?= $(O)/arm64
ARM64_ROOT ?= $(O)/arm64-root
ARM64_PKGS := libjansson-dev libjansson4 libhwloc-dev libhwloc15 libudev1 libpfm4-dev libpfm4 \
	libgsl-dev libgsl27 libgslcblas0 libelf-dev libelf1 zlib1g libcmocka-dev libcmocka0
ARM64_TUPLE := aarch64-linux-gnu
ARM64_LIBS = $(abspath $(ARM64_ROOT))/usr/lib/$(ARM64_TUPLE):$(abspath $(ARM64_ROOT))/lib/$(ARM64_TUPLE)
ARM64_CFLAGS = -isystem $(ARM64_ROOT)/usr/include -isystem $(ARM64_ROOT)/usr/include/$(ARM64_TUPLE) \
	-L$(ARM64_ROOT)/usr/lib/$(ARM64_TUPLE) -L$(ARM64_ROOT)/lib/$(ARM64_TUPLE) \
	-Wl,-rpath-link,$(ARM64_ROOT)/usr/lib/$(ARM64_TUPLE):$(ARM64_ROOT)/lib/$(ARM64_TUPLE)

.PHONY: arm64 test-arm64
arm64: ## cross-build mmubench for an arm64 host into build/arm64
	@ci/arm64-packages bookworm $(ARM64_ROOT) $(ARM64_PKGS) >/dev/null
	+@$(MAKE) --no-print-directory O=$(ARM64_O) CC=$(ARM64_TUPLE)-gcc CFLAGS='$(ARM64_CFLAGS)' \
		$(ARM64_O)/mmubench $(UNIT_SRC:tests/unit/%.c=$(ARM64_O)/tests/unit/%)

test-arm64: arm64 ## its unit tests, under qemu-user
	@O=$(ARM64_O) MMUBENCH_SLOW=1 TEST_WRAP='qemu-aarch64 -L /usr/$(ARM64_TUPLE) -E LD_LIBRARY_PATH=$(ARM64_LIBS)' \
		tests/run unit
