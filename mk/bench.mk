# SPDX-License-Identifier: GPL-2.0-only
# The front door's first word: from nothing to numbers, a table and a plot.

SUITE ?= quick
BENCH_OUT ?= $(O)/results/$(SUITE).json
BENCH_ARGS ?=
# quick has every family: its table would be pages long. Another suite shows what it was run for.
BENCH_SHOWN := $(if $(filter quick,$(SUITE)),map_mem)

.PHONY: bench build-bench compare
bench: ## install what is missing, build, run SUITE=quick, show table and plot
	@ci/deps
	+@$(MAKE) --no-print-directory -s -j$$(nproc) build-bench
	@mkdir -p $(dir $(BENCH_OUT))
	@$(O)/mmubench run $(SUITE) -o $(BENCH_OUT) $(BENCH_ARGS)
	@echo
	@$(O)/mmubench compare $(BENCH_OUT) $(BENCH_SHOWN:%=--case % --base fixmap_twice)
	@echo
	@$(O)/mmubench plot $(BENCH_SHOWN:%=--cases % --base fixmap_twice) $(BENCH_OUT)
	@$(O)/mmubench plot $(BENCH_SHOWN:%=--cases % --base fixmap_twice) -o $(BENCH_OUT:.json=.svg) $(BENCH_OUT)
	@printf '\nresults   %s\nplot      %s\nall families:  %s compare %s\nas a page:     %s report -o report.html %s\n' \
		$(BENCH_OUT) $(BENCH_OUT:.json=.svg) $(O)/mmubench $(BENCH_OUT) $(O)/mmubench $(BENCH_OUT)

build-bench: $(O)/mmubench guest

compare: build-bench ## compare FILES="a.json b.json"
	@$(O)/mmubench compare $(FILES)
