// SPDX-License-Identifier: GPL-2.0-only
/*
 * The man page and the shell completion, from the commands' own tables: `mmubench manual man|bash|zsh|fish`. One
 * source, so neither can say what the program does not do.
 */
#include <string.h>

#include "command.h"
#include "version.h"

/* Of the last change to the frame around the commands' own texts; a build's date would make builds differ. */
#define MANUAL_DATE "November 25, 2026"

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

	printf(".TH MMUBENCH 1 \"%s\" \"mmubench %s\"\n", MANUAL_DATE, MMUB_VERSION);
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

/*
 * What the words of a usage or of an option's value stand for, in all shells: closed words themselves ("a|b|c", also in
 * brackets), names that the program lists, files. Anything else (a number, a text) completes to nothing.
 */
static const struct {
	const char *word;		/* as it stands in usage and values */
	const char *list;		/* shell: its names, a line each; NULL: files */
} kinds[] = {
	{ "FILE", NULL },
	{ "ELF", NULL },
	{ "IMAGE", NULL },
	{ "BASE", NULL },
	{ "NEW", NULL },
	{ "NAME", "mmubench list machines" },
	{ "SUITE", "mmubench list suites" },
	{ "GLOB", "mmubench list variants" },
	{ "FAMILY/VARIANT", "mmubench list variants" },
	{ "VARIANT", "mmubench list variants | sed s,.*/,," },
	{ "METRIC", "mmubench compare --metric help | grep -v ^and" },
	{ "M", "mmubench compare --metric help | grep -v ^and" },
};
#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

/* The next word of a usage or value: letters and the signs of names; options are the options' own. */
static const char *next_word(const char **at, size_t *len)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_/-";
	const char *p = *at + strcspn(*at, letters);

	*len = strspn(p, letters);
	*at = p + *len;
	return *len ? p : NULL;
}

static bool is_closed(const char *word, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (word[i] >= 'A' && word[i] <= 'Z')
			return false;
	return word[0] != '-';
}

/* "'a b ' 'mmubench list suites' 'files'": arguments of the shell's helper. */
static void put_choices(const char *text)
{
	bool taken[KINDS] = { false }, option = false;
	const char *word;
	size_t len;

	fputs("'", stdout);
	for (const char *at = text; (word = next_word(&at, &len));) {
		if (is_closed(word, len) && strchr("|]", *at ? *at : ']'))
			printf("%.*s ", (int)len, word);
		for (size_t i = 0; len == 7 && !strncmp(word, "COMMAND", len) && command_at(i); i++)
			printf("%s ", command_at(i)->name);
	}
	fputs("'", stdout);
	for (const char *at = text; (word = next_word(&at, &len));) {
		for (size_t i = 0; i < KINDS && !option; i++) {
			if (taken[i] || strlen(kinds[i].word) != len || strncmp(kinds[i].word, word, len) != 0)
				continue;
			taken[i] = true;
			printf(" '%s'", kinds[i].list ? kinds[i].list : "files");
		}
		option = word[0] == '-' || (option && *at == '|');	/* what follows is its value */
	}
}

static void bash_command(const struct command *c)
{
	printf("\t%s)\n\t\tcase $prev in\n", c->name);
	for (const struct command_option *o = c->options; o && o->name; o++) {
		if (!o->value)
			continue;
		printf("\t\t%s) _mmubench_offer ", o->name);
		put_choices(o->value);
		fputs("; return ;;\n", stdout);
	}
	fputs("\t\tesac\n\t\tcase $cur in\n\t\t-*) _mmubench_offer '", stdout);
	for (const struct command_option *o = c->options; o && o->name; o++)
		printf("%s ", o->name);
	fputs("' ;;\n\t\t*) _mmubench_offer ", stdout);
	put_choices(c->usage ? c->usage : "");
	fputs(" ;;\n\t\tesac ;;\n", stdout);
}

static void bash(void)
{
	const struct command *c;

	fputs("# bash and zsh completion of mmubench; made by `mmubench manual bash`\n"
	      "# Words, then commands that print names (first word of a line), or files.\n"
	      "_mmubench_offer() {\n\tlocal IFS=$'\\n' words=${1// /$'\\n'} list\n\tshift\n"
	      "\tfor list; do\n"
	      "\t\tif [ \"$list\" = files ]; then COMPREPLY+=($(compgen -f -- \"$cur\"))\n"
	      "\t\telse words+=$'\\n'$(eval \"$list\" 2>/dev/null | sed 's/ .*//' | sort -u); fi\n"
	      "\tdone\n\tCOMPREPLY+=($(compgen -W \"$words\" -- \"$cur\"))\n}\n"
	      "_mmubench() {\n\tlocal cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}\n"
	      "\t[ \"$cur\" != = ] || cur=\n\t[ \"$prev\" != = ] || prev=${COMP_WORDS[COMP_CWORD-2]}\n"
	      "\tCOMPREPLY=()\n\tif [ \"$COMP_CWORD\" = 1 ]; then\n\t\t_mmubench_offer '", stdout);
	for (size_t i = 0; (c = command_at(i)); i++)
		printf("%s ", c->name);
	fputs("'\n\t\treturn\n\tfi\n\tcase ${COMP_WORDS[1]} in\n", stdout);
	for (size_t i = 0; (c = command_at(i)); i++)
		bash_command(c);
	fputs("\tesac\n}\ncomplete -o filenames -F _mmubench mmubench\n", stdout);
}

/* The same function, through zsh's own layer for it. */
static void zsh(void)
{
	fputs("#compdef mmubench\nautoload -U +X bashcompinit && bashcompinit\n", stdout);
	bash();
	fputs("_bash_complete -o filenames -F _mmubench\n", stdout);
}

/* In fish's single quotes only a quote and a backslash mean anything. */
static void fish_quoted(const char *s)
{
	putchar('\'');
	for (; *s; s++) {
		if (*s == '\'' || *s == '\\')
			putchar('\\');
		putchar(*s);
	}
	putchar('\'');
}

static void fish_choices(const char *text)
{
	fputs(" -a \"(__mmubench_offer ", stdout);
	put_choices(text);
	fputs(")\"", stdout);
}

static void fish(void)
{
	const struct command *c;

	fputs("# fish completion of mmubench; made by `mmubench manual fish`\n"
	      "function __mmubench_offer\n\tstring split -n ' ' -- $argv[1]\n\tfor list in $argv[2..-1]\n"
	      "\t\tif test $list = files\n\t\t\t__fish_complete_path (commandline -ct)\n"
	      "\t\telse\n\t\t\tsh -c $list 2>/dev/null | string replace -r ' .*' ''\n\t\tend\n\tend\nend\n"
	      "complete -c mmubench -f\n", stdout);
	for (size_t i = 0; (c = command_at(i)); i++) {
		printf("complete -c mmubench -n __fish_use_subcommand -a %s -d ", c->name);
		fish_quoted(c->summary);
		printf("\ncomplete -c mmubench -n '__fish_seen_subcommand_from %s'", c->name);
		fish_choices(c->usage ? c->usage : "");
		putchar('\n');
		for (const struct command_option *o = c->options; o && o->name; o++) {
			printf("complete -c mmubench -n '__fish_seen_subcommand_from %s' %s %s", c->name,
			       o->name[1] == '-' ? "-l" : "-s", o->name + 1 + (o->name[1] == '-'));
			if (o->value) {
				fputs(" -x", stdout);
				fish_choices(o->value);
			}
			fputs(" -d ", stdout);
			fish_quoted(o->help);
			putchar('\n');
		}
	}
}

static int manual(int argc, char **argv)
{
	static const struct {
		const char *word;
		void (*print)(void);
	} texts[] = { { "man", man }, { "bash", bash }, { "zsh", zsh }, { "fish", fish } };

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]) && argc == 2; i++) {
		if (!strcmp(argv[1], texts[i].word)) {
			texts[i].print();
			return EXIT_DONE;
		}
	}
	return complain(EXIT_USAGE_ERROR, "manual: say man, bash, zsh or fish");
}

COMMAND(manual, .name = "manual", .usage = "man|bash|zsh|fish", .summary = "the man page, or a shell's completion",
	.run = manual);
