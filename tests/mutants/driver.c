// SPDX-License-Identifier: GPL-2.0-only
/*
 * Runs cases on the model, counted pass only: driver FAMILY/VARIANT[,KEY=VALUE...]... Records go to
 * stdout as they are. Exit status: 0 all checks passed, 1 one failed, 2 the words are wrong.
 * A mutant that never ends is ended by SIGALRM.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core.h"
#include "platform/model/model.h"

#define SECONDS 60

static void emit(const char *line, u32 len, void *arg)
{
	(void)arg;
	printf("%.*s\n", (int)len, line);
}

int main(int argc, char **argv)
{
	static char plan[65536];
	size_t at = (size_t)snprintf(plan, sizeof(plan), "mmub-plan 1\nset seed=1 rounds=1 timed=0\n");

	for (int i = 1; i < argc; i++) {
		char *variant = strchr(argv[i], '/'), *params;

		if (!variant || at + strlen(argv[i]) + 100 > sizeof(plan)) {
			fprintf(stderr, "driver: %s: not FAMILY/VARIANT[,KEY=VALUE...]\n", argv[i]);
			return 2;
		}
		*variant++ = 0;
		params = strchr(variant, ',');
		if (params)
			*params++ = 0;
		for (char *p = params; p && (p = strchr(p, ','));)
			*p = ' ';
		at += (size_t)snprintf(plan + at, sizeof(plan) - at, "group\ncase id=%d family=%s variant=%s %s\n",
				       i - 1, argv[i], variant, params ? params : "");
	}
	at += (size_t)snprintf(plan + at, sizeof(plan) - at, "end\n");
	setvbuf(stdout, NULL, _IOLBF, 0);
	alarm(SECONDS);
	plat_model_emit(emit, NULL);
	return runner_run(plan, at) != 0;
}
