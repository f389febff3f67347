/* SPDX-License-Identifier: GPL-2.0-only */
/* mmubench: finds the subcommand and hands over. */
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "text.h"
#include "version.h"
#include "words.h"

static int help(int argc, char **argv)
{
	const struct command *c;

	if (argc > 1) {
		struct nearest near = { .word = argv[1] };
		char hint[80];

		c = command_find(argv[1]);
		if (c) {
			command_print_help(c, stdout);
			return EXIT_DONE;
		}
		for (size_t i = 0; (c = command_at(i)); i++)
			nearest_offer(&near, c->name);
		return complain(EXIT_USAGE_ERROR, "help: no command '%s'%s (mmubench help lists them)",
				argv[1], nearest_hint(&near, hint, sizeof(hint)));
	}
	puts("usage: mmubench COMMAND [ARGUMENTS]\n\n"
	     "Benchmarks of page-table creation and TLB invalidation on arm64: exact operation\n"
	     "counts, correctness checked beside the time, comparisons that say how sure they\n"
	     "are.\n\ncommands:");
	for (size_t i = 0; (c = command_at(i)); i++)
		text_fill(stdout, c->summary, printf("  %-10s ", c->name), 13);
	puts("\nmmubench help COMMAND tells more. Exit status: 0 done; 1 the answer is bad (a\n"
	     "check failed, a regression); 2 wrong words; 3 something outside is missing or\n"
	     "broken; 4 interrupted, saved.");
	return EXIT_DONE;
}
COMMAND(help, .name = "help", .usage = "[COMMAND]", .summary = "this list, or a command's help",
	.run = help);

/* `mmubench ... | head`: whoever read has enough, and that is no error. */
static bool reader_left(void)
{
	struct pollfd out = { .fd = STDOUT_FILENO, .events = POLLOUT };

	return poll(&out, 1, 0) == 1 && out.revents & POLLERR;
}

int main(int argc, char **argv)
{
	const struct command *c;
	struct nearest near;
	char hint[80];
	int status;

	signal(SIGPIPE, SIG_IGN);
	if (argc < 2)
		return help(0, NULL), EXIT_USAGE_ERROR;
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h"))
		return help(argc - 1, argv + 1);
	if (!strcmp(argv[1], "--version")) {
		printf("mmubench %s\n", mmub_version());
		return EXIT_DONE;
	}
	c = command_find(argv[1]);
	if (c) {
		status = c->run(argc - 1, argv + 1);
		if ((fflush(stdout) || ferror(stdout)) && status == EXIT_DONE && !reader_left())
			return complain(EXIT_OUTSIDE, "stdout: cannot write: output is cut");
		return status;
	}
	near = (struct nearest){ .word = argv[1] };
	for (size_t i = 0; (c = command_at(i)); i++)
		nearest_offer(&near, c->name);
	return complain(EXIT_USAGE_ERROR, "no command '%s'%s (mmubench help lists them)", argv[1],
			nearest_hint(&near, hint, sizeof(hint)));
}
