/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Subcommands register themselves: one file a command, no table to edit. The help text is the one
 * source of `mmubench help X`, of the man page and of shell completion.
 */
#ifndef MMUB_COMMAND_H
#define MMUB_COMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "error.h"

struct command_option {
	const char *name;		/* "--accel" */
	const char *value;		/* "auto|kvm|tcg|icount" (alternatives complete), "FILE", NULL: a flag */
	const char *help;		/* one line */
};
struct command {
	const char *name;
	const char *usage;		/* words after the name */
	const char *summary;		/* one line */
	const char *details;		/* paragraphs, filled (text_fill()), or NULL */
	const struct command_option *options;	/* ended by a NULL name */
	/* argv[0] is the command's name; returns enum mmub_exit. */
	int (*run)(int argc, char **argv);
};

#define COMMAND(ident, ...)									\
	static const struct command command_##ident = { __VA_ARGS__ };				\
	static const struct command *const command_entry_##ident				\
		__attribute__((used, section("mmub_commands"))) = &command_##ident

const struct command *command_find(const char *name);
const struct command *command_at(size_t i);	/* by name, NULL past the end */

void command_print_help(const struct command *c, FILE *f);	/* usage, options, details */

/*
 * Steps through argv by the command's own option table: long options as "--x V" or "--x=V", "-o".
 * Returns the next option's name with *value set (NULL for a flag), "" for an operand (*value), NULL
 * at the end. A wrong word: complains and exits with EXIT_USAGE_ERROR, naming the nearest option.
 */
struct option_walk {
	const struct command *cmd;
	int argc, at;
	char **argv;
	bool only_operands;
};
#define WORD_BYTES 32			/* longest word of a closed list, with its NUL */
const char *option_next(struct option_walk *w, const char **value);

#endif
