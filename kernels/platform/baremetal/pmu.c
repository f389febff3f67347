// SPDX-License-Identifier: GPL-2.0-only
/*
 * PMUv3 counters (Arm ARM D13). Slot 0 is INST_RETIRED on event counter 0; the others are what the
 * plan names: common events by the architecture's names, others as NAME:0xNUMBER; checked against PMCEID
 * where that has a bit for the number. CPU_CYCLES has a counter of its own (PMCCNTR). Counters of 32 bits
 * are extended here at each read, so two reads must not be further apart than one wrap: seconds.
 */
#include "bm.h"

#define PMCR_E		1u
#define PMCR_P		2u
#define PMCR_C		4u
#define PMCR_LC		(1u << 6)
#define PMCR_LP		(1u << 7)	/* PMUv3p5: 64-bit event counters */
#define CYCLE_COUNTER	31u
#define FILTER_NSH	(1u << 27)	/* count at EL2 as well */
#define EV_CPU_CYCLES	0x11
#define EV_INST_RETIRED	0x08
#define EV_NONE		0x10000u
#define NAME_MAX	48

static const struct {
	const char *name;
	u16 number;
} events[] = {
#define PMU_EVENT(number_, name_) { .name = name_, .number = number_ },
#include "arch/arm64/pmu_events.def"
#undef PMU_EVENT
};

static struct {
	char name[NAME_MAX];
	u64 last, total;
	u32 counter;		/* hardware counter; ~0: slot 0 where nothing counts instructions */
} slot[PLAT_EVENTS_MAX];
static u32 slots;
static bool wide;
static char why[80];

/* PMCEID0 [31:0] events 0..31, PMCEID1 [31:0] events 32..63; [63:32] of both the same from 0x4000 on */
static bool implemented(u32 number)
{
	u64 id = plat_env()->pmceid[number >> 5 & 1];

	return id >> ((number & 31) + (number >= 0x4000 ? 32 : 0)) & 1;
}

static void program(u32 counter, u32 number)
{
	bm_write_sysreg(pmselr_el0, counter);
	asm volatile("isb" ::: "memory");
	bm_write_sysreg(pmxevtyper_el0, number | FILTER_NSH);
}

static u64 read_counter(u32 counter)
{
	if (counter == CYCLE_COUNTER)
		return bm_read_sysreg(pmccntr_el0);
	bm_write_sysreg(pmselr_el0, counter);
	asm volatile("isb" ::: "memory");
	return bm_read_sysreg(pmxevcntr_el0);
}

/* A number that PMCEID says nothing of is the CPU's own: it counts, or stays 0, as its manual says. */
static bool announced(u32 number)
{
	return number < 0x40 || (number >= 0x4000 && number < 0x4040);
}

/* Of 1 to 4 hexadecimal digits behind 0x; else EV_NONE. */
static u32 raw_number(const char *s, u64 len)
{
	u32 n = 0;

	if (len < 3 || len > 6 || s[0] != '0' || s[1] != 'x')
		return EV_NONE;
	for (u64 i = 2; i < len; i++) {
		u32 c = (u8)s[i] | 0x20, digit = c >= 'a' && c <= 'f' ? c - 'a' + 10 : (u32)(u8)s[i] - '0';

		if (digit > 15)
			return EV_NONE;
		n = n << 4 | digit;
	}
	return n;
}

/* *len becomes that of the name alone. */
static u32 number_of(const char *entry, u64 *len)
{
	for (u64 i = 0; i < *len; i++) {
		if (entry[i] == ':') {
			u32 number = raw_number(entry + i + 1, *len - i - 1);

			*len = i;
			return number;
		}
	}
	for (u32 i = 0; i < MMUB_ARRAY_SIZE(events); i++)
		if (strlen(events[i].name) == *len && !memcmp(events[i].name, entry, *len))
			return events[i].number;
	return EV_NONE;
}

/* The host says which ones there are: it has PMCEID from the hello record. */
static const char *lacking(const char *name, u64 len)
{
	u32 used = (u32)mmub_snprintf(why, sizeof(why), "event ");

	for (u64 i = 0; i < len && used < 40; i++)
		why[used++] = name[i];
	mmub_snprintf(why + used, sizeof(why) - used, " is not on this CPU");
	return why;
}

static const char *add(const char *entry, u64 len, u32 counters)
{
	u32 number = number_of(entry, &len), used = 0;

	if (number == EV_NONE || !len || len >= NAME_MAX || (announced(number) && !implemented(number)))
		return lacking(entry, len);
	if (slots == PLAT_EVENTS_MAX)
		return "more events than a record has slots (7 beside the instructions)";
	memcpy(slot[slots].name, entry, len);
	slot[slots].name[len] = '\0';
	slot[slots].counter = CYCLE_COUNTER;
	if (number != EV_CPU_CYCLES) {
		for (u32 s = 0; s < slots; s++)
			used += slot[s].counter < CYCLE_COUNTER;
		if (used == counters)
			return "more events than this CPU has counters (PMCR_EL0.N)";
		slot[slots].counter = used;
		program(used, number);
	}
	slots++;
	return NULL;
}

const char *plat_events_open(const char *list)
{
	bool pmu = plat_env()->features & FEAT_PMU;
	u32 counters;

	slots = 1;
	memset(slot, 0, sizeof(slot));
	memcpy(slot[0].name, "insns", sizeof("insns"));
	slot[0].counter = ~0u;
	if (!pmu)
		return *list ? "events: this CPU has no PMUv3 (ID_AA64DFR0_EL1.PMUVer)" : NULL;
	wide = bm_field(bm_read_sysreg(id_aa64dfr0_el1), 8) >= 6;
	counters = (u32)bm_read_sysreg(pmcr_el0) >> 11 & 31;
	bm_write_sysreg(pmcntenclr_el0, 0xffffffff);
	bm_write_sysreg(pmcr_el0, PMCR_P | PMCR_C | PMCR_LC | (wide ? PMCR_LP : 0));
	bm_write_sysreg(pmccfiltr_el0, FILTER_NSH);
	if (counters && implemented(EV_INST_RETIRED)) {
		slot[0].counter = 0;
		program(0, EV_INST_RETIRED);
	}
	while (*list) {
		u64 len = 0;
		const char *bad;

		while (list[len] && list[len] != ',')
			len++;
		bad = len ? add(list, len, counters) : NULL;
		if (bad)
			return bad;
		list += len + (list[len] == ',');
	}
	bm_write_sysreg(pmcntenset_el0, 1ull << CYCLE_COUNTER | ((1ull << counters) - 1));
	bm_write_sysreg(pmcr_el0, PMCR_E | PMCR_LC | (wide ? PMCR_LP : 0));
	asm volatile("isb" ::: "memory");
	return NULL;
}

void plat_events_read(struct plat_events *ev)
{
	asm volatile("isb" ::: "memory");
	for (u32 i = 0; i < PLAT_EVENTS_MAX; i++) {
		u64 now, delta;

		ev->n[i] = 0;
		if (i >= slots || slot[i].counter == ~0u)
			continue;
		now = read_counter(slot[i].counter);
		delta = now - slot[i].last;
		if (!wide && slot[i].counter != CYCLE_COUNTER)
			delta &= 0xffffffff;
		slot[i].last = now;
		slot[i].total += delta;
		ev->n[i] = slot[i].total;
	}
}

const char *plat_event_name(unsigned int i)
{
	return i < slots ? slot[i].name : NULL;
}
