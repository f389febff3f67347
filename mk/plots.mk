# SPDX-License-Identifier: GPL-2.0-only
# Plot scripts are built into the program, so the objects depend on them.

$(filter $(O)/host/harness/plot_%,$(HOST_OBJ)): $(wildcard plots/*.gp)

# The committed result sets, drawn beside them: results/X.json -> plots/X-KIND.svg.
.PHONY: plots
plots: $(O)/mmubench ## draw the committed result sets (results/*.json) into plots/
	@for set in $(wildcard results/*.json); do \
		name=$$(basename $$set .json); \
		for kind in bars scaling; do \
			$(O)/mmubench plot --kind $$kind --base fixmap_twice -o plots/$$name-$$kind.svg $$set || exit; \
			echo "plots/$$name-$$kind.svg"; \
		done; \
	done
