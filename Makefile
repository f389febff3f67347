# SPDX-License-Identifier: GPL-2.0-only
# The front door. Each part's rules are in mk/: host.mk (mmubench), guest.mk (bare-metal Image),
# module.mk (Linux module), test.mk, docs.mk. `make help` lists the targets; O=DIR builds elsewhere.

O ?= build
MAKEFLAGS += --no-builtin-rules
.SUFFIXES:
.DELETE_ON_ERROR:

# `make V=1` shows whole commands; else a line a file.
ifeq ($(V),1)
say =
else
say = @printf '  %-8s%s\n' $(1) $(2);
endif

# A file that holds a text and is written anew only when the text is another: $(call stamp,TEXT).
stamp = @mkdir -p $(@D); echo '$(subst ','\'',$(1))' | cmp -s - $@ || echo '$(subst ','\'',$(1))' >$@
.PHONY: FORCE

.PHONY: all
all: ## build the harness, the bare-metal Image and the tests
FAMILIES := $(patsubst kernels/%/family.c,%,$(wildcard kernels/*/family.c))

include $(sort $(wildcard mk/*.mk))

.PHONY: help clean
help: ## this list
	@awk -F':.*## ' '/^[a-z][a-z0-9_-]*:.*## /{printf "  %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

clean: ## remove the build folder
	rm -rf $(O)
