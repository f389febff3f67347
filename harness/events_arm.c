// SPDX-License-Identifier: GPL-2.0-only
/* Names of the guest's PMUv3 events: the architecture's everywhere, libpfm4's where it knows Arm. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "error.h"
#include "pfm.h"
#include "events.h"
#include "words.h"

static const struct {
	uint16_t number;
	const char *name;
} common[] = {
#define PMU_EVENT(number_, name_) { number_, name_ },
#include "arch/arm64/pmu_events.def"
#undef PMU_EVENT
};
#define EVENT_NAME_MAX 64
#define N_COMMON (sizeof(common) / sizeof(common[0]))

static const char *by_number(uint64_t number)
{
	for (size_t i = 0; i < N_COMMON; i++)
		if (common[i].number == number)
			return common[i].name;
	return NULL;
}

static const char *by_name(const char *name)
{
	for (size_t i = 0; i < N_COMMON; i++)
		if (!strcasecmp(common[i].name, name))
			return common[i].name;
	return NULL;
}

/* What the guest is told of an event that is none of the common ones: NAME:0xNUMBER. */
static const char *own_name(const char *name, uint64_t number, char own[EVENT_NAME_MAX])
{
	const char *colon = strrchr(name, ':');

	snprintf(own, EVENT_NAME_MAX, "%.40s:0x%x", colon ? colon + 1 : name, (unsigned int)number & 0xffff);
	return own;
}

/* NAME:0xNUMBER in so many words, for a CPU whose names nobody here knows. */
static const char *by_raw(const char *name, char own[EVENT_NAME_MAX])
{
	const char *colon = strchr(name, ':');
	char *end;
	unsigned long number;

	if (!colon || colon == name || strncmp(colon, ":0x", 3))
		return NULL;
	number = strtoul(colon + 1, &end, 16);
	if (*end || end == colon + 3 || number > 0xffff)
		return NULL;
	snprintf(own, EVENT_NAME_MAX, "%.*s:0x%lx", (int)(colon - name > 40 ? 40 : colon - name), name, number);
	return own;
}

/* libpfm4 gives the number of a CPU's own name: of a common event ("L2D_CACHE_ACCESS"), or one of its own. */
static const char *by_libpfm(const char *name, char own[EVENT_NAME_MAX])
{
#ifdef __aarch64__
	const struct pfm *lib = pfm_library();
	uint64_t *codes = NULL;
	const char *found = NULL;
	int n = 0;

	if (lib &&
	    lib->get_event_encoding(name, PFM_PLM0 | PFM_PLM3, NULL, NULL, &codes, &n) == PFM_SUCCESS && n) {
		found = by_number(codes[0] & 0xffff);
		found = found ? found : own_name(name, codes[0], own);
	}
	free(codes);
	return found;
#else
	(void)name;
	(void)own;
	(void)by_number;
	(void)own_name;
	return NULL;
#endif
}

static void unknown(const char *name, char err[EVENTS_ERR_MAX])
{
	struct nearest near = { .word = name };
	char hint[80];

	for (size_t i = 0; i < N_COMMON; i++)
		nearest_offer(&near, common[i].name);
	snprintf(err, EVENTS_ERR_MAX, "guest event %.60s: no PMUv3 common event%s (Arm ARM D13.12)", name,
		 nearest_hint(&near, hint, sizeof(hint)));
}

int events_guest_list(const char *list, char *out, size_t size, char err[EVENTS_ERR_MAX])
{
	char *copy = xstrdup(list), *save = NULL;
	size_t used = 0;
	int status = 0;

	out[0] = '\0';
	for (char *name = strtok_r(copy, ",", &save); name && !status; name = strtok_r(NULL, ",", &save)) {
		const char *known = by_name(name);
		char own[EVENT_NAME_MAX];
		int n;

		if (!known)
			known = by_raw(name, own);
		if (!known)
			known = by_libpfm(name, own);
		if (!known) {
			unknown(name, err);
			status = -1;
			break;
		}
		n = snprintf(out + used, size - used, "%s%s", used ? "," : "", known);
		if (n < 0 || (size_t)n >= size - used) {
			snprintf(err, EVENTS_ERR_MAX, "too many guest events");
			status = -1;
			break;
		}
		used += (size_t)n;
	}
	free(copy);
	return status;
}

/* PMCEID<n>_EL0 [31:0] events 0..31 and 32..63; [63:32] of both the same from 0x4000 on (Arm ARM D13). */
static bool implemented(uint16_t number, const uint64_t pmceid[2])
{
	return pmceid[number >> 5 & 1] >> ((number & 31) + (number >= 0x4000 ? 32 : 0)) & 1;
}

bool events_guest_lacks(const char *list, const uint64_t pmceid[2], char *have, size_t size)
{
	bool lacks = false;
	size_t used = 0;

	have[0] = '\0';
	for (size_t i = 0; i < N_COMMON; i++) {
		const char *name = common[i].name, *at = strstr(list, name);
		size_t len = strlen(name);

		if (implemented(common[i].number, pmceid)) {
			int n = snprintf(have + used, size - used, " %s", name);

			used += n > 0 && (size_t)n < size - used ? (size_t)n : 0;
			continue;
		}
		for (; at; at = strstr(at + len, name))
			lacks |= (at == list || at[-1] == ',') && (!at[len] || at[len] == ',');
	}
	have[used] = '\0';
	return lacks;
}
