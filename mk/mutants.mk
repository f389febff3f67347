# SPDX-License-Identifier: GPL-2.0-only
# `make mutants`: tests/mutants/run plants every bug of tests/mutants/*.mutant, one at a time. Only what
# depends on the changed file is compiled again; the rest is the host build's objects.
# MUTANTS="tests/mutants/unmap_*" plants only those.

MUTANT_UNIT := $(sort $(shell sed -n 's/^. unit: *//p' tests/mutants/*.mutant 2>/dev/null))
MUTANT_MAIN := $(O)/mutants/driver.o $(MUTANT_UNIT:%=$(O)/mutants/%.o)
MUTANT_CFLAGS = $(filter-out -O2 -g,$(HOST_CFLAGS)) -O1 \
	-Wno-unused-variable -Wno-unused-parameter -Wno-unused-but-set-variable -Wno-empty-body

$(O)/mutants/driver.o: tests/mutants/driver.c
	@mkdir -p $(@D)
	$(CC) $(HOST_CPPFLAGS) $(HOST_CFLAGS) -MMD -MP -c -o $@ $<
$(O)/mutants/%.o: tests/unit/%.c
	@mkdir -p $(@D)
	$(CC) $(HOST_CPPFLAGS) $(HOST_CFLAGS) -MMD -MP -c -o $@ $<
-include $(MUTANT_MAIN:.o=.d)

.PHONY: mutants
mutants: $(MUTANT_MAIN) $(HOST_LIB_OBJ) ## plant every known bug, one at a time; each must be caught
	@O=$(O) CC="$(CC)" CPPFLAGS="$(HOST_CPPFLAGS)" CFLAGS="$(MUTANT_CFLAGS)" \
		LIBS="$(if $(MUTANT_UNIT),-lcmocka) $(HOST_LIBS)" OBJS="$(abspath $(HOST_LIB_OBJ))" \
		tests/mutants/run $(MUTANTS)
