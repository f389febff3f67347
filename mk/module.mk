# SPDX-License-Identifier: GPL-2.0-only
# The Linux module, by the kernel's own kbuild. `make module` builds for Debian's 6.12 arm64 kernel, fetched
# by ci/guest-kernel (GUEST=6.1, GUEST=newest for the others); `make module KDIR=DIR` for your own kernel.

GUEST ?= 6.12

.PHONY: module
module: ## the Linux module: GUEST=6.1|6.12|newest, or KDIR=your kernel's build folder
ifdef KDIR
	@$(MAKE) --no-print-directory module-in DIR=$(O)/module/own MODULE_KDIR=$(KDIR) \
		KBUILD_ARGS="ARCH=arm64 $(if $(filter aarch64 arm64,$(shell uname -m)),,CROSS_COMPILE=$(CROSS_COMPILE)) $(KBUILD_ARGS)"
else
	@ci/deps
	@guest=$$(ci/guest-kernel $(GUEST)) && $(MAKE) --no-print-directory module-in \
		DIR=$(O)/module/$(GUEST) MODULE_KDIR=$$guest/kdir/ \
		KBUILD_ARGS="ARCH=arm64 $$(tr '\n' ' ' <$$guest/kbuild-args)"
endif

.PHONY: module-in
module-in:
	@kernels/platform/module/prepare . $(abspath $(DIR)) $(FAMILIES)
	@# O= of our command line means something else to kbuild
	+@env -u MAKEFLAGS -u MFLAGS $(MAKE) -s -j$$(nproc) -C $(MODULE_KDIR) M=$(abspath $(DIR)) $(KBUILD_ARGS) modules
	@echo "mmubench: built $(DIR)/mmubench.ko"
