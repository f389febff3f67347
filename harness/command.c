/* SPDX-License-Identifier: GPL-2.0-only */
/* The registry of subcommands, and the one option parser that all of them use. */
#include "command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"
#include "words.h"

#define COMMANDS_MAX 64

extern const struct command *const __start_mmub_commands[];
extern const struct command *const __stop_mmub_commands[];

static int by_name(const void *a, const void *b)
{
	const struct command *const *x = a, *const *y = b;

	return strcmp((*x)->name, (*y)->name);
}

const struct command *command_at(size_t i)
{
	static const struct command *sorted[COMMANDS_MAX];
	static size_t n;

	if (!n) {
		n = (size_t)(__stop_mmub_commands - __start_mmub_commands);
		if (n > COMMANDS_MAX)
			n = COMMANDS_MAX;
		memcpy(sorted, __start_mmub_commands, n * sizeof(sorted[0]));
		qsort(sorted, n, sizeof(sorted[0]), by_name);
	}
	return i < n ? sorted[i] : NULL;
}

const struct command *command_find(const char *name)
{
	const struct command *c;

	for (size_t i = 0; (c = command_at(i)); i++)
		if (!strcmp(c->name, name))
			return c;
	return NULL;
}

static const struct command_option *find_option(const struct command *cmd, const char *word,
						size_t len)
{
	const struct command_option *o;

	for (o = cmd->options; o && o->name; o++)
		if (strlen(o->name) == len && !memcmp(o->name, word, len))
			return o;
	return NULL;
}

static void __attribute__((noreturn)) unknown_option(const struct command *cmd, const char *word)
{
	struct nearest near = { .word = word };
	char hint[80];

	for (const struct command_option *o = cmd->options; o && o->name; o++)
		nearest_offer(&near, o->name);
	exit(complain(EXIT_USAGE_ERROR, "%s: unknown option %s%s (mmubench help %s lists them)",
		      cmd->name, word, nearest_hint(&near, hint, sizeof(hint)), cmd->name));
}

/* "a|b|c" in lower case is a closed list; an upper-case word in it stands for free text. */
static bool closed_list(const char *alternatives)
{
	if (!strchr(alternatives, '|'))
		return false;
	for (const char *p = alternatives; *p; p++)
		if (*p >= 'A' && *p <= 'Z')
			return false;
	return true;
}

static void check_alternative(const struct command *cmd, const struct command_option *o,
			      const char *value)
{
	struct nearest near = { .word = value };
	char words[16][WORD_BYTES], hint[80];
	const char *p = o->value;

	for (size_t n = 0; n < 16 && *p; n++) {
		size_t len = strcspn(p, "|");

		snprintf(words[n], sizeof(words[n]), "%.*s", (int)len, p);
		if (!strcmp(words[n], value))
			return;
		nearest_offer(&near, words[n]);
		p += len + (p[len] == '|');
	}
	exit(complain(EXIT_USAGE_ERROR, "%s: %s cannot be '%s': use %s%s", cmd->name, o->name, value,
		      o->value, nearest_hint(&near, hint, sizeof(hint))));
}

const char *option_next(struct option_walk *w, const char **value)
{
	const struct command_option *o;
	const char *arg, *eq = NULL;
	size_t len;

	*value = NULL;
	if (w->at == 0)
		w->at = 1;	/* argv[0] is the command's name */
	if (w->at >= w->argc)
		return NULL;
	arg = w->argv[w->at++];
	if (!w->only_operands && !strcmp(arg, "--")) {
		w->only_operands = true;
		return option_next(w, value);
	}
	if (w->only_operands || arg[0] != '-' || !arg[1]) {
		*value = arg;
		return "";
	}
	len = strlen(arg);
	if (arg[1] == '-' && (eq = strchr(arg, '=')))
		len = (size_t)(eq - arg);
	if (len == 6 && !memcmp(arg, "--help", 6)) {
		command_print_help(w->cmd, stdout);
		exit(EXIT_DONE);
	}
	o = find_option(w->cmd, arg, len);
	if (!o)
		unknown_option(w->cmd, arg);
	if (!o->value && eq)
		exit(complain(EXIT_USAGE_ERROR, "%s: %s takes no value", w->cmd->name, o->name));
	if (o->value) {
		if (!eq && w->at >= w->argc)
			exit(complain(EXIT_USAGE_ERROR, "%s: %s needs a value: %s", w->cmd->name,
				      o->name, o->value));
		*value = eq ? eq + 1 : w->argv[w->at++];
		if (closed_list(o->value))
			check_alternative(w->cmd, o, *value);
	}
	return o->name;
}

#define HELP_COLUMN 30

void command_print_help(const struct command *c, FILE *f)
{
	int at = fprintf(f, "usage: mmubench %s ", c->name);

	text_fill(f, c->usage ? c->usage : "", at, at);
	fputc('\n', f);
	text_fill(f, c->summary, 0, 0);
	if (c->options && c->options->name)
		fputs("\noptions:\n", f);
	for (const struct command_option *o = c->options; o && o->name; o++) {
		at = fprintf(f, "  %s %s", o->name, o->value ? o->value : "");
		if (at > HELP_COLUMN - 2) {
			fputc('\n', f);
			at = 0;
		}
		fprintf(f, "%*s", HELP_COLUMN - at, "");
		text_fill(f, o->help, HELP_COLUMN, HELP_COLUMN);
	}
	if (c->details) {
		fputc('\n', f);
		text_fill(f, c->details, 0, 0);
	}
}
