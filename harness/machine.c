// SPDX-License-Identifier: GPL-2.0-only
/* bench/machines/NAME.json: no costs, only where the times are, so that a model cannot outlive its measurements. */
#include "machine.h"

#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "error.h"
#include "file.h"
#include "paths.h"
#include "words.h"

bool machine_has(const struct rs_set *set, const struct rs_case *c, const char *where)
{
	size_t key = where ? strcspn(where, "=") : 0;
	char name[64], have[128];
	uint64_t x, y;

	if (!where)
		return true;
	snprintf(name, sizeof(name), "%.*s", (int)key, where);
	if (!where[key] || !rs_case_key(set, c, name, have, sizeof(have)))
		return false;
	where += key + 1;
	return !strcmp(have, where) || (parse_size(where, &x) && parse_u64(have, &y) && x == y);
}

static bool add_set(struct machine *m, const char *path, const char *where, char err[RS_ERR_MAX])
{
	struct rs_set *set = rs_load(path, err);

	if (!set)
		return false;
	m->times = xrealloc(m->times, (m->n + 1) * sizeof(*m->times));
	m->times[m->n++] = (struct machine_times){ set, where ? xstrdup(where) : NULL };
	return true;
}

static bool add_entry(struct machine *m, const char *file, json_t *entry, char err[RS_ERR_MAX])
{
	const char *set = json_string_value(json_object_get(entry, "set"));
	const char *where = json_string_value(json_object_get(entry, "where"));
	char *path = set ? path_data(set) : NULL;
	bool ok = path && add_set(m, path, where, err);

	if (!path)
		snprintf(err, RS_ERR_MAX, "%s: set %.100s is not there: set MMUBENCH_DATA to the source tree", file,
			 set ? set : "(no name)");
	free(path);
	return ok;
}

static bool add_file(struct machine *m, const char *file, char err[RS_ERR_MAX])
{
	size_t len, i;
	char *text = file_read(file, 1 << 20, &len, err, RS_ERR_MAX);
	json_t *j = text ? json_loadb(text, len, 0, NULL) : NULL, *times = json_object_get(j, "times"), *entry;
	bool ok = json_array_size(times) > 0;

	if (text && !ok)
		snprintf(err, RS_ERR_MAX, "%s: no machine: \"times\" must be a list (docs/predict.md)", file);
	json_array_foreach(times, i, entry)
		ok = ok && add_entry(m, file, entry, err);
	json_decref(j);
	if (text)
		file_release(text, len);
	return ok;
}

/* A word with a slash or a dot is a path: no name of a machine has one. */
bool machine_add(struct machine *m, const char *word, char err[RS_ERR_MAX])
{
	char *name, *file;
	bool ok;

	if (strpbrk(word, "/."))
		return add_set(m, word, NULL, err);
	name = xasprintf("bench/machines/%s.json", word);
	file = path_data(name);
	free(name);
	ok = file && add_file(m, file, err);
	if (!file)
		snprintf(err, RS_ERR_MAX, "no machine '%.80s': mmubench list machines, or name a result set's "
			 "file", word);
	free(file);
	return ok;
}

void machine_free(struct machine *m)
{
	for (size_t i = 0; i < m->n; i++) {
		rs_free(m->times[i].set);
		free(m->times[i].where);
	}
	free(m->times);
	*m = (struct machine){ 0 };
}
