// SPDX-License-Identifier: GPL-2.0-only
/* mmubench doctor: what this machine lacks for numbers that can be trusted, and what to do. */
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "host.h"

#define WIDTH 80
#define COLUMN 25		/* where texts start: "unknown  perf software   " */

/* Words of text from COLUMN on, broken at blanks before column WIDTH. */
static void print_wrapped(const char *text, const char *lead)
{
	bool first = true;
	int at = COLUMN + printf("%s", lead);

	while (*text) {
		int len = (int)strcspn(text, " ");

		if (!first && at + 1 + len > WIDTH) {
			printf("\n%*s", COLUMN, "");
			at = COLUMN;
			first = true;
		}
		at += printf("%s%.*s", first ? "" : " ", len, text);
		first = false;
		text += len;
		text += strspn(text, " ");
	}
	putchar('\n');
}

static int doctor(int argc, char **argv)
{
	static const char *const words[] = { "good", "bad", "unknown" };
	struct option_walk walk = { .argc = argc, .argv = argv };
	struct host_fact facts[32];
	size_t n, counts[3] = { 0 };
	const char *value;

	walk.cmd = command_find("doctor");
	if (option_next(&walk, &value))
		return complain(EXIT_USAGE_ERROR, "doctor: it takes no words: %s", value);
	n = host_facts(facts, sizeof(facts) / sizeof(facts[0]));
	for (size_t i = 0; i < n; i++) {
		counts[facts[i].state]++;
		printf("%-8s %-15s ", words[facts[i].state], facts[i].name);
		print_wrapped(facts[i].text, "");
		if (facts[i].advice[0]) {
			printf("%*s", COLUMN, "");
			print_wrapped(facts[i].advice, "-> ");
		}
	}
	printf("%zu good, %zu bad, %zu unknown\n", counts[HOST_GOOD], counts[HOST_BAD],
	       counts[HOST_UNKNOWN]);
	return EXIT_DONE;
}

COMMAND(doctor,
	.name = "doctor",
	.usage = "",
	.summary = "look at this machine: what would spoil measurements, and what to do",
	.details = "Prints a line for each thing looked at: good, bad or unknown; below it what to do. Nothing "
		   "bad keeps `mmubench run` from working; the exit status is 0 all the same.",
	.run = doctor);
