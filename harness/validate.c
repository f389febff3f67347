/* SPDX-License-Identifier: GPL-2.0-only */
/* mmubench validate: is this a result set, by results/schema/mmubench-1.json? */
#include <stdio.h>

#include "command.h"
#include "resultset.h"

static int validate(int argc, char **argv);

COMMAND(validate, .name = "validate", .usage = "FILE...",
	.summary = "check result sets against the schema", .run = validate,
	.details = "Exit 0: every file is a result set; 3: one is not, or cannot be read. The schema is\n"
		   "results/schema/mmubench-1.json (JSON Schema); this check is its equal.");

static int validate(int argc, char **argv)
{
	struct option_walk w = { .cmd = &command_validate, .argc = argc, .argv = argv };
	const char *value;
	int status = EXIT_USAGE_ERROR;

	while (option_next(&w, &value)) {
		char err[RS_ERR_MAX];
		struct rs_set *set = rs_load(value, err);
		size_t samples = 0;

		if (!set) {
			status = complain(EXIT_OUTSIDE, "%s", err);
			continue;
		}
		for (size_t i = 0; i < set->ncases; i++)
			samples += set->cases[i].nsamples;
		printf("%s: valid: %zu cases, %zu samples\n", value, set->ncases, samples);
		if (status == EXIT_USAGE_ERROR)
			status = EXIT_DONE;
		rs_free(set);
	}
	if (status == EXIT_USAGE_ERROR)
		complain(status, "validate: name a file (- is stdin)");
	return status;
}
