# SPDX-License-Identifier: GPL-2.0-only
# How far the statistics can be trusted on this machine: tests/aa/run. Not part of `make test`: it measures.

.PHONY: aa
aa: all $(O)/tests/aa $(O)/tests/neighbour ## A/A runs under load, and what interleaving gains
	@O=$(O) tests/aa/run

$(O)/tests/aa: tests/aa/aa.c $(HOST_LIB_OBJ)
	@mkdir -p $(@D)
	$(CC) $(HOST_CPPFLAGS) $(HOST_CFLAGS) -o $@ $< $(HOST_LIB_OBJ) $(HOST_LIBS)

$(O)/tests/neighbour: tests/aa/neighbour.c
	@mkdir -p $(@D)
	$(CC) $(HOST_CFLAGS) -o $@ $< -lm
