// SPDX-License-Identifier: GPL-2.0-only
/*
 * The man page and the shell completion, from the commands' own tables: `mmubench manual man|bash`. One
 * source, so neither can say what the program does not do.
 */
#include <string.h>

#include "command.h"
#include "version.h"

/* Roff: a leading dot or quote is a request, a backslash an escape, a hyphen a minus. */
static void roff(const char *s)
{
	if (*s == '.' || *s == '\'')
		fputs("\\&", stdout);
	for (; *s; s++) {
		if (*s == '\\')
			fputs("\\e", stdout);
		else if (*s == '-')
			fputs("\\-", stdout);
		else
			putchar(*s);
		if (*s == '\n' && (s[1] == '.' || s[1] == '\''))
			fputs("\\&", stdout);
	}
}

static void man_command(const struct command *c)
{
	fputs(".SS ", stdout);
	roff(c->name);
	fputs("\n.B mmubench ", stdout);
	roff(c->name);
	fputs("\n", stdout);
	if (c->usage && *c->usage)
		roff(c->usage);
	fputs("\n.PP\n", stdout);
	roff(c->summary);
	fputs(".\n", stdout);
	for (const struct command_option *o = c->options; o && o->name; o++) {
		fputs(".TP\n.B ", stdout);
		roff(o->name);
		if (o->value) {
			fputs(" ", stdout);
			roff(o->value);
		}
		fputs("\n", stdout);
		roff(o->help);
		fputs("\n", stdout);
	}
	if (c->details) {
		fputs(".PP\n", stdout);
		roff(c->details);
		fputs("\n", stdout);
	}
}

static void man(void)
{
	const struct command *c;

	printf(".TH MMUBENCH 1 \"\" \"mmubench %s\"\n", mmub_version());
	fputs(".SH NAME\nmmubench \\- benchmarks of page tables and TLB invalidation on arm64\n"
	      ".SH SYNOPSIS\n.B mmubench\n.I COMMAND\n[ARGUMENTS]\n.SH DESCRIPTION\n"
	      "Boots guest kernels under QEMU, measures variants of page\\-table creation, unmapping and TLB\n"
	      "invalidation, and compares, plots and reports the result sets. Operation counts are exact, each\n"
	      "variant is checked for correctness, and a comparison says how sure it is.\n.SH COMMANDS\n", stdout);
	for (size_t i = 0; (c = command_at(i)); i++)
		man_command(c);
	fputs(".SH EXIT STATUS\n.TP\n0\ndone\n.TP\n1\nthe answer is bad: a check failed, a regression\n.TP\n2\n"
	      "the words are wrong\n.TP\n3\nsomething outside is missing or broken: QEMU, a file, memory\n.TP\n4\n"
	      "interrupted; what was measured is saved\n", stdout);
}

/* "a|b|c" completes to its words; FILE and the like to files. */
static void bash_values(const struct command_option *o)
{
	printf("\t\t%s) ", o->name);
	if (strchr(o->value, '|')) {
		fputs("mapfile -t COMPREPLY < <(compgen -W '", stdout);
		for (const char *s = o->value; *s; s++)
			putchar(*s == '|' ? ' ' : *s);
		fputs("' -- \"$cur\") ;;\n", stdout);
	} else {
		fputs("mapfile -t COMPREPLY < <(compgen -f -- \"$cur\") ;;\n", stdout);
	}
}

static void bash_command(const struct command *c)
{
	printf("\t%s)\n\t\tcase $prev in\n", c->name);
	for (const struct command_option *o = c->options; o && o->name; o++)
		if (o->value)
			bash_values(o);
	fputs("\t\t*) mapfile -t COMPREPLY < <(compgen -W '", stdout);
	for (const struct command_option *o = c->options; o && o->name; o++)
		printf("%s ", o->name);
	if (!strcmp(c->name, "help")) {
		const struct command *d;

		for (size_t i = 0; (d = command_at(i)); i++)
			printf("%s ", d->name);
	}
	fputs("' -- \"$cur\"; compgen -f -- \"$cur\") ;;\n\t\tesac ;;\n", stdout);
}

static void bash(void)
{
	const struct command *c;

	fputs("# bash completion of mmubench; made by `mmubench manual bash`\n"
	      "_mmubench() {\n\tlocal cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}\n"
	      "\tif [ \"$COMP_CWORD\" = 1 ]; then\n\t\tmapfile -t COMPREPLY < <(compgen -W '", stdout);
	for (size_t i = 0; (c = command_at(i)); i++)
		printf("%s ", c->name);
	fputs("' -- \"$cur\")\n\t\treturn\n\tfi\n\tcase ${COMP_WORDS[1]} in\n", stdout);
	for (size_t i = 0; (c = command_at(i)); i++)
		bash_command(c);
	fputs("\tesac\n}\ncomplete -o filenames -F _mmubench mmubench\n", stdout);
}

static int manual(int argc, char **argv)
{
	if (argc == 2 && !strcmp(argv[1], "man"))
		man();
	else if (argc == 2 && !strcmp(argv[1], "bash"))
		bash();
	else
		return complain(EXIT_USAGE_ERROR, "manual: say man or bash");
	return EXIT_DONE;
}

COMMAND(manual, .name = "manual", .usage = "man|bash", .summary = "the man page, or the bash completion",
	.run = manual);
