# SPDX-License-Identifier: GPL-2.0-only
# Plot scripts are built into the program, so the objects depend on them.

$(filter $(O)/host/harness/plot_%,$(HOST_OBJ)): $(wildcard plots/*.gp)
