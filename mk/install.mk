# SPDX-License-Identifier: GPL-2.0-only
# make install DESTDIR= PREFIX=, and a Debian package that holds the same. Data is found relative to the
# program (harness/paths.c), so the tree works wherever it is put.

PREFIX ?= /usr/local
DESTDIR ?=
INSTALL_ROOT = $(DESTDIR)$(PREFIX)
# Where Debian's zsh looks: packages and local software have places of their own.
ZSH_FUNCTIONS = $(if $(filter /usr,$(PREFIX)),vendor-completions,site-functions)
DEB_ARCH = $(shell dpkg --print-architecture)
DEB_VERSION = $(shell sed -n 's/.*MMUB_VERSION "\(.*\)"/\1/p' harness/version.h)+git$(shell git log -1 --format=%cd.%h --date=format:%Y%m%d 2>/dev/null || echo 0)

.PHONY: install deb
install: build-bench ## into DESTDIR/PREFIX: program, Image, suites, references, man page, completion
	install -Dm755 $(O)/mmubench $(INSTALL_ROOT)/bin/mmubench
	install -Dm644 $(GUEST_O)/Image $(INSTALL_ROOT)/lib/mmubench/Image
	install -Dm644 $(GUEST_O)/Image.sym $(INSTALL_ROOT)/lib/mmubench/Image.sym
	install -d $(INSTALL_ROOT)/share/mmubench/bench/suites $(INSTALL_ROOT)/share/mmubench/bench/reference \
		$(INSTALL_ROOT)/share/mmubench/bench/machines \
		$(INSTALL_ROOT)/share/man/man1 $(INSTALL_ROOT)/share/bash-completion/completions \
		$(INSTALL_ROOT)/share/zsh/$(ZSH_FUNCTIONS) $(INSTALL_ROOT)/share/fish/vendor_completions.d
	install -m644 bench/suites/*.json $(INSTALL_ROOT)/share/mmubench/bench/suites
	install -m644 bench/reference/*.json $(INSTALL_ROOT)/share/mmubench/bench/reference
	install -m644 bench/machines/*.json $(INSTALL_ROOT)/share/mmubench/bench/machines
	install -Dm644 results/schema/mmubench-1.json $(INSTALL_ROOT)/share/mmubench/results/schema/mmubench-1.json
	install -d $(INSTALL_ROOT)/share/doc/mmubench
	install -m644 README.md docs/*.md $(INSTALL_ROOT)/share/doc/mmubench
	install -m644 LICENSE $(INSTALL_ROOT)/share/doc/mmubench/copyright
	$(O)/mmubench manual man >$(INSTALL_ROOT)/share/man/man1/mmubench.1
	$(O)/mmubench manual bash >$(INSTALL_ROOT)/share/bash-completion/completions/mmubench
	$(O)/mmubench manual zsh >$(INSTALL_ROOT)/share/zsh/$(ZSH_FUNCTIONS)/_mmubench
	$(O)/mmubench manual fish >$(INSTALL_ROOT)/share/fish/vendor_completions.d/mmubench.fish

deb: ## a Debian package: build/mmubench_VERSION_ARCH.deb
	rm -rf $(O)/deb
	+@$(MAKE) --no-print-directory install DESTDIR=$(abspath $(O)/deb) PREFIX=/usr >/dev/null
	@mkdir -p $(O)/deb/DEBIAN
	@printf '%s\n' 'Package: mmubench' 'Version: $(DEB_VERSION)' 'Architecture: $(DEB_ARCH)' \
		'Maintainer: the mmubench maintainers <mmubench@localhost>' 'Section: devel' 'Priority: optional' \
		'Depends: libc6, libjansson4, libhwloc15, libpfm4, libgsl27, libelf1' \
		'Recommends: qemu-system-arm, gnuplot-nox' \
		'Description: benchmarks of page tables and TLB invalidation on arm64' \
		' Exact operation counts, correctness beside the time, comparisons that say how sure they are.' \
		>$(O)/deb/DEBIAN/control
	@dpkg-deb --root-owner-group -b $(O)/deb $(O)/mmubench_$(DEB_VERSION)_$(DEB_ARCH).deb
