# SPDX-License-Identifier: GPL-2.0-only
# The bare-metal guest: build/guest/Image (what boots) and mmubench-guest.elf (with symbols).
# A family's family.c is built once; each variant twice, timed and counted (kernels/include/mmu.h).

CROSS_COMPILE ?= aarch64-linux-gnu-
GUEST_CC ?= $(CROSS_COMPILE)gcc
GUEST_O := $(O)/guest
GUEST_FDT := $(GUEST_O)/libfdt.a

# libfdt.h from the host's package; its archive from Debian's arm64 one (ci/guest-libfdt).
GUEST_CPPFLAGS = -nostdinc -isystem $(shell $(GUEST_CC) -print-file-name=include) \
	-isystem kernels/platform/baremetal/include -idirafter /usr/include \
	-Ikernels/include -Ikernels -Ikernels/core -Ikernels/arch/arm64 -Ikernels/platform/baremetal
GUEST_WARN = -Wall -Wextra $(WERROR) -Wstrict-prototypes -Wmissing-prototypes
# General registers only and no unaligned access: booted with the MMU off, FP state is nobody's.
GUEST_CFLAGS = -std=gnu11 -O2 -g $(GUEST_WARN) -ffreestanding -fPIE -fvisibility=hidden \
	-mgeneral-regs-only -mstrict-align -mno-outline-atomics -mbranch-protection=none \
	-fno-stack-protector -fno-asynchronous-unwind-tables -fno-common \
	--param=min-pagesize=0 -ffunction-sections -fdata-sections -ffile-prefix-map=$(CURDIR)/=
GUEST_LDFLAGS = -nostdlib -static-pie -Wl,-T,kernels/platform/baremetal/image.lds -Wl,-z,text \
	-Wl,-z,max-page-size=65536 -Wl,--no-dynamic-linker -Wl,--gc-sections \
	-Wl,--build-id=sha1 -Wl,--fatal-warnings -Wl,--no-warn-rwx-segments

GUEST_ONCE := $(wildcard kernels/core/*.c kernels/arch/arm64/*.c kernels/platform/baremetal/*.c) \
	$(FAMILIES:%=kernels/%/family.c)
GUEST_ASM := $(wildcard kernels/platform/baremetal/*.S)
GUEST_VARIANTS := $(filter-out %/family.c,$(foreach f,$(FAMILIES),$(wildcard kernels/$f/*.c)))
GUEST_OBJ := $(GUEST_ONCE:%.c=$(GUEST_O)/obj/%.o) $(GUEST_ASM:%.S=$(GUEST_O)/obj/%.o) \
	$(GUEST_VARIANTS:%.c=$(GUEST_O)/obj/%.timed.o) $(GUEST_VARIANTS:%.c=$(GUEST_O)/obj/%.counted.o)

# What runs outside the samples, and once: small, since a short boot's time goes into translating it.
GUEST_COLD := $(patsubst %,kernels/core/%,plan.c print.c record.c names.c registry.c) \
	$(patsubst %,kernels/platform/baremetal/%,dt.c main.c env.c extents.c uart.c)
$(GUEST_COLD:%.c=$(GUEST_O)/obj/%.o): GUEST_DEFINE := -Os

.PHONY: guest
guest: $(GUEST_O)/Image ## the bare-metal guest's Image
all: guest

$(GUEST_O)/Image: $(GUEST_O)/mmubench-guest.elf $(GUEST_O)/Image.sym
	$(CROSS_COMPILE)objcopy -O binary $< $@

# The ELF without code and debug information: names, sizes and the build id, for bytes of code (fold).
$(GUEST_O)/Image.sym: $(GUEST_O)/mmubench-guest.elf
	$(CROSS_COMPILE)objcopy --only-keep-debug $< $@
	$(CROSS_COMPILE)strip --strip-debug $@
	@chmod 644 $@

# The list of objects is a prerequisite: a variant that went away goes out of the Image as well.
$(GUEST_O)/mmubench-guest.elf: $(GUEST_OBJ) $(GUEST_FDT) kernels/platform/baremetal/image.lds \
		$(GUEST_O)/objects
	$(call say,LD,$@)$(GUEST_CC) $(GUEST_LDFLAGS) -o $@ $(GUEST_OBJ) $(GUEST_FDT) -lgcc

$(GUEST_O)/objects: FORCE
	$(call stamp,$(GUEST_OBJ))
$(GUEST_O)/how: FORCE
	$(call stamp,$(GUEST_CC) $(GUEST_CPPFLAGS) $(GUEST_CFLAGS))

$(GUEST_FDT): ci/guest-libfdt
	@mkdir -p $(@D)
	@ci/guest-libfdt $@

GUEST_COMPILE = $(call say,CC,$<)mkdir -p $(@D); \
	$(GUEST_CC) $(GUEST_CPPFLAGS) $(GUEST_CFLAGS) $(GUEST_DEFINE) -MMD -MP -c -o $@ $<

$(GUEST_O)/obj/kernels/platform/baremetal/string.o: GUEST_DEFINE := -fno-tree-loop-distribute-patterns
$(GUEST_O)/obj/%.timed.o: GUEST_DEFINE := -DMMU_PASS=0
$(GUEST_O)/obj/%.timed.o: %.c $(GUEST_O)/how
	$(GUEST_COMPILE)
$(GUEST_O)/obj/%.counted.o: GUEST_DEFINE := -DMMU_PASS=1
$(GUEST_O)/obj/%.counted.o: %.c $(GUEST_O)/how
	$(GUEST_COMPILE)
$(GUEST_O)/obj/%.o: %.c $(GUEST_O)/how
	$(GUEST_COMPILE)
$(GUEST_O)/obj/%.o: %.S $(GUEST_O)/how
	$(GUEST_COMPILE)

# The platform's test from inside: an Image with tests/guest/selftest.c in the runner's place.
GUEST_TEST_OBJ := $(filter-out %/runner.o %.timed.o %.counted.o %/family.o,$(GUEST_OBJ)) \
	$(GUEST_O)/obj/tests/guest/selftest.o
all: $(GUEST_O)/selftest/Image
$(GUEST_O)/selftest/Image: $(GUEST_TEST_OBJ) $(GUEST_FDT) kernels/platform/baremetal/image.lds
	@mkdir -p $(@D)
	$(call say,LD,$@)$(GUEST_CC) $(GUEST_LDFLAGS) -o $(@D)/selftest.elf $(GUEST_TEST_OBJ) $(GUEST_FDT) -lgcc
	$(CROSS_COMPILE)objcopy -O binary $(@D)/selftest.elf $@

-include $(GUEST_OBJ:.o=.d) $(GUEST_O)/obj/tests/guest/selftest.d
