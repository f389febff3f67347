# SPDX-License-Identifier: GPL-2.0-only
# The host program: harness/, and the families compiled against the model.

HOST_PKGS := jansson hwloc gsl
# `make WERROR=` for a compiler that warns of more than ours does.
WERROR ?= -Werror
HOST_WARN := -Wall -Wextra $(WERROR) -Wshadow -Wstrict-prototypes -Wmissing-prototypes
HOST_CPPFLAGS = -Iharness -Ikernels/include -Ikernels -Ikernels/core -Ikernels/platform/model -D_GNU_SOURCE \
	$(shell pkg-config --cflags $(HOST_PKGS))
HOST_CFLAGS = -std=gnu11 -O2 -g $(HOST_WARN) $(CFLAGS)
# Linked in where the archive is there: three shared libraries fewer to load are half a millisecond of each start.
archive = $(if $(findstring /,$(shell $(CC) -print-file-name=lib$(1).a)),-l:lib$(1).a,-l$(1))
HOST_LIBS = $(shell pkg-config --libs-only-L $(HOST_PKGS)) $(foreach l,jansson gsl gslcblas,$(call archive,$(l))) \
	-lhwloc -ldl -lelf -lm -lpthread

HOST_SRC := $(wildcard harness/*.c kernels/platform/model/*.c)
ifneq ($(wildcard kernels/platform/model/*.c),)
HOST_SRC += $(wildcard kernels/core/*.c kernels/arch/arm64/pgtable.c $(FAMILIES:%=kernels/%/*.c))
endif
HOST_OBJ := $(HOST_SRC:%.c=$(O)/host/%.o)
HOST_LIB_OBJ := $(filter-out $(O)/host/harness/main.o,$(HOST_OBJ))

ifneq ($(wildcard harness/main.c),)
all: $(O)/mmubench
endif
$(O)/mmubench: $(HOST_OBJ) $(O)/host/objects
	$(call say,LD,$@)$(CC) $(HOST_CFLAGS) $(LDFLAGS) -o $@ $(HOST_OBJ) $(HOST_LIBS)

# What it is made of and how: a variant that went away goes out of mmubench as well (as of the Image), and another
# compiler or other flags build all of it anew.
$(O)/host/objects: FORCE
	$(call stamp,$(HOST_OBJ))
$(O)/host/how: FORCE
	$(call stamp,$(CC) $(HOST_CPPFLAGS) $(HOST_CFLAGS))

$(O)/host/%.o: %.c $(O)/host/how
	@mkdir -p $(@D)
	$(call say,CC,$<)$(CC) $(HOST_CPPFLAGS) $(HOST_CFLAGS) -MMD -MP -c -o $@ $<

# The other compiler's opinion of all of it, without objects. To build with it: make CC=clang.
.PHONY: clang
clang: ## the host program and its unit tests through clang, warnings are errors
	@clang $(HOST_CPPFLAGS) $(HOST_CFLAGS) -fsyntax-only $(HOST_SRC) $(UNIT_SRC) && echo clang: no complaint

-include $(HOST_OBJ:.o=.d)
