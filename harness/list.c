/* SPDX-License-Identifier: GPL-2.0-only */
/* mmubench list: what there is to measure, from the registry and the data folders. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "core.h"
#include "file.h"
#include "paths.h"
#include "words.h"

#include <jansson.h>

static void list_families(void)
{
	const struct bench_family *f;

	for (unsigned int i = 0; (f = bench_family_at(i)); i++) {
		printf("%-14s %s\n%-14s parameters:", f->name, f->question, "");
		for (uint32_t p = 0; bench_param_name(p); p++)
			if (f->params & 1ull << p)
				printf(" %s", bench_param_name(p));
		putchar('\n');
	}
}

static void list_variants(void)
{
	const struct bench_variant *v;
	char name[80];

	for (unsigned int i = 0; (v = bench_variant_at(i)); i++) {
		if (v->pass != MMU_PASS_COUNTED)
			continue;
		snprintf(name, sizeof(name), "%s/%s", v->family, v->name);
		printf("%-36s %s\n", name, v->source ? v->source : "");
	}
}

static int only_json(const struct dirent *e)
{
	size_t n = strlen(e->d_name);

	return n > 5 && e->d_name[0] != '.' && !strcmp(e->d_name + n - 5, ".json");
}

/* NAME and title of each JSON file of a data folder. */
static int list_folder(const char *folder)
{
	char *path = path_data(folder), err[256];
	struct dirent **names = NULL;
	int n = path ? scandir(path, &names, only_json, alphasort) : -1;

	if (n < 0) {
		free(path);
		return complain(EXIT_OUTSIDE, "list: %s: not found: set MMUBENCH_DATA to the source tree",
				folder);
	}
	for (int i = 0; i < n; i++) {
		char *file = xasprintf("%s/%s", path, names[i]->d_name), *text;
		const char *title = NULL;
		json_t *j = NULL;
		size_t len;

		text = file_read(file, 1 << 20, &len, err, sizeof(err));
		if (text) {
			j = json_loadb(text, len, 0, NULL);
			title = json_string_value(json_object_get(j, "title"));
			file_release(text, len);
		}
		printf("%-14.*s %s\n", (int)strlen(names[i]->d_name) - 5, names[i]->d_name,
		       title ? title : j ? "" : "(not readable)");
		json_decref(j);
		free(file);
		free(names[i]);
	}
	free(names);
	free(path);
	return EXIT_DONE;
}

static int list(int argc, char **argv);

COMMAND(list, .name = "list", .usage = "[families|variants|suites|machines]",
	.summary = "what there is to measure", .run = list,
	.details = "Without a word: families.");

static int list(int argc, char **argv)
{
	struct option_walk w = { .cmd = &command_list, .argc = argc, .argv = argv };
	static const char *const kinds[] = { "families", "variants", "suites", "machines" };
	const char *kind = NULL, *value;
	struct nearest near;
	char hint[80];

	while (option_next(&w, &value)) {
		if (kind)
			return complain(EXIT_USAGE_ERROR, "list: one word, not '%s' too", value);
		kind = value;
	}
	if (!kind || !strcmp(kind, "families"))
		return list_families(), EXIT_DONE;
	if (!strcmp(kind, "variants"))
		return list_variants(), EXIT_DONE;
	if (!strcmp(kind, "suites"))
		return list_folder("bench/suites");
	if (!strcmp(kind, "machines"))
		return list_folder("bench/machines");
	near = (struct nearest){ .word = kind };
	for (size_t i = 0; i < 4; i++)
		nearest_offer(&near, kinds[i]);
	return complain(EXIT_USAGE_ERROR, "list: there is no list of '%s'%s", kind,
			nearest_hint(&near, hint, sizeof(hint)));
}
