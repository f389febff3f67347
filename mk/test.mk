# SPDX-License-Identifier: GPL-2.0-only
# Every test speaks TAP. tests/unit/test_*.c: cmocka programs; tests/functional/*.sh: whole runs, by
# the lines of tests/functional/tap.bash.
# tests/run gathers them and prints the total.

UNIT_SRC := $(wildcard tests/unit/test_*.c)
UNIT_BIN := $(UNIT_SRC:tests/unit/%.c=$(O)/tests/unit/%)

all: $(UNIT_BIN)
$(O)/tests/unit/%: tests/unit/%.c $(HOST_LIB_OBJ)
	@mkdir -p $(@D)
	$(call say,TEST,$@)$(CC) $(HOST_CPPFLAGS) $(HOST_CFLAGS) -MMD -MP -MF $@.d -o $@ $< $(HOST_LIB_OBJ) -lcmocka $(HOST_LIBS)
-include $(UNIT_BIN:%=%.d)

.PHONY: test test-unit
test: ## everything: unit, functional, golden, fuzz smoke (installs what is missing)
	@ci/deps ci/packages-test
	+@$(MAKE) --no-print-directory all fuzz
	@O=$(O) tests/run
test-unit: $(UNIT_BIN) ## unit tests only
	@O=$(O) tests/run unit

# The fuzzer and all that it calls, with sanitizers: a build of its own.
SAN_O := $(O)/san
SAN_CFLAGS := -O1 -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all
.PHONY: fuzz
fuzz: ## build/san/tests/fuzz/parsers: what reads untrusted input, under ASan and UBSan
	+@$(MAKE) --no-print-directory O=$(SAN_O) CFLAGS='$(SAN_CFLAGS)' $(SAN_O)/tests/fuzz/parsers
$(O)/tests/fuzz/parsers: tests/fuzz/parsers.c kernels/platform/baremetal/dt.c $(HOST_LIB_OBJ)
	@mkdir -p $(@D)
	$(call say,TEST,$@)$(CC) $(HOST_CPPFLAGS) $(HOST_CFLAGS) -MMD -MP -MF $@.d -o $@ $< $(HOST_LIB_OBJ) $(HOST_LIBS) -lfdt
-include $(O)/tests/fuzz/parsers.d
