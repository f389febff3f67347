// SPDX-License-Identifier: GPL-2.0-only
/* A running kernel's SMMUs have their own driver: the module keeps off. */
#include "module.h"
#include "smmu.h"

const char *plat_smmu_attach(struct smmu_dev *d, const struct mmu_space *s)
{
	(void)d;
	(void)s;
	return "the kernel's driver owns the SMMU";
}

void plat_smmu_detach(struct smmu_dev *d)
{
	(void)d;
}

void plat_smmu_flush(struct smmu_dev *d)
{
	(void)d;
}

enum plat_probe_result plat_dma_read(struct smmu_dev *d, u64 iova, u64 *val)
{
	(void)d;
	(void)iova;
	(void)val;
	return PROBE_OTHER;
}
