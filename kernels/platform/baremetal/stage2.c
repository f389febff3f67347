// SPDX-License-Identifier: GPL-2.0-only
/*
 * Stage 2 for the families: VTCR_EL2, VTTBR_EL2 and a guest that looks through it.
 *
 * While a space exists EL2 runs the show and EL1 belongs to the guest: its TTBR0_EL1 and TCR_EL1 (a 39-bit
 * identity of 1 GiB blocks), VTTBR_EL2, HCR_EL2.VM stay loaded. TLBIs by IPA act on the current VMID, as in
 * KVM after __tlb_switch_to_guest(); and an emulator that drops its TLB when one of these registers
 * changes would leave nothing stale for the oracle to find.
 *
 * A VHE host may live at EL2 meanwhile (a LOW space made there, space.c): then the guest runs with HCR_EL2.TGE
 * clear, and its EL1 registers go by their EL12 names.
 */
#include "bm.h"

#define HCR_VM		(1ull << 0)
#define HCR_RW		(1ull << 31)
#define HCR_FWB		(1ull << 46)
#define VTCR_RES1	(1ull << 31)
#define SPSR_EL1H	0x3c5ull
#define SPSR_EL2H	0x3c9ull

#define EC(esr)		((u32)((esr) >> 26) & 0x3f)
#define EC_HVC		0x16
#define EC_IABT_LOWER	0x20
#define EC_DABT_LOWER	0x24

/* The guest's own IPAs, above what families may use: its stage-1 top table and its code. */
#define GUEST_IPA	(480 * MMUB_GIB)
#define FAMILY_START	(256 * MMUB_GIB)
#define FAMILY_END	(448 * MMUB_GIB)
#define GUEST_VA_BITS	39

struct bm_guest_regs {
	u64 ipa, stride, left, write, answered, faulted, other, at_answer, at_fault, last;
};
void bm_guest_enter(struct bm_guest_regs *r, u64 pc, u64 spsr);
extern const char bm_guest_exit[], bm_guest_code[], bm_guest_code_end[];

static struct {
	struct mmu_space *s;
	u64 tables, tables_bytes;	/* the guest's pages, then the tables that map them */
	u64 leaves;			/* PA of the entries that map the guest's two pages */
	u64 hcr, ttbr0, ttbr1, tcr;	/* EL1's and HCR_EL2 as they were */
	bool running;
	u32 ended_by;			/* EC */
	u64 ended_esr;
} g;

/* VTCR_EL2.SL0 (Arm ARM D19.2.163): counts from level 2 at 4K, from level 3 at 16K and 64K. */
static u64 vtcr(const struct pt_geom *geom)
{
	u64 tg0 = geom->page_shift == 12 ? 0 : geom->page_shift == 14 ? 2 : 1;
	u64 sl0 = (u64)((geom->page_shift == 12 ? 2 : 3) - geom->start_level);
	u64 ps = bm_pa_range() > 5 ? 5 : bm_pa_range();

	return VTCR_RES1 | (64 - geom->va_bits) | sl0 << 6 | 1 << 8 | 1 << 10 | 3 << 12 | tg0 << 14 | ps << 16;
}

static const char *not_here(const struct pt_geom *geom)
{
	static const u8 bits[] = { 32, 36, 40, 42, 44, 48, 52, 56 };

	if (bm_current_el() != 2)
		return "stage 2 needs EL2";
	if (g.s)
		return "there is a stage-2 space already";
	if (bm_vhe())
		return "the guest's stage 2 must be there before its host's LOW space";
	if (geom->lpa2)
		return "stage 2 with LPA2 is not on this platform";
	if (geom->va_bits > bits[bm_pa_range() & 7] || geom->va_bits < 39)
		return "the CPU's physical addresses are too small for this IPA size";
	return NULL;
}

/* Top table of a 39-bit stage 1 at 4K: 512 blocks of 1 GiB, identity. */
void plat_guest_table(u64 pa)
{
	struct pt_geom s1;

	pt_geom_init(&s1, 4096, GUEST_VA_BITS, false);
	for (u64 i = 0; i < 512; i++)
		plat_phys_write64(pa + 8 * i, pt_leaf(&s1, i << 30, 1, (PT_PROT_KERNEL & ~PT_PXN) | PT_UXN));
	for (u64 i = 0; i < 4096; i += mmu_arch_dline_bytes())
		asm volatile("dc civac, %0" :: "r"(pa + i) : "memory");
	asm volatile("dsb sy" ::: "memory");
}

static void copy_code(u64 pa)
{
	u64 bytes = (u64)(bm_guest_code_end - bm_guest_code);

	memcpy((void *)pa, bm_guest_code, bytes);
	for (u64 i = 0; i < bytes; i += 4)
		asm volatile("dc civac, %0" :: "r"(pa + i) : "memory");
	asm volatile("dsb sy\n	ic ialluis\n	dsb ish\n	isb" ::: "memory");
}

/* Write-back; with FWB the same bits would mean something else (Arm ARM D8.5.5). */
static void map_pages(const struct mmu_space *s, bool fwb)
{
	u64 attrs = PT_S2_MEMATTR(fwb ? 0x6 : 0xf) | PT_S2_READ | PT_S2_WRITE | PT_SH_INNER | PT_AF;

	for (u64 i = 0; i < 2; i++)
		plat_phys_write64(g.leaves + 8 * i, pt_leaf(&s->g, g.tables + i * pt_page(&s->g), 3, attrs));
}

/* Maps the guest's two pages at GUEST_IPA. */
static void map_guest(const struct mmu_space *s)
{
	u64 page = pt_page(&s->g), next = g.tables + 2 * page, table = s->root;

	for (int level = (int)s->g.start_level; level < 3; level++, next += page) {
		plat_phys_write64(table + 8ull * pt_index(&s->g, level, GUEST_IPA), pt_table(&s->g, next));
		table = next;
	}
	g.leaves = table + 8ull * pt_index(&s->g, 3, GUEST_IPA);
	map_pages(s, false);
	plat_guest_table(g.tables);
	copy_code(g.tables + page);
}

void plat_guest_flush(void)
{
	if (bm_vhe())		/* a run that went wrong may have left the guest's regime */
		bm_write_sysreg(hcr_el2, bm_read_sysreg(hcr_el2) | BM_HCR_TGE);
	asm volatile("dsb ish\n	tlbi vmalls12e1is\n	dsb ish\n	isb" ::: "memory");
}

static void load_guest(const struct mmu_space *s)
{
	u64 tcr = bm_read_sysreg(tcr_el1);

	g.hcr = bm_read_sysreg(hcr_el2);
	g.ttbr0 = bm_read_sysreg(ttbr0_el1);
	g.ttbr1 = bm_read_sysreg(ttbr1_el1);
	g.tcr = tcr;
	/* T0SZ, TG0 = 4K, EPD0 = 0; the high half off; what remains is the runtime's */
	tcr = (tcr & ~(0x3full | 3ull << 14 | 1ull << 7 | 1ull << 59)) | (64 - GUEST_VA_BITS) | 1ull << 23;
	bm_write_sysreg(tcr_el1, tcr);
	bm_write_sysreg(ttbr0_el1, GUEST_IPA);
	bm_write_sysreg(vtcr_el2, vtcr(&s->g));
	bm_write_sysreg(vttbr_el2, s->root | (u64)s->vmid << 48);
	bm_write_sysreg(hcr_el2, g.hcr | HCR_VM);
	asm volatile("isb" ::: "memory");
	plat_guest_flush();
}

const char *bm_stage2_create(struct mmu_space *s, const struct pt_geom *geom)
{
	static u16 next_vmid;
	const char *why = not_here(geom);

	if (why)
		return why;
	s->root = plat_phys_alloc(pt_page(geom), pt_page(geom));
	g.tables_bytes = 5 * pt_page(geom);
	g.tables = plat_phys_alloc(g.tables_bytes, pt_page(geom));
	if (!s->root || !g.tables) {
		plat_phys_free(s->root, pt_page(geom));
		plat_phys_free(g.tables, g.tables_bytes);
		s->root = 0;
		return "out of memory for the guest's tables";
	}
	plat_phys_zero(s->root, pt_page(geom));
	plat_phys_zero(g.tables, g.tables_bytes);
	next_vmid = next_vmid % 255 + 1;
	s->vmid = next_vmid;
	s->va_start = FAMILY_START;
	s->va_end = FAMILY_END;
	g.s = s;
	map_guest(s);
	load_guest(s);
	s->live = true;
	return NULL;
}

void bm_stage2_destroy(struct mmu_space *s)
{
	if (s != g.s || !s->root)
		return;
	plat_guest_flush();
	bm_write_sysreg(hcr_el2, g.hcr);
	bm_write_sysreg(vttbr_el2, 0);
	bm_write_sysreg(tcr_el1, g.tcr);
	bm_write_sysreg(ttbr0_el1, g.ttbr0);
	bm_write_sysreg(ttbr1_el1, g.ttbr1);
	asm volatile("isb" ::: "memory");
	plat_tlb_flush_all();
	plat_phys_free(g.tables, g.tables_bytes);
	plat_phys_free(s->root, pt_page(&s->g));
	s->root = 0;
	s->live = false;
	g.s = NULL;
}

void bm_stage2_reset(struct mmu_space *s)
{
	for (u64 ipa = s->va_start; ipa < s->va_end; ipa += pt_size(&s->g, (int)s->g.start_level))
		plat_phys_write64(s->root + 8ull * pt_index(&s->g, (int)s->g.start_level, ipa), 0);
	plat_guest_flush();
}

/* ---- the guest runs ---- */

static bool stage2_fault(u64 esr)
{
	return (esr & 0x3c) == 4;
}

/* An access is stepped over; anything else, HVC included, ends the guest: back to bm_guest_enter()'s caller. */
bool bm_stage2_exception(struct bm_frame *f, u64 vector, u32 el)
{
	if (!g.running || el != 2 || vector != 8)
		return false;
	if (EC(f->esr) == EC_DABT_LOWER && f->elr >= GUEST_IPA && f->elr < GUEST_IPA + 2 * pt_page(&g.s->g) &&
	    !(f->esr & 1 << 7)) {		/* S1PTW: the guest's own tables */
		f->x[13] = stage2_fault(f->esr) ? 1 : 2;
		f->elr += 4;
		return true;
	}
	g.running = false;
	g.ended_by = EC(f->esr);
	g.ended_esr = f->esr;
	f->elr = (u64)bm_guest_exit;
	f->spsr = SPSR_EL2H;
	return true;
}

/* Returns HCR_EL2 as it was: a host's TGE must not be set while EL1 runs or is meant. */
static u64 leave_host(void)
{
	u64 hcr = bm_read_sysreg(hcr_el2);

	if (hcr & BM_HCR_TGE)
		bm_write_sysreg(hcr_el2, hcr & ~BM_HCR_TGE);
	asm volatile("isb" ::: "memory");
	return hcr;
}

static void back_to_host(u64 hcr)
{
	if (!(hcr & BM_HCR_TGE))
		return;
	bm_write_sysreg(hcr_el2, hcr);
	asm volatile("isb" ::: "memory");
}

static void enter(struct bm_guest_regs *r)
{
	u64 hcr = leave_host();

	g.running = true;
	bm_guest_enter(r, GUEST_IPA + pt_page(&g.s->g), SPSR_EL1H);
	g.running = false;
	back_to_host(hcr);
}

bool plat_guest_load(u64 ipa)
{
	struct bm_guest_regs r = { .ipa = ipa, .left = 1 };

	enter(&r);
	return r.answered;
}

static void use_table(u64 ipa)
{
	u64 hcr = leave_host();

	if (bm_vhe())
		bm_write_sysreg(s3_5_c2_c0_0, ipa);	/* TTBR0_EL12 */
	else
		bm_write_sysreg(ttbr0_el1, ipa);
	asm volatile("isb\n	tlbi vmalle1\n	dsb nsh\n	isb" ::: "memory");
	back_to_host(hcr);
}

/* One page after the other as the stage-1 top table: no access, to fetch the code takes the walk. */
static void walks(struct plat_guest *a)
{
	for (u64 i = 0; i < a->n; i++) {
		struct bm_guest_regs r = { 0 };
		u64 ipa = a->ipa + i * a->stride;

		use_table(ipa);
		enter(&r);
		if (g.ended_by == EC_HVC) {
			if (!a->answered++)
				a->at_answer = ipa;
			continue;
		}
		if (!a->faulted && !a->other)
			a->at_fault = ipa;
		if (g.ended_by == EC_IABT_LOWER && stage2_fault(g.ended_esr))
			a->faulted++;
		else
			a->other++;
	}
	use_table(GUEST_IPA);
}

const char *plat_guest_access(struct plat_guest *a)
{
	u64 hcr = bm_read_sysreg(hcr_el2), want = a->fwb ? hcr | HCR_FWB : hcr & ~HCR_FWB;
	struct bm_guest_regs r = { .ipa = a->ipa, .stride = a->stride, .left = a->n, .write = a->write };

	if (!g.s || a->s != g.s)
		return "no stage 2 is installed";
	if (hcr != want) {		/* before anything is in the TLB that matters */
		map_pages(g.s, a->fwb);
		bm_write_sysreg(hcr_el2, want);
		asm volatile("isb" ::: "memory");
		plat_guest_flush();
	}
	a->answered = a->faulted = a->other = a->at_answer = a->at_fault = 0;
	if (a->walk) {
		walks(a);
		return NULL;
	}
	enter(&r);
	if (g.ended_by != EC_HVC)
		return "the guest's own pages fault";
	a->answered = r.answered;
	a->faulted = r.faulted;
	a->other = r.other;
	a->at_answer = r.at_answer;
	a->at_fault = r.at_fault;
	a->last = r.last;
	return NULL;
}
