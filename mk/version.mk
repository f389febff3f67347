# SPDX-License-Identifier: GPL-2.0-only
# version.o carries the commit; the stamp changes only when the commit does.

COMMIT := $(shell git describe --always --dirty --abbrev=12 2>/dev/null || echo unknown)
$(shell mkdir -p $(O); [ "$$(cat $(O)/commit 2>/dev/null)" = "$(COMMIT)" ] || echo "$(COMMIT)" > $(O)/commit)
$(O)/host/harness/version.o: private HOST_CPPFLAGS += -DMMUB_COMMIT='"$(COMMIT)"'
$(O)/host/harness/version.o: $(O)/commit
