# SPDX-License-Identifier: GPL-2.0-only
# What must be installed: ci/packages is the one list, ci/deps compares it with the machine.

.PHONY: deps
deps: ## install what is missing (root on Debian), else print the apt command
	@ci/deps
