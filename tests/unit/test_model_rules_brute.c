// SPDX-License-Identifier: GPL-2.0-only
/*
 * The model's verdicts against brute force: random stores, links, zeroing, tables given and taken, accesses,
 * invalidations and barriers on three CPUs, most of them in some wrong order. Beside the model a reference
 * keeps plain lists and flags (no epochs, no counts, no stamps), works everything out anew each time, and must
 * come to the same verdict after every single step, and to the same data in every access.
 */
#include "model_brute.h"

#define CPUS	3
#define LINKS	3		/* level-2 entries used, each 0 or a link to one of */
#define TABLES	4		/* leaf tables */
#define STEPS	40000
#define ENTRIES	4096
#define SLOTS	8192		/* of the largest table */
#define VALUES	3		/* data areas, a contiguous group each */

enum verdict { FINE, BREAK, GARBAGE, IN_USE, NO_DSB, NOT_PUBLISHED, TOO_EARLY, STALE, GROUP, FAULTS };
static const char *const words[] = { NULL, "break-before-make", "was linked", "still linked|TLBs hold",
	"without DSB ISHST between", "used before the store", "used after the TLBI", "through a stale",
	"misprogrammed", "faults at" };

struct slot {
	u64 desc, pa;
	bool unordered, garbage, seen;
	int waits;		/* over a seen entry: 1 ordered nowhere yet, 2 on this CPU */
};
struct entry {			/* of a TLB */
	bool there, condemned, group;
	u32 cpu, n;
	int level;
	u64 link, page;		/* which VA: level-2 entry, first page in it */
	u64 desc, slot;
};
static struct {
	struct slot link[LINKS], leaf[TABLES][SLOTS];
	struct entry e[ENTRIES];
	bool local_only, live_unordered;
} ref;

static struct mmu_space space;
static struct pt_geom g;
static u64 table[TABLES], data[VALUES], base, used, group;

static u64 page_va(u64 link, u64 page)
{
	return base + link * pt_size(&g, 2) + page * pt_page(&g);
}

/* ---- what memory says ---- */

static int linked_to(u64 desc)
{
	for (int t = 0; t < TABLES; t++)
		if (desc == pt_table(&g, table[t]))
			return t;
	return -1;
}

static bool in_tree(int t)
{
	for (u32 l = 0; l < LINKS; l++)
		if (linked_to(ref.link[l].desc) == t)
			return true;
	return false;
}

static u64 soft(u64 desc)	/* bits that hardware changes in one page of a group */
{
	return desc & PT_DBM ? PT_AF | PT_AP_RDONLY : PT_AF;
}

static u64 said(const struct entry *e, u32 k)
{
	return e->desc + k * pt_page(&g);
}

static bool agrees(const struct entry *e, int t, u32 k)
{
	return !((ref.leaf[t][e->page + k].desc ^ said(e, k)) & ~(e->group ? soft(e->desc) : 0));
}

/* How many of the entry's slots, as a walk finds them now, say what it says. */
static u32 supporters(const struct entry *e)
{
	int t = e->level == 3 ? linked_to(ref.link[e->link].desc) : 0;
	u32 n = 0;

	if (e->level < 2)
		return 1;
	if (e->level == 2)
		return ref.link[e->link].desc == e->desc;
	if (t < 0 || ref.leaf[t][e->page].pa != e->slot)
		return 0;
	for (u32 k = 0; k < e->n; k++)
		n += agrees(e, t, k);
	return n;
}

/* ---- TLBs ---- */

static struct entry *find(u32 cpu, int level, bool is_group, u64 l, u64 page)
{
	for (u32 i = 0; i < ENTRIES; i++) {
		struct entry *e = &ref.e[i];

		if (e->there && e->cpu == cpu && e->level == level && e->group == is_group &&
		    (level < 2 || e->link == l) && (level < 3 || (page >= e->page && page < e->page + e->n)))
			return e;
	}
	return NULL;
}

static struct entry *add(struct entry x)
{
	u32 i = 0;

	while (ref.e[i].there)
		assert_true(++i < ENTRIES);
	ref.e[i] = x;
	ref.e[i].there = true;
	return &ref.e[i];
}

static void add_group(u32 cpu, u64 l, int t, u64 page, u64 desc, bool in_use)
{
	u64 k = page % group, bytes = group * pt_page(&g);
	struct entry x = { .cpu = cpu, .group = true, .n = (u32)group, .level = 3, .link = l, .page = page - k,
			   .desc = desc - k * pt_page(&g), .slot = ref.leaf[t][page - k].pa };
	bool bad = pt_desc_pa(&g, x.desc) % bytes;

	if (find(cpu, 3, true, l, page))
		return;
	for (u32 j = 0; j < group; j++)
		bad |= !agrees(&x, t, j);
	if (bad && in_use)
		say(GROUP);
	add(x);
}

/* ---- what the walker of CPU 0, where all stores are, may have read just before a store ---- */

static void speculate_leaf(int t, u64 i)
{
	u64 desc = ref.leaf[t][i].desc;
	int l = -1, n = 0;

	for (int k = 0; k < LINKS; k++)
		if (linked_to(ref.link[k].desc) == t) {
			l = k;
			n++;
		}
	if (n != 1 || !(desc & PT_VALID))
		return;
	ref.leaf[t][i].seen = true;
	if (find(0, 3, false, (u64)l, i))
		return;
	add((struct entry){ .n = 1, .level = 3, .link = (u64)l, .page = i, .desc = desc,
			    .slot = ref.leaf[t][i].pa });
	if (desc & PT_CONT)
		add_group(0, (u64)l, t, i, desc, false);
}

static void speculate_link(u64 l)
{
	u64 desc = ref.link[l].desc;

	if (!desc)
		return;
	ref.link[l].seen = true;
	if (!find(0, 2, false, l, 0))
		add((struct entry){ .n = 1, .level = 2, .link = l, .desc = desc, .slot = ref.link[l].pa });
	for (u64 i = 0; i < used; i++)
		speculate_leaf(linked_to(desc), i);
}

/* ---- stores ---- */

static bool may_replace(u64 old, u64 val)
{
	u64 differ = old ^ val;

	if (old & PT_CONT)
		return !(differ & ~soft(old));
	if (old & PT_NG && !(val & PT_NG))
		return false;
	return !(differ & ~(PT_AF | PT_DBM | PT_AP_RDONLY | PT_AP_EL0 | PT_NG | PT_PXN | PT_UXN));
}

static void judge_store(const struct slot *s, u64 val)
{
	if (!(val & PT_VALID) || val == s->desc)
		return;
	if (s->seen && s->desc & PT_VALID && !may_replace(s->desc, val))
		say(BREAK);
	for (u32 i = 0; i < ENTRIES; i++)
		for (u32 k = 0; k < ref.e[i].n && ref.e[i].there; k++)
			if (ref.e[i].slot + 8 * k == s->pa && !may_replace(said(&ref.e[i], k), val))
				say(BREAK);
}

static void stored(struct slot *s, u64 val)
{
	judge_store(s, val);
	if (s->seen && s->desc & PT_VALID && s->desc != val)
		s->waits = 1;
	s->desc = val;
	s->seen = s->garbage = false;
	s->unordered = true;
}

static void store_leaf(u64 t, u64 i, u64 val)
{
	if (ref.leaf[t][i].desc != val)
		speculate_leaf((int)t, i);
	stored(&ref.leaf[t][i], val);
	ref.live_unordered |= in_tree((int)t);
	mmu_arch_pte_store(plat_phys_va(table[t] + 8 * i), val);
	agree("leaf store");
}

static u64 some_leaf(u64 i)
{
	u64 v = any(VALUES), prot = PT_PROT_KERNEL | PT_NG;

	if (any(8) == 0)
		prot |= PT_AP_RDONLY;
	if (any(16) == 0)
		prot &= ~PT_NG;
	if (any(3) == 0)
		return 0;
	if (any(2))
		return pt_leaf(&g, data[v] + (any(40) ? i : i + 1) % group * pt_page(&g), 3, prot | PT_CONT);
	return pt_leaf(&g, data[v] + i % group * pt_page(&g), 3, prot);
}

/* A whole group at once, as a sane program does it, so that there are groups that agree. */
static void store_group(u64 t, u64 i)
{
	u64 v = any(VALUES), kind = any(3);

	i -= i % group;
	for (u64 k = 0; k < group; k++)
		store_leaf(t, i + k, kind ? pt_leaf(&g, data[v] + k * pt_page(&g), 3, PT_PROT_KERNEL | PT_NG |
						    (kind == 1 ? PT_CONT : 0)) : 0);
}

static void zero(u64 t, u64 i, u64 n)
{
	u64 step = MODEL_ZVA_BYTES / 8;

	for (i -= i % step; n--; i += step) {
		for (u64 k = 0; k < step; k++) {
			speculate_leaf((int)t, i + k);
			stored(&ref.leaf[t][i + k], 0);
		}
		mmu_arch_dc(MMU_DC_ZVA, plat_phys_va(table[t] + 8 * i));
		agree("zeroing");
	}
}

static void store_link(u64 l, int t)
{
	u64 val = t < 0 ? 0 : pt_table(&g, table[t]);
	bool fresh = t >= 0 && !in_tree(t), changed = ref.link[l].desc != val;

	if (changed)
		speculate_link(l);
	stored(&ref.link[l], val);
	ref.live_unordered = true;
	for (u32 i = 0; t >= 0 && changed && i < ENTRIES; i++) {
		const struct entry *e = &ref.e[i];

		if (e->there && e->level == 3 && e->link == l && e->slot != ref.leaf[t][e->page].pa)
			say(BREAK);	/* read in another table, for the same addresses */
	}
	for (u64 i = 0; fresh && i < pt_entries(&g); i++)
		if (ref.leaf[t][i].garbage || ref.leaf[t][i].unordered)
			say(GARBAGE);
	mmu_arch_pte_store(plat_phys_va(ref.link[l].pa), val);
	agree("link");
}

static void hand_over(u64 t, bool out)
{
	u64 end = table[t] + pt_page(&g);

	if (in_tree((int)t))
		say(IN_USE);
	for (u32 i = 0; i < ENTRIES; i++)
		if (ref.e[i].there && ((ref.e[i].slot >= table[t] && ref.e[i].slot < end) ||
				       (ref.e[i].level == 2 && linked_to(ref.e[i].desc) == (int)t)))
			say(IN_USE);
	if (out)
		mmu_arch_table_alloc(table[t], pt_page(&g));
	else
		mmu_arch_table_free(table[t], pt_page(&g));
	for (u64 i = 0; i < pt_entries(&g) && out; i++) {
		ref.leaf[t][i].garbage = true;
		ref.leaf[t][i].seen = false;
	}
	agree(out ? "alloc" : "free");
}

/* ---- accesses ---- */

static void use(const struct entry *e)
{
	if (e->condemned)
		say(TOO_EARLY);
	else if (supporters(e) < e->n)
		say(STALE);
}

static u64 read_slot(struct slot *s)
{
	if (!(s->desc & PT_VALID))
		return s->desc;
	if (s->unordered || s->garbage)
		say(NOT_PUBLISHED);
	s->seen = true;
	return s->desc;
}

/* The walk of a miss. PA, or 0 where it faults. */
static u64 walk(u32 cpu, u64 l, u64 page)
{
	u64 desc;
	struct entry *e;
	int t;

	for (int level = (int)g.start_level; level < 2; level++) {
		e = find(cpu, level, false, 0, 0);
		if (e)
			use(e);
		else
			add((struct entry){ .cpu = cpu, .n = 1, .level = level });
	}
	e = find(cpu, 2, false, l, 0);
	if (e) {
		use(e);
		desc = e->desc;
	} else {
		desc = read_slot(&ref.link[l]);
		if (!(desc & PT_VALID))
			return 0;
		add((struct entry){ .cpu = cpu, .n = 1, .level = 2, .link = l, .desc = desc,
				    .slot = ref.link[l].pa });
	}
	t = linked_to(desc);
	desc = read_slot(&ref.leaf[t][page]);
	if (!(desc & PT_VALID))
		return 0;
	add((struct entry){ .cpu = cpu, .n = 1, .level = 3, .link = l, .page = page, .desc = desc,
			    .slot = ref.leaf[t][page].pa });
	if (desc & PT_CONT)
		add_group(cpu, l, t, page, desc, true);
	return pt_desc_pa(&g, desc);
}

static void touch(u32 cpu, u64 l, u64 page)
{
	struct entry *e = find(cpu, 3, false, l, page), *whole = find(cpu, 3, true, l, page);
	u64 pa, got;

	if (!e && whole && (whole->condemned || supporters(whole) < whole->n))
		e = whole;
	if (e) {
		use(e);
		pa = pt_desc_pa(&g, e->desc);
		if (e->group)
			pa = pa - pa % (group * pt_page(&g)) + (page - e->page) * pt_page(&g);
	} else {
		pa = walk(cpu, l, page);
		if (!pa)
			say(FAULTS);
	}
	model.cpu = cpu;
	got = mmu_arch_read64(page_va(l, page));
	model.cpu = 0;
	agree("access");
	if (pa && got != plat_phys_read64(pa))
		fail_msg("CPU %u reads 0x%lx where PA 0x%lx has 0x%lx", cpu, (unsigned long)got,
			 (unsigned long)pa, (unsigned long)plat_phys_read64(pa));
}

/* ---- invalidation ---- */

static void condemn(u32 cpu, bool local, bool last, int ttl, bool asid_whole, u64 start, u64 pages)
{
	u64 end = start + pages;

	for (u32 i = 0; i < ENTRIES; i++) {
		struct entry *e = &ref.e[i];
		u64 span = e->level == 3 ? e->n : pt_entries(&g), at = e->link * pt_entries(&g) + e->page;

		if (!e->there || e->condemned || (local && e->cpu != cpu))
			continue;
		if (e->level < 3 && (last || ttl >= 0))
			continue;
		if (e->level == 3 && ttl >= 0 && ttl != 3)
			continue;
		if (asid_whole && e->level == 3 && !(e->desc & PT_NG))
			continue;
		if (e->level < 2 || (at < end && at + span > start))
			e->condemned = true;
	}
}

static void tlbi(void)
{
	static const struct { enum mmu_op op; bool local, last, range, whole; } forms[] = {
		{ MMU_TLBI_VAE1IS, 0, 0, 0, 0 }, { MMU_TLBI_VALE1IS, 0, 1, 0, 0 }, { MMU_TLBI_VAE1, 1, 0, 0, 0 },
		{ MMU_TLBI_RVAE1IS, 0, 0, 1, 0 }, { MMU_TLBI_RVALE1IS, 0, 1, 1, 0 },
		{ MMU_TLBI_ASIDE1IS, 0, 0, 0, 1 }, { MMU_TLBI_VMALLE1IS, 0, 0, 0, 1 },
		{ MMU_TLBI_VMALLE1, 1, 0, 0, 1 },
	};
	u64 f = any(4) ? any(5) : any(MMUB_ARRAY_SIZE(forms)), l = any(LINKS), page = any(used), num = any(16);
	u64 tg = g.page_shift == 12 ? 1 : g.page_shift == 14 ? 2 : 3, ttl = any(4) ? 0 : 2 + any(2), x = 0;
	u64 start = l * pt_entries(&g) + page, pages = forms[f].range ? (num + 1) * 2 : 1;
	bool pending = false;

	for (u32 i = 0; i < ENTRIES; i++)
		pending |= ref.e[i].there && ref.e[i].condemned;
	for (u32 i = 0; i < LINKS + TABLES * SLOTS; i++) {
		int waits = i < LINKS ? ref.link[i].waits : (&ref.leaf[0][0])[i - LINKS].waits;

		if (waits == 1 || (waits && !forms[f].local))
			say(NO_DSB);
	}
	if (forms[f].op != MMU_TLBI_VMALLE1 && forms[f].op != MMU_TLBI_VMALLE1IS)
		x = (u64)space.asid << 48;
	if (forms[f].whole) {
		ttl = start = 0;
		pages = ~0ull;
	} else if (forms[f].range) {
		x |= tg << 46 | num << 39 | ttl << 37 | (page_va(l, page) >> g.page_shift & 0x1fffffffff);
	} else {
		x |= (ttl ? tg << 2 | ttl : 0) << 44 | (page_va(l, page) >> 12 & 0xfffffffffff);
	}
	ref.local_only = pending ? ref.local_only && forms[f].local : forms[f].local;
	model.cpu = (u32)any(CPUS);
	condemn(model.cpu, forms[f].local, forms[f].last, ttl ? (int)ttl : -1, forms[f].op == MMU_TLBI_ASIDE1IS,
		start, pages);
	mmu_arch_tlbi(forms[f].op, x);
	model.cpu = 0;
	agree("TLBI");
}

static void order(struct slot *s, bool everywhere)
{
	if (s->waits)
		s->waits = everywhere ? 0 : 2;
	if (everywhere)
		s->unordered = false;
}

static void barrier(void)
{
	static const enum mmu_op ops[] = { MMU_DSB_ISH, MMU_DSB_ISH, MMU_DSB_ISHST, MMU_DSB_SY, MMU_DSB_NSH,
					   MMU_DSB_NSHST, MMU_ISB };
	enum mmu_op op = ops[any(MMUB_ARRAY_SIZE(ops))];
	bool everywhere = op == MMU_DSB_ISH || op == MMU_DSB_ISHST || op == MMU_DSB_SY;
	bool completes = op == MMU_DSB_ISH || op == MMU_DSB_SY || (op == MMU_DSB_NSH && ref.local_only);

	for (u32 i = 0; i < LINKS + TABLES * SLOTS && op != MMU_ISB; i++)
		order(i < LINKS ? &ref.link[i] : &ref.leaf[0][0] + (i - LINKS), everywhere);
	ref.live_unordered &= !everywhere;
	for (u32 i = 0; i < ENTRIES && completes; i++)
		if (ref.e[i].there && ref.e[i].condemned) {
			ref.e[i].there = supporters(&ref.e[i]);
			ref.e[i].condemned = false;
		}
	mmu_arch_barrier(op);
	agree("barrier");
}

static void end_of_run(void)
{
	bool bad = ref.live_unordered;

	for (u32 i = 0; i < ENTRIES; i++)
		bad |= ref.e[i].there && (ref.e[i].condemned || supporters(&ref.e[i]) < ref.e[i].n);
	agree_at_end(bad);
}

/* ---- the run ---- */

static void build(u64 granule)
{
	u64 at;

	memset(&ref, 0, sizeof(ref));
	memset(&verdicts, 0, sizeof(verdicts));
	verdicts.words = words;
	assert_null(pt_geom_init(&g, granule, 48, false));
	group = pt_cont_ptes(&g);
	used = 2 * group;
	assert_null(plat_space_create(&space, MMU_REGIME_LOW, &g));
	base = space.va_start;
	at = path(&space, base);
	for (u32 l = 0; l < LINKS; l++)
		ref.link[l].pa = at + 8 * l;
	for (u32 t = 0; t < TABLES; t++) {
		table[t] = empty_table(&g);
		for (u64 i = 0; i < pt_entries(&g); i++)
			ref.leaf[t][i].pa = table[t] + 8 * i;
	}
	for (u64 v = 0; v < VALUES; v++) {
		data[v] = plat_phys_alloc(group * granule, group * granule);
		for (u64 i = 0; i < group; i++)
			plat_phys_write64(data[v] + i * granule, v << 16 | (i + 1));
	}
}

static void step(void)
{
	u64 t = any(TABLES), i = any(used);

	switch (any(100)) {
	case 0 ... 44:
		touch((u32)any(CPUS), any(LINKS), i);
		break;
	case 45 ... 58:
		store_leaf(t, i, some_leaf(i));
		break;
	case 59 ... 60:
		store_group(t, i);
		break;
	case 61 ... 63:
		store_link(any(LINKS), any(3) ? (int)t : -1);
		break;
	case 64:
		hand_over(t, any(2));
		break;
	case 65 ... 66:
		if (any(2))
			zero(t, i, 1);
		else
			zero(t, 0, pt_entries(&g) / 8);
		break;
	case 67 ... 79:
		tlbi();
		break;
	case 80 ... 82:
		end_of_run();
		break;
	default:
		barrier();
	}
}

static void run(u64 granule)
{
	mmub_rng_seed(&rng, granule + 1);
	build(granule);
	for (int n = 0; n < STEPS; n++)
		step();
	expect_each_came(FAULTS);
	plat_space_destroy(&space);
	plat_model_reset();
}

static void test_4k(void **state)
{
	(void)state;
	run(4096);
}

static void test_16k(void **state)
{
	(void)state;
	run(16384);
}

static void test_64k(void **state)
{
	(void)state;
	run(65536);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_4k),
		cmocka_unit_test(test_16k),
		cmocka_unit_test(test_64k),
	};

	return cmocka_run_group_tests_name("model_rules_brute", tests, NULL, NULL);
}
